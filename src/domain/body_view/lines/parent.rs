//! The line that opens the container in which a line stands.
//!
//! Promises: looks back stretch by stretch and only into those in which it can be.

use super::super::Read;
use super::cursor::Watch;
use super::{Lines, Nesting, Scanner};

/// The line that opens what this line is in, or what it closes; none at the top.
pub(super) fn parent<S: Scanner>(index: &Lines<S>, line: u64, read: Read<'_>) -> Option<u64> {
    let marks = index.seek(&(line..line + 1), read);
    let mark = marks.iter().find(|mark| mark.number == line)?;
    let own = S::nesting(&mark.start)?;
    let depth = if own.closes { own.depth } else { own.depth.checked_sub(1)? };
    let mut behind =
        index.checkpoints.partition_point(|checkpoint| checkpoint.offset < mark.offset);
    let mut end = mark.offset;
    while let Some(at) = behind.checked_sub(1) {
        let mut cursor = index.checkpoints.get(at)?.clone();
        let mut last = Last { before: line, depth, found: None, nesting: S::nesting };
        while cursor.offset < end && index.advance(&mut cursor, end, &mut last, read) {}
        if last.found.is_some() {
            return last.found;
        }
        // in a stretch that never gets so low there is none
        end = index.checkpoints.get(at)?.offset;
        behind = (1..=at).rev().find(|&next| index.checkpoints[next].low <= depth)?;
        end = end.min(index.checkpoints[behind].offset);
    }
    None
}

/// The last line of a depth that opens something.
struct Last<T> {
    before: u64,
    depth: u32,
    found: Option<u64>,
    nesting: fn(&T) -> Option<Nesting>,
}

impl<T> Watch<T> for Last<T> {
    fn line(&mut self, number: u64, _: u64, forced: bool, start: impl FnOnce() -> T) {
        if forced || number >= self.before {
            return;
        }
        // what was said of this line before is void
        if self.found == Some(number) {
            self.found = None;
        }
        if let Some(nesting) = (self.nesting)(&start())
            && nesting.depth == self.depth
            && !nesting.closes
        {
            self.found = Some(number);
        }
    }
}
