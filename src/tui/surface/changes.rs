//! Changes: the cells that differ between two frames.
//!
//! Promises: exactly the cells that ratatui's own `Buffer::diff` would write, in its order (a property test holds them against each
//! other), for a fraction of its work: rows that stay as they are, most of them, are passed over at a glance.

use std::io;

use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::style::{Color, Modifier};

/// What shows on a blank cell.
const SHOWS_ON_BLANK: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Tells every cell to write; without a frame before, the terminal is blank. Both frames have one size.
pub(super) fn each<'a>(
    before: Option<&Buffer>,
    next: &'a Buffer,
    mut tell: impl FnMut(u16, u16, &'a Cell) -> io::Result<()>,
) -> io::Result<()> {
    let width = usize::from(next.area.width).max(1);
    let mut blank = Vec::new();
    let before = before.map(|before| &before.content[..]);
    for (y, row) in next.content.chunks(width).enumerate() {
        let old = match before {
            Some(before) => before.get(y * width..y * width + row.len()).unwrap_or_default(),
            None if row.iter().all(|cell| same(cell, &Cell::EMPTY)) => continue,
            None => {
                blank.resize(width, Cell::EMPTY);
                &blank[..]
            }
        };
        if row.iter().zip(old).all(|(cell, old)| same(cell, old)) {
            continue;
        }
        let y = u16::try_from(y).unwrap_or(u16::MAX);
        in_row(old, row, |x, cell| tell(u16::try_from(x).unwrap_or(u16::MAX), y, cell))?;
    }
    Ok(())
}

/// The cells of a row to write.
fn in_row<'a>(
    before: &[Cell],
    next: &'a [Cell],
    mut tell: impl FnMut(usize, &'a Cell) -> io::Result<()>,
) -> io::Result<()> {
    let mut x = 0;
    while let (Some(cell), Some(old)) = (next.get(x), before.get(x)) {
        let (at, width) = (x, columns(cell));
        x += width;
        if same(cell, old) {
            continue;
        }
        tell(at, cell)?;
        if matches!(cell.diff_option, CellDiffOption::ForcedWidth(_)) {
            continue;
        }
        // what a wide letter covers is written only where terminals are known to leave something behind
        let stale = match width {
            0 | 1 => columns(old) > width && shows_when_blank(old),
            _ => false,
        };
        let rest = if stale { at + columns(old) } else { at + width };
        let smears = width > 1 && cell.symbol().contains('\u{FE0F}');
        if !(stale || smears) {
            continue;
        }
        let (mut behind, mut end) = (at + 1, rest.min(next.len()));
        while behind < end {
            let (cell, at) = (&next[behind], behind);
            behind += columns(cell);
            end = end.max(behind).min(next.len());
            if stale || before[at].symbol() != cell.symbol() {
                tell(at, cell)?;
            }
        }
        x = end;
    }
    Ok(())
}

/// Columns to go on by.
fn columns(cell: &Cell) -> usize {
    match cell.diff_option {
        CellDiffOption::ForcedWidth(width) => width.get().into(),
        CellDiffOption::None | CellDiffOption::Skip | CellDiffOption::AlwaysUpdate => {
            let symbol = cell.symbol();
            if symbol.len() == 1 { 1 } else { usize::from(symbol.cell_width()).max(1) }
        }
    }
}

fn shows_when_blank(cell: &Cell) -> bool {
    cell.bg != Color::Reset || cell.modifier.intersects(SHOWS_ON_BLANK)
}

/// Equality, for cells that are mostly blank or a letter.
#[inline]
fn same(one: &Cell, other: &Cell) -> bool {
    let letters = match (one.symbol().as_bytes(), other.symbol().as_bytes()) {
        ([one], [other]) => one == other,
        (one, other) => one == other,
    };
    letters
        && one.fg == other.fg
        && one.bg == other.bg
        && one.modifier == other.modifier
        && one.underline_color == other.underline_color
        && one.diff_option == other.diff_option
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use proptest::prelude::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn told(before: Option<&Buffer>, next: &Buffer) -> Vec<(u16, u16, Cell)> {
        let mut told = Vec::new();
        each(before, next, |x, y, cell| {
            told.push((x, y, cell.clone()));
            Ok(())
        })
        .unwrap();
        told
    }

    /// Texts laid over each other, as panes and overlays do, some of them links.
    fn frame() -> impl Strategy<Value = Buffer> {
        let text = prop::sample::select(vec![
            "a",
            "plain",
            "漢字",
            "⌨️",
            "👍🏽 x",
            "e\u{301}",
            "━━━",
            " ",
            "ｶﾞ",
            "🇫🇷🇫🇷",
            "لا",
            "❤️❤️",
        ]);
        let look = prop::sample::select(vec![
            Style::new(),
            Style::new().fg(Color::Red),
            Style::new().bg(Color::Rgb(1, 2, 3)),
            Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD),
            Style::new().underline_color(Color::Green).add_modifier(Modifier::UNDERLINED),
        ]);
        let piece = (text, look, 0u16..12, 0u16..4, any::<bool>());
        prop::collection::vec(piece, 0..12).prop_map(|pieces| {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 4));
            for (text, look, x, y, link) in pieces {
                let (end, _) = buffer.set_stringn(x, y, text, 12, look);
                for x in x..end.min(if link { 12 } else { 0 }) {
                    let cell = &mut buffer[(x, y)];
                    if cell.symbol().is_ascii() {
                        let symbol = format!("\x1b]8;;x\x1b\\{}\x1b]8;;\x1b\\", cell.symbol());
                        cell.set_symbol(&symbol);
                        cell.set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::MIN));
                    }
                }
            }
            buffer
        })
    }

    proptest! {
        #[test]
        fn they_are_those_that_ratatui_finds(before in frame(), next in frame()) {
            let expected = |before: &Buffer| {
                let changes = before.diff(&next).into_iter();
                changes.map(|(x, y, cell)| (x, y, cell.clone())).collect::<Vec<_>>()
            };
            prop_assert_eq!(told(Some(&before), &next), expected(&before));
            prop_assert_eq!(told(None, &next), expected(&Buffer::empty(next.area)));
            prop_assert_eq!(told(Some(&next), &next), Vec::new());
        }
    }
}
