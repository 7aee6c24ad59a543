//! A sheet: a box over the middle of the screen. Every overlay is one: a page to read, a menu to choose from, or a field over a
//! list of what was found.

use crate::app::layout::Area;
use crate::app::page::{Line, Role, prose};
use crate::app::text_input::TextInput;
use crate::domain::escape::escape;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

use super::field;

/// Where a sheet may lie, and what it is drawn on.
pub(super) struct Sheet<'a, 'c> {
    /// the screen without the footer, which goes on naming the keys
    pub(super) room: Area,
    pub(super) canvas: &'a mut Canvas<'c>,
}

impl Sheet<'_, '_> {
    /// A box of this size of content in the middle of the room; its inside.
    pub(super) fn open(&mut self, title: &str, width: usize, height: usize) -> Area {
        let room = self.room;
        let width = cells(width).saturating_add(4).clamp(16.min(room.width), room.width);
        let height = cells(height).saturating_add(2).min(room.height);
        let area = Area {
            x: room.x + (room.width - width) / 2,
            y: room.y + (room.height - height) / 2,
            width,
            height,
        };
        self.canvas.clear(area);
        self.canvas.outline(area);
        self.canvas.border(area, true);
        let title_area = Area { x: area.x + 2, width: width.saturating_sub(4), height: 1, ..area };
        self.canvas.text(title_area, Role::Strong, &format!(" {title} "));
        let inner = area.inner();
        Area { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
    }

    /// Lines to read, scrolled so far, with how many are below.
    pub(super) fn page(&mut self, title: &str, lines: &[Line], scroll: u16) {
        let width = lines.iter().map(|line| text::width(&line.text())).max().unwrap_or(0);
        let inner = self.open(title, width, lines.len());
        let last = lines.len().saturating_sub(inner.height.into());
        let first = usize::from(scroll).min(last);
        for (y, line) in (inner.y..inner.bottom()).zip(&lines[first..]) {
            self.canvas.line(Area { y, height: 1, ..inner }, line);
        }
        if first < last {
            let row = Area { y: inner.bottom(), height: 1, ..inner };
            let below = lines.len().saturating_sub(first + usize::from(inner.height));
            self.canvas.right(row, &Line::of([(Role::Strong, format!(" ↓ {below} more "))]));
        }
    }

    /// Rows to choose from, one of them marked.
    pub(super) fn menu(&mut self, title: &str, rows: &[Line], selected: usize) {
        let inner = self.open(title, menu_width(title, rows), rows.len());
        self.rows(inner, rows, selected);
    }

    /// Rows to choose from with a sentence each: beside them, or of the marked one below where that is too wide.
    pub(super) fn explained(&mut self, title: &str, rows: &[(&str, &str)], selected: usize) {
        let names = rows.iter().map(|(name, _)| text::width(name)).max().unwrap_or(0);
        let beside = |(name, words): &(&str, &str)| Line::plain(text::pad(name, names + 2) + words);
        let whole: Vec<Line> = rows.iter().map(beside).collect();
        let room = usize::from(self.room.width).saturating_sub(4);
        if menu_width(title, &whole) <= room {
            return self.menu(title, &whole, selected);
        }
        let below: Vec<_> =
            rows.iter().map(|(_, words)| prose::wrap(Role::Dim, words, room)).collect();
        // as much for each, so that nothing moves
        let most = below.iter().map(Vec::len).max().unwrap_or(0);
        let inner = self.open(title, room, rows.len() + most);
        let height = inner.height.saturating_sub(cells(most));
        let names: Vec<Line> = rows.iter().map(|(name, _)| Line::plain(*name)).collect();
        self.rows(Area { height, ..inner }, &names, selected);
        for (y, line) in
            (inner.y + height..inner.bottom()).zip(below.get(selected).into_iter().flatten())
        {
            self.canvas.line(Area { y, height: 1, ..inner }, line);
        }
    }

    /// The rows of a menu, behind a mark.
    fn rows(&mut self, area: Area, rows: &[Line], selected: usize) {
        self.list(area, rows.len(), selected, |at| {
            let mark = if at == selected { "▶ " } else { "  " };
            let mut line = Line::of([(Role::Plain, mark.to_owned())]);
            line.spans.extend(rows[at].spans.iter().cloned());
            line
        });
    }

    /// A field for a few letters, above what they find; `width` and `height` are at most these. The field's row and the list's.
    pub(super) fn search(&mut self, title: &str, width: usize, height: usize) -> (Area, Area) {
        let width = width.min(usize::from(self.room.width).saturating_sub(4));
        let height = height.min(usize::from(self.room.height).saturating_sub(2));
        let inner = self.open(title, width, height);
        let list =
            Area { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner };
        (Area { height: 1.min(inner.height), ..inner }, list)
    }

    /// The field of a search: its sign, the letters, and what they came to where that has room.
    pub(super) fn prompt(&mut self, area: Area, sign: &str, input: &TextInput, count: String) {
        self.canvas.text(area, Role::Key, sign);
        let typed = Area { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
        field::render(input, Role::Strong, (typed, true), self.canvas);
        if text::width(&escape(input.text())) + text::width(&count) + 4 < area.width.into() {
            self.canvas.right(area, &Line::of([(Role::Dim, count)]));
        }
    }

    /// As many rows of a list as there is room for, the chosen one among them.
    pub(super) fn list(
        &mut self,
        area: Area,
        rows: usize,
        selected: usize,
        row: impl Fn(usize) -> Line,
    ) {
        let last = rows.saturating_sub(area.height.into());
        let first = selected.saturating_sub(usize::from(area.height) / 2).min(last);
        for (y, at) in (area.y..area.bottom()).zip(first..rows) {
            self.row(Area { y, height: 1, ..area }, at, &row(at), at == selected);
        }
    }

    /// One row of a list, which a click finds again.
    pub(super) fn row(&mut self, area: Area, at: usize, line: &Line, selected: bool) {
        self.canvas.line(area, line);
        self.canvas.listed(area, at);
        if selected {
            self.canvas.highlight(area, Part::Selected);
        }
    }
}

/// The columns of a menu's content; a row stands behind its mark.
fn menu_width(title: &str, rows: &[Line]) -> usize {
    let row = |row: &Line| text::width(&row.text()) + 2;
    rows.iter().map(row).max().unwrap_or(0).max(text::width(title) + 2)
}

/// A count of columns or rows; what is beyond any screen counts as its end.
pub(super) fn cells(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}
