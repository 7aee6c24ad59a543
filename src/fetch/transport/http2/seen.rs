//! What was seen of one stream, beside what the library says of it.

use std::error::Error;
use std::sync::Arc;
use std::task::Context;
use std::{fmt, io};

use bytes::Bytes;

use super::tap::Ledger;
use crate::domain::http::field::{Fields, decode};
use crate::domain::http::head::{Excess, RequestHead, ResponseHead};
use crate::domain::http::head_parser::parse_response;
use crate::domain::http::http2::frame;
use crate::domain::http::http2::stream::Stream;
use crate::domain::http::http2::wire::{GoAway, Wire};

/// The record of one stream; it is dropped with the last of these.
#[derive(Clone, Debug)]
pub(in crate::fetch) struct Seen(Arc<Watch>);

#[derive(Debug)]
struct Watch {
    ledger: Ledger,
    id: u32,
}

/// Why a stream broke off, as its bytes tell it, or else the library.
#[derive(Debug)]
pub(in crate::fetch) struct StreamError {
    /// The peer broke the rules, and we ended it.
    pub(in crate::fetch) rules: bool,
    cause: String,
    /// What the library says of it.
    pub(in crate::fetch) reason: Option<h2::Reason>,
    /// The connection itself broke.
    pub(in crate::fetch) io: Option<io::Error>,
}

impl Seen {
    pub(super) fn new(ledger: Ledger, id: u32) -> Seen {
        ledger.lock().wire.watch(id);
        Seen(Arc::new(Watch { ledger, id }))
    }

    /// Of no stream: 31 bits name one.
    pub(super) fn unopened(ledger: Ledger) -> Seen {
        Seen(Arc::new(Watch { ledger, id: u32::MAX }))
    }

    /// The request as it was sent, and its `:authority`; `None` while it was not.
    pub(in crate::fetch) fn request(&self) -> Option<(RequestHead, Option<String>)> {
        self.stream(Stream::request).flatten()
    }

    pub(in crate::fetch) fn informational(&self) -> Vec<ResponseHead> {
        self.stream(|stream| stream.informational().to_vec()).unwrap_or_default()
    }

    /// The final head, whole or as far as it came. What came instead of HTTP/2 may be a head of HTTP/1.
    pub(in crate::fetch) fn head(&self) -> Option<ResponseHead> {
        let foreign = || self.wire(|wire| Bytes::copy_from_slice(wire.foreign()));
        self.stream(Stream::head).flatten().or_else(|| parse_response(foreign()))
    }

    /// The final head, when it is whole and says what the library says.
    pub(super) fn answer(&self, status: u16) -> Option<ResponseHead> {
        let whole = self.stream(Stream::is_answered).unwrap_or_default();
        self.head().filter(|head| whole && head.status == status)
    }

    pub(super) fn trailers(&self) -> Fields {
        self.stream(Stream::trailers).unwrap_or_default()
    }

    pub(super) fn trailer_notes(&self) -> Vec<String> {
        self.stream(Stream::trailer_notes).unwrap_or_default()
    }

    pub(in crate::fetch) fn excess(&self) -> Option<Excess> {
        self.stream(|stream| stream.excess).flatten()
    }

    /// Nothing of an answer has come.
    pub(in crate::fetch) fn is_silent(&self) -> bool {
        self.stream(Stream::is_silent).unwrap_or(true)
    }

    /// A part of the final head has come.
    pub(in crate::fetch) fn is_within_head(&self) -> bool {
        self.stream(|stream| !stream.is_answered() && !stream.is_silent()).unwrap_or_default()
    }

    /// The final head left no room for a body.
    pub(in crate::fetch) fn ends_with_head(&self) -> bool {
        self.stream(|stream| stream.ends_with_head).unwrap_or_default()
    }

    /// What was sent can't be told from the bytes.
    pub(in crate::fetch) fn is_blind(&self) -> bool {
        self.wire(Wire::is_blind)
    }

    /// Something is against this stream that the library does not tell; else the task is woken when there is.
    pub(super) fn is_alarmed(&self, cx: &Context<'_>) -> bool {
        let Watch { ledger, id } = &*self.0;
        let mut book = ledger.lock();
        let against = |stream: &Stream| stream.excess.is_some() || stream.violation.is_some();
        if book.wire.stream(*id).is_some_and(against) {
            return true;
        }
        let waker = book.waiting.entry(*id).or_insert_with(|| cx.waker().clone());
        waker.clone_from(cx.waker());
        false
    }

    /// Why the stream broke off; without an error of the library where only we saw it.
    pub(in crate::fetch) fn told(&self, error: Option<&h2::Error>) -> StreamError {
        let own = self.stream(|stream| stream.violation.as_ref().map(ToString::to_string));
        let excess = self.excess().is_some();
        let by_library = error.is_none_or(h2::Error::is_library);
        let trailer = || self.trailer_notes().into_iter().next();
        let broken =
            || self.wire(|wire| wire.violation().map(ToString::to_string)).or_else(trailer);
        let (rules, cause) = match own.flatten() {
            Some(own) => (true, Some(own)),
            None if excess => {
                (true, Some("what it sends as a head is past every bound".to_owned()))
            }
            None if by_library => (true, broken()),
            None => (false, self.broken_off(error)),
        };
        let words = || error.map(ToString::to_string).unwrap_or_default();
        let (reason, io) = (error.and_then(h2::Error::reason), error.and_then(h2::Error::get_io));
        let kind = io.map(io::Error::kind);
        let io = kind.map(io::Error::from);
        StreamError { rules, cause: cause.unwrap_or_else(words), reason, io }
    }

    /// The peer's own way to say it.
    fn broken_off(&self, error: Option<&h2::Error>) -> Option<String> {
        if error.is_some_and(h2::Error::is_go_away) {
            return self.wire(|wire| wire.goaway().map(words));
        }
        let reset = error.is_some_and(h2::Error::is_reset);
        let code = self.stream(|stream| stream.reset).flatten().filter(|_| reset)?;
        Some(format!("RST_STREAM: {}", frame::code(code)))
    }

    fn stream<T>(&self, ask: impl FnOnce(&Stream) -> T) -> Option<T> {
        self.0.ledger.lock().wire.stream(self.0.id).map(ask)
    }

    fn wire<T>(&self, ask: impl FnOnce(&Wire) -> T) -> T {
        ask(&self.0.ledger.lock().wire)
    }
}

/// `GOAWAY: ENHANCE_YOUR_CALM (11), “too many pings”`
fn words(goaway: &GoAway) -> String {
    let code = frame::code(goaway.code);
    match goaway.debug.is_empty() {
        true => format!("GOAWAY: {code}"),
        false => format!("GOAWAY: {code}, “{}”", decode(&goaway.debug)),
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut book = self.ledger.lock();
        book.wire.forget(self.id);
        book.waiting.remove(&self.id);
    }
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.cause)
    }
}

impl Error for StreamError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.io.as_ref().map(|error| error as &(dyn Error + 'static))
    }
}
