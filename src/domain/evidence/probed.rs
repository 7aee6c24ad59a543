//! Probed: answers of hops and probes in a form that can be compared.

use std::fmt;

use url::Url;

use super::HopEvidence;
use crate::domain::baseline::steady;
use crate::domain::http::exchange::Exchange;
use crate::domain::probe::{Probe, ProbeKind};

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

/// The answer of a probe.
pub fn answer(probe: &Probe) -> Answer {
    of(&probe.exchange, &probe.request.url)
}

/// The probes that repeat the request got the same answer.
pub fn is_steady(hop: &HopEvidence<'_>) -> bool {
    let own = own_answer(hop);
    hop.probes_of(ProbeKind::Again).all(|probe| answer(probe) == own)
}

/// The probe was redirected to this URL.
pub fn leads_to(probe: &Probe, next: &Url) -> bool {
    answer(probe).target.as_deref() == Some(steady(next).as_str())
}

fn of(exchange: &Exchange, base: &Url) -> Answer {
    let location = exchange.fields().first("Location").map(|field| field.text());
    let target = location.and_then(|text| base.join(&text).ok());
    Answer { status: exchange.status().unwrap_or_default(), target: target.as_ref().map(steady) }
}
