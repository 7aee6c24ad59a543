//! Limits of time that were reached, with whom was waited for: the server, or which proxy on the way to it.

use super::Evidence;
use super::proxy::address;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::settings::ProxyChoice;
use crate::domain::http::timing::Phase;
use crate::fetch::recorder::Leg;

/// What the limit of the whole chain fell into, with who was waited for.
pub(super) fn chain(evidence: &Evidence<'_>) -> String {
    let named = |proxy: &ProxyChoice| format!("the proxy {}", address(proxy));
    let peer = evidence.peer();
    let first = evidence.first().map_or_else(|| peer.clone(), named);
    let proxy = evidence.proxy.map_or_else(|| peer.clone(), named);
    match (evidence.record.phase, evidence.leg()) {
        (Phase::Dns, _) => match evidence.first() {
            Some(_) => format!("while the name of {first} was being looked up"),
            None => "while the host name was being looked up".to_owned(),
        },
        (Phase::Connect | Phase::Tls, Leg::Reaching) => format!("while connecting to {first}"),
        (Phase::Connect | Phase::Tls, Leg::Passing) => {
            format!("before {first} had led to {proxy}")
        }
        (Phase::Connect | Phase::Tls, Leg::Greeting) => {
            format!("during the TLS handshake with {proxy}")
        }
        (Phase::Connect | Phase::Tls, Leg::Asking) => format!("before {proxy} had led to {peer}"),
        (Phase::Connect | Phase::Tls, Leg::Securing) => {
            format!("during the TLS handshake with {peer}")
        }
        (Phase::Wait, _) if !evidence.record.is_silent() => {
            "while the head of the response was arriving".to_owned()
        }
        (Phase::Wait, _) => match evidence.proxy.filter(|of| evidence.is_forwarded(of)) {
            Some(_) => format!("before {proxy} answered"),
            None => "before the server answered".to_owned(),
        },
        (Phase::Receive, _) if evidence.record.http2 || evidence.record.received.is_complete() => {
            "while the body of the response was arriving".to_owned()
        }
        (Phase::Receive, _) => "while the head of the response was arriving".to_owned(),
    }
}

/// The limit of connecting was reached.
pub(super) fn connecting(evidence: &Evidence<'_>) -> Failure {
    let named = |proxy: &ProxyChoice| format!("The proxy {}", address(proxy));
    let first = evidence.first().map_or_else(|| evidence.peer(), named);
    let proxy = evidence.proxy.map_or_else(|| evidence.peer(), named);
    let (doing, hint) = match evidence.leg() {
        Leg::Reaching if evidence.record.phase == Phase::Dns => {
            let name = evidence.first().and_then(|proxy| proxy.url.host_str());
            let name = name.unwrap_or(&evidence.record.target.0);
            (
                format!("The name {name} could not be looked up"),
                "No name server answered: check the network and /etc/resolv.conf.",
            )
        }
        Leg::Reaching => (
            format!("{first} did not accept the connection"),
            "A firewall may drop the packets; --connect-timeout allows more time.",
        ),
        Leg::Passing => (
            format!("{first} did not lead to {}", proxy.replacen("The", "the", 1)),
            "That proxy may not answer it; --connect-timeout allows more time.",
        ),
        Leg::Greeting => (
            format!("{proxy} did not finish the TLS handshake"),
            "The proxy may not speak TLS: try -x http://.",
        ),
        Leg::Asking => (
            format!("{proxy} did not lead to {}", evidence.peer()),
            "The target may not answer the proxy; --connect-timeout allows more time.",
        ),
        Leg::Securing => (
            format!("The TLS handshake with {} was not done", evidence.peer()),
            "The port may not speak TLS: try http://.",
        ),
    };
    Failure {
        hint: hint.to_owned(),
        cause: "the time limit for connecting was reached".to_owned(),
        ..evidence.failure(FailureKind::Timeout, format!("{doing} in time."))
    }
}
