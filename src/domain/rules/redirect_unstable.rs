//! `redirect-unstable`: equal requests get different answers.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::probed::{answer, own_answer};
use crate::domain::finding::Anchor;
use crate::domain::probe::ProbeKind;

super::rule! {
    /// ## What it does
    /// Flags a redirect that answers the same request with another status or target when it is
    /// repeated, with and without the caches. It is an error for 301 and 308. Needs probes.
    ///
    /// ## Why it matters
    /// The same request gives different answers, so tests, caches and users disagree.
    ///
    /// ## When it is silent
    /// Parameters that differ by design, such as `state` and `nonce`.
    id: "redirect-unstable",
    group: Group::Chain,
    severity: Severity::Warning,
    needs: Needs::Probe,
    causes: [
        High: "stale redirect in a CDN",
        Medium: "nodes with different configuration",
        Medium: "A/B or geo split without Vary",
        Low: "one-time tokens",
    ],
    fix: Medium: "purge the edge cache, align all nodes, or use a temporary status with Vary",
    references: [
        "RFC 9111 §5.1",
        "RFC 9211 §2",
        "RFC 9110 §15.4.2",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects() {
        return;
    }
    let mut again = hop
        .probes()
        .filter(|probe| matches!(probe.kind, ProbeKind::Again | ProbeKind::PastCaches))
        .peekable();
    if again.peek().is_none() {
        return;
    }
    let own = own_answer(hop);
    let Some(other) = again.filter_map(answer).find(|answer| *answer != own) else { return };
    let cached = hop.fields().contains("Age")
        || hop
            .fields()
            .text("X-Cache")
            .is_some_and(|text| text.to_ascii_lowercase().contains("hit"));
    let (permanent, consent) =
        (matches!(hop.status(), 301 | 308), hop.intent.kind == Kind::ConsentWall);
    let severity = match (permanent, consent) {
        (_, true) => Severity::Info,
        (true, false) => Severity::Error,
        (false, false) => Severity::Warning,
    };
    let from = if cached { "; the first came from a cache" } else { "" };
    let message = format!("the same request gets {own}, then {other}{from}");
    report.add_as(severity, Anchor::location(), message, report.usual_fix());
}
