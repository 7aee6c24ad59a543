//! `legacy-tls-on-hop`: a hop speaks TLS 1.0 or 1.1.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::failure::{Failure, FailureKind};

super::rule! {
    /// ## What it does
    /// Flags a hop that negotiated TLS 1.0 or 1.1, or whose handshake failed on the protocol
    /// version.
    ///
    /// ## Why it matters
    /// One old redirect host weakens the whole journey.
    ///
    /// ## When it is silent
    /// TLS 1.2 after 1.3 is fine.
    id: "legacy-tls-on-hop",
    group: Group::Transport,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "legacy load balancer policy",
        Low: "local middlebox",
    ],
    fix: Medium: "disable TLS 1.0/1.1 on the redirecting listener",
    // checked: RFC 8996 §4 (TLS 1.0) and §5 (TLS 1.1): neither may be used, nor negotiated from any version; March 2021
    references: [
        "RFC 8996 §4, §5",
        "ASVS 5.0 12.1.1",
        "WSTG-CRYP-01",
        "CWE-326",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let exchange = &hop.hop.exchange;
    let version = exchange.connection.tls.as_ref().and_then(|tls| tls.version.as_deref());
    let old =
        version.filter(|version| matches!(*version, "TLSv1.0" | "TLSv1.1" | "TLSv1" | "SSLv3"));
    let host = hop.base().host_str().unwrap_or_default();
    let message = match (old, exchange.failure.as_ref().filter(|failure| is_about_version(failure)))
    {
        (Some(version), _) => {
            format!("{host} speaks {version}, which has been forbidden since 2021")
        }
        (None, Some(_)) => format!("{host} speaks no TLS version that is still allowed"),
        (None, None) => return,
    };
    report.add(Anchor::Tls, message, report.usual_fix());
}

fn is_about_version(failure: &Failure) -> bool {
    let text = format!("{} {}", failure.message, failure.cause).to_ascii_lowercase();
    failure.kind == FailureKind::Tls
        && ["protocolversion", "protocol version", "unsupported protocol"]
            .iter()
            .any(|words| text.contains(words))
}
