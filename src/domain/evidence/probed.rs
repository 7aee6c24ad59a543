//! Probed: answers of hops and probes in a form that can be compared.

use std::fmt;

use url::Url;

use super::{HopEvidence, is_redirect_status};
use crate::domain::baseline::steady;
use crate::domain::http::exchange::Exchange;
use crate::domain::probe::{Probe, ProbeKind};
use crate::domain::redirect::location;

/// Status and target, without what differs by design.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub status: u16,
    pub target: Option<String>,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Some(target) => write!(f, "{} to {target}", self.status),
            None => write!(f, "{}", self.status),
        }
    }
}

/// The answer of the hop itself.
pub fn own_answer(hop: &HopEvidence<'_>) -> Answer {
    of(&hop.hop.exchange, hop.base())
}

/// The answer of a probe; `None` where there was none, or only that too much was asked (RFC 6585 §4): that tells nothing.
pub fn answer(probe: &Probe) -> Option<Answer> {
    let status = probe.exchange.status()?;
    (status != 429).then(|| of(&probe.exchange, &probe.request.url))
}

/// The probes that repeat the request got the same answer.
pub fn is_steady(hop: &HopEvidence<'_>) -> bool {
    let own = own_answer(hop);
    hop.probes_of(ProbeKind::Again).all(|probe| answer(probe).is_none_or(|answer| answer == own))
}

/// The probe was redirected to this URL.
pub fn leads_to(probe: &Probe, next: &Url) -> bool {
    answer(probe).and_then(|answer| answer.target).as_deref() == Some(steady(next).as_str())
}

/// Where the answer of a probe leads by the WHATWG reading.
pub fn target(probe: &Probe) -> Option<Url> {
    let redirects = probe.exchange.status().is_some_and(is_redirect_status);
    let location = probe.exchange.fields().first("Location").filter(|_| redirects)?;
    location::whatwg(&location.value, &probe.request.url)
}

fn of(exchange: &Exchange, base: &Url) -> Answer {
    let redirects = exchange.status().is_some_and(is_redirect_status);
    let location = exchange.fields().first("Location").filter(|_| redirects);
    let target = location.and_then(|field| location::whatwg(&field.value, base));
    Answer { status: exchange.status().unwrap_or_default(), target: target.as_ref().map(steady) }
}
