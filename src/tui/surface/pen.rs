//! The pen: cells to what a terminal reads. It moves only where the last letter did not leave it, and changes its look only where the
//! look changes.

use std::io;

use crossterm::style::{Colors, SetColors, SetUnderlineColor};
use crossterm::{cursor, queue};
use ratatui::backend::IntoCrossterm;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Modifiers with the numbers (ECMA-48 section 8.3.117, SGR) that switch them on and off.
const LOOKS: [(Modifier, u8, u8); 9] = [
    (Modifier::REVERSED, 7, 27),
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::CROSSED_OUT, 9, 29),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
];

pub(super) struct Pen<'a> {
    out: &'a mut Vec<u8>,
    /// Where the next letter would land.
    next: Option<(u16, u16)>,
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

impl Pen<'_> {
    pub(super) fn new(out: &mut Vec<u8>) -> Pen<'_> {
        Pen {
            out,
            next: None,
            fg: Color::Reset,
            bg: Color::Reset,
            underline: Color::Reset,
            modifier: Modifier::empty(),
        }
    }

    pub(super) fn write(&mut self, x: u16, y: u16, cell: &Cell) -> io::Result<()> {
        if self.next != Some((x, y)) {
            queue!(self.out, cursor::MoveTo(x, y))?;
        }
        // after a wide letter, or one whose width terminals do not agree on, it moves
        self.next = Some((x.saturating_add(1), y));
        if cell.modifier != self.modifier {
            self.look(cell.modifier);
        }
        if (cell.fg, cell.bg) != (self.fg, self.bg) {
            (self.fg, self.bg) = (cell.fg, cell.bg);
            let colors = Colors::new(cell.fg.into_crossterm(), cell.bg.into_crossterm());
            queue!(self.out, SetColors(colors))?;
        }
        if cell.underline_color != self.underline {
            self.underline = cell.underline_color;
            queue!(self.out, SetUnderlineColor(cell.underline_color.into_crossterm()))?;
        }
        self.out.extend_from_slice(cell.symbol().as_bytes());
        Ok(())
    }

    /// Leaves the terminal with no look at all.
    pub(super) fn lift(self) {
        if self.next.is_some() {
            self.out.extend_from_slice(b"\x1b[0m");
        }
    }

    /// Switches off what goes, then on what comes. One number ends both of two modifiers: the one that stays comes again.
    fn look(&mut self, wanted: Modifier) {
        let gone = self.modifier.difference(wanted);
        let mut on = self.modifier;
        for (modifier, _, off) in LOOKS {
            if gone.intersects(modifier) && on.intersects(modifier) {
                self.select(off);
                let ended = LOOKS.iter().filter(|(_, _, own)| *own == off);
                ended.for_each(|(modifier, _, _)| on.remove(*modifier));
            }
        }
        for (modifier, number, _) in LOOKS {
            if wanted.intersects(modifier) && !on.intersects(modifier) {
                self.select(number);
            }
        }
        self.modifier = wanted;
    }

    fn select(&mut self, number: u8) {
        self.out.extend_from_slice(b"\x1b[");
        if number >= 10 {
            self.out.push(b'0' + number / 10);
        }
        self.out.extend_from_slice(&[b'0' + number % 10, b'm']);
    }
}

#[cfg(test)]
mod tests {
    use ratatui::style::Style;

    use super::*;

    fn written(cells: &[(u16, u16, &str, Style)]) -> String {
        let mut out = Vec::new();
        let mut pen = Pen::new(&mut out);
        for (x, y, symbol, style) in cells {
            let mut cell = Cell::default();
            cell.set_symbol(symbol).set_style(*style);
            pen.write(*x, *y, &cell).unwrap();
        }
        pen.lift();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_moves_only_where_the_letter_before_did_not_leave_it() {
        let plain = Style::new();
        let cells =
            [(3, 1, "a", plain), (4, 1, "漢", plain), (6, 1, "b", plain), (7, 1, "c", plain)];
        assert_eq!(written(&cells), "\x1b[2;4Ha漢\x1b[2;7Hbc\x1b[0m");
        assert_eq!(written(&[]), "");
    }

    #[test]
    fn a_look_that_stays_beside_one_that_goes_is_set_again() {
        let (bold, dim) = (Modifier::BOLD, Modifier::DIM);
        let look = |modifier| Style::new().add_modifier(modifier);
        let cells = [
            (0, 0, "a", look(bold | dim | Modifier::ITALIC)),
            (1, 0, "b", look(dim | Modifier::REVERSED)),
            (2, 0, "c", look(bold | Modifier::REVERSED)),
            (3, 0, "d", Style::new()),
        ];
        let expected = "\x1b[1;1H\x1b[1m\x1b[2m\x1b[3ma\x1b[22m\x1b[23m\x1b[7m\x1b[2mb\x1b[22m\x1b[1mc\x1b[27m\x1b[22md\x1b[0m";
        assert_eq!(written(&cells), expected);
    }
}
