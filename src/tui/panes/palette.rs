//! The palette: a field for a few letters, and the actions they mean. What can't be done now is dim and says why; the chosen
//! action is told in full on any screen.

use std::ops::Range;

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{Line, Role, prose};
use crate::app::text_input::TextInput;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::palette::{Action, actions};
use crate::tui::theme::Part;

use super::sheet::Sheet;

/// Wider than this the way from key to sentence would be long.
const WIDEST: usize = 92;
const TALLEST: usize = 24;

pub(super) fn render(model: &Model, input: &TextInput, selected: usize, sheet: &mut Sheet<'_, '_>) {
    let actions = actions(model, input.text());
    let (field, list) = sheet.search("Every action", WIDEST, TALLEST);
    let found = actions.len();
    let count = if found == 0 { "nothing fits ".to_owned() } else { format!("{found} ") };
    sheet.prompt(field, ":", input, count);
    rows(&actions, selected, list, sheet.canvas);
}

fn rows(actions: &[Action], selected: usize, area: Area, canvas: &mut Canvas<'_>) {
    let selected = selected.min(actions.len().saturating_sub(1));
    let longest = actions.iter().map(|action| text::width(&action.keys)).max().unwrap_or(0);
    let column = longest.min(if area.width < 60 { 7 } else { 14 });
    let told = actions.get(selected).map(|action| told(action, column, area)).unwrap_or_default();
    let room = usize::from(area.height).saturating_sub(told.len().saturating_sub(1));
    let first = selected.saturating_sub(room / 2).min(actions.len().saturating_sub(room));
    let mut y = area.y;
    for (at, action) in actions.iter().enumerate().skip(first) {
        let lines = if at == selected { told.clone() } else { vec![line(action, column)] };
        for (nth, line) in lines.iter().enumerate() {
            if y >= area.bottom() {
                return;
            }
            let row = Area { y, height: 1, ..area };
            canvas.listed(row, at);
            canvas.line(row, line);
            if nth == 0 {
                why_not(action, column, row, canvas);
            }
            if at == selected {
                canvas.highlight(row, Part::Selected);
            }
            y = y.saturating_add(1);
        }
    }
}

/// The chosen action, in as many lines as it takes to say all of it.
fn told(action: &Action, column: usize, area: Area) -> Vec<Line> {
    let mut texts = sentence(action);
    if let Some(why) = action.obstacle.as_ref().filter(|why| !fits(action, why, column, area)) {
        texts.push((Role::Dim, format!(" — {why}")));
    }
    let lead = 4 + column;
    let room = usize::from(area.width).saturating_sub(lead);
    let lines = prose::flow(&texts, room, room).into_iter().enumerate().map(|(at, said)| {
        let mut line = match at {
            0 => keys(action, "▶ ", column),
            _ => Line::plain(" ".repeat(lead)),
        };
        line.spans.extend(said.spans);
        line
    });
    lines.take(area.height.into()).collect()
}

fn line(action: &Action, column: usize) -> Line {
    let mut line = keys(action, "  ", column);
    sentence(action).into_iter().for_each(|(role, text)| line.push(role, text));
    line
}

fn keys(action: &Action, mark: &str, column: usize) -> Line {
    let mut line = Line::of([(Role::Plain, mark.to_owned())]);
    let role = if action.obstacle.is_some() { Role::Dim } else { Role::Key };
    line.push(role, text::pad(&text::fit(&action.keys, column), column + 2));
    line
}

/// What it does, with the letters that were found.
fn sentence(action: &Action) -> Vec<(Role, String)> {
    let plain = if action.obstacle.is_some() { Role::Dim } else { Role::Plain };
    let mut texts = Vec::new();
    let mut end = 0;
    for found in &action.fit.found {
        texts.push((plain, part(&action.help, end..found.start).to_owned()));
        texts.push((Role::Found, part(&action.help, found.clone()).to_owned()));
        end = found.end;
    }
    texts.push((plain, part(&action.help, end..action.help.len()).to_owned()));
    texts
}

fn part(text: &str, bytes: Range<usize>) -> &str {
    text.get(bytes).unwrap_or_default()
}

/// The reason stands at the right where both fit.
fn why_not(action: &Action, column: usize, row: Area, canvas: &mut Canvas<'_>) {
    if let Some(why) = action.obstacle.as_ref().filter(|why| fits(action, why, column, row)) {
        canvas.right(row, &Line::of([(Role::Dim, format!("— {why}"))]));
    }
}

fn fits(action: &Action, why: &str, column: usize, row: Area) -> bool {
    4 + column + text::width(&action.help) + text::width(why) + 3 <= row.width.into()
}
