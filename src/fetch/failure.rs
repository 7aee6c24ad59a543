//! From a fault to a plain sentence: what happened, in which phase, the cause underneath, what to try.
//!
//! What was recorded decides; an error's text is only told.

mod connect;
mod http2;
mod proxy;
mod response;
mod slow;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::io;
use std::time::Duration;

use url::Url;

use super::recorder::{Leg, Record};
use super::resolve::{DnsFailure, DnsFailureKind};
use super::transport::Fault;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::settings::ProxyChoice;
use crate::domain::http::timing::Phase;

/// How much of an answer that is no HTTP is quoted.
const QUOTED: usize = 60;

/// What a failure is judged by.
pub(super) struct Evidence<'a> {
    pub(super) url: &'a Url,
    pub(super) proxy: Option<&'a ProxyChoice>,
    /// The SOCKS proxy that leads to that proxy.
    pub(super) pre: Option<&'a ProxyChoice>,
    pub(super) record: &'a Record,
}

impl Evidence<'_> {
    /// Who was connected to, for sentences.
    fn peer(&self) -> String {
        let (host, port) = &self.record.target;
        format!("{host} port {port}")
    }

    /// Whom the connection waits for.
    fn leg(&self) -> Leg {
        self.record.leg
    }

    /// The server wanted a certificate of ours and there was none: what it does then is no surprise.
    fn lacks_certificate(&self) -> bool {
        self.record.tls.as_ref().is_some_and(|facts| facts.unanswered)
    }

    /// TLS that broke was TLS with the proxy.
    fn is_with_proxy(&self) -> bool {
        self.url.scheme() == "http" || matches!(self.leg(), Leg::Greeting | Leg::Asking)
    }

    /// The proxy that the connection itself goes to.
    fn first(&self) -> Option<&ProxyChoice> {
        self.pre.or(self.proxy)
    }

    /// The request itself goes to the proxy.
    fn is_forwarded(&self, proxy: &ProxyChoice) -> bool {
        self.url.scheme() == "http" && !proxy.is_socks() && self.record.tunnel.is_none()
    }

    fn failure(&self, kind: FailureKind, message: impl Into<String>) -> Failure {
        let (cause, hint) = (String::new(), String::new());
        Failure { kind, phase: self.record.phase, message: message.into(), cause, hint }
    }
}

/// Why no usable response head came.
pub(super) fn of_fault(fault: &Fault, evidence: &Evidence<'_>) -> Failure {
    let failure = if let Fault::Dns(dns) = fault {
        dns_failure(dns, evidence)
    } else if let Some(tls) = find::<rustls::Error>(fault) {
        connect::tls(tls, evidence)
    } else if fault.is_connecting() {
        connect::failure(fault, evidence)
    } else {
        response::failure(fault, evidence)
    };
    if failure.cause.is_empty() { Failure { cause: root_cause(fault), ..failure } } else { failure }
}

/// Why the body broke off.
pub(super) use response::body_failure;
/// A setting that made sending impossible; nothing went out.
pub(super) fn unusable(message: String) -> Failure {
    let (cause, hint) = (String::new(), String::new());
    Failure { kind: FailureKind::Protocol, phase: Phase::Dns, message, cause, hint }
}

/// The TLS settings can't be used; nothing went out.
pub(super) fn unusable_client(message: String) -> Failure {
    Failure { kind: FailureKind::Tls, phase: Phase::Tls, ..unusable(message) }
}

/// The user's limit of time was reached; without evidence the fetch still waited for its turn.
pub(super) fn out_of_time(evidence: Option<&Evidence<'_>>, limit: Duration) -> Failure {
    let phase = evidence.map_or(Phase::Dns, |evidence| evidence.record.phase);
    let doing = evidence.map_or_else(|| "before it was sent".to_owned(), slow::chain);
    Failure {
        kind: FailureKind::Timeout,
        phase,
        message: format!("The time limit was reached {doing}."),
        cause: format!("{:.1} s had passed for this hop", limit.as_secs_f64()),
        hint: "Allow more time with -m, or find out what the server waits for.".to_owned(),
    }
}

/// The user stopped it; without evidence the fetch still waited for its turn.
pub(super) fn cancelled(evidence: Option<&Evidence<'_>>) -> Failure {
    let doing = evidence.map_or_else(|| "before it was sent".to_owned(), slow::chain);
    Failure {
        kind: FailureKind::Cancelled,
        phase: evidence.map_or(Phase::Dns, |evidence| evidence.record.phase),
        message: format!("Stopped {doing}."),
        cause: String::new(),
        hint: String::new(),
    }
}

/// Later redirects' bodies took the place of this one.
pub(super) fn crowded_out() -> Failure {
    Failure {
        message: "The body was still arriving when too many others were, and was given up."
            .to_owned(),
        cause: "each keeps a connection open, and a hundred may at once".to_owned(),
        hint: "The server sends it slowly; what came is shown.".to_owned(),
        phase: Phase::Receive,
        ..cancelled(None)
    }
}

fn dns_failure(dns: &DnsFailure, evidence: &Evidence<'_>) -> Failure {
    let host = &dns.host;
    let (message, hint) = match dns.kind {
        DnsFailureKind::NotFound => (
            format!("The host name {host} does not exist or has no address."),
            "Check the spelling; for a host of your own, --resolve HOST:PORT:ADDRESS stands in for DNS.",
        ),
        DnsFailureKind::Silence => (
            format!("No name server answered in time for {host}."),
            "Check the network and the name servers in /etc/resolv.conf, then try again.",
        ),
        DnsFailureKind::NoAnswer => (
            format!("No name server could answer for {host}."),
            "There may be none, or it can't reach those who know: check the network and /etc/resolv.conf.",
        ),
        DnsFailureKind::WrongFamily => (
            format!("{host} has addresses, but none of the kind that was asked for."),
            "Leave out -4 or -6.",
        ),
    };
    let proxies = [evidence.pre, evidence.proxy].into_iter().flatten();
    let proxy = proxies.into_iter().find(|proxy| proxy.url.host_str() == Some(host));
    let kind = if proxy.is_some() { FailureKind::Proxy } else { FailureKind::Dns };
    Failure {
        kind,
        phase: Phase::Dns,
        message: if proxy.is_some() {
            format!("The proxy can't be found: {message}")
        } else {
            message
        },
        cause: dns.cause.clone(),
        hint: hint.to_owned(),
    }
}

/// How an answer that is no HTTP begins.
fn quoted(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(QUOTED)]);
    format!("it begins with \"{}\"", text.escape_debug())
}

/// Looks for an error of this type among the sources, and inside every `io::Error`, whose payload `source` skips.
pub(super) fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut current = Some(error);
    while let Some(error) = current {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let payload = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(found) = payload.and_then(|inner| find::<T>(inner)) {
            return Some(found);
        }
        current = error.source();
    }
    None
}

/// The innermost error's words.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
