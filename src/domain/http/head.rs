//! Message heads: start line and header section, with the exact bytes they were read from.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

use super::field::{Fields, decode};
use super::method::Method;

/// The HTTP version of a message.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Version {
    Http10,
    #[default]
    Http11,
    Http2,
}

impl Version {
    /// `1.0`, `1.1` or `2`.
    pub fn as_str(self) -> &'static str {
        match self {
            Version::Http10 => "1.0",
            Version::Http11 => "1.1",
            Version::Http2 => "2",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP/{}", self.as_str())
    }
}

/// The head of a request as it went on the wire.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestHead {
    pub method: Method,
    /// The request target as sent.
    pub target: String,
    pub version: Version,
    pub fields: Fields,
    /// The exact bytes; empty for HTTP/2.
    pub raw: Bytes,
}

/// The head of a response.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ResponseHead {
    pub version: Version,
    pub status: u16,
    /// The reason phrase, decoded like a field value; empty for HTTP/2.
    pub reason: String,
    pub fields: Fields,
    /// The exact bytes; empty for HTTP/2.
    pub raw: Bytes,
    /// Where the head departs from RFC 9112, or RFC 9113.
    pub deviations: Vec<Deviation>,
    /// Lines that are no field, in order.
    pub strays: Vec<Stray>,
}

/// A line of a header section that became no field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stray {
    /// The index of the field line it stands before.
    pub before: usize,
    pub bytes: Vec<u8>,
}

/// One departure from RFC 9112 or RFC 9113, on the line it was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deviation {
    pub kind: DeviationKind,
    /// Index into the head's `fields`; `None` for the start line and for lines that became no field.
    pub field: Option<usize>,
    /// Index into the head's `strays`.
    pub stray: Option<usize>,
    /// Byte range in the head's `raw`.
    pub at: Range<usize>,
}

/// The kinds of departure that are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DeviationKind {
    /// A line ends in LF without CR.
    BareLf,
    /// A line continues the one before (obs-fold).
    FoldedLine,
    /// White space between field name and colon.
    SpaceBeforeColon,
    /// A line without a colon; it became no field.
    NoColon,
    /// A NUL byte.
    Nul,
    /// A CR that is not part of a line end.
    BareCr,
    /// Both Content-Length and Transfer-Encoding.
    BothLengths,
    /// Content-Length lines that differ.
    DifferingLengths,
    /// A Content-Length that is no number.
    InvalidLength,
    /// Empty lines before the status line.
    EmptyStart,
    /// A status that is not three digits from 100 to 999.
    InvalidStatus,
    /// A control byte in the reason phrase.
    InvalidReason,
    /// A version other than 1.0 and 1.1.
    InvalidVersion,
    /// A field name with a byte that is no token byte.
    InvalidName,
    /// Bytes after the end of the body.
    ExtraBytes,
    /// HTTP/2: a pseudo-field that responses don't have.
    UnknownPseudo,
    /// HTTP/2: a `:status` behind a field.
    LatePseudo,
    /// HTTP/2: a further `:status`.
    SecondStatus,
    /// HTTP/2: a `:status` that is not three digits from 100 to 999.
    BadStatus,
    /// HTTP/2: no `:status`.
    NoStatus,
    /// HTTP/2: a name that is not in lower case.
    UpperCase,
    /// HTTP/2: a field that only has a meaning on one connection of HTTP/1.
    ConnectionField,
    /// HTTP/2: CR or LF in a value.
    LineBreak,
    /// HTTP/2: another control byte in a value.
    ControlByte,
    /// HTTP/2: white space around a value.
    EdgeSpace,
}

/// A bound that a response head broke.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Excess {
    /// More than [`MAX_HEAD_BYTES`](super::head_parser::MAX_HEAD_BYTES).
    Bytes,
    /// More than [`MAX_FIELD_LINES`](super::head_parser::MAX_FIELD_LINES).
    Lines,
    /// More than [`MAX_INTERIM`] interim responses.
    Interim,
}

/// Interim responses past this number are a flood.
pub const MAX_INTERIM: usize = 100;

impl Deviation {
    /// It is no line's: what came after the head.
    pub fn is_behind(&self) -> bool {
        self.kind == DeviationKind::ExtraBytes
    }

    /// On the start line.
    pub fn is_at_start(&self) -> bool {
        self.field.is_none() && self.stray.is_none() && !self.is_behind()
    }
}

impl ResponseHead {
    /// Bytes follow the end of the body.
    pub fn note_extra_bytes(&mut self) {
        let at = self.raw.len()..self.raw.len();
        let kind = DeviationKind::ExtraBytes;
        self.deviations.push(Deviation { kind, field: None, stray: None, at });
    }

    /// The start line as it came, where it names a version or a status that there is not. HTTP/2 has no such line: where there is
    /// no good `:status`, the version stands for it.
    pub fn odd_start(&self) -> Option<String> {
        let is_bad =
            |of: &Deviation| matches!(of.kind, DeviationKind::BadStatus | DeviationKind::NoStatus);
        if self.version == Version::Http2 && self.deviations.iter().any(is_bad) {
            return Some(self.version.to_string());
        }
        let odd = |of: &Deviation| {
            matches!(of.kind, DeviationKind::InvalidVersion | DeviationKind::InvalidStatus)
        };
        self.deviations.iter().find(|of| odd(of))?;
        let mut lines = self.raw.split(|&byte| byte == b'\n');
        let line = lines.find(|line| !line.trim_ascii().is_empty())?;
        Some(decode(line.strip_suffix(b"\r").unwrap_or(line)))
    }

    /// The stray lines before this field, or behind the last, with their indices.
    pub fn strays_before(&self, field: usize) -> impl Iterator<Item = (usize, &Stray)> {
        let start = self.strays.partition_point(|stray| stray.before < field);
        let strays = self.strays.iter().enumerate().skip(start);
        strays.take_while(move |(_, stray)| stray.before == field)
    }
}

impl DeviationKind {
    /// Every kind.
    pub const ALL: [DeviationKind; 25] = [
        DeviationKind::BareLf,
        DeviationKind::FoldedLine,
        DeviationKind::SpaceBeforeColon,
        DeviationKind::NoColon,
        DeviationKind::Nul,
        DeviationKind::BareCr,
        DeviationKind::BothLengths,
        DeviationKind::DifferingLengths,
        DeviationKind::InvalidLength,
        DeviationKind::EmptyStart,
        DeviationKind::InvalidStatus,
        DeviationKind::InvalidReason,
        DeviationKind::InvalidVersion,
        DeviationKind::InvalidName,
        DeviationKind::ExtraBytes,
        DeviationKind::UnknownPseudo,
        DeviationKind::LatePseudo,
        DeviationKind::SecondStatus,
        DeviationKind::BadStatus,
        DeviationKind::NoStatus,
        DeviationKind::UpperCase,
        DeviationKind::ConnectionField,
        DeviationKind::LineBreak,
        DeviationKind::ControlByte,
        DeviationKind::EdgeSpace,
    ];

    /// One sentence for the user.
    pub fn sentence(self) -> &'static str {
        match self {
            DeviationKind::BareLf => "this line ends in LF without CR (RFC 9112 §2.2)",
            DeviationKind::FoldedLine => "this line is folded; senders must not (RFC 9112 §5.2)",
            DeviationKind::SpaceBeforeColon => {
                "white space before the colon: proxies must reject this (RFC 9112 §5.1)"
            }
            DeviationKind::NoColon => "this line has no colon and is no field (RFC 9112 §5)",
            DeviationKind::Nul => "this line holds a NUL byte (RFC 9110 §5.5)",
            DeviationKind::BareCr => "this line holds a CR that ends no line (RFC 9112 §2.2)",
            DeviationKind::BothLengths => {
                "Content-Length beside Transfer-Encoding: a smuggling risk (RFC 9112 §6.3)"
            }
            DeviationKind::DifferingLengths => "Content-Length lines differ (RFC 9112 §6.3)",
            DeviationKind::InvalidLength => "Content-Length is not a number (RFC 9110 §8.6)",
            DeviationKind::EmptyStart => {
                "an empty line stands before the status line, which curl takes for HTTP/0.9 (RFC 9112 §4)"
            }
            DeviationKind::InvalidStatus => "the status is not three digits (RFC 9112 §4)",
            DeviationKind::InvalidReason => "the reason phrase holds a control byte (RFC 9112 §4)",
            DeviationKind::InvalidVersion => "the version is neither 1.0 nor 1.1 (RFC 9112 §2.3)",
            DeviationKind::InvalidName => {
                "the field name holds a byte that names can't (RFC 9110 §5.1)"
            }
            DeviationKind::ExtraBytes => "bytes follow the end of the body (RFC 9112 §6.3)",
            DeviationKind::UnknownPseudo => {
                "a response has no pseudo-field but :status (RFC 9113 §8.3.2)"
            }
            DeviationKind::LatePseudo => "this pseudo-field stands behind a field (RFC 9113 §8.3)",
            DeviationKind::SecondStatus => "there was a :status already (RFC 9113 §8.3)",
            DeviationKind::BadStatus => ":status is not three digits (RFC 9113 §8.3.2)",
            DeviationKind::NoStatus => "the response has no :status (RFC 9113 §8.3.2)",
            DeviationKind::UpperCase => {
                "the name is not in lower case, as HTTP/2 demands (RFC 9113 §8.2.1)"
            }
            DeviationKind::ConnectionField => {
                "HTTP/2 has no fields that are of one connection (RFC 9113 §8.2.2)"
            }
            DeviationKind::LineBreak => {
                "the value holds a line break: a smuggling risk (RFC 9113 §8.2.1)"
            }
            DeviationKind::ControlByte => "the value holds a control byte (RFC 9110 §5.5)",
            DeviationKind::EdgeSpace => {
                "white space around the value, which HTTP/2 forbids (RFC 9113 §8.2.1)"
            }
        }
    }
}
