//! `retry-after-on-redirect`: a redirect asks for patience that no client has.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a redirect with a `Retry-After` of more than 0 seconds.
    ///
    /// ## Why it matters
    /// The header asks clients to wait before following, but none of eight measured clients
    /// does, so the next hop gets hit immediately.
    ///
    /// ## When it is silent
    /// `Retry-After: 0`, which some networks send with every redirect.
    id: "retry-after-on-redirect",
    group: Group::Protocol,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "polling job API",
        Medium: "CDN template sends Retry-After: 0 (ignored)",
    ],
    fix: Medium: "do not rely on it; use 503/429 or an asynchronous 202 status resource",
    references: [
        "RFC 9110 §10.2.3",
        "curl TODO: Obey Retry-After in redirects",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(field) = hop.fields().first("Retry-After").filter(|_| hop.redirects()) else { return };
    let text = field.text();
    let waits = text.parse::<u64>().map_or(text.contains(':'), |seconds| seconds > 0);
    if !waits {
        return;
    }
    let anchor = FieldAnchor { name: field.name.clone(), occurrence: 1, bytes: None };
    let message =
        "no client waits before it follows a redirect: the target is asked at once".to_owned();
    report.add(Anchor::Header(anchor), message, report.usual_fix());
}
