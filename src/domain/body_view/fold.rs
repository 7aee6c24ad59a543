//! What is folded, and so which rows of the screen show which lines.
//!
//! Promises: rows and lines are counted without looking at the body; a fold within a fold is remembered.

use std::collections::BTreeMap;
use std::ops::Range;

/// The folded lines of one view. A row is a line that is not hidden.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Folds {
    /// The end of each hidden range by its start.
    hidden: BTreeMap<u64, u64>,
}

impl Folds {
    /// Hides these lines, or shows them again; they come from [`Index::fold`](super::Index::fold).
    pub fn toggle(&mut self, lines: Range<u64>) {
        if self.hidden.remove(&lines.start).is_none() && !lines.is_empty() {
            self.hidden.insert(lines.start, lines.end);
        }
    }

    /// Shows everything.
    pub fn clear(&mut self) {
        self.hidden.clear();
    }

    /// How many lines are hidden behind this one; none when it is not folded.
    pub fn behind(&self, line: u64) -> Option<u64> {
        let start = line + 1;
        self.hidden.get(&start).map(|end| end - start)
    }

    /// How many rows so many lines take.
    pub fn rows(&self, lines: u64) -> u64 {
        let hidden =
            self.outermost().map(|range| range.end.min(lines).saturating_sub(range.start)).sum();
        lines.saturating_sub(hidden)
    }

    /// The line that a row shows.
    pub fn line(&self, row: u64) -> u64 {
        let mut line = row;
        for range in self.outermost() {
            if range.start > line {
                break;
            }
            line += range.end - range.start;
        }
        line
    }

    /// The row that shows a line, or the line that it is folded behind.
    pub fn row(&self, line: u64) -> u64 {
        let mut hidden = 0;
        for range in self.outermost().take_while(|range| range.start <= line) {
            if line < range.end {
                return (range.start - hidden).saturating_sub(1);
            }
            hidden += range.end - range.start;
        }
        line - hidden
    }

    /// The stretches of lines that a range of rows shows, in order.
    pub fn lines(&self, rows: Range<u64>) -> Vec<Range<u64>> {
        let mut stretches: Vec<Range<u64>> = Vec::new();
        for row in rows {
            let line = self.line(row);
            match stretches.last_mut() {
                Some(last) if last.end == line => last.end += 1,
                Some(_) | None => stretches.push(line..line + 1),
            }
        }
        stretches
    }

    /// The hidden ranges that lie in no other.
    fn outermost(&self) -> impl Iterator<Item = Range<u64>> + '_ {
        let mut end = 0;
        self.hidden.iter().filter_map(move |(&start, &until)| {
            if start < end {
                return None;
            }
            end = until;
            Some(start..until)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_lines_are_each_others_way_back() {
        let mut folds = Folds::default();
        folds.toggle(3..6);
        folds.toggle(11..20);
        folds.toggle(12..15);
        assert_eq!(
            (0..9).map(|row| folds.line(row)).collect::<Vec<_>>(),
            [0, 1, 2, 6, 7, 8, 9, 10, 20]
        );
        assert_eq!([2, 4, 6, 10, 13, 20].map(|line| folds.row(line)), [2, 2, 3, 7, 7, 8]);
        assert_eq!(
            (folds.rows(21), folds.rows(13), folds.behind(2), folds.behind(3)),
            (9, 8, Some(3), None)
        );
        assert_eq!(folds.lines(1..5), [1..3, 6..8]);
        folds.toggle(11..20);
        assert_eq!((folds.line(8), folds.line(9)), (11, 15));
    }
}
