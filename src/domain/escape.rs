//! Hostile text made safe to draw, print and copy: what can't be seen becomes a visible escape.
//!
//! Promises: no control (C0, DEL, C1), no bidi control, no zero-width or otherwise invisible character, no byte that is not
//! UTF-8 comes out as itself; combining marks stand on a base, at most [`MARKS`] of them. Byte offsets of the source can be
//! mapped to display columns, so that a caret stands below the exact bytes.
//!
//! Escapes: `\t \n \r`, `\x1b` for a control below U+0080 or a byte that is not UTF-8, `\u{202e}` for any other character.
//! A backslash of the source is left alone: the pieces tell which backslash is ours, and a view colours it.

use std::borrow::Cow;
use std::ops::Range;
use std::str::Utf8Chunks;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use crate::domain::text::width;

/// How many combining marks a character may carry; the ones beyond are escaped ("zalgo" text).
pub const MARKS: u8 = 4;

/// Whether a piece is text of the source or stands for something that can't be shown.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PieceKind {
    /// The source bytes as they are.
    Text,
    /// A visible escape for one character, or for one byte that is not UTF-8.
    Escape,
}

/// A stretch of display-safe text and where it comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Piece<'a> {
    pub kind: PieceKind,
    /// What is drawn.
    pub text: Cow<'a, str>,
    /// The bytes of the source it stands for.
    pub source: Range<usize>,
    /// The display column where it starts.
    pub column: usize,
    /// How many columns it takes.
    pub width: usize,
}

/// The display-safe pieces of some bytes, in order; see [`pieces`].
#[derive(Clone, Debug)]
pub struct Pieces<'a> {
    chunks: Utf8Chunks<'a>,
    valid: &'a str,
    invalid: &'a [u8],
    offset: usize,
    column: usize,
}

/// Text with every unsafe character escaped.
pub fn escape(text: &str) -> Cow<'_, str> {
    // nearly always all of it is plain, which is seen many bytes at a time
    let plain = text.bytes().fold(true, |plain, byte| plain & matches!(byte, b' '..=b'~'));
    if plain || safe_prefix(text) == text.len() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(escape_bytes(text.as_bytes()))
}

/// Bytes as text: UTF-8 where it is, `\xNN` where it is not, and every unsafe character escaped.
pub fn escape_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 8);
    for piece in pieces(bytes) {
        out.push_str(&piece.text);
    }
    out
}

/// The pieces that [`escape_bytes`] joins, with the way back to the source. Text pieces are as long as they can be; each
/// escape is a piece of its own.
pub fn pieces(bytes: &[u8]) -> Pieces<'_> {
    Pieces { chunks: bytes.utf8_chunks(), valid: "", invalid: &[], offset: 0, column: 0 }
}

/// The display columns that a range of source bytes takes in `escape_bytes(bytes)`; at least one column wide, so that there is
/// always a place for a caret. A range that starts or ends inside a character takes the whole character.
pub fn columns(bytes: &[u8], range: Range<usize>) -> Range<usize> {
    let start = column_of(bytes, range.start);
    let last = range.end.saturating_sub(1).max(range.start);
    let end = cells(bytes).find(|cell| last < cell.0.end).map_or(start, |cell| cell.1.end);
    start..end.max(start + 1)
}

/// The display column where the byte at `offset` is drawn; the width of everything when the offset is at or past the end.
pub fn column_of(bytes: &[u8], offset: usize) -> usize {
    let mut end = 0;
    for (source, columns) in cells(bytes) {
        if offset < source.end {
            return columns.start;
        }
        end = columns.end;
    }
    end
}

/// Whether the character is drawn as itself wherever it stands. Combining marks also need a base.
pub fn is_visible(character: char) -> bool {
    !character.is_control() && !is_hidden(character)
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if !self.valid.is_empty() {
                return Some(self.next_valid());
            }
            if let Some((&byte, rest)) = self.invalid.split_first() {
                self.invalid = rest;
                return Some(self.piece(
                    PieceKind::Escape,
                    Cow::Owned(format!("\\x{byte:02x}")),
                    1,
                ));
            }
            let chunk = self.chunks.next()?;
            (self.valid, self.invalid) = (chunk.valid(), chunk.invalid());
        }
    }
}

impl<'a> Pieces<'a> {
    fn next_valid(&mut self) -> Piece<'a> {
        let (text, rest) = self.valid.split_at(safe_prefix(self.valid));
        if !text.is_empty() {
            self.valid = rest;
            return self.piece(PieceKind::Text, Cow::Borrowed(text), text.len());
        }
        let mut characters = rest.chars();
        let character = characters.next().unwrap_or_default();
        self.valid = characters.as_str();
        self.piece(PieceKind::Escape, Cow::Owned(escaped(character)), character.len_utf8())
    }

    fn piece(&mut self, kind: PieceKind, text: Cow<'a, str>, source: usize) -> Piece<'a> {
        let piece = Piece {
            kind,
            source: self.offset..self.offset + source,
            column: self.column,
            width: width(&text),
            text,
        };
        self.offset = piece.source.end;
        self.column += piece.width;
        piece
    }
}

/// Source bytes and columns of everything that is drawn as one: a grapheme or an escape.
fn cells(bytes: &[u8]) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
    pieces(bytes).flat_map(|piece| {
        let (mut offset, mut column) = (piece.source.start, piece.column);
        let parts: Vec<(usize, usize)> = match piece.kind {
            PieceKind::Text => piece.text.graphemes(true).map(|g| (g.len(), width(g))).collect(),
            PieceKind::Escape => vec![(piece.source.len(), piece.width)],
        };
        parts.into_iter().map(move |(length, wide)| {
            let cell = (offset..offset + length, column..column + wide);
            (offset, column) = (cell.0.end, cell.1.end);
            cell
        })
    })
}

/// The length of the longest prefix that is drawn as it is.
fn safe_prefix(text: &str) -> usize {
    let mut room = 0;
    for (offset, character) in text.char_indices() {
        if character.is_ascii() {
            if character.is_ascii_control() {
                return offset;
            }
            room = if character == ' ' { 0 } else { MARKS };
        } else if !is_visible(character) {
            return offset;
        } else if character.width() == Some(0) {
            if room == 0 {
                return offset;
            }
            room -= 1;
        } else {
            room = if character.is_whitespace() { 0 } else { MARKS };
        }
    }
    text.len()
}

fn escaped(character: char) -> String {
    match character {
        '\t' => "\\t".to_owned(),
        '\n' => "\\n".to_owned(),
        '\r' => "\\r".to_owned(),
        '\0'..='\x7f' => format!("\\x{:02x}", u32::from(character)),
        _ => format!("\\u{{{:x}}}", u32::from(character)),
    }
}

/// Characters beyond the controls that take no ink, reorder their neighbours, or pass for a space: Unicode 16
/// `Default_Ignorable_Code_Point`, `Bidi_Control`, general categories Cf, Zl, Zp, Zs (the ideographic space is seen by its
/// width), the blank braille pattern, noncharacters.
fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{a0}' | '\u{ad}' | '\u{34f}'
        | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}' | '\u{8e2}'
        | '\u{115f}'..='\u{1160}' | '\u{1680}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_text_of_any_script_is_left_alone() {
        for text in ["", "Location: /a?b=c\\n", "žluť ₤ 漢字 👍 עברית क्षि e\u{301}", "a\u{3000}b"]
        {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn controls_and_invisible_characters_become_visible() {
        assert_eq!(escape("a\n\t\r\x1b[2J\x7f\u{9b}"), "a\\n\\t\\r\\x1b[2J\\x7f\\u{9b}");
        assert_eq!(
            escape("\u{202e}\u{2066}\u{200b}\u{feff}"),
            "\\u{202e}\\u{2066}\\u{200b}\\u{feff}"
        );
        assert_eq!(
            escape("\u{e0041}\u{fe0f}\u{3164}\u{ad}\u{2028}"),
            "\\u{e0041}\\u{fe0f}\\u{3164}\\u{ad}\\u{2028}"
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_told_apart_from_characters() {
        assert_eq!(escape_bytes(b"\xff\x9b\xc3\xa9\xe2\x82"), "\\xff\\x9b\u{e9}\\xe2\\x82");
    }

    #[test]
    fn combining_marks_need_a_base_and_are_bounded() {
        assert_eq!(escape("\u{301}e\u{301}"), "\\u{301}e\u{301}");
        assert_eq!(escape(" \u{301}"), " \\u{301}");
        let zalgo = format!("a{}", "\u{301}".repeat(1000));
        assert_eq!(escape(&zalgo).matches('\u{301}').count(), usize::from(MARKS));
    }

    #[test]
    fn a_caret_stands_below_the_exact_bytes() {
        let value = "漢\u{202e}x\n".as_bytes();
        assert_eq!(columns(value, 0..3), 0..2);
        assert_eq!(columns(value, 3..6), 2..10);
        assert_eq!(columns(value, 4..5), 2..10);
        assert_eq!(columns(value, 6..7), 10..11);
        assert_eq!(columns(value, 7..8), 11..13);
        assert_eq!(columns(value, 8..8), 13..14);
        assert_eq!(columns(b"http//x", 0..4), 0..4);
        assert_eq!(columns(b"", 0..0), 0..1);
    }

    fn nasty() -> impl Strategy<Value = Vec<u8>> {
        let odd = prop::sample::select(vec![
            '\u{301}',
            '\u{200d}',
            '\u{1f3fd}',
            '\u{1f1e6}',
            '\u{1160}',
            '\u{644}',
            '\u{627}',
            '\x1b',
            'a',
            ' ',
        ]);
        let piece = prop_oneof![
            any::<char>().prop_map(|c| c.to_string().into_bytes()),
            odd.prop_map(|c| c.to_string().into_bytes()),
            any::<u8>().prop_map(|byte| vec![byte]),
        ];
        prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn nothing_unsafe_comes_out(bytes in nasty()) {
            let out = escape_bytes(&bytes);
            prop_assert!(out.chars().all(is_visible), "{out:?}");
            prop_assert_eq!(escape(&out).into_owned(), out);
        }

        #[test]
        fn pieces_cover_the_source_and_columns_only_grow(bytes in nasty()) {
            let (mut offset, mut column) = (0, 0);
            for piece in pieces(&bytes) {
                prop_assert_eq!((piece.source.start, piece.column), (offset, column));
                prop_assert!(!piece.source.is_empty() && piece.width > 0);
                (offset, column) = (piece.source.end, column + piece.width);
            }
            prop_assert_eq!(offset, bytes.len());
            let at: Vec<usize> = (0..=bytes.len()).map(|offset| column_of(&bytes, offset)).collect();
            prop_assert!(at.is_sorted());
            prop_assert_eq!(at.last().copied(), Some(column));
        }
    }
}
