//! A field of one line: its text, scrolled so that the cursor is in sight, and the cursor.

use crate::app::layout::Area;
use crate::app::page::Role;
use crate::app::text_input::TextInput;
use crate::domain::escape::{column_of, escape};
use crate::domain::text;
use crate::tui::canvas::Canvas;

/// Writes the text from the column that keeps the cursor in the area, and shows the cursor if asked to.
pub(super) fn render(
    input: &TextInput,
    role: Role,
    (area, cursor_shown): (Area, bool),
    canvas: &mut Canvas<'_>,
) {
    if area.width == 0 || area.height == 0 {
        return;
    }
    let cursor = column_of(input.text().as_bytes(), input.cursor());
    let first = (cursor + 1).saturating_sub(area.width.into());
    canvas.text(area, role, text::skip(&escape(input.text()), first));
    if cursor_shown {
        let column = u16::try_from(cursor - first).unwrap_or(u16::MAX);
        canvas.cursor(area.x.saturating_add(column), area.y);
    }
}
