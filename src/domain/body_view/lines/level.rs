//! The folds of everything at one level, in one pass over the body.
//!
//! Promises: at most [`MOST`] folds, and at most [`REACH`] bytes are scanned; what lies within a container that is
//! folded anyway is skipped by checkpoints.

use std::ops::Range;

use super::super::Read;
use super::cursor::Watch;
use super::{Lines, Nesting, Scanner, fold};

/// How many folds are made at once.
const MOST: usize = 50_000;
/// How many bytes are scanned for them.
const REACH: u64 = 128 << 20;

/// What each container that lies so deep hides, in order; and whether these are all.
pub(super) fn folds<S: Scanner>(
    index: &Lines<S>,
    depth: u32,
    read: Read<'_>,
) -> (Vec<Range<u64>>, bool) {
    let mut watch = Level {
        depth,
        last: None,
        opener: None,
        within: false,
        found: Vec::new(),
        nesting: S::nesting,
    };
    let Some(mut cursor) = index.checkpoints.first().cloned() else { return (Vec::new(), true) };
    let mut scanned = 0;
    loop {
        let from = cursor.offset;
        let goes_on = index.advance(&mut cursor, index.cursor.offset, &mut watch, read);
        scanned += cursor.offset - from;
        if !goes_on {
            watch.settle();
            if let (true, Some(opener)) = (watch.within, watch.opener) {
                watch.found.push(opener + 1..index.cursor.count.lines);
            }
            return (watch.found, true);
        }
        if watch.found.len() >= MOST || scanned >= REACH {
            watch.found.truncate(MOST);
            return (watch.found, false);
        }
        if watch.within {
            fold::skip(index, &mut cursor, depth);
        }
    }
}

struct Level<T> {
    depth: u32,
    /// The line that was told of last; what is said of it may still be said anew.
    last: Option<(u64, Nesting)>,
    /// A line at this depth that may open a container.
    opener: Option<u64>,
    /// It does.
    within: bool,
    found: Vec<Range<u64>>,
    nesting: fn(&T) -> Option<Nesting>,
}

impl<T> Level<T> {
    /// Nothing more will be said of the last line.
    fn settle(&mut self) {
        let Some((number, nesting)) = self.last.take() else { return };
        if nesting.depth > self.depth {
            self.within = self.opener.is_some();
            return;
        }
        let level = nesting.depth == self.depth;
        if let (true, Some(opener)) = (self.within, self.opener) {
            self.found.push(opener + 1..number + u64::from(nesting.closes && level));
        }
        self.within = false;
        self.opener = (level && !nesting.closes).then_some(number);
    }
}

impl<T> Watch<T> for Level<T> {
    fn line(&mut self, number: u64, _: u64, forced: bool, start: impl FnOnce() -> T) {
        if forced {
            return;
        }
        let Some(nesting) = (self.nesting)(&start()) else { return };
        if self.last.is_some_and(|(last, _)| last != number) {
            self.settle();
        }
        self.last = Some((number, nesting));
    }
}
