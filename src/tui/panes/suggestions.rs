//! Suggestions below the field that is being typed in, above everything but the cursor's own line.

use crate::app::complete::{Completion, Suggestion};
use crate::app::layout::Area;
use crate::app::model::{Model, Overlay};
use crate::app::page::{Line, Role};
use crate::domain::escape::escape;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

/// The suggestions, their texts below the word that they complete.
pub fn below_cursor(model: &Model, canvas: &mut Canvas<'_>) {
    let (Some(completion), Some((x, y))) = (&model.completion, canvas.cursor_at()) else { return };
    let input = match &model.overlay {
        Some(Overlay::Editor { input, .. }) => input,
        Some(_) => return,
        None => &model.form.url,
    };
    let typed = input.text().get(completion.range.start..input.cursor()).unwrap_or_default();
    let x = x.saturating_sub(text::columns(&escape(typed)).saturating_add(2));
    let (width, height) = model.size;
    let room = Area { x: 0, y: 0, width, height: height.saturating_sub(1) };
    render(completion, (x, y), room, canvas);
}

/// Below this cell, or above it where there is more room; one row each, within the screen.
fn render(completion: &Completion, (x, y): (u16, u16), room: Area, canvas: &mut Canvas<'_>) {
    let widest = completion.rows.iter().map(|row| text::columns(&escape(&row.text))).max();
    let width = widest.unwrap_or(0).saturating_add(4).min(room.width);
    let below = room.bottom().saturating_sub(y.saturating_add(1));
    let above = y.saturating_sub(room.y);
    let rows = u16::try_from(completion.rows.len()).unwrap_or(u16::MAX);
    let (top, height) = match below >= rows || below >= above {
        true => (y.saturating_add(1), rows.min(below)),
        false => (y.saturating_sub(rows.min(above)), rows.min(above)),
    };
    let x = x.min(room.width.saturating_sub(width));
    for (at, (y, row)) in (top..top.saturating_add(height)).zip(&completion.rows).enumerate() {
        let area = Area { x, y, width, height: 1 };
        canvas.clear(area);
        canvas.suggested(area, at);
        canvas.line(area, &line(row, completion.chosen == Some(at)));
        if completion.chosen == Some(at) {
            canvas.highlight(area, Part::Selected);
        }
    }
}

/// The letters that were typed stand out.
fn line(row: &Suggestion, chosen: bool) -> Line {
    let mut line = Line::of([(Role::Plain, if chosen { "▶ " } else { "┆ " }.to_owned())]);
    let mut end = 0;
    for found in &row.found {
        let (before, meant) = (row.text.get(end..found.start), row.text.get(found.clone()));
        line.push(Role::Plain, escape(before.unwrap_or_default()));
        line.push(Role::Found, escape(meant.unwrap_or_default()));
        end = found.end;
    }
    line.push(Role::Plain, escape(row.text.get(end..).unwrap_or_default()));
    line
}
