//! The footer: the keys that work now, what the last action came to, or the search being typed.
//!
//! Promises: the least important keys go first where room is short; the key of the help never goes.

use crate::app::hint;
use crate::app::layout::Area;
use crate::app::message::{Message, Navigate, Search};
use crate::app::model::{Model, Overlay};
use crate::app::page::{Line, Role, prose, units};
use crate::app::pane::Focus;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap;

use super::{field, first};

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    canvas.clear(area);
    let help = help(model);
    let left = beside(area, &help);
    canvas.right(area, &help);
    if model.search.typing && model.overlay.is_none() {
        return prompt(model, left, canvas);
    }
    match said(model, left.width).filter(|said| fits(said, left)) {
        Some(line) => canvas.line(left, &line),
        None => canvas.line(left, &hints(model, left.width.into())),
    }
}

/// What was said and has no room beside the help, in rows of its own above the footer, over whatever stands there.
pub fn above(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let left = beside(area, &help(model));
    let typing = model.search.typing && model.overlay.is_none();
    let Some(said) = said(model, left.width).filter(|said| !typing && !fits(said, left)) else {
        return;
    };
    let spans: Vec<_> = said.spans.iter().map(|span| (span.role, span.text.as_str())).collect();
    let columns = usize::from(area.width).saturating_sub(1);
    let lines = prose::flow(&spans, columns, columns);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(MOST_ROWS).min(area.y / 2);
    let first = Area { y: area.y - rows, ..area };
    canvas.clear(Area { height: rows, ..first });
    for (y, line) in (first.y..area.y).zip(lines) {
        canvas
            .line(Area { x: area.x + 1, y, width: area.width.saturating_sub(1), height: 1 }, &line);
    }
}

/// The most rows that something said takes.
const MOST_ROWS: u16 = 4;

/// What is left of the footer beside the help.
fn beside(area: Area, help: &Line) -> Area {
    Area { width: area.width.saturating_sub(text::columns(&help.text()) + 1), ..area }
}

fn fits(said: &Line, area: Area) -> bool {
    text::columns(&said.text()) <= area.width
}

/// What someone is told who is here for the first time, and how to be rid of it.
pub fn hint(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let Some(hint) = hint::current(model).filter(|_| area.height > 0) else { return };
    canvas.clear(area);
    let key = keymap::key_of(model, &Message::Navigate(Navigate::Hint));
    let end = Line::of([(Role::Key, key), (Role::Dim, " got it ".to_owned())]);
    let taken = text::columns(&end.text()).saturating_add(1);
    let left = Area { width: area.width.saturating_sub(taken), ..area };
    let said = [(Role::Strong, " ● ".to_owned()), (Role::Plain, hint.text(model))];
    canvas.line(left, &Line::of(said));
    canvas.right(area, &end);
}

/// What the last action came to, or why the form can't be sent.
fn said(model: &Model, width: u16) -> Option<Line> {
    if let Some(Overlay::Jump { .. }) = &model.overlay {
        let stays = format!("   {} stays", keymap::back(model));
        let text = if width < 40 { " type a letter" } else { " type a letter to go there" };
        return Some(Line::of([(Role::Strong, text.to_owned()), (Role::Dim, stays)]));
    }
    if !model.begun.is_empty() {
        let begun = keymap::begun(model);
        let mut line = Line::of([(Role::Key, format!(" {begun} …"))]);
        for (key, binding) in keymap::continued(model, &model.begun) {
            let next = key.strip_prefix(&*begun).unwrap_or(&key).trim_start();
            line.push(Role::Key, format!("   {next}"));
            let words = if binding.hint.is_empty() { binding.help } else { binding.hint };
            line.push(Role::Dim, format!(" {words}"));
        }
        return Some(line);
    }
    if let Some(status) = &model.status {
        let role = if status.trouble { Role::Severity(Severity::Error) } else { Role::Strong };
        return Some(Line::of([(role, format!(" {}", escape(&status.text)))]));
    }
    if let Some(place) = model.search.position.filter(|_| model.overlay.is_none()) {
        return Some(Line::of([(Role::Strong, position(model, place, width.into()))]));
    }
    let here = model.focus == Focus::Url && (model.session.is_some() || !first::has_room(model));
    let error = model.form.error.as_ref().filter(|_| here)?;
    Some(Line::of([(Role::Severity(Severity::Error), format!(" {}", escape(error)))]))
}

/// Which match of how many the screen shows; the pattern and the words beside the keys give way to the keys.
fn position(model: &Model, (at, of): (usize, usize), width: usize) -> String {
    let pattern = escape(model.search.pattern.as_deref().unwrap_or_default());
    let more = if searching(model).is_some() { " so far" } else { "" };
    let key = |search| keymap::key_of(model, &Message::Search(search));
    let (next, previous) = (key(Search::Next), key(Search::Previous));
    let ends = keymap::back(model);
    let keys = match width < 60 {
        true => format!("  {next} {previous} {ends}"),
        false => format!("  {next} next  {previous} previous  {ends} ends"),
    };
    let place = format!("  {at} of {of}{more}");
    let room = width.saturating_sub(text::width(&place) + text::width(&keys) + 2);
    format!(" /{}{place}{keys}", text::fit(&pattern, room))
}

/// The keys that work now; of a sequence that is begun they stand above.
fn hints(model: &Model, width: usize) -> Line {
    if !model.begun.is_empty() {
        return Line::of([(Role::Key, format!(" {} …", keymap::begun(model)))]);
    }
    let mut line = Line::default();
    let mut used = 0;
    for binding in keymap::hints(model) {
        let key = binding.first();
        let hint = keymap::hint(model, binding);
        let next = text::width(&key) + text::width(hint) + 3;
        if used + next > width {
            break;
        }
        used += next;
        line.push(Role::Key, format!(" {key}"));
        line.push(Role::Dim, format!(" {hint} "));
    }
    line
}

fn help(model: &Model) -> Line {
    match keymap::help_key(model) {
        Some(key) => Line::of([(Role::Key, key.into_owned()), (Role::Dim, " help ".to_owned())]),
        None => Line::default(),
    }
}

fn prompt(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let input = &model.search.input;
    let count = match (model.search.position, &model.search.pattern) {
        (Some((at, of)), _) => format!("   {at} of {of}"),
        (None, Some(_)) => match searching(model) {
            Some(bytes) => format!("   searching, {} so far", units::bytes(bytes)),
            None => "   not found".to_owned(),
        },
        (None, None) if area.width < 45 => "   find in this pane".to_owned(),
        (None, None) => {
            let keep = keymap::key_here(model, &Message::Navigate(Navigate::Enter));
            format!("   find in this pane; {keep} keeps, {} drops", keymap::back(model))
        }
    };
    canvas.text(area, Role::Key, "/");
    let after = area.x.saturating_add(1);
    let field = Area { x: after, width: area.width.saturating_sub(1), ..area };
    field::render(input, Role::Plain, (field, true), canvas);
    let typed = text::columns(&escape(input.text()));
    let room =
        Area { x: after.saturating_add(typed), width: field.width.saturating_sub(typed), ..field };
    canvas.line(room, &Line::of([(Role::Dim, count)]));
}

/// How far a search through the body has come, while it goes on.
fn searching(model: &Model) -> Option<u64> {
    let matches = model.search.matches.as_ref()?;
    (!matches.complete).then_some(matches.searched)
}
