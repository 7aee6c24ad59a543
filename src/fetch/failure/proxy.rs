//! Failures of proxies: no tunnel, no way to the proxy itself.

use super::Evidence;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::settings::ProxyChoice;
use crate::domain::http::timing::Phase;

/// Why a proxy opened no tunnel.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    /// It wants credentials.
    Credentials,
    /// It answered with another status.
    Status,
    /// It could not get there itself.
    Beyond,
    /// It went away instead.
    Closed,
    /// What it answered is no HTTP.
    Babble,
    Socks,
    /// The SOCKS proxy before the HTTP proxy did not lead there.
    Passing,
}

/// What this status of an answer to CONNECT means.
pub(super) fn answered(status: Option<u16>) -> Refusal {
    match status {
        Some(407) => Refusal::Credentials,
        Some(500..) => Refusal::Beyond,
        Some(_) => Refusal::Status,
        None => Refusal::Closed,
    }
}

/// No tunnel to the target.
pub(super) fn tunnel(refusal: Refusal, evidence: &Evidence<'_>) -> Failure {
    let (message, hint) = match refusal {
        Refusal::Credentials => {
            ("The proxy asks for credentials (407).", "Give them with -U USER:PASSWORD.")
        }
        Refusal::Status => (
            "The proxy refused to open a tunnel to the target.",
            "Its rules may not allow this host or port.",
        ),
        Refusal::Beyond => (
            "The proxy could not open a tunnel to the target.",
            "It may not find or reach that host: check name and port as the proxy sees them.",
        ),
        Refusal::Closed => {
            ("The proxy closed the connection instead of opening a tunnel.", "Is it an HTTP proxy?")
        }
        Refusal::Babble => ("The proxy's answer is not HTTP.", "Is it an HTTP proxy?"),
        Refusal::Socks => (
            "The SOCKS proxy did not connect to the target.",
            "Check its address, kind and credentials.",
        ),
        Refusal::Passing => (
            "The SOCKS proxy did not connect to the HTTP proxy.",
            "Check both addresses, and what --preproxy says of kind and credentials.",
        ),
    };
    let tunnel = evidence.record.tunnel.as_ref();
    let cause = match tunnel.and_then(|tunnel| tunnel.response.as_ref()) {
        Some(head) => format!("it answered {} {}", head.status, head.reason).trim_end().to_owned(),
        None => "it did not answer CONNECT".to_owned(),
    };
    let failure = evidence.failure(FailureKind::Proxy, message);
    Failure { phase: Phase::Connect, cause, hint: hint.to_owned(), ..failure }
}

/// The connection that failed was to lead to the proxy.
pub(super) fn through_proxy(failure: Failure, evidence: &Evidence<'_>) -> Failure {
    let Some(proxy) = evidence.first() else { return failure };
    let at = address(proxy);
    let kind = match failure.kind {
        FailureKind::Connect => FailureKind::Proxy,
        other => other,
    };
    let message = format!("The proxy {at} can't be reached.");
    let hint = format!("The proxy was set by {}; --noproxy HOST goes around it.", proxy.source);
    Failure { kind, message, hint, ..failure }
}

/// Host and port of a proxy, for sentences.
pub(super) fn address(proxy: &ProxyChoice) -> String {
    let host = proxy.url.host_str().unwrap_or_default();
    format!("{host}:{}", proxy.url.port_or_known_default().unwrap_or(1080))
}
