//! Editors: one part of the request to write, and the name of a file to save under.

use crate::app::layout::Area;
use crate::app::message::{BodyAct, Field, Message, Savable};
use crate::app::model::Model;
use crate::app::page::{Line, Role, prose};
use crate::app::text_input::TextInput;
use crate::domain::escape::{column_of, escape};
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap;
use crate::tui::panes::field;
use crate::tui::panes::sheet::{Sheet, cells};

pub(super) fn render(
    field: Field,
    input: &TextInput,
    error: Option<&str>,
    sheet: &mut Sheet<'_, '_>,
) {
    let (title, hint) = words(field);
    let rows = if input.is_multiline() { usize::from(sheet.room.height / 2).max(3) } else { 1 };
    let width = usize::from(sheet.room.width.saturating_sub(8)).min(92);
    let (role, said) = match error {
        Some(error) => (Role::Removed, escape(error)),
        None => (Role::Dim, hint.into()),
    };
    let lines = prose::flow(&[(role, &said)], width, width);
    let about = lines.len().min(MOST_ABOUT);
    let inner = sheet.open(title, width, rows + about);
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().take(about)) {
        sheet.canvas.line(Area { y, height: 1, ..inner }, line);
    }
    let about = cells(about).min(inner.height);
    let area = Area { y: inner.y + about, height: inner.height - about, ..inner };
    let about = Area { height: 1, ..inner };
    let room = usize::from(about.width).saturating_sub(text::width(error.unwrap_or(hint)));
    if let Some(place) = place(input, area).filter(|place| text::width(&place.text()) <= room) {
        sheet.canvas.right(about, &place);
    }
    typed(input, area, sheet.canvas);
}

/// The most rows that say how it is written, or what is wrong with it.
const MOST_ABOUT: usize = 3;

/// What is edited, and how it is written.
fn words(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Headers => ("Headers", "Name: value · Name; sends it empty · Name: leaves it out"),
        Field::Body => ("Body", "sent with POST, PUT, PATCH, ... as it stands here"),
        Field::Auth => ("Auth", "user:password, or Bearer TOKEN"),
        Field::Token => {
            ("Other token", "sent instead of Authorization: TOKEN (Bearer), or SCHEME TOKEN")
        }
        Field::Whole => ("Request", "METHOD URL, header lines, an empty line, the body"),
        Field::Next => ("Next request", "METHOD URL, header lines, an empty line, the body"),
    }
}

/// Which line the cursor is on, where not all can be seen.
fn place(input: &TextInput, area: Area) -> Option<Line> {
    let lines = input.text().split('\n').count();
    let said = format!("  line {} of {lines}", row_of_cursor(input) + 1);
    (lines > usize::from(area.height)).then(|| Line::of([(Role::Dim, said)]))
}

fn row_of_cursor(input: &TextInput) -> usize {
    input.text()[..input.cursor()].matches('\n').count()
}

/// The text, scrolled so that the cursor is seen.
fn typed(input: &TextInput, area: Area, canvas: &mut Canvas<'_>) {
    let row = row_of_cursor(input);
    let line_start = input.text()[..input.cursor()].rfind('\n').map_or(0, |at| at + 1);
    let line = input.text()[line_start..].split('\n').next().unwrap_or_default();
    let column = column_of(line.as_bytes(), input.cursor() - line_start);
    let first_row = (row + 1).saturating_sub(area.height.into());
    let first_column = (column + 1).saturating_sub(area.width.into());
    let lines = input.text().split('\n').skip(first_row);
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        let shown = escape(line);
        canvas.text(Area { y, height: 1, ..area }, Role::Plain, text::skip(&shown, first_column));
    }
    canvas.cursor(
        area.x.saturating_add(cells(column.saturating_sub(first_column))),
        area.y.saturating_add(cells(row.saturating_sub(first_row))),
    );
}

pub(super) fn save(
    model: &Model,
    (what, exists): (Savable, bool),
    input: &TextInput,
    sheet: &mut Sheet<'_, '_>,
) {
    let title = match what {
        Savable::Body(_) => "Save the body as",
        Savable::Chain(_) => "Export the chain as",
    };
    let width = usize::from(sheet.room.width.saturating_sub(8)).min(72);
    let inner = sheet.open(title, width, 2);
    let canvas = &mut *sheet.canvas;
    match exists {
        true => {
            let over = keymap::key_here(model, &Message::Body(BodyAct::Overwrite));
            let text = format!("There is such a file: {over} writes over it");
            canvas.text(inner, Role::Removed, &text);
        }
        false => {
            let long = "in the folder hopstep was started in, unless named";
            let fits = text::columns(long) <= inner.width;
            canvas.text(inner, Role::Dim, if fits { long } else { "a name, or a whole path" });
        }
    }
    field::render(input, Role::Plain, (inner.below_title(), !exists), canvas);
}
