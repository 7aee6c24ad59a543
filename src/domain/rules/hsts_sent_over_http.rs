//! `hsts-sent-over-http`: Strict-Transport-Security on a response over http.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags `Strict-Transport-Security` on a response to an http request: clients ignore it.
    ///
    /// ## Why it matters
    /// The header is ignored on an insecure response and a compliant host must not send it
    /// there.
    id: "hsts-sent-over-http",
    group: Group::Transport,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "header added globally at the edge",
    ],
    fix: Easy: "emit it only on the https virtual host",
    references: [
        "RFC 6797 §7.2",
        "RFC 6797 §8.1",
        "hstspreload redirects.http.useless_header",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let internal = hop.fields().contains("Non-Authoritative-Reason");
    let Some(field) = hop.fields().first("Strict-Transport-Security").filter(|_| !internal) else {
        return;
    };
    if hop.base().scheme() != "http" {
        return;
    }
    let anchor = FieldAnchor { name: field.name.clone(), occurrence: 1, bytes: None };
    let message =
        "HSTS over http is ignored, and a host must not send it there (RFC 6797 §7.2)".to_owned();
    report.add(Anchor::Header(anchor), message, report.usual_fix());
}
