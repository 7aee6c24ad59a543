//! The breakpoints: those there are to switch, and a field for one with a value.

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{Line, Role};
use crate::app::text_input::TextInput;
use crate::domain::breakpoint::Breakpoint;
use crate::domain::escape::escape;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::panes::field;
use crate::tui::panes::sheet::{Sheet, cells};

pub(super) fn render(
    model: &Model,
    selected: usize,
    (input, error): (&TextInput, Option<&str>),
    sheet: &mut Sheet<'_, '_>,
) {
    let rows: Vec<Line> = model.breakpoint_rows().iter().map(|row| line(model, row)).collect();
    let inner = sheet.open("Stop before the next request when", 60, rows.len() + 2);
    for (y, (at, row)) in (inner.y..inner.bottom()).zip(rows.iter().enumerate()) {
        sheet.row(Area { y, height: 1, ..inner }, at, row, at == selected);
    }
    let y = inner.y.saturating_add(cells(rows.len() + 1)).min(inner.bottom().saturating_sub(1));
    another(input, Area { y, height: 1, ..inner }, sheet.canvas);
    let above = Area { y: y.saturating_sub(1), height: 1, ..inner };
    let chosen = model.breakpoint_rows().get(selected).map(|row| row.meaning());
    match (error, chosen) {
        (Some(error), _) => {
            let error = escape(error);
            sheet.canvas.text(above, Role::Removed, &text::fit(&error, inner.width.into()));
        }
        // all of what the row has no room for
        (None, Some(meaning)) if inner.width < 60 => {
            sheet.canvas.text(above, Role::Dim, meaning);
        }
        (None, _) => {}
    }
}

fn line(model: &Model, row: &Breakpoint) -> Line {
    let mark = if model.breakpoints.contains(row) { "[x] " } else { "[ ] " };
    Line::of([
        (Role::Strong, mark.to_owned()),
        (Role::Plain, text::pad(&escape(&row.to_string()), 17)),
        (Role::Dim, row.meaning().to_owned()),
    ])
}

/// The field for one that has a value.
fn another(input: &TextInput, area: Area, canvas: &mut Canvas<'_>) {
    canvas.text(area, Role::Plain, "or: ");
    let typed = Area { x: area.x.saturating_add(4), width: area.width.saturating_sub(4), ..area };
    if input.text().is_empty() {
        canvas.text(typed, Role::Dim, "status 302 · status 4xx · host *.test");
    }
    field::render(input, Role::Plain, (typed, true), canvas);
}
