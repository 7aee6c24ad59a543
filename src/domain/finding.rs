//! A finding: what a rule says about a hop, anchored to the line or bytes that cause it.

use std::ops::Range;

/// How bad it is. Ordered: `Error` is the greatest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Hint,
    /// May surprise.
    Info,
    /// Some client or user will be hurt.
    Warning,
    /// Wrong: data, credentials or the destination are lost or exposed.
    Error,
}

impl Severity {
    pub const ALL: [Severity; 4] =
        [Severity::Error, Severity::Warning, Severity::Info, Severity::Hint];

    /// The name in documents and options.
    pub fn id(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
            Severity::Hint => "hint",
        }
    }

    /// Says without colour what the colour says.
    pub fn badge(self) -> &'static str {
        match self {
            Severity::Error => "✖",
            Severity::Warning => "▲",
            Severity::Info => "●",
            Severity::Hint => "○",
        }
    }
}

/// How much work a fix is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Effort {
    Easy,
    Medium,
    Hard,
}

impl Effort {
    pub fn id(self) -> &'static str {
        match self {
            Effort::Easy => "easy",
            Effort::Medium => "medium",
            Effort::Hard => "hard",
        }
    }
}

/// How likely a cause is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Likelihood {
    Low,
    Medium,
    High,
}

impl Likelihood {
    pub fn id(self) -> &'static str {
        match self {
            Likelihood::Low => "low",
            Likelihood::Medium => "medium",
            Likelihood::High => "high",
        }
    }
}

/// What one rule says about one place in the chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The rule's id, kebab-case.
    pub rule: &'static str,
    pub severity: Severity,
    /// The hop (from 1) it stands on; `None` when it is about the whole chain.
    pub hop: Option<usize>,
    pub anchor: Anchor,
    /// Where in the hop's own request what the anchor marks comes from.
    pub source: Option<Source>,
    /// Why it happens, where this very case tells; else the rule's causes hold.
    pub cause: Option<&'static str>,
    /// One sentence on this very case.
    pub message: String,
    /// What to do about this very case.
    pub fix: String,
}

/// A place in a request that decides what the answer says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// Bytes of the request target as it is sent.
    Target(Range<usize>),
    /// A field line.
    Header(FieldAnchor),
    /// Bytes of the body.
    Body(Range<usize>),
}

impl Source {
    /// In a few words, with the bytes counted from 0.
    pub fn words(&self) -> String {
        match self {
            Source::Target(at) => format!("bytes {}–{} of the request target", at.start, at.end),
            Source::Header(field) => format!("{} of the request", field.name),
            Source::Body(at) => format!("bytes {}–{} of the request body", at.start, at.end),
        }
    }
}

/// Whose head a field line stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    Request,
    Response,
}

/// The part of a hop that a finding points at.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Anchor {
    StatusLine,
    /// A response field line.
    Header(FieldAnchor),
    RequestLine,
    RequestHeader(FieldAnchor),
    /// The decoded body, or a byte range of it.
    Body(Option<Range<usize>>),
    /// Between this hop and the next.
    Step,
    Tls,
    Timing,
    Chain,
}

impl Anchor {
    /// The whole value of the first `Location` line.
    pub fn location() -> Anchor {
        Anchor::Header(FieldAnchor { name: "Location".to_owned(), occurrence: 1, bytes: None })
    }

    /// A byte range of the raw value of the first `Location` line.
    pub fn location_bytes(bytes: Range<usize>) -> Anchor {
        Anchor::Header(FieldAnchor {
            name: "Location".to_owned(),
            occurrence: 1,
            bytes: Some(bytes),
        })
    }

    /// The field line it names, and whose head that is in.
    pub fn field(&self) -> Option<(Side, &FieldAnchor)> {
        match self {
            Anchor::Header(field) => Some((Side::Response, field)),
            Anchor::RequestHeader(field) => Some((Side::Request, field)),
            Anchor::StatusLine
            | Anchor::RequestLine
            | Anchor::Body(_)
            | Anchor::Step
            | Anchor::Tls
            | Anchor::Timing
            | Anchor::Chain => None,
        }
    }

    /// The part's name in documents.
    pub fn part(&self) -> &'static str {
        match self {
            Anchor::StatusLine => "status-line",
            Anchor::Header(_) => "header",
            Anchor::RequestLine => "request-line",
            Anchor::RequestHeader(_) => "request-header",
            Anchor::Body(_) => "body",
            Anchor::Step => "step",
            Anchor::Tls => "tls",
            Anchor::Timing => "timing",
            Anchor::Chain => "chain",
        }
    }
}

/// One field line: its name, which of the lines of that name (from 1), and which bytes of its raw value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct FieldAnchor {
    pub name: String,
    pub occurrence: usize,
    pub bytes: Option<Range<usize>>,
}
