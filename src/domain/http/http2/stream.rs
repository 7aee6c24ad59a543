//! What one stream carried: the request's lines, interim heads, the final head, trailers, and how it was broken off.

use super::super::field::Fields;
use super::super::head::{Excess, MAX_INTERIM, RequestHead, ResponseHead};
use super::super::head_parser::{MAX_FIELD_LINES, MAX_HEAD_BYTES};
use super::head::{self, Line};
use super::side::Place;
use super::violation::Violation;

/// What a line has in text besides its name and its value.
const LINE: usize = 4;

/// One request and what came back.
#[derive(Debug)]
pub struct Stream {
    request: Section,
    interim: Vec<ResponseHead>,
    interim_bytes: usize,
    head: Section,
    trailers: Section,
    /// The code of RST_STREAM.
    pub reset: Option<u32>,
    /// A bound that its heads broke; no more of them is kept.
    pub excess: Option<Excess>,
    /// A rule that was broken on this stream alone.
    pub violation: Option<Violation>,
    /// The final head ended the stream: there is no body.
    pub ends_with_head: bool,
    /// How many bytes of data may still be sent.
    pub(super) window: i64,
}

/// Lines that have gone or come.
#[derive(Debug, Default)]
struct Section {
    lines: Vec<Line>,
    bytes: usize,
    whole: bool,
}

impl Section {
    fn push(&mut self, name: &[u8], value: &[u8]) {
        self.bytes += name.len() + value.len() + LINE;
        self.lines.push(Line { name: name.to_vec(), value: value.to_vec() });
    }
}

impl Stream {
    pub(super) fn new(window: i64) -> Stream {
        Stream {
            request: Section::default(),
            interim: Vec::new(),
            interim_bytes: 0,
            head: Section::default(),
            trailers: Section::default(),
            reset: None,
            excess: None,
            violation: None,
            ends_with_head: false,
            window,
        }
    }

    /// The request that was sent, and its `:authority`; `None` while it was not.
    pub fn request(&self) -> Option<(RequestHead, Option<String>)> {
        head::request(&self.request.lines).filter(|_| self.request.whole)
    }

    /// The head of the request went out, whole.
    pub(super) fn is_sent(&self) -> bool {
        self.request.whole
    }

    /// Interim responses in order.
    pub fn informational(&self) -> &[ResponseHead] {
        &self.interim
    }

    /// The final head, whole or as far as it came.
    pub fn head(&self) -> Option<ResponseHead> {
        head::response(&self.head.lines, self.head.whole)
    }

    /// The final head is in, whole.
    pub fn is_answered(&self) -> bool {
        self.head.whole
    }

    /// Nothing of an answer has come.
    pub fn is_silent(&self) -> bool {
        self.interim.is_empty() && self.head.lines.is_empty() && !self.head.whole
    }

    pub fn trailers(&self) -> Fields {
        head::trailers(&self.trailers.lines)
    }

    /// What there is to say of the trailers.
    pub fn trailer_notes(&self) -> Vec<String> {
        head::trailer_notes(&self.trailers.lines)
    }

    /// Where the lines of a header block from the peer belong that begins now.
    pub(super) fn awaits(&mut self) -> Place {
        if self.head.whole {
            return Place::Trailers;
        }
        self.head = Section::default();
        Place::Head
    }

    /// Takes a line of the block that is arriving.
    pub(super) fn take(&mut self, place: Place, name: &[u8], value: &[u8]) {
        let section = match place {
            // what we send has our own bounds
            Place::Request => return self.request.push(name, value),
            Place::Head | Place::Trailers if self.excess.is_some() => return,
            Place::Head => &mut self.head,
            Place::Trailers => &mut self.trailers,
            Place::Nobody => return,
        };
        if section.bytes + name.len() + value.len() + LINE > MAX_HEAD_BYTES {
            self.excess = Some(Excess::Bytes);
        } else if section.lines.len() >= MAX_FIELD_LINES {
            self.excess = Some(Excess::Lines);
        } else {
            section.push(name, value);
        }
    }

    /// A name or a value is larger than a head may be.
    pub(super) fn overflow(&mut self) {
        self.excess.get_or_insert(Excess::Bytes);
    }

    /// The block is over; of one that broke a bound, the rest is missing.
    pub(super) fn end(&mut self, place: Place, end_stream: bool) {
        if self.excess.is_some() && place != Place::Request {
            return;
        }
        match place {
            Place::Request => self.request.whole = true,
            Place::Head => self.end_of_head(end_stream),
            Place::Trailers => self.trailers.whole = true,
            Place::Nobody => {}
        }
    }

    /// 1xx is interim, and the final head is still to come (RFC 9113 §8.1).
    fn end_of_head(&mut self, end_stream: bool) {
        self.head.whole = true;
        self.ends_with_head = end_stream;
        let Some(head) = self.head().filter(|head| (100..200).contains(&head.status)) else {
            return;
        };
        if end_stream {
            return;
        }
        self.interim_bytes += self.head.bytes;
        self.head = Section::default();
        if self.interim.len() >= MAX_INTERIM || self.interim_bytes > MAX_HEAD_BYTES {
            self.excess = Some(Excess::Interim);
        } else {
            self.interim.push(head);
        }
    }
}
