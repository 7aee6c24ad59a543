//! Letters: text to cells. Most text is letters that stand alone in one cell each; only what may join its neighbour is taken apart into
//! graphemes.
//!
//! Promises: the same cells that ratatui's `Buffer::set_stringn` fills, for a fraction of its work.

use ratatui::buffer::Buffer;
use ratatui::style::Style;

use crate::app::layout::Area;

/// Fills cells from the top left of the area to its right edge at most, and says where the text ended. The area is on the screen.
pub(super) fn put(buffer: &mut Buffer, area: Area, text: &str, style: Style) -> u16 {
    let alone = alone(text);
    let start = usize::from(area.y) * usize::from(buffer.area.width) + usize::from(area.x);
    let cells = buffer.content.iter_mut().skip(start).take(area.width.into());
    let mut x = area.x;
    for (cell, letter) in cells.zip(text[..alone].chars()) {
        cell.set_char(letter).set_style(style);
        x += 1;
    }
    let left = area.right().saturating_sub(x);
    if alone == text.len() || left == 0 {
        return x;
    }
    buffer.set_stringn(x, area.y, &text[alone..], left.into(), style).0
}

/// How many bytes at the start are letters that stand alone: each of them is simple, and the one behind it too, or nothing is.
fn alone(text: &str) -> usize {
    let Some((joins, _)) = text.char_indices().find(|(_, letter)| !is_simple(*letter)) else {
        return text.len();
    };
    // the one before may carry a mark
    text[..joins].char_indices().next_back().map_or(0, |(last, _)| last)
}

/// One column wide, and never part of a grapheme with another simple one.
fn is_simple(letter: char) -> bool {
    matches!(
        letter,
        ' '..='~'
            | '\u{a1}'..='\u{ac}'
            | '\u{ae}'..='\u{ff}'
            | '\u{2010}'..='\u{2026}'
            | '\u{2190}'..='\u{2193}'
            | '\u{2500}'..='\u{25cf}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use ratatui::layout::Rect;

    use super::*;

    fn drawn(put: impl FnOnce(&mut Buffer) -> u16) -> (Buffer, u16) {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 16, 2));
        let end = put(&mut buffer);
        (buffer, end)
    }

    fn same_as_ratatui(text: &str, x: u16, width: u16) -> bool {
        let style = Style::reset().patch(Style::new().bold());
        let width = width.min(16 - x);
        let ours = drawn(|buffer| put(buffer, Area { x, y: 1, width, height: 1 }, text, style));
        ours == drawn(|buffer| buffer.set_stringn(x, 1, text, width.into(), style).0)
    }

    #[test]
    fn every_simple_letter_is_one_column_wide_and_stands_alone() {
        for letter in (' '..='\u{ffff}').filter(|letter| is_simple(*letter)) {
            for text in [format!("{letter}{letter}a"), format!("a{letter}\u{301}b{letter}")] {
                assert!(same_as_ratatui(&text, 0, 16), "{letter:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn texts_fill_the_cells_that_ratatui_fills(
            parts in prop::collection::vec(prop_oneof![
                "[a-z ]{1,6}", ".{0,4}",
                prop::sample::select(vec!["漢字", "e\u{301}", "👍🏽", "━━", "… →", "\u{600}a", "\r\n", "\u{200d}", "ｶﾞ", "▶\u{fe0f}", "\t"])
                    .prop_map(str::to_owned),
            ], 0..5),
            x in 0u16..16,
            width in 0u16..20,
        ) {
            prop_assert!(same_as_ratatui(&parts.concat(), x, width));
        }
    }
}
