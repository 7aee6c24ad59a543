//! `tls-failure-on-hop`: a host on the way can't prove its identity, or there is no TLS session with it at all.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::origin::is_loopback;
use crate::domain::http::timing::Phase;

super::rule! {
    /// ## What it does
    /// Flags a hop whose TLS handshake failed, or whose certificate was refused (kept under
    /// `-k`).
    ///
    /// ## Why it matters
    /// A redirect cannot be trusted when the server that sends it cannot prove its identity,
    /// and browsers never show the redirect at all.
    ///
    /// ## When it is silent
    /// On loopback it is info. A CA given by the user is honoured.
    id: "tls-failure-on-hop",
    group: Group::Transport,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "certificate covers only www (or only apex)",
        High: "certificate expired on a forgotten redirect-only host",
        Medium: "registrar forwarding service without TLS",
        Low: "interception proxy",
    ],
    fix: Medium: "issue a certificate that also covers the redirecting name",
    references: [
        "RFC 9110 §4.3.4",
        "CWE-295",
        "ASVS 5.0 12.2.2",
        "WSTG-CRYP-01",
        "hstspreload domain.www.no_tls",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let exchange = &hop.hop.exchange;
    let tls = exchange.connection.tls.as_ref();
    let failed = exchange.failure.as_ref().filter(|failure| failure.kind == FailureKind::Tls);
    let host = hop.base().host_str().unwrap_or_default();
    let severity = if is_loopback(hop.base()) { Severity::Info } else { Severity::Error };
    let why = match (failed, tls.and_then(|tls| tls.verify_error.as_ref())) {
        (_, Some(error)) => error,
        (Some(failure), None) => {
            let fix = without_session(failure, host);
            return report.add_as(severity, Anchor::Tls, failure.clause().to_owned(), fix);
        }
        (None, None) => return,
    };
    let names: Vec<&str> = tls
        .and_then(|tls| tls.certificates.first())
        .map(|leaf| leaf.names.iter().map(String::as_str).collect())
        .unwrap_or_default();
    let sibling = sibling_of(host);
    let only_sibling = names.contains(&sibling.as_str()) && !names.contains(&host);
    let fix = match only_sibling {
        true => format!("the certificate covers {sibling} only: issue one that covers {host} too"),
        false => other_fix(why, host).unwrap_or_else(|| report.usual_fix()),
    };
    report.add_as(severity, Anchor::Tls, format!("{host} can't prove its identity: {why}"), fix);
    if let Some(cause) = cause_of(why).filter(|_| !only_sibling) {
        report.because(cause);
    }
}

/// What lies behind it, by the first reason of the engine's sentence; a sibling's certificate is the catalogue's first cause.
fn cause_of(why: &str) -> Option<&'static str> {
    const CAUSES: [(&str, &str); 5] = [
        ("expired on", "the certificate was not renewed"),
        ("not valid before", "the certificate is not valid yet, or a clock is wrong"),
        ("self-signed", "the host has a certificate of its own making"),
        (
            "unknown authority",
            "the chain is incomplete, or a private authority or a proxy issued it",
        ),
        ("not for ", "the certificate was issued for other names"),
    ];
    CAUSES.iter().find(|(words, _)| why.contains(words)).map(|(_, cause)| *cause)
}

/// What helps where the names of the certificate are not the trouble; the reason is a sentence of the engine's.
fn other_fix(why: &str, host: &str) -> Option<String> {
    let fixes = [
        ("expired on", "renew the certificate of HOST, the intermediate ones included"),
        ("not valid before", "use a certificate on HOST that is valid already, and set the clocks"),
        ("self-signed", "use a certificate on HOST that an authority has issued"),
        (
            "unknown authority",
            "use a certificate that clients' authorities issue, and send its chain",
        ),
    ];
    let mut found: Vec<&str> =
        fixes.iter().filter(|(words, _)| why.contains(words)).map(|(_, fix)| *fix).collect();
    if !found.is_empty() && why.contains("not for ") {
        found.push("it must cover HOST");
    }
    (!found.is_empty()).then(|| found.join("; ").replace("HOST", host))
}

/// What helps where no certificate was the trouble: the port speaks no TLS, nothing is in common, the session broke.
fn without_session(failure: &Failure, host: &str) -> String {
    match (failure.hint.is_empty(), failure.phase) {
        (false, _) => failure.hint.trim_end_matches('.').to_owned(),
        (true, Phase::Wait | Phase::Receive) => {
            "find what cuts the session off: the server, or a device in between".to_owned()
        }
        (true, Phase::Dns | Phase::Connect | Phase::Tls) => {
            format!("make {host} offer TLS 1.2 or 1.3 on this port, or redirect to where it does")
        }
    }
}

/// With `www.` where it is missing, without where it is there.
fn sibling_of(host: &str) -> String {
    host.strip_prefix("www.").map_or_else(|| format!("www.{host}"), str::to_owned)
}
