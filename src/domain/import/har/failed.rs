//! What browsers say of a request without a response, in our words.

use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::timing::Phase;

/// Words in an error's name, and what it is.
const WORDS: [(&str, FailureKind, Phase); 9] = [
    ("NAME_NOT_RESOLVED", FailureKind::Dns, Phase::Dns),
    ("NAME_RESOLUTION", FailureKind::Dns, Phase::Dns),
    ("CERT", FailureKind::Tls, Phase::Tls),
    ("SSL", FailureKind::Tls, Phase::Tls),
    ("PROXY", FailureKind::Proxy, Phase::Connect),
    ("TUNNEL", FailureKind::Proxy, Phase::Connect),
    ("TIMED_OUT", FailureKind::Timeout, Phase::Wait),
    ("ABORTED", FailureKind::Cancelled, Phase::Wait),
    ("CONNECTION", FailureKind::Connect, Phase::Connect),
];

/// A request that got no response.
pub(super) fn failure(said: Option<&str>) -> Failure {
    let said = said.unwrap_or_default();
    let upper = said.to_ascii_uppercase();
    let known = WORDS.iter().find(|(words, _, _)| upper.contains(words));
    // an id as hopstep's own archives begin with
    let own = said.split_once(": ").and_then(|(id, _)| FailureKind::named(id));
    let (kind, phase) = match (own, known) {
        (Some(kind), _) => (kind, Phase::Connect),
        (None, Some((_, kind, phase))) => (*kind, *phase),
        (None, None) => (FailureKind::Protocol, Phase::Wait),
    };
    let message = match said {
        "" => "the file has no response and does not say why".to_owned(),
        said => format!("recorded as {said}"),
    };
    Failure { kind, phase, message, cause: String::new(), hint: String::new() }
}

/// A response whose body broke off.
pub(super) fn broken_off(said: &str) -> Failure {
    let message = format!("recorded as {said}");
    let (kind, phase) = (FailureKind::Body, Phase::Receive);
    Failure { kind, phase, message, cause: String::new(), hint: String::new() }
}
