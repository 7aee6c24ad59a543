//! How long each phase of an exchange took.

use std::time::Duration;

/// Durations of the phases, in the order they happen; `None` when a phase did not take place.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Timing {
    pub dns: Option<Duration>,
    pub connect: Option<Duration>,
    pub tls: Option<Duration>,
    /// From the request's first byte until the response's head is in; to its first byte where it never was.
    pub wait: Option<Duration>,
    /// From there to the last byte of the body.
    pub receive: Option<Duration>,
    pub total: Duration,
}

/// How long a next hop waits for the body of a redirect, so that the connection can be used again.
pub const LINGER: Duration = Duration::from_millis(2);

impl Timing {
    /// When the hop behind this one goes out: a redirect's body is waited for a moment, else it arrives beside that hop.
    pub fn held(&self) -> Duration {
        let beside = self.receive.filter(|receive| *receive > LINGER);
        self.total.saturating_sub(beside.unwrap_or_default())
    }

    /// The phases that took place, with their durations, in order.
    pub fn phases(&self) -> impl Iterator<Item = (Phase, Duration)> {
        [
            (Phase::Dns, self.dns),
            (Phase::Connect, self.connect),
            (Phase::Tls, self.tls),
            (Phase::Wait, self.wait),
            (Phase::Receive, self.receive),
        ]
        .into_iter()
        .filter_map(|(phase, duration)| duration.map(|duration| (phase, duration)))
    }
}

/// A phase of an exchange.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Phase {
    /// The host name is being looked up.
    Dns,
    /// The TCP connection is being made.
    Connect,
    /// The TLS handshake is under way.
    Tls,
    /// The request was sent; no byte of the response has arrived.
    Wait,
    /// The response is arriving.
    Receive,
}

impl Phase {
    /// The phase of this name.
    pub fn named(id: &str) -> Option<Phase> {
        let all = [Phase::Dns, Phase::Connect, Phase::Tls, Phase::Wait, Phase::Receive];
        all.into_iter().find(|phase| phase.id() == id)
    }

    /// The phase's name in documents.
    pub fn id(self) -> &'static str {
        match self {
            Phase::Dns => "dns",
            Phase::Connect => "connect",
            Phase::Tls => "tls",
            Phase::Wait => "wait",
            Phase::Receive => "receive",
        }
    }
}
