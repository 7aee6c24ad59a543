//! Both directions of a connection, and what each of its streams carried.
//!
//! Every header block is decoded, also those of streams that nobody asks for: the tables of HPACK are the connection's.

use std::collections::BTreeMap;

use super::frame::{FrameHead, Part, flag, kind};
use super::hpack::{DEFAULT_TABLE, HpackError};
use super::side::{self, BOUNDED, Place, Side, UNBOUNDED};
use super::stream::Stream;
use super::violation::Violation;
use crate::domain::http::head_parser::MAX_HEAD_BYTES;

/// What a client says first (RFC 9113 §3.4): 24 bytes.
const PREFACE: usize = 24;

/// The window of whoever said nothing else (§6.9.2).
const DEFAULT_WINDOW: i64 = 65_535;

const MAX_WINDOW: i64 = (1 << 31) - 1;

/// Streams past this number are forgotten, the oldest first.
const MAX_STREAMS: usize = 4_096;

/// How much of GOAWAY's text is kept.
const MAX_DEBUG: usize = 1_024;

/// SETTINGS (§6.5.2).
const HEADER_TABLE_SIZE: u16 = 1;
const INITIAL_WINDOW_SIZE: u16 = 4;
const MAX_FRAME_SIZE: u16 = 5;

/// A connection of a client, as its bytes tell it.
#[derive(Debug)]
pub struct Wire {
    sent: Side,
    received: Side,
    /// Bytes of the preface that are still to be sent.
    preface: usize,
    streams: BTreeMap<u32, Stream>,
    /// How many bytes of data may still be sent, by all streams together, and by a new one.
    window: i64,
    initial: i64,
    goaway: Option<GoAway>,
    violation: Option<Violation>,
    /// What came first, until it is known to be a frame; all of it where it is none.
    opening: Vec<u8>,
    alarm: bool,
}

/// The peer takes no more requests (§6.8).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoAway {
    /// The last stream that it heeded.
    pub last: u32,
    pub code: u32,
    /// What it says besides, for people.
    pub debug: Vec<u8>,
}

impl Default for Wire {
    fn default() -> Wire {
        Wire {
            // the sizes that our side keeps to are its own affair
            sent: Side::new(usize::MAX, UNBOUNDED),
            received: Side::new(DEFAULT_TABLE, BOUNDED),
            preface: PREFACE,
            streams: BTreeMap::new(),
            window: DEFAULT_WINDOW,
            initial: DEFAULT_WINDOW,
            goaway: None,
            violation: None,
            opening: Vec::new(),
            alarm: false,
        }
    }
}

impl Wire {
    /// These bytes were written.
    pub fn sent(&mut self, bytes: &[u8]) {
        if self.sent.broken {
            return;
        }
        let preface = self.preface.min(bytes.len());
        self.preface -= preface;
        let mut rest = &bytes[preface..];
        while let Some(part) = self.sent.frames.next(&mut rest) {
            if self.send(part).is_err() {
                self.sent.broken = true;
                return;
            }
        }
    }

    /// These bytes came.
    pub fn received(&mut self, bytes: &[u8]) {
        if !self.received.opened || self.violation == Some(Violation::Opening) {
            let room = MAX_HEAD_BYTES.saturating_sub(self.opening.len());
            self.opening.extend_from_slice(&bytes[..room.min(bytes.len())]);
        }
        if self.received.broken {
            return;
        }
        let mut rest = bytes;
        while let Some(part) = self.received.frames.next(&mut rest) {
            if let Err(violation) = self.receive(part) {
                self.alarm |= violation == Violation::Hpack(HpackError::Long);
                self.received.broken = true;
                self.violation.get_or_insert(violation);
                return;
            }
        }
    }

    /// Records a stream that is about to be opened.
    pub fn watch(&mut self, id: u32) {
        let initial = self.initial;
        self.streams.entry(id).or_insert_with(|| Stream::new(initial));
        if self.streams.len() > MAX_STREAMS {
            self.streams.pop_first();
        }
    }

    pub fn stream(&self, id: u32) -> Option<&Stream> {
        self.streams.get(&id)
    }

    pub fn forget(&mut self, id: u32) {
        self.streams.remove(&id);
    }

    pub fn goaway(&self) -> Option<&GoAway> {
        self.goaway.as_ref()
    }

    /// The first rule that the peer broke on the connection.
    pub fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// What came instead of HTTP/2; empty where HTTP/2 came.
    pub fn foreign(&self) -> &[u8] {
        let is_foreign = !self.received.opened || self.violation == Some(Violation::Opening);
        if is_foreign { &self.opening } else { &[] }
    }

    /// What is sent can't be read any further.
    pub fn is_blind(&self) -> bool {
        self.sent.broken
    }

    /// A stream has something against it that the library does not tell; asked once.
    pub fn take_alarm(&mut self) -> bool {
        std::mem::take(&mut self.alarm)
    }

    fn send(&mut self, part: Part<'_>) -> Result<(), Violation> {
        match part {
            Part::Head(frame) => {
                if frame.kind == kind::HEADERS {
                    self.watch(frame.stream);
                }
                if frame.kind == kind::DATA {
                    self.window -= i64::from(frame.length);
                    if let Some(stream) = self.streams.get_mut(&frame.stream) {
                        stream.window -= i64::from(frame.length);
                    }
                }
                let known = self.streams.get(&frame.stream);
                let first = known.is_some_and(|stream| !stream.is_sent());
                self.sent.begin(frame, if first { Place::Request } else { Place::Nobody })
            }
            Part::Payload { frame, bytes, last } if side::is_block(frame) => {
                lines(&mut self.sent, &mut self.streams, (frame, bytes, last)).map(|_| ())
            }
            Part::Payload { frame, bytes, last } if frame.kind == kind::SETTINGS => {
                let payload = self.sent.gather(bytes, last).unwrap_or_default();
                for (name, value) in side::settings(&payload) {
                    match name {
                        HEADER_TABLE_SIZE => self.received.decoder.allow(value as usize),
                        MAX_FRAME_SIZE => self.received.most = value,
                        _ => {}
                    }
                }
                Ok(())
            }
            Part::Payload { .. } => Ok(()),
        }
    }

    fn receive(&mut self, part: Part<'_>) -> Result<(), Violation> {
        match part {
            Part::Head(frame) => self.begin(frame),
            Part::Payload { frame, bytes, last } if side::is_block(frame) => {
                self.alarm |= lines(&mut self.received, &mut self.streams, (frame, bytes, last))?;
                Ok(())
            }
            Part::Payload { frame, bytes, last } if side::is_small(frame) => {
                if let Some(payload) = self.received.gather(bytes, last) {
                    self.control(frame, &payload);
                }
                Ok(())
            }
            Part::Payload { .. } => Ok(()),
        }
    }

    fn begin(&mut self, frame: FrameHead) -> Result<(), Violation> {
        if !std::mem::replace(&mut self.received.opened, true) {
            if frame.kind != kind::SETTINGS || frame.stream != 0 {
                return Err(Violation::Opening);
            }
            self.opening = Vec::new();
        }
        if frame.kind == kind::PUSH_PROMISE {
            return Err(Violation::Push);
        }
        let opens = frame.kind == kind::HEADERS && self.received.block.is_none();
        let stream = self.streams.get_mut(&frame.stream).filter(|_| opens);
        let place = stream.map_or(Place::Nobody, Stream::awaits);
        self.received.begin(frame, place)
    }

    /// A frame of the peer's that is there as a whole. What is wrong with its size is the library's to say.
    fn control(&mut self, frame: FrameHead, payload: &[u8]) {
        match frame.kind {
            kind::SETTINGS => side::settings(payload).for_each(|(name, value)| {
                if name == INITIAL_WINDOW_SIZE {
                    self.resize(i64::from(value));
                }
            }),
            kind::WINDOW_UPDATE => {
                let increment = side::number(payload, 0).unwrap_or_default() & 0x7fff_ffff;
                self.widen(frame.stream, i64::from(increment));
            }
            kind::RST_STREAM => {
                if let Some(stream) = self.streams.get_mut(&frame.stream) {
                    stream.reset = side::number(payload, 0);
                }
            }
            _ => {
                let number = |at| side::number(payload, at).unwrap_or_default();
                let debug = payload.get(8..).unwrap_or_default();
                let debug = debug[..debug.len().min(MAX_DEBUG)].to_vec();
                let last = number(0) & 0x7fff_ffff;
                self.goaway = Some(GoAway { last, code: number(4), debug });
            }
        }
    }

    /// §6.9.2: the windows of all streams change by the difference.
    fn resize(&mut self, initial: i64) {
        let change = initial - self.initial;
        self.initial = initial;
        self.streams.values_mut().for_each(|stream| stream.window += change);
    }

    fn widen(&mut self, stream: u32, increment: i64) {
        if increment == 0 {
            self.violation.get_or_insert(Violation::NoIncrement);
        }
        if stream == 0 {
            self.window = self.window.saturating_add(increment);
            if self.window > MAX_WINDOW {
                self.violation.get_or_insert(Violation::ConnectionWindow);
            }
        } else if let Some(stream) = self.streams.get_mut(&stream) {
            stream.window = stream.window.saturating_add(increment);
            if stream.window > MAX_WINDOW {
                stream.violation.get_or_insert(Violation::StreamWindow);
                self.alarm = true;
            }
        }
    }
}

/// Takes a piece of a header block in; true when its stream breaks a bound by it.
fn lines(
    side: &mut Side,
    streams: &mut BTreeMap<u32, Stream>,
    (frame, bytes, last): (FrameHead, &[u8], bool),
) -> Result<bool, Violation> {
    let Some(block) = &mut side.block else { return Ok(false) };
    let bytes = block.lines(bytes)?;
    let place = block.place;
    let mut stream = streams.get_mut(&block.stream).filter(|_| place != Place::Nobody);
    let before = stream.as_ref().and_then(|stream| stream.excess);
    let read = side.decoder.push(bytes, &mut |name, value| {
        if let Some(stream) = &mut stream {
            stream.take(place, name, value);
        }
    });
    if let (Err(HpackError::Long), Some(stream)) = (&read, &mut stream) {
        stream.overflow();
    }
    read?;
    if last && frame.has(flag::END_HEADERS) {
        side.decoder.end()?;
        let end_stream = block.end_stream;
        side.block = None;
        if let Some(stream) = &mut stream {
            stream.end(place, end_stream);
        }
    }
    Ok(before.is_none() && stream.is_some_and(|stream| stream.excess.is_some()))
}

#[cfg(test)]
mod tests;
