//! What lies over the screen: help, pickers, the copy menu, editors, text for copying by hand, explanations.

use crate::app::layout::Area;
use crate::app::message::{BodyAct, Field, Message, Savable};
use crate::app::model::{COPY_MENU, Model, Overlay};
use crate::app::page::{Line, Role, compare, explain, probes, prose, runs};
use crate::app::text_input::TextInput;
use crate::domain::client::Client;
use crate::domain::escape::{column_of, escape};
use crate::domain::http::method::Method;
use crate::domain::text;
use crate::domain::variant::Variant;
use crate::tui::canvas::Canvas;
use crate::tui::jump;
use crate::tui::keymap::{self, Context};
use crate::tui::theme::Part;

use super::{field, finder, history, palette};

pub fn render(model: &Model, canvas: &mut Canvas<'_>) {
    let Some(overlay) = &model.overlay else { return };
    let room = room(model);
    match overlay {
        Overlay::Help { scroll, .. } => {
            text_box("Help", &help(model, room.width), *scroll, room, canvas)
        }
        Overlay::Explain { finding, scroll } => {
            text_box(
                finding.rule,
                &explain::lines(
                    model.session.as_ref(),
                    finding,
                    room.width.saturating_sub(4).min(92),
                ),
                *scroll,
                room,
                canvas,
            );
        }
        Overlay::Compare { with, scroll } => {
            let other = model.others.iter().find(|run| run.number == *with);
            if let (Some(shown), Some(other)) = (&model.session, other) {
                let width = room.width.saturating_sub(6);
                let lines =
                    compare::lines((other, shown), &model.compared, &model.given.hosts, width);
                text_box("Compare", &lines, *scroll, room, canvas);
            }
        }
        Overlay::Palette { input, selected } => {
            palette::render(model, (input, *selected), room, canvas);
        }
        Overlay::Find { input, hits, selected } => {
            finder::render((input, hits), *selected, room, canvas);
        }
        Overlay::Jump { typed } => letters(model, typed, canvas),
        Overlay::HandCopy { text, why } => hand_copy(text, why, room, canvas),
        Overlay::Methods { selected } => {
            let rows: Vec<_> =
                Method::COMMON.iter().map(|method| menu_row("", method.as_str())).collect();
            menu("Method", &rows, *selected, room, canvas);
        }
        Overlay::Clients { selected } => {
            let rows: Vec<_> = Client::names().map(|name| menu_row("", name)).collect();
            menu("Redirect rules of", &rows, *selected, room, canvas);
        }
        Overlay::History { input, selected, entries, .. } => {
            history::render(model, (input, *selected, entries.as_deref()), room, canvas);
        }
        Overlay::Variants { selected } => {
            let row = |of: &Variant| menu_row("", &format!("{:<22} {}", of.id(), of.asks()));
            let rows: Vec<_> = Variant::ALL.iter().map(row).collect();
            menu("The same chain, but", &rows, *selected, room, canvas);
        }
        Overlay::Probe { plans, scroll } => {
            let width = room.width.saturating_sub(6).min(92);
            text_box("Probe?", &probes::lines(plans, &model.keys, width), *scroll, room, canvas);
        }
        Overlay::Suppress { finding, rows, selected } => {
            let rows: Vec<_> =
                rows.iter().map(|change| menu_row("", &escape(&change.short()))).collect();
            menu(&format!("hopstep.toml: {}", finding.rule), &rows, *selected, room, canvas);
        }
        Overlay::Runs { selected } => {
            let rows = runs::lines(model, room.width.saturating_sub(6));
            menu("Runs", &rows, *selected, room, canvas);
        }
        Overlay::Copy { selected } => {
            let rows: Vec<_> =
                COPY_MENU.iter().map(|(key, _, label)| menu_row(&key.to_string(), label)).collect();
            menu("Copy", &rows, *selected, room, canvas);
        }
        Overlay::Pick { title, rows, selected } => {
            let width = usize::from(room.width).saturating_sub(8);
            let rows: Vec<_> =
                rows.iter().map(|(label, _)| menu_row("", &text::fit(label, width))).collect();
            menu(&format!("Copy a {title}"), &rows, *selected, room, canvas);
        }
        Overlay::Save { what, input, exists } => save(model, (*what, *exists), input, canvas),
        Overlay::Editor { field, input, error } => {
            editor(*field, input, error.as_deref(), room, canvas);
        }
        Overlay::Breakpoints { selected, input, error } => {
            breakpoints(model, *selected, (input, error.as_deref()), canvas);
        }
    }
}

/// The letters of the jump overlay, over a screen that stands back.
fn letters(model: &Model, typed: &str, canvas: &mut Canvas<'_>) {
    canvas.highlight(room(model), Part::Veil);
    for target in jump::targets(model) {
        let Some(rest) = target.label.strip_prefix(typed) else { continue };
        let width = text::columns(rest);
        let area = Area { x: target.x, y: target.y, width, height: 1 };
        canvas.text(area, Role::Strong, rest);
        canvas.highlight(area, Part::Label);
    }
}

/// The screen without the footer, which goes on naming the keys.
fn room(model: &Model) -> Area {
    let (width, height) = model.size;
    Area { x: 0, y: 0, width, height: height.saturating_sub(1) }
}

/// A count of columns or rows; what is beyond any screen counts as its end.
fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// A box of this size of content in the middle of the room; its inside.
pub(super) fn open(
    title: &str,
    width: usize,
    height: usize,
    room: Area,
    canvas: &mut Canvas<'_>,
) -> Area {
    let width = cells(width).saturating_add(4).clamp(16.min(room.width), room.width);
    let height = cells(height).saturating_add(2).min(room.height);
    let area = Area {
        x: room.x + (room.width - width) / 2,
        y: room.y + (room.height - height) / 2,
        width,
        height,
    };
    canvas.clear(area);
    canvas.outline(area);
    canvas.border(area, true);
    let title_area = Area { x: area.x + 2, width: width.saturating_sub(4), height: 1, ..area };
    canvas.text(title_area, Role::Strong, &format!(" {title} "));
    let inner = area.inner();
    Area { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

fn text_box(title: &str, lines: &[Line], scroll: u16, room: Area, canvas: &mut Canvas<'_>) {
    let width = lines.iter().map(|line| text::width(&line.text())).max().unwrap_or(0);
    let inner = open(title, width, lines.len(), room, canvas);
    let last = lines.len().saturating_sub(inner.height.into());
    let first = usize::from(scroll).min(last);
    for (y, line) in (inner.y..inner.bottom()).zip(&lines[first..]) {
        canvas.line(Area { y, height: 1, ..inner }, line);
    }
    if first < last {
        let row = Area { y: inner.bottom(), height: 1, ..inner };
        let below = lines.len().saturating_sub(first + usize::from(inner.height));
        canvas.right(row, &Line::of([(Role::Strong, format!(" ↓ {below} more "))]));
    }
}

fn menu_row(key: &str, label: &str) -> Line {
    let mut line = Line::default();
    if !key.is_empty() {
        line.push(Role::Key, format!("{key}  "));
    }
    line.push(Role::Plain, label);
    line
}

fn menu(title: &str, rows: &[Line], selected: usize, room: Area, canvas: &mut Canvas<'_>) {
    let width = rows.iter().map(|row| text::width(&row.text()) + 2).max().unwrap_or(0);
    let inner = open(title, width.max(text::width(title) + 2), rows.len(), room, canvas);
    let last = rows.len().saturating_sub(inner.height.into());
    let first = selected.saturating_sub(usize::from(inner.height) / 2).min(last);
    for (y, at) in (inner.y..inner.bottom()).zip(first..rows.len()) {
        let area = Area { y, height: 1, ..inner };
        let mark = if at == selected { "▶ " } else { "  " };
        let mut line = Line::of([(Role::Plain, mark.to_owned())]);
        line.spans.extend(rows[at].spans.iter().cloned());
        canvas.line(area, &line);
        canvas.listed(area, at);
        if at == selected {
            canvas.highlight(area, Part::Selected);
        }
    }
}

/// Every key: those that work where the overlay was opened come first.
fn help(model: &Model, width: u16) -> Vec<Line> {
    let width = usize::from(width).saturating_sub(4);
    let column = (width / 4).min(16);
    let mut lines = Vec::new();
    let (map, here) = (keymap::of(model), keymap::contexts_under_help(model));
    let (first, rest): (Vec<_>, Vec<_>) =
        Context::ALL.into_iter().partition(|context| here.contains(context));
    for context in first.into_iter().chain(rest) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::of([(Role::Strong, context.title().to_owned())]));
        for binding in map.in_context(context).filter(|binding| !binding.key.is_empty()) {
            let keys = format!(" {}", binding.names());
            let fits = text::width(&keys) < column;
            if !fits {
                lines.push(Line::of([(Role::Key, keys.clone())]));
            }
            let room = width.saturating_sub(column);
            for (at, words) in prose::wrap(Role::Plain, binding.help, room).into_iter().enumerate()
            {
                let lead = if at == 0 && fits { keys.as_str() } else { "" };
                let mut line = Line::of([(Role::Key, text::pad(lead, column))]);
                line.spans.extend(words.spans);
                lines.push(line);
            }
        }
    }
    lines
}

fn hand_copy(copied: &str, why: &str, room: Area, canvas: &mut Canvas<'_>) {
    let width = usize::from(room.width).saturating_sub(4);
    let mut lines = prose::wrap(Role::Dim, &format!("Not on a clipboard: {}", escape(why)), width);
    lines.push(Line::of([(Role::Dim, "It is printed again when the program ends.".to_owned())]));
    lines.push(Line::default());
    for line in copied.lines() {
        lines.extend(prose::chop(Role::Plain, &escape(line), width));
    }
    text_box("Copy by hand", &lines, 0, room, canvas);
}

fn breakpoints(
    model: &Model,
    selected: usize,
    (input, error): (&TextInput, Option<&str>),
    canvas: &mut Canvas<'_>,
) {
    let rows: Vec<Line> = model
        .breakpoint_rows()
        .iter()
        .map(|row| {
            let mark = if model.breakpoints.contains(row) { "[x] " } else { "[ ] " };
            Line::of([
                (Role::Strong, mark.to_owned()),
                (Role::Plain, text::pad(&escape(&row.to_string()), 17)),
                (Role::Dim, row.meaning().to_owned()),
            ])
        })
        .collect();
    let inner = open("Stop before the next request when", 60, rows.len() + 2, room(model), canvas);
    for (y, (at, row)) in (inner.y..inner.bottom()).zip(rows.iter().enumerate()) {
        let area = Area { y, height: 1, ..inner };
        canvas.line(area, row);
        canvas.listed(area, at);
        if at == selected {
            canvas.highlight(area, Part::Selected);
        }
    }
    let y = inner.y.saturating_add(cells(rows.len() + 1)).min(inner.bottom().saturating_sub(1));
    let area = Area { y, height: 1, ..inner };
    canvas.text(area, Role::Plain, "or: ");
    let typed = Area { x: area.x.saturating_add(4), width: area.width.saturating_sub(4), ..area };
    if input.text().is_empty() {
        canvas.text(typed, Role::Dim, "status 302 · status 4xx · host *.test");
    }
    field::render(input, Role::Plain, (typed, true), canvas);
    let above = Area { y: y.saturating_sub(1), height: 1, ..inner };
    let chosen = model.breakpoint_rows().get(selected).map(|row| row.meaning());
    match (error, chosen) {
        (Some(error), _) => {
            canvas.text(above, Role::Removed, &text::fit(&escape(error), inner.width.into()));
        }
        // all of what the row has no room for
        (None, Some(meaning)) if inner.width < 60 => {
            canvas.line(above, &Line::of([(Role::Dim, meaning.to_owned())]));
        }
        (None, _) => {}
    }
}

fn save(
    model: &Model,
    (what, exists): (Savable, bool),
    input: &TextInput,
    canvas: &mut Canvas<'_>,
) {
    let room = room(model);
    let title = match what {
        Savable::Body(_) => "Save the body as",
        Savable::Chain(_) => "Export the chain as",
    };
    let width = usize::from(room.width.saturating_sub(8)).min(72);
    let inner = open(title, width, 2, room, canvas);
    match exists {
        true => {
            let over = keymap::key_here(model, &Message::Body(BodyAct::Overwrite));
            let text = format!("There is such a file: {over} writes over it");
            canvas.text(inner, Role::Removed, &text);
        }
        false => {
            canvas.text(inner, Role::Dim, "in the folder hopstep was started in, unless named")
        }
    }
    let inner = inner.below_title();
    field::render(input, Role::Plain, (inner, !exists), canvas);
}

fn editor(
    field: Field,
    input: &TextInput,
    error: Option<&str>,
    room: Area,
    canvas: &mut Canvas<'_>,
) {
    let (title, hint) = match field {
        Field::Headers => ("Headers", "Name: value · Name; sends it empty · Name: leaves it out"),
        Field::Body => ("Body", "sent with POST, PUT, PATCH, ... as it stands here"),
        Field::Auth => ("Auth", "user:password, or Bearer TOKEN"),
        Field::Token => {
            ("Other token", "sent instead of Authorization: TOKEN (Bearer), or SCHEME TOKEN")
        }
        Field::Whole => ("Request", "METHOD URL, header lines, an empty line, the body"),
        Field::Next => ("Next request", "METHOD URL, header lines, an empty line, the body"),
    };
    let rows = if input.is_multiline() { usize::from(room.height / 2).max(3) } else { 1 };
    let width = usize::from(room.width.saturating_sub(8)).min(92);
    let inner = open(title, width, rows + 1, room, canvas);
    match error {
        Some(error) => canvas.text(inner, Role::Removed, &escape(error)),
        None => canvas.text(inner, Role::Dim, hint),
    }
    let about = Area { height: 1, ..inner };
    let inner = inner.below_title();
    let before = &input.text()[..input.cursor()];
    let row = before.matches('\n').count();
    let lines = input.text().split('\n').count();
    let place = Line::of([(Role::Dim, format!("  line {} of {lines}", row + 1))]);
    let room = usize::from(about.width).saturating_sub(text::width(error.unwrap_or(hint)));
    if lines > usize::from(inner.height) && text::width(&place.text()) <= room {
        canvas.right(about, &place);
    }
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = input.text()[line_start..].split('\n').next().unwrap_or_default();
    let column = column_of(line.as_bytes(), input.cursor() - line_start);
    let first_row = (row + 1).saturating_sub(inner.height.into());
    let first_column = (column + 1).saturating_sub(inner.width.into());
    let lines = input.text().split('\n').skip(first_row);
    for (y, line) in (inner.y..inner.bottom()).zip(lines) {
        let shown = escape(line);
        canvas.text(Area { y, height: 1, ..inner }, Role::Plain, text::skip(&shown, first_column));
    }
    canvas.cursor(
        inner.x.saturating_add(cells(column.saturating_sub(first_column))),
        inner.y.saturating_add(cells(row.saturating_sub(first_row))),
    );
}
