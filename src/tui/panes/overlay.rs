//! What lies over the screen: help, pickers, the copy menu, editors, text for copying by hand, explanations.

mod breakpoints;
mod editor;
mod help;

use crate::app::layout::Area;
use crate::app::model::{COPY_MENU, Model, Overlay};
use crate::app::page::{Line, Role, compare, explain, probes, prose, runs};
use crate::domain::client::Client;
use crate::domain::escape::escape;
use crate::domain::finding::Finding;
use crate::domain::http::method::Method;
use crate::domain::text;
use crate::domain::variant::Variant;
use crate::tui::canvas::Canvas;
use crate::tui::jump;
use crate::tui::theme::Part;

use super::sheet::Sheet;
use super::{finder, history, palette};

/// Wider than this prose is hard to read.
const PROSE: u16 = 92;

pub fn render(model: &Model, canvas: &mut Canvas<'_>) {
    let Some(overlay) = &model.overlay else { return };
    let room = room(model);
    let mut sheet = Sheet { room, canvas };
    match overlay {
        Overlay::Help { scroll, .. } => {
            sheet.page("Help", &help::lines(model, room.width), *scroll)
        }
        Overlay::Explain { finding, scroll } => explain(model, finding, *scroll, &mut sheet),
        Overlay::Compare { with, scroll } => compare(model, *with, *scroll, &mut sheet),
        Overlay::Probe { plans, scroll } => {
            let width = room.width.saturating_sub(6).min(PROSE);
            sheet.page("Probe?", &probes::lines(plans, &model.keys, width), *scroll);
        }
        Overlay::HandCopy { text, why } => hand_copy(text, why, &mut sheet),

        Overlay::Methods { selected } => {
            sheet.menu("Method", &names(Method::COMMON.iter().map(Method::as_str)), *selected);
        }
        Overlay::Clients { selected } => {
            sheet.menu("Redirect rules of", &names(Client::names()), *selected);
        }
        Overlay::Variants { selected } => {
            let rows = Variant::ALL.map(|of| (of.id(), of.asks()));
            sheet.explained("The same chain, but", &rows, *selected);
        }
        Overlay::Suppress { finding, rows, selected } => {
            let rows = names(rows.iter().map(|change| escape(&change.short()).into_owned()));
            sheet.menu(&format!("hopstep.toml: {}", finding.rule), &rows, *selected);
        }
        Overlay::Runs { selected } => {
            sheet.menu("Runs", &runs::lines(model, room.width.saturating_sub(6)), *selected);
        }
        Overlay::Copy { selected } => sheet.menu("Copy", &copies(), *selected),
        Overlay::Pick { title, rows, selected } => {
            let width = usize::from(room.width).saturating_sub(8);
            let rows = names(rows.iter().map(|(label, _)| text::fit(label, width)));
            sheet.menu(&format!("Copy a {title}"), &rows, *selected);
        }

        Overlay::Palette { input, selected } => {
            palette::render(model, input, *selected, &mut sheet);
        }
        Overlay::Find { input, hits, selected } => {
            finder::render(input, hits, *selected, &mut sheet);
        }
        Overlay::History { input, selected, entries, .. } => {
            history::render(model, (input, *selected), entries.as_deref(), &mut sheet);
        }
        Overlay::Save { what, input, exists } => {
            editor::save(model, (*what, *exists), input, &mut sheet);
        }
        Overlay::Editor { field, input, error } => {
            editor::render(*field, input, error.as_deref(), &mut sheet);
        }
        Overlay::Breakpoints { selected, input, error } => {
            breakpoints::render(model, *selected, (input, error.as_deref()), &mut sheet);
        }
        Overlay::Jump { typed } => letters(model, typed, &mut sheet),
    }
}

/// The screen without the footer, which goes on naming the keys.
fn room(model: &Model) -> Area {
    let (width, height) = model.size;
    Area { x: 0, y: 0, width, height: height.saturating_sub(1) }
}

/// The letters of the jump overlay, over a screen that stands back.
fn letters(model: &Model, typed: &str, sheet: &mut Sheet<'_, '_>) {
    sheet.canvas.highlight(sheet.room, Part::Veil);
    for target in jump::targets(model) {
        let Some(rest) = target.label.strip_prefix(typed) else { continue };
        let width = text::columns(rest);
        let area = Area { x: target.x, y: target.y, width, height: 1 };
        sheet.canvas.text(area, Role::Strong, rest);
        sheet.canvas.highlight(area, Part::Label);
    }
}

fn explain(model: &Model, finding: &Finding, scroll: u16, sheet: &mut Sheet<'_, '_>) {
    let width = sheet.room.width.saturating_sub(4).min(PROSE);
    let lines = explain::lines(model.session.as_ref(), finding, width);
    sheet.page(finding.rule, &lines, scroll);
}

fn compare(model: &Model, with: usize, scroll: u16, sheet: &mut Sheet<'_, '_>) {
    let other = model.others.iter().find(|run| run.number == with);
    if let (Some(shown), Some(other)) = (&model.session, other) {
        let width = sheet.room.width.saturating_sub(6);
        let lines = compare::lines((other, shown), &model.compared, &model.given.hosts, width);
        sheet.page("Compare", &lines, scroll);
    }
}

fn hand_copy(copied: &str, why: &str, sheet: &mut Sheet<'_, '_>) {
    let width = usize::from(sheet.room.width).saturating_sub(4);
    let mut lines = prose::wrap(Role::Dim, &format!("Not on a clipboard: {}", escape(why)), width);
    lines.push(Line::of([(Role::Dim, "It is printed again when the program ends.".to_owned())]));
    lines.push(Line::default());
    for line in copied.lines() {
        lines.extend(prose::chop(Role::Plain, &escape(line), width));
    }
    sheet.page("Copy by hand", &lines, 0);
}

/// Rows of a menu that are a text each.
fn names(rows: impl IntoIterator<Item = impl Into<String>>) -> Vec<Line> {
    rows.into_iter().map(Line::plain).collect()
}

fn copies() -> Vec<Line> {
    let row = |(key, _, label): &(char, _, &str)| {
        Line::of([(Role::Key, format!("{key}  ")), (Role::Plain, (*label).to_owned())])
    };
    COPY_MENU.iter().map(row).collect()
}
