//! Why a hop failed, told so that the user knows what to try.

use super::timing::Phase;

/// A failed exchange: what happened, in which phase, the cause underneath and what to try.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Failure {
    pub kind: FailureKind,
    pub phase: Phase,
    /// One plain sentence.
    pub message: String,
    /// The library's or the system's own words; may be empty.
    pub cause: String,
    /// What to try; may be empty.
    pub hint: String,
}

impl Failure {
    /// What happened, for the middle of another sentence.
    pub fn clause(&self) -> &str {
        self.message.trim_end_matches('.')
    }
}

/// The classes of failure of the trace document.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FailureKind {
    /// The host name could not be looked up.
    Dns,
    /// No connection: refused, unreachable, reset.
    Connect,
    /// The handshake or the certificate.
    Tls,
    /// The proxy refused or misbehaved.
    Proxy,
    /// A limit of time was reached.
    Timeout,
    /// The answer was not HTTP, or too large.
    Protocol,
    /// The body broke off.
    Body,
    /// The user cancelled.
    Cancelled,
}

impl FailureKind {
    const ALL: [FailureKind; 8] = [
        FailureKind::Dns,
        FailureKind::Connect,
        FailureKind::Tls,
        FailureKind::Proxy,
        FailureKind::Timeout,
        FailureKind::Protocol,
        FailureKind::Body,
        FailureKind::Cancelled,
    ];

    /// The kind of this name.
    pub fn named(id: &str) -> Option<FailureKind> {
        FailureKind::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// The kind's name in documents.
    pub const fn id(self) -> &'static str {
        match self {
            FailureKind::Dns => "dns",
            FailureKind::Connect => "connect",
            FailureKind::Tls => "tls",
            FailureKind::Proxy => "proxy",
            FailureKind::Timeout => "timeout",
            FailureKind::Protocol => "protocol",
            FailureKind::Body => "body",
            FailureKind::Cancelled => "cancelled",
        }
    }

    /// What happened, in a word or two.
    pub const fn words(self) -> &'static str {
        match self {
            FailureKind::Dns => "host not found",
            FailureKind::Connect => "connection failed",
            FailureKind::Tls => "TLS failed",
            FailureKind::Proxy => "proxy failed",
            FailureKind::Timeout => "timed out",
            FailureKind::Protocol => "not valid HTTP",
            FailureKind::Body => "body broke off",
            FailureKind::Cancelled => "cancelled",
        }
    }
}
