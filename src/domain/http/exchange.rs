//! The record of one exchange: everything that was sent and received.

use super::body::BodyRecord;
use super::connection::Connection;
use super::failure::Failure;
use super::field::Fields;
use super::head::{RequestHead, ResponseHead};
use super::timing::Timing;

/// One request out, one response in, as far as they got.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Exchange {
    /// The request head as it went on the wire; `None` when nothing was written.
    pub sent: Option<RequestHead>,
    /// Interim responses (1xx) in order.
    pub informational: Vec<ResponseHead>,
    /// The final response's head.
    pub response: Option<ResponseHead>,
    pub body: BodyRecord,
    pub trailers: Fields,
    pub connection: Connection,
    pub timing: Timing,
    /// The response began before the request's body was sent in full.
    pub answered_early: bool,
    /// What went wrong. Can stand beside a response whose body broke off.
    pub failure: Option<Failure>,
    /// Facts the user should know of how this hop was sent or recorded, one sentence each.
    pub notes: Vec<String>,
}

/// How the note ends that a body is kept with its codings.
pub const CODED: &str = "the body is shown as it arrived.";

impl Exchange {
    /// The body's codings are unknown or broken from the first byte on, and were left in place.
    pub fn shows_coded(&self) -> bool {
        self.notes.iter().any(|note| note.ends_with(CODED))
    }

    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|head| head.status)
    }

    /// The response fields; empty when there is no response.
    pub fn fields(&self) -> &Fields {
        const NONE: &Fields = &Fields::new();
        self.response.as_ref().map_or(NONE, |head| &head.fields)
    }
}
