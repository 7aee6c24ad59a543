//! Pretty JSON, streamed: where lines start in the indented form of any JSON, however it was written.
//!
//! Promises: runs at about memory speed (64 bytes at a time, one table look-up a token); never more than [`MAX_DEPTH`] levels
//! are remembered. Several values in a row (NDJSON) are one after the other. From a token that JSON does not allow, the rest
//! is shown as it is; words that are no number or literal, keys without quotes and a last comma are let pass.

use super::line::Painter;
use super::lines::{Nesting, Scanner, Sink, Source};
use super::text::Text;
use super::{Fault, FaultKind, Read};
use bits::{Carry, token_starts};
use classify::BLOCK;
use grammar::{CLOSES, LENIENT, NEWLINE, OPENS, STATE};

mod bits;
mod classify;
mod grammar;
mod paint;
pub(super) mod path;

/// Deeper nesting is not followed.
const MAX_DEPTH: usize = 1024;

/// The state between two bytes.
#[derive(Clone, Debug)]
pub(super) struct Json {
    carry: Carry,
    place: Place,
    stack: Vec<Frame>,
    /// The lowest depth since it was asked for.
    low: u32,
    fault: Option<Fault>,
    end: u64,
    /// After a fault: the rest, line by line.
    rest: Option<Text>,
}

/// What the tokens so far have come to.
#[derive(Clone, Copy, Debug)]
struct Place {
    state: u8,
    /// Commas so far in the container.
    items: u64,
    /// Where the last key of the object starts.
    key: u64,
}

/// An open container: what to go back to when it closes.
#[derive(Clone, Copy, Debug)]
struct Frame {
    around: Place,
}

/// 64 bytes and where tokens start in them.
#[derive(Clone, Copy)]
struct Block<'a> {
    bytes: &'a [u8; BLOCK],
    starts: u64,
    offset: u64,
}

/// How a line starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Start {
    depth: u32,
    /// It starts with a closing bracket.
    closes: bool,
    /// The first string of the line is a key.
    key: bool,
    within: Within,
    /// The byte before was a backslash that escapes the first byte.
    escaped: bool,
}

/// What a line starts in the middle of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Within {
    /// Between tokens.
    Nothing,
    String,
    Bare,
    /// At the token that JSON does not allow.
    Fault,
    /// Behind that.
    Rest,
}

impl Default for Json {
    fn default() -> Json {
        let place = Place { state: grammar::START, items: 0, key: 0 };
        Json {
            carry: Carry::default(),
            place,
            stack: Vec::new(),
            low: 0,
            fault: None,
            end: 0,
            rest: None,
        }
    }
}

impl Scanner for Json {
    type Start = Start;

    fn scan(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<Start>) {
        self.end = base + bytes.len() as u64;
        if let Some(rest) = &mut self.rest {
            return rest.scan(bytes, base, &mut Rest(sink));
        }
        let (blocks, tail) = bytes.as_chunks::<BLOCK>();
        let mut offset = base;
        for block in blocks {
            let starts = token_starts(block, BLOCK, &mut self.carry);
            if let Some(at) = self.tokens(Block { bytes: block, starts, offset }, sink) {
                let at = offset + at as u64;
                return self.give_up(&bytes[(at - base) as usize..], at, sink);
            }
            offset += BLOCK as u64;
        }
        if tail.is_empty() {
            return;
        }
        let mut last = [0; BLOCK];
        last[..tail.len()].copy_from_slice(tail);
        let starts = token_starts(&last, tail.len(), &mut self.carry);
        if let Some(at) = self.tokens(Block { bytes: &last, starts, offset }, sink) {
            self.give_up(&tail[at..], offset + at as u64, sink);
        }
    }

    fn resume(&self) -> Option<Start> {
        if let Some(rest) = &self.rest {
            return rest.resume().map(|()| Start::rest());
        }
        let within = match self.carry {
            Carry { in_string: true, .. } => Within::String,
            Carry { in_bare: true, .. } => Within::Bare,
            Carry { .. } => Within::Nothing,
        };
        let key = self.place.state == grammar::OBJECT_KEY && within != Within::Nothing;
        Some(Start {
            depth: self.stack.len() as u32,
            closes: false,
            key,
            within,
            escaped: self.carry.escaped,
        })
    }

    fn paint(&self, start: Start, source: Source<'_>, painter: &mut Painter) {
        paint::paint(start, source, painter);
    }

    fn weight(&self) -> usize {
        self.stack.len() * size_of::<Frame>()
    }

    fn finish(&mut self) {
        let whole =
            matches!(self.place.state, grammar::START | grammar::TOP) && !self.carry.in_string;
        if !whole && self.rest.is_none() {
            self.blame(self.end, FaultKind::Unfinished);
        }
    }

    fn fault(&self) -> Option<Fault> {
        self.fault
    }

    fn nesting(start: &Start) -> Option<Nesting> {
        Some(Nesting { depth: start.depth, closes: start.closes })
    }

    fn take_low(&mut self) -> u32 {
        // the rest behind a fault is not nested
        let depth = if self.rest.is_some() { 0 } else { self.stack.len() as u32 };
        std::mem::replace(&mut self.low, depth).min(depth)
    }

    fn path(&self, source: Source<'_>, read: Read<'_>) -> Option<String> {
        self.rest.is_none().then(|| path::path(self, source, read))
    }
}

impl Json {
    /// Takes the tokens that start in a block. At the first that is not allowed, says where it is.
    #[inline]
    fn tokens(&mut self, block: Block<'_>, sink: &mut impl Sink<Start>) -> Option<usize> {
        let mut starts = block.starts;
        let mut place = self.place;
        while starts != 0 {
            let at = starts.trailing_zeros() as usize;
            starts &= starts - 1;
            let class = grammar::class(block.bytes[at % BLOCK]);
            let step = grammar::step(place.state, class);
            let offset = block.offset + at as u64;
            let before = place;
            place.state = step & STATE;
            if step & NEWLINE != 0 {
                sink.line(offset, || self.start(step));
            }
            place.items += u64::from(class == grammar::COMMA);
            if place.state == grammar::OBJECT_KEY {
                place.key = offset;
            }
            if step & (OPENS | CLOSES | LENIENT) == 0 {
                continue;
            }
            match self.nest(step, class, Place { key: before.key, ..place }, offset) {
                Some(next) => place = next,
                None => return Some(at),
            }
        }
        self.place = place;
        None
    }

    /// From a token that is not allowed on, the rest is shown as it is.
    #[cold]
    fn give_up(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<Start>) {
        let depth = self.stack.len() as u32;
        sink.line(base, || Start {
            depth,
            closes: false,
            key: false,
            within: Within::Fault,
            escaped: false,
        });
        let mut rest = Text::rest();
        rest.scan(bytes, base, &mut Rest(sink));
        self.rest = Some(rest);
    }

    /// Enters or leaves a container; none when the token is not allowed.
    #[inline]
    fn nest(&mut self, step: u8, class: u8, place: Place, offset: u64) -> Option<Place> {
        if step & STATE == grammar::BROKEN {
            self.blame(offset, FaultKind::Unexpected);
            return None;
        }
        if step & LENIENT != 0 {
            self.blame(offset, FaultKind::Lenient);
        }
        if step & CLOSES != 0 {
            let around = self.stack.pop()?.around;
            self.low = self.low.min(self.stack.len() as u32);
            return Some(around);
        }
        if step & OPENS == 0 {
            return Some(Place { key: offset, ..place });
        }
        if self.stack.len() == MAX_DEPTH {
            self.blame(offset, FaultKind::TooDeep);
            return None;
        }
        self.stack.push(Frame { around: place });
        Some(Place { state: grammar::inside(class), items: 0, key: 0 })
    }

    /// The first fault counts, but one that ends the pretty form counts more.
    #[cold]
    fn blame(&mut self, offset: u64, kind: FaultKind) {
        if kind != FaultKind::Lenient || self.fault.is_none() {
            self.fault = Some(Fault { offset, kind });
        }
    }

    fn start(&self, step: u8) -> Start {
        let closes = step & CLOSES != 0;
        let depth = self.stack.len().saturating_sub(usize::from(closes)) as u32;
        let key = step & STATE == grammar::OBJECT_KEY;
        Start { depth, closes, key, within: Within::Nothing, escaped: false }
    }
}

impl Start {
    fn rest() -> Start {
        Start { depth: 0, closes: false, key: false, within: Within::Rest, escaped: false }
    }
}

/// Tells the lines of the rest.
struct Rest<'a, K>(&'a mut K);

impl<K: Sink<Start>> Sink<()> for Rest<'_, K> {
    fn line(&mut self, offset: u64, _: impl FnOnce()) {
        self.0.line(offset, Start::rest);
    }
}
