//! The sparse line index: a scanner runs over the body once, and every few kilobytes a copy of it is kept as a checkpoint,
//! from which it can run again when lines near there are wanted.
//!
//! Promises: the same lines whatever the sizes of the blocks; memory within [`BUDGET`] (checkpoints are thinned out when
//! there are too many); finding a line costs one stride of scanning, not the length of the body.

use std::fmt::Debug;
use std::ops::Range;

use encoding_rs::Encoding;

use super::line::{Line, Painter};
use super::{Fault, Read, Window};
use cursor::{Before, Count, Cursor, Mark, Marks, Watch};

mod cursor;
mod fold;
mod level;
mod parent;

/// How much memory the checkpoints of one index take at most.
pub const BUDGET: usize = 8 << 20;
/// How many bytes of the body one line stands for at most.
pub const MAX_LINE: u64 = 4 * CELL;

/// Lines that are too long are broken where the offset is a multiple of this.
const CELL: u64 = 1024;
/// A line that is this long is broken at the next opportunity.
const LONG: u64 = 3 * CELL;
/// Distance between checkpoints at first.
const STRIDE: u64 = 64 << 10;
/// How much is read at once when a line is looked for.
const READ: usize = 16 << 10;

/// Finds where lines start. Small, cloneable, and indifferent to how the bytes are cut into blocks.
pub(super) trait Scanner: Clone + Debug + Send + Sync {
    /// What must be known at the start of a line to paint it.
    type Start: Copy + Debug;

    /// Runs over the next bytes, which start at offset `base` of the body.
    fn scan(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<Self::Start>);
    /// The start of a line that must begin here because the last is too long; none when the next byte starts one anyway.
    fn resume(&self) -> Option<Self::Start>;
    /// Paints the bytes of one line.
    fn paint(&self, start: Self::Start, source: Source<'_>, painter: &mut Painter);
    /// Bytes on the heap.
    fn weight(&self) -> usize {
        0
    }
    fn finish(&mut self) {}
    fn fault(&self) -> Option<Fault> {
        None
    }
    /// How deep a line lies; none when the view has no nesting.
    fn nesting(_start: &Self::Start) -> Option<Nesting> {
        None
    }
    /// The lowest depth since this was last asked.
    fn take_low(&mut self) -> u32 {
        0
    }
    /// The path of the thing that starts at the scanner's place, its first bytes given.
    fn path(&self, _source: Source<'_>, _read: Read<'_>) -> Option<String> {
        None
    }
}

/// How a line lies in the tree of the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Nesting {
    /// How many containers it is in.
    pub(super) depth: u32,
    /// It starts with the end of a container.
    pub(super) closes: bool,
}

/// The bytes of one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) offset: u64,
    /// The next line is a continuation of this one.
    pub(super) goes_on: bool,
}

/// Is told where lines start.
pub(super) trait Sink<T> {
    fn line(&mut self, offset: u64, start: impl FnOnce() -> T);
}

/// What an index can do, whatever its scanner.
pub(super) trait Layout: Debug + Send + Sync {
    fn feed(&mut self, bytes: &[u8]);
    fn finish(&mut self) {}
    fn fed(&self) -> u64;
    fn lines(&self) -> u64;
    fn fault(&self) -> Option<Fault> {
        None
    }
    fn weight(&self) -> usize {
        0
    }
    fn render(&self, window: &Window, read: Read<'_>) -> Vec<Line>;
    fn line_at(&self, offset: u64, read: Read<'_>) -> Option<u64>;
    fn path(&self, _line: u64, _read: Read<'_>) -> Option<String> {
        None
    }
    fn fold(&self, _line: u64, _read: Read<'_>) -> Option<Range<u64>> {
        None
    }
    fn folds(&self, _depth: u32, _read: Read<'_>) -> (Vec<Range<u64>>, bool) {
        (Vec::new(), true)
    }
    fn parent(&self, _line: u64, _read: Read<'_>) -> Option<u64> {
        None
    }
}

/// The index over a scanner.
#[derive(Debug)]
pub(super) struct Lines<S: Scanner> {
    cursor: Cursor<S>,
    checkpoints: Vec<Cursor<S>>,
    stride: u64,
    weight: usize,
    charset: &'static Encoding,
}

impl<S: Scanner> Lines<S> {
    pub(super) fn new(scanner: S, charset: &'static Encoding) -> Lines<S> {
        let cursor = Cursor { scanner, offset: 0, count: Count { lines: 0, start: 0 }, low: 0 };
        let mut index =
            Lines { cursor, checkpoints: Vec::new(), stride: STRIDE, weight: 0, charset };
        index.checkpoint();
        index
    }

    fn checkpoint(&mut self) {
        self.cursor.low = self.cursor.scanner.take_low();
        self.weight += self.cursor.weight();
        self.checkpoints.push(self.cursor.clone());
        while self.weight > BUDGET && self.checkpoints.len() > 1 {
            self.stride *= 2;
            let mut low = u32::MAX;
            self.checkpoints.retain_mut(|checkpoint| {
                low = low.min(checkpoint.low);
                checkpoint.low = low;
                let stays = checkpoint.offset.is_multiple_of(self.stride);
                low = if stays { u32::MAX } else { low };
                stays
            });
            self.checkpoints.shrink_to_fit();
            self.weight = self.checkpoints.iter().map(Cursor::weight).sum();
        }
    }

    /// The last checkpoint for which this holds; it must hold for all before.
    fn checkpoint_where(&self, holds: impl Fn(&Cursor<S>) -> bool) -> Option<Cursor<S>> {
        let after = self.checkpoints.partition_point(holds);
        self.checkpoints.get(after.checked_sub(1)?).cloned()
    }

    /// The starts of these lines and of the one after.
    fn seek(&self, lines: &Range<u64>, read: Read<'_>) -> Vec<Mark<S::Start>> {
        let mut marks =
            Marks { wanted: lines.start..lines.end.saturating_add(1), found: Vec::new() };
        let Some(mut cursor) = self.checkpoint_where(|cursor| cursor.count.lines <= lines.start)
        else {
            return Vec::new();
        };
        // `<=`: a line can still be reported anew at the same offset by the next few bytes
        while cursor.count.lines <= marks.wanted.end
            && self.advance(&mut cursor, self.cursor.offset, &mut marks, read)
        {}
        marks.found
    }

    /// Runs a cursor some way on, at most to `end`; false at the end.
    fn advance(
        &self,
        cursor: &mut Cursor<S>,
        end: u64,
        watch: &mut impl Watch<S::Start>,
        read: Read<'_>,
    ) -> bool {
        let wanted = end.saturating_sub(cursor.offset).min(READ as u64) as usize;
        let mut bytes = read(cursor.offset, wanted);
        bytes.truncate(wanted);
        cursor.advance(&bytes, watch);
        !bytes.is_empty()
    }

    fn line(
        &self,
        mark: &Mark<S::Start>,
        next: Option<&Mark<S::Start>>,
        columns: u64,
        read: Read<'_>,
    ) -> Line {
        let end = next.map_or(self.cursor.offset, |next| next.offset);
        let goes_on = next.is_some_and(|next| next.forced);
        let length = (end - mark.offset).min(MAX_LINE) as usize;
        // a forced break may fall into a character: it moves behind it
        let tail = if goes_on { 3 } else { 0 };
        let mut bytes = read(mark.offset, length + tail);
        bytes.truncate(length + tail);
        let moves = self.charset == encoding_rs::UTF_8;
        let skipped = if mark.forced && moves { split_character(&bytes) } else { 0 };
        let kept = match bytes.get(length..) {
            Some(tail) if moves => length + split_character(tail),
            Some(_) | None => length,
        };
        bytes.truncate(kept);
        let offset = mark.offset + skipped as u64;
        let bytes = bytes.get(skipped..).unwrap_or_default();
        let mut painter = Painter::new(self.charset, columns);
        self.cursor.scanner.paint(mark.start, Source { bytes, offset, goes_on }, &mut painter);
        let source = offset..mark.offset + kept as u64;
        let opens = match (S::nesting(&mark.start), next.and_then(|next| S::nesting(&next.start))) {
            (Some(this), Some(next)) => next.depth > this.depth,
            (_, _) => false,
        };
        Line { number: mark.number, spans: painter.spans, source, continues: mark.forced, opens }
    }
}

/// How many bytes at the start belong to a UTF-8 character that started before.
fn split_character(bytes: &[u8]) -> usize {
    bytes.iter().take(3).take_while(|&&byte| byte & 0xc0 == 0x80).count()
}

impl<S: Scanner> Layout for Lines<S> {
    fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = self.stride - self.cursor.offset % self.stride;
            let (block, tail) = rest.split_at(rest.len().min(room as usize));
            self.cursor.advance(block, &mut ());
            if self.cursor.offset.is_multiple_of(self.stride) {
                self.checkpoint();
            }
            rest = tail;
        }
    }

    fn finish(&mut self) {
        self.cursor.scanner.finish();
    }

    fn fed(&self) -> u64 {
        self.cursor.offset
    }

    fn lines(&self) -> u64 {
        self.cursor.count.lines
    }

    fn fault(&self) -> Option<Fault> {
        self.cursor.scanner.fault()
    }

    fn weight(&self) -> usize {
        self.weight
    }

    fn render(&self, window: &Window, read: Read<'_>) -> Vec<Line> {
        let lines = window.lines.start..window.lines.end.min(self.lines());
        if lines.is_empty() {
            return Vec::new();
        }
        let marks = self.seek(&lines, read);
        let mut rendered: Vec<Line> = Vec::new();
        for (index, mark) in
            marks.iter().enumerate().filter(|(_, mark)| lines.contains(&mark.number))
        {
            let mut line = self.line(mark, marks.get(index + 1), window.columns.end, read);
            line.clip(&window.columns);
            rendered.push(line);
        }
        rendered
    }

    fn line_at(&self, offset: u64, read: Read<'_>) -> Option<u64> {
        let offset = offset.min(self.cursor.offset.checked_sub(1)?);
        // the line of a byte may be decided a little later, at most one cell
        let mut before = Before { offset, line: None, forced: None };
        let mut cursor = self.checkpoint_where(|cursor| {
            cursor.count.lines == 0 || cursor.count.start.saturating_add(3) <= offset
        })?;
        before.line = cursor.count.lines.checked_sub(1);
        let end = self.cursor.offset.min(offset.saturating_add(MAX_LINE));
        while self.advance(&mut cursor, end, &mut before, read) {}
        match before.forced {
            Some(start) if self.charset == encoding_rs::UTF_8 && offset - start < 3 => {
                let split = split_character(&read(start, 3)) as u64;
                before.line.map(|line| line - u64::from(offset - start < split))
            }
            Some(_) | None => before.line,
        }
    }

    fn path(&self, line: u64, read: Read<'_>) -> Option<String> {
        let mark = *self.seek(&(line..line + 1), read).iter().find(|mark| mark.number == line)?;
        let mut cursor = self.checkpoint_where(|cursor| cursor.offset <= mark.offset)?;
        while self.advance(&mut cursor, mark.offset, &mut (), read) {}
        let bytes = read(mark.offset, MAX_LINE as usize);
        cursor.scanner.path(Source { bytes: &bytes, offset: mark.offset, goes_on: false }, read)
    }

    fn fold(&self, line: u64, read: Read<'_>) -> Option<Range<u64>> {
        fold::fold(self, line, read)
    }

    fn folds(&self, depth: u32, read: Read<'_>) -> (Vec<Range<u64>>, bool) {
        level::folds(self, depth, read)
    }

    fn parent(&self, line: u64, read: Read<'_>) -> Option<u64> {
        parent::parent(self, line, read)
    }
}
