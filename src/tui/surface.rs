//! The surface: the cells as they stand on the terminal, and the shortest way from them to the next frame.
//!
//! Promises: after [`Surface::paint`] the terminal shows the cells that were drawn, whatever stood there before; a frame that changes
//! nothing writes nothing but the cursor; the first frame compares with nothing and keeps one set of cells, not two.

mod changes;
mod pen;

use std::io;

use crossterm::terminal::{Clear, ClearType};
use crossterm::{cursor, queue};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;

use pen::Pen;

/// What stands on the terminal.
#[derive(Debug, Default)]
pub struct Surface {
    /// The cells of the last frame; `None`: the terminal is blank.
    shown: Option<Buffer>,
    /// Cells that can be drawn on again.
    spare: Option<Buffer>,
    /// The terminal holds something else: it is wiped before the next frame.
    foreign: bool,
}

impl Surface {
    /// Someone else drew on the terminal: the next frame paints everything.
    pub fn forget(&mut self) {
        *self = Surface { foreign: true, ..Surface::default() };
    }

    /// Writes what leads from the last frame to the one that `draw` draws; it answers with where the cursor is shown.
    pub fn paint(
        &mut self,
        (width, height): (u16, u16),
        out: &mut Vec<u8>,
        draw: impl FnOnce(&mut Buffer) -> Option<(u16, u16)>,
    ) -> io::Result<()> {
        let area = Rect::new(0, 0, width, height);
        if self.shown.as_ref().is_some_and(|shown| shown.area != area) {
            self.forget();
        }
        let mut next = match self.spare.take() {
            Some(mut spare) => {
                spare.content.fill(Cell::EMPTY);
                spare
            }
            None => Buffer::empty(area),
        };
        let cursor = draw(&mut next);
        if std::mem::take(&mut self.foreign) {
            queue!(out, Clear(ClearType::All))?;
        }
        let mut pen = Pen::new(out);
        changes::each(self.shown.as_ref(), &next, |x, y, cell| pen.write(x, y, cell))?;
        pen.lift();
        self.spare = self.shown.replace(next);
        match cursor {
            Some((x, y)) => queue!(out, cursor::Show, cursor::MoveTo(x, y)),
            None => queue!(out, cursor::Hide),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn painted(surface: &mut Surface, size: (u16, u16), text: &str) -> String {
        let mut out = Vec::new();
        let draw = |buffer: &mut Buffer| {
            buffer.set_string(0, 0, text, ratatui::style::Style::default());
            None
        };
        surface.paint(size, &mut out, draw).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_what_changed_is_written() {
        let mut surface = Surface::default();
        let first = painted(&mut surface, (20, 2), "one two");
        assert!(first.contains("\x1b[1;1Hone") && !first.contains("\x1b[2J"), "{first:?}");
        assert_eq!(painted(&mut surface, (20, 2), "one two"), "\x1b[?25l");
        let third = painted(&mut surface, (20, 2), "one too");
        assert!(third.starts_with("\x1b[1;6Ho") && !third.contains("one"), "{third:?}");
    }

    #[test]
    fn another_size_or_a_foreign_screen_is_wiped_and_painted_whole() {
        let mut surface = Surface::default();
        painted(&mut surface, (20, 2), "one");
        let wider = painted(&mut surface, (21, 2), "one");
        assert!(wider.starts_with("\x1b[2J\x1b[1;1Hone"), "{wider:?}");
        surface.forget();
        assert_eq!(painted(&mut surface, (21, 2), "one"), wider);
        assert_eq!(painted(&mut surface, (0, 0), ""), "\x1b[2J\x1b[?25l");
    }
}
