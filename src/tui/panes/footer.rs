//! The footer: the keys that work now, what the last action came to, or the search being typed.
//!
//! Promises: the least important keys go first where room is short; the key of the help never goes.

use crate::app::hint;
use crate::app::layout::Area;
use crate::app::message::{Message, Navigate, Search};
use crate::app::model::{Model, Overlay};
use crate::app::page::{Line, Role, units};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap;

use super::field;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    canvas.clear(area);
    if model.search.typing && model.overlay.is_none() {
        return prompt(model, area, canvas);
    }
    let said = said(model);
    let mut help = help(model);
    let fits = |help: &Line| {
        let taken = text::columns(&help.text()) + 1;
        said.as_ref().is_none_or(|said| text::columns(&said.text()) + taken <= area.width)
    };
    // what was said is worth more than the word beside the key
    if !fits(&help) && area.width < 60 {
        help.spans.truncate(1);
        help.push(Role::Plain, " ");
    }
    let help_width = text::columns(&help.text());
    let left = Area { width: area.width.saturating_sub(help_width + 1), ..area };
    match said {
        Some(line) => canvas.line(left, &line),
        None => canvas.line(left, &hints(model, left.width.into())),
    }
    canvas.right(area, &help);
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
fn said(model: &Model) -> Option<Line> {
    if let Some(Overlay::Jump { .. }) = &model.overlay {
        let stays = format!("   {} stays", keymap::back(model));
        let keys = [(Role::Strong, " type a letter to go there".to_owned()), (Role::Dim, stays)];
        return Some(Line::of(keys));
    }
    if !model.begun.is_empty() {
        let mut line = Line::of([(Role::Key, format!(" {} …", keymap::begun(model)))]);
        for (key, binding) in keymap::continued(model, &model.begun) {
            line.push(Role::Key, format!("   {key}"));
            let words = if binding.hint.is_empty() { binding.help } else { binding.hint };
            line.push(Role::Dim, format!(" {words}"));
        }
        return Some(line);
    }
    if let Some(status) = &model.status {
        let role = if status.trouble { Role::Severity(Severity::Error) } else { Role::Strong };
        return Some(Line::of([(role, format!(" {}", escape(&status.text)))]));
    }
    if let Some((at, of)) = model.search.position.filter(|_| model.overlay.is_none()) {
        let pattern = model.search.pattern.as_deref().unwrap_or_default();
        let more = if searching(model).is_some() { " so far" } else { "" };
        let key = |search| keymap::key_of(model, &Message::Search(search));
        let (next, previous) = (key(Search::Next), key(Search::Previous));
        let ends = keymap::back(model);
        let text = format!(
            " /{}  {at} of {of}{more}  {next} next  {previous} previous  {ends} ends",
            escape(pattern)
        );
        return Some(Line::of([(Role::Strong, text)]));
    }
    let error = model.form.error.as_ref().filter(|_| model.session.is_some())?;
    Some(Line::of([(Role::Severity(Severity::Error), format!(" {}", escape(error)))]))
}

fn hints(model: &Model, width: usize) -> Line {
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
