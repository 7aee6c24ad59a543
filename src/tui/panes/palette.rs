//! The palette: a field for a few letters, and the actions they mean. What can't be done now is dim and says why.

use std::ops::Range;

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{Line, Role};
use crate::app::text_input::TextInput;
use crate::domain::escape::escape;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::palette::{Action, actions};
use crate::tui::theme::Part;

use super::{field, overlay};

/// Wider than this the way from key to sentence would be long.
const WIDEST: usize = 92;

pub fn render(
    model: &Model,
    (input, selected): (&TextInput, usize),
    room: Area,
    canvas: &mut Canvas<'_>,
) {
    let actions = actions(model, input.text());
    let width = WIDEST.min(usize::from(room.width).saturating_sub(4));
    let height = usize::from(room.height).saturating_sub(2).min(24);
    let inner = overlay::open("Every action", width, height, room, canvas);
    let field = Area { height: 1.min(inner.height), ..inner };
    prompt(input, actions.len(), field, canvas);
    let list =
        Area { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner };
    rows(&actions, selected, list, canvas);
}

fn prompt(input: &TextInput, found: usize, area: Area, canvas: &mut Canvas<'_>) {
    let shown = escape(input.text());
    canvas.text(area, Role::Key, ":");
    let field = Area { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
    field::render(input, Role::Strong, (field, true), canvas);
    let count = if found == 0 { "nothing fits ".to_owned() } else { format!("{found} ") };
    if text::width(&shown) + text::width(&count) + 4 < area.width.into() {
        canvas.right(area, &Line::of([(Role::Dim, count)]));
    }
}

fn rows(actions: &[Action], selected: usize, area: Area, canvas: &mut Canvas<'_>) {
    let selected = selected.min(actions.len().saturating_sub(1));
    let last = actions.len().saturating_sub(area.height.into());
    let first = selected.saturating_sub(usize::from(area.height) / 2).min(last);
    let longest = actions.iter().map(|action| text::width(&action.keys)).max().unwrap_or(0);
    let column = longest.min(if area.width < 60 { 7 } else { 14 });
    for (y, (at, action)) in (area.y..area.bottom()).zip(actions.iter().enumerate().skip(first)) {
        let row = Area { y, height: 1, ..area };
        canvas.listed(row, at);
        canvas.line(row, &line(action, at == selected, column));
        why_not(action, column, row, canvas);
        if at == selected {
            canvas.highlight(row, Part::Selected);
        }
    }
}

fn line(action: &Action, selected: bool, column: usize) -> Line {
    let mark = if selected { "▶ " } else { "  " };
    let mut line = Line::of([(Role::Plain, mark.to_owned())]);
    let keys = text::pad(&text::fit(&action.keys, column), column + 2);
    let (key, plain) = match &action.obstacle {
        Some(_) => (Role::Dim, Role::Dim),
        None => (Role::Key, Role::Plain),
    };
    line.push(key, keys);
    let mut end = 0;
    for found in &action.fit.found {
        line.push(plain, part(&action.help, end..found.start));
        line.push(Role::Found, part(&action.help, found.clone()));
        end = found.end;
    }
    line.push(plain, part(&action.help, end..action.help.len()));
    line
}

fn part(text: &str, bytes: Range<usize>) -> &str {
    text.get(bytes).unwrap_or_default()
}

/// The reason stands at the right where both fit.
fn why_not(action: &Action, column: usize, row: Area, canvas: &mut Canvas<'_>) {
    let Some(why) = &action.obstacle else { return };
    let used = 4 + column + text::width(&action.help);
    if used + text::width(why) + 3 <= row.width.into() {
        canvas.right(row, &Line::of([(Role::Dim, format!("— {why}"))]));
    }
}
