//! Which lines a line folds away: the content of the container that it opens, and the line that closes it.
//!
//! Promises: stretches of the body in which the container can't end are skipped by their checkpoints, so that folding a
//! container of a gigabyte costs no more than folding a small one.

use std::ops::Range;

use super::super::Read;
use super::cursor::{Count, Cursor, Watch};
use super::{Lines, Nesting, Scanner};

/// The lines that vanish when this one is folded; none when it opens nothing.
pub(super) fn fold<S: Scanner>(index: &Lines<S>, line: u64, read: Read<'_>) -> Option<Range<u64>> {
    let mut cursor = index.checkpoint_where(|cursor| cursor.count.lines <= line)?;
    let before = (line, State::Before);
    let mut closing =
        Closing { line, depth: None, state: State::Before, before, nesting: S::nesting };
    let end = index.cursor.offset;
    while matches!(closing.state, State::Before | State::Within) || closing.is_last(&cursor.count) {
        if let (State::Within, Some(depth)) = (closing.state, closing.depth) {
            skip(index, &mut cursor, depth);
        }
        if !index.advance(&mut cursor, end, &mut closing, read) {
            break;
        }
    }
    match closing.state {
        State::Closed { next } => Some(line + 1..next),
        State::Within => Some(line + 1..index.cursor.count.lines),
        State::Before | State::OpensNothing => None,
    }
}

/// Goes on to the last checkpoint before which nothing of this depth ends.
pub(super) fn skip<S: Scanner>(index: &Lines<S>, cursor: &mut Cursor<S>, depth: u32) {
    let behind = index.checkpoints.partition_point(|checkpoint| checkpoint.offset < cursor.offset);
    // the first one may lie before: what it says of is passed already
    let known =
        index.checkpoints.get(behind).filter(|checkpoint| checkpoint.offset == cursor.offset);
    let from = if known.is_some() { behind + 1 } else { behind };
    let ahead = index.checkpoints[from..].iter().take_while(|checkpoint| checkpoint.low > depth);
    if let Some(last) = ahead.last() {
        *cursor = last.clone();
    }
}

/// Where a container is.
#[derive(Clone, Copy, Debug)]
enum State {
    /// The line that opens it has not come.
    Before,
    OpensNothing,
    Within,
    /// It ended before this line.
    Closed {
        next: u64,
    },
}

struct Closing<T> {
    line: u64,
    depth: Option<u32>,
    state: State,
    /// The line that was told of last, and the state before it.
    before: (u64, State),
    nesting: fn(&T) -> Option<Nesting>,
}

impl<T> Closing<T> {
    /// What was said of the last line may still be said anew.
    fn is_last(&self, count: &Count) -> bool {
        self.before.0 + 1 == count.lines
    }
}

impl<T> Watch<T> for Closing<T> {
    fn line(&mut self, number: u64, _: u64, forced: bool, start: impl FnOnce() -> T) {
        if number < self.line || forced {
            return;
        }
        let Some(nesting) = (self.nesting)(&start()) else {
            self.state = State::OpensNothing;
            return;
        };
        if number == self.line {
            self.depth = Some(nesting.depth);
            return;
        }
        // a line that goes on from another has no start of its own
        let Some(depth) = self.depth else {
            self.state = State::OpensNothing;
            return;
        };
        // what was said of this line before is void
        match self.before {
            (last, state) if last == number => self.state = state,
            (_, _) => self.before = (number, self.state),
        }
        let is_deeper = nesting.depth > depth;
        self.state = match self.state {
            State::Before if !is_deeper => State::OpensNothing,
            State::Before | State::Within if is_deeper => State::Within,
            State::Within => {
                let closes = nesting.closes && nesting.depth == depth;
                State::Closed { next: number + u64::from(closes) }
            }
            state @ (State::Before | State::OpensNothing | State::Closed { .. }) => state,
        };
    }
}
