//! What is folded, and so which rows of the screen show which lines.
//!
//! Promises: rows and lines are counted without looking at the body, in the time that a few comparisons take; a fold within a fold is remembered.

use std::collections::BTreeMap;
use std::ops::Range;

/// The folded lines of one view. A row is a line that is not hidden.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Folds {
    /// The end of each hidden range by its start.
    hidden: BTreeMap<u64, u64>,
    /// The hidden ranges that lie in no other, made anew with each change.
    outermost: Vec<Gap>,
}

/// A hidden range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Gap {
    start: u64,
    end: u64,
    /// How many lines are hidden before it.
    before: u64,
}

impl Gap {
    /// How many lines are hidden up to its end.
    fn through(&self) -> u64 {
        self.before + self.end - self.start
    }
}

impl Folds {
    /// Hides these ranges and no others.
    pub fn of(ranges: impl IntoIterator<Item = Range<u64>>) -> Folds {
        let ranges = ranges.into_iter().filter(|range| !range.is_empty());
        let hidden = ranges.map(|range| (range.start, range.end)).collect();
        let mut folds = Folds { hidden, outermost: Vec::new() };
        folds.settle();
        folds
    }

    /// Hides these lines, or shows them again; they come from [`Index::fold`](super::Index::fold).
    pub fn toggle(&mut self, lines: Range<u64>) {
        if self.hidden.remove(&lines.start).is_none() && !lines.is_empty() {
            self.hidden.insert(lines.start, lines.end);
        }
        self.settle();
    }

    /// Shows what is hidden behind this line; false when nothing is.
    pub fn open(&mut self, line: u64) -> bool {
        let folded = self.hidden.remove(&(line + 1)).is_some();
        self.settle();
        folded
    }

    /// Opens every fold that hides this line.
    pub fn reveal(&mut self, line: u64) {
        let before = self.hidden.len();
        self.hidden.retain(|start, end| line < *start || *end <= line);
        if self.hidden.len() != before {
            self.settle();
        }
    }

    /// Shows everything.
    pub fn clear(&mut self) {
        *self = Folds::default();
    }

    /// How many lines are folded away in how many places.
    pub fn count(&self) -> usize {
        self.outermost.len()
    }

    /// How many lines are hidden behind this one; none when it is not folded.
    pub fn behind(&self, line: u64) -> Option<u64> {
        let start = line + 1;
        self.hidden.get(&start).map(|end| end - start)
    }

    /// How many rows so many lines take.
    pub fn rows(&self, lines: u64) -> u64 {
        let hidden = match self.last_from(lines) {
            Some(gap) if gap.end > lines => gap.before + lines - gap.start,
            Some(gap) => gap.through(),
            None => 0,
        };
        lines - hidden
    }

    /// The line that a row shows.
    pub fn line(&self, row: u64) -> u64 {
        let after = self.outermost.partition_point(|gap| gap.start - gap.before <= row);
        let hidden = after.checked_sub(1).map_or(0, |last| self.outermost[last].through());
        row.saturating_add(hidden)
    }

    /// The row that shows a line, or the line that it is folded behind.
    pub fn row(&self, line: u64) -> u64 {
        match self.last_from(line) {
            Some(gap) if line < gap.end => (gap.start - gap.before).saturating_sub(1),
            Some(gap) => line - gap.through(),
            None => line,
        }
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

    /// The last outermost range that starts at or before a line.
    fn last_from(&self, line: u64) -> Option<&Gap> {
        let after = self.outermost.partition_point(|gap| gap.start <= line);
        self.outermost.get(after.checked_sub(1)?)
    }

    fn settle(&mut self) {
        self.outermost.clear();
        let (mut end, mut before) = (0, 0);
        for (&start, &until) in &self.hidden {
            if start >= end {
                self.outermost.push(Gap { start, end: until, before });
                before += until - start;
                end = until;
            }
        }
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

    #[test]
    fn a_line_can_be_brought_out_of_all_its_folds() {
        let mut folds = Folds::of([1..20, 3..6, 11..20, 12..15, 30..31]);
        assert_eq!((folds.count(), folds.rows(40)), (2, 20));
        folds.reveal(13);
        assert_eq!((folds.row(13), folds.behind(2), folds.behind(29)), (10, Some(3), Some(1)));
        assert!(folds.open(29) && !folds.open(29));
    }

    proptest::proptest! {
        #[test]
        fn every_row_shows_its_line_and_no_line_is_lost(edges in proptest::collection::vec((0u64..40, 1u64..20), 0..8), lines in 1u64..60) {
            // ranges that lie within each other or apart
            let mut folds = Folds::default();
            let mut taken: Vec<Range<u64>> = Vec::new();
            for (start, length) in edges {
                let range = start..start + length;
                let crosses = taken.iter().any(|other| other.start == range.start
                    || (other.start < range.end && range.start < other.end
                        && !(other.start < range.start && range.end <= other.end)
                        && !(range.start < other.start && other.end <= range.end)));
                if !crosses {
                    taken.push(range.clone());
                    folds.toggle(range);
                }
            }
            let shown: Vec<u64> = (0..lines).filter(|line| !taken.iter().any(|range| range.contains(line))).collect();
            proptest::prop_assert_eq!(folds.rows(lines), shown.len() as u64);
            for (row, line) in shown.iter().enumerate() {
                proptest::prop_assert_eq!(folds.line(row as u64), *line);
                proptest::prop_assert_eq!(folds.row(*line), row as u64);
            }
        }
    }
}
