//! Bytes laid out in rows of so many columns, with the way back from bytes to cells: where a caret goes when the value wraps.
//!
//! Promises: every byte of the value is in a row, escaped where it can't be shown, up to a bound; an escape is never broken in two
//! where a row has room for it.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::domain::escape::{Piece, PieceKind, pieces};
use crate::domain::text;

use super::{Role, Span};

/// How many bytes of one value are laid out, unless a finding points further in.
const CAP: usize = 4096;
/// How far a finding can pull that bound.
const FAR: usize = 64 * 1024;

/// A value in rows.
#[derive(Debug)]
pub struct Laid {
    pub rows: Vec<Row>,
    /// Bytes that were left out at the end.
    pub cut: usize,
}

/// One row of cells.
#[derive(Debug, Default)]
pub struct Row {
    segments: Vec<Segment>,
    width: usize,
}

/// A stretch of a row.
#[derive(Debug)]
struct Segment {
    text: String,
    escape: bool,
    source: Range<usize>,
    column: usize,
    width: usize,
}

impl Laid {
    /// Lays out the value: the first row has `first` columns, the others `columns`. `reach` is the last byte a finding points at.
    pub fn of(value: &[u8], first: usize, columns: usize, reach: usize) -> Laid {
        let end = value.len().min(CAP.max(reach.saturating_add(64)).min(FAR));
        let mut laid = Laid { rows: vec![Row::default()], cut: value.len() - end };
        let room = |rows: usize| if rows == 1 { first } else { columns }.max(1);
        for piece in pieces(&value[..end]) {
            match piece.kind {
                PieceKind::Escape => laid.escape(piece, &room),
                PieceKind::Text => laid.text(piece, &room),
            }
        }
        laid
    }

    fn escape(&mut self, piece: Piece<'_>, room: &dyn Fn(usize) -> usize) {
        let used = self.rows.last().map_or(0, |row| row.width);
        if used > 0 && used + piece.width > room(self.rows.len()) {
            self.rows.push(Row::default());
        }
        self.put(piece.text.into_owned(), piece.source, true);
    }

    fn text(&mut self, piece: Piece<'_>, room: &dyn Fn(usize) -> usize) {
        let (mut rest, mut start) = (piece.text.as_ref(), piece.source.start);
        while !rest.is_empty() {
            let used = self.rows.last().map_or(0, |row| row.width);
            let left = room(self.rows.len()).saturating_sub(used);
            let fits = text::truncate(rest, left);
            let taken = match (fits.is_empty(), used) {
                (false, _) => fits,
                (true, 0) => text::first(rest),
                (true, _) => {
                    self.rows.push(Row::default());
                    continue;
                }
            };
            self.put(taken.to_owned(), start..start + taken.len(), false);
            (rest, start) = (&rest[taken.len()..], start + taken.len());
        }
    }

    fn put(&mut self, text: String, source: Range<usize>, escape: bool) {
        let Some(row) = self.rows.last_mut() else { return };
        let width = text::width(&text);
        row.segments.push(Segment { text, escape, source, column: row.width, width });
        row.width += width;
    }
}

impl Row {
    /// The row's text; escapes have a role of their own.
    pub fn spans(&self, role: Role) -> impl Iterator<Item = Span> {
        self.segments.iter().map(move |segment| Span {
            text: segment.text.clone(),
            role: if segment.escape { Role::Escape } else { role },
        })
    }

    pub fn width(&self) -> usize {
        self.width
    }

    /// The columns in which these bytes stand in this row; `None` when none of them does.
    pub fn columns(&self, bytes: &Range<usize>) -> Option<Range<usize>> {
        let touched = |segment: &&Segment| {
            segment.source.start < bytes.end && bytes.start < segment.source.end
        };
        let first = self.segments.iter().find(touched)?;
        let last = self.segments.iter().rev().find(touched)?;
        // what has no width at the end of a row is marked where the row ends
        let start = first.columns(bytes).start.min(self.width.saturating_sub(1));
        Some(start..last.columns(bytes).end.max(start + 1))
    }
}

impl Segment {
    /// The columns of the bytes within this segment; what is drawn as one is marked whole.
    fn columns(&self, bytes: &Range<usize>) -> Range<usize> {
        if self.escape {
            return self.column..self.column + self.width;
        }
        let mut columns = self.column + self.width..self.column;
        let (mut offset, mut column) = (self.source.start, self.column);
        for grapheme in self.text.graphemes(true) {
            let (end, right) = (offset + grapheme.len(), column + text::width(grapheme));
            if offset < bytes.end.max(bytes.start + 1) && bytes.start < end {
                columns = columns.start.min(column)..columns.end.max(right);
            }
            (offset, column) = (end, right);
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(value: &[u8], first: usize, columns: usize) -> Vec<String> {
        let laid = Laid::of(value, first, columns, 0);
        laid.rows.iter().map(|row| row.spans(Role::Plain).map(|span| span.text).collect()).collect()
    }

    #[test]
    fn wraps_by_column_and_keeps_escapes_whole() {
        assert_eq!(rows(b"abcdefgh", 3, 4), ["abc", "defg", "h"]);
        assert_eq!(rows(b"ab\x1bcd", 4, 6), ["ab", "\\x1bcd"]);
        assert_eq!(rows("漢字".as_bytes(), 3, 3), ["漢", "字"]);
        assert_eq!(rows(b"", 3, 3), [""]);
    }

    #[test]
    fn a_mark_that_wraps_is_found_in_both_rows() {
        let laid = Laid::of(b"abcdefgh", 4, 4, 6);
        let columns: Vec<_> = laid.rows.iter().map(|row| row.columns(&(2..6))).collect();
        assert_eq!(columns, [Some(2..4), Some(0..2)]);
    }

    #[test]
    fn a_mark_without_width_at_the_end_of_a_row_stands_in_it() {
        let laid = Laid::of("!\u{5c8}".as_bytes(), 1, 1, 3);
        assert_eq!((laid.rows.len(), laid.rows[0].columns(&(1..3))), (1, Some(0..1)));
    }

    #[test]
    fn a_long_value_is_cut_and_says_so() {
        let laid = Laid::of(&[b'a'; 5000], 80, 80, 0);
        assert_eq!(laid.cut, 5000 - CAP);
        assert_eq!(Laid::of(&[b'a'; 5000], 80, 80, 4999).cut, 0);
    }

    proptest::proptest! {
        #[test]
        fn marks_stand_within_their_row(value in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..80),
            first in 0usize..20, columns in 0usize..20, start in 0usize..90, length in 0usize..20) {
            let laid = Laid::of(&value, first, columns, start + length);
            for row in &laid.rows {
                if let Some(marked) = row.columns(&(start..start + length)) {
                    proptest::prop_assert!(marked.start < marked.end && marked.end <= row.width().max(1));
                }
            }
        }
    }
}
