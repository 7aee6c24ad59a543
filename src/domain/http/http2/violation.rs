//! What breaks the rules of HTTP/2, as far as the bytes show it.

use std::fmt;

use super::frame::{self, kind};
use super::hpack::HpackError;

/// A broken rule; said as what was done and where it is forbidden.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Violation {
    /// The first frame is no SETTINGS: it may be another protocol.
    Opening,
    /// A frame of so many bytes.
    FrameSize(u32),
    /// Padding that is longer than its frame, or a payload too short for its parts.
    Padding(u8),
    /// A frame of this kind where a header block had to go on.
    Interleaved(u8),
    /// CONTINUATION with no header block to continue.
    Continuation,
    /// A push, which was declined.
    Push,
    Hpack(HpackError),
    /// An increment of nothing.
    NoIncrement,
    /// The window of the connection grew past its bound.
    ConnectionWindow,
    /// The window of a stream did.
    StreamWindow,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Opening => {
                f.write_str("what the server sends does not begin with SETTINGS (RFC 9113 §3.4)")
            }
            Violation::FrameSize(size) => {
                write!(f, "a frame of {size} bytes is larger than was allowed (RFC 9113 §4.2)")
            }
            Violation::Padding(kind) => {
                write!(f, "{} is shorter than its parts (RFC 9113 §6)", frame::name(*kind))
            }
            Violation::Interleaved(kind::CONTINUATION) => f.write_str(
                "CONTINUATION of another stream stands in a header block (RFC 9113 §6.10)",
            ),
            Violation::Interleaved(kind) => write!(
                f,
                "{} stands where CONTINUATION had to come (RFC 9113 §6.10)",
                frame::name(*kind)
            ),
            Violation::Continuation => {
                f.write_str("CONTINUATION continues no header block (RFC 9113 §6.10)")
            }
            Violation::Push => {
                f.write_str("PUSH_PROMISE came although pushes were declined (RFC 9113 §6.6)")
            }
            Violation::Hpack(error) => write!(f, "a header block can't be read: {error}"),
            Violation::NoIncrement => {
                f.write_str("WINDOW_UPDATE with an increment of 0 (RFC 9113 §6.9)")
            }
            Violation::ConnectionWindow => f.write_str(
                "WINDOW_UPDATE takes the connection's window past 2^31-1 bytes (RFC 9113 §6.9.1)",
            ),
            Violation::StreamWindow => f.write_str(
                "WINDOW_UPDATE takes the stream's window past 2^31-1 bytes (RFC 9113 §6.9.1)",
            ),
        }
    }
}

impl From<HpackError> for Violation {
    fn from(error: HpackError) -> Violation {
        Violation::Hpack(error)
    }
}
