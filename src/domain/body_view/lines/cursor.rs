//! A scanner on its way through the body, and who wants to know where lines start.

use std::mem::size_of;
use std::ops::Range;

use super::{CELL, LONG, Scanner, Sink};

/// A scanner, where it is, and how many lines started before.
#[derive(Clone, Debug)]
pub(super) struct Cursor<S> {
    pub(super) scanner: S,
    pub(super) offset: u64,
    pub(super) count: Count,
    /// The lowest depth since the checkpoint before; see [`Scanner::take_low`].
    pub(super) low: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Count {
    pub(super) lines: u64,
    /// Where the last line started.
    pub(super) start: u64,
}

/// The start of a line that was looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark<T> {
    pub(super) number: u64,
    pub(super) offset: u64,
    pub(super) start: T,
    pub(super) forced: bool,
}

impl<S: Scanner> Cursor<S> {
    pub(super) fn advance(&mut self, bytes: &[u8], watch: &mut impl Watch<S::Start>) {
        let mut rest = bytes;
        while !rest.is_empty() {
            self.break_long_line(watch);
            let room = (CELL - self.offset % CELL) as usize;
            let (cell, tail) = rest.split_at(rest.len().min(room));
            let mut sink = Counting { count: self.count, watch };
            self.scanner.scan(cell, self.offset, &mut sink);
            self.count = sink.count;
            self.offset += cell.len() as u64;
            rest = tail;
        }
    }

    fn break_long_line(&mut self, watch: &mut impl Watch<S::Start>) {
        let is_long = self.count.lines > 0 && self.offset.saturating_sub(self.count.start) >= LONG;
        if !is_long || !self.offset.is_multiple_of(CELL) {
            return;
        }
        if let Some(start) = self.scanner.resume() {
            self.count = Count { lines: self.count.lines + 1, start: self.offset };
            watch.line(self.count.lines - 1, self.offset, true, || start);
        }
    }

    pub(super) fn weight(&self) -> usize {
        size_of::<Self>() + self.scanner.weight()
    }
}

/// Counts lines, and tells who wants to know.
struct Counting<'a, W> {
    pub(super) count: Count,
    watch: &'a mut W,
}

impl<T, W: Watch<T>> Sink<T> for Counting<'_, W> {
    #[inline]
    fn line(&mut self, offset: u64, start: impl FnOnce() -> T) {
        // a forced break may have come first, here or within the name of a tag
        self.count.lines += u64::from(self.count.lines == 0 || offset > self.count.start);
        self.count.start = offset;
        self.watch.line(self.count.lines - 1, offset, false, start);
    }
}

/// Wants to know the lines as they start. The same number again replaces what was said before.
pub(super) trait Watch<T> {
    fn line(&mut self, number: u64, offset: u64, forced: bool, start: impl FnOnce() -> T);
}

/// Nobody does.
impl<T> Watch<T> for () {
    #[inline]
    fn line(&mut self, _: u64, _: u64, _: bool, _: impl FnOnce() -> T) {}
}

/// Collects the starts of some lines.
pub(super) struct Marks<T> {
    pub(super) wanted: Range<u64>,
    pub(super) found: Vec<Mark<T>>,
}

impl<T> Watch<T> for Marks<T> {
    fn line(&mut self, number: u64, offset: u64, forced: bool, start: impl FnOnce() -> T) {
        if !self.wanted.contains(&number) {
            return;
        }
        if self.found.last().is_some_and(|last| last.number == number) {
            self.found.pop();
        }
        self.found.push(Mark { number, offset, start: start(), forced });
    }
}

/// Finds the last line that starts at or before an offset.
pub(super) struct Before {
    pub(super) offset: u64,
    pub(super) line: Option<u64>,
    /// Where it starts, when it goes on from the line before.
    pub(super) forced: Option<u64>,
}

impl<T> Watch<T> for Before {
    fn line(&mut self, number: u64, offset: u64, forced: bool, _: impl FnOnce() -> T) {
        if offset <= self.offset {
            self.line = Some(number);
            self.forced = forced.then_some(offset);
        }
    }
}
