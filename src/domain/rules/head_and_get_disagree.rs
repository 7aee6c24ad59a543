//! `head-and-get-disagree`: HEAD and GET lead to different places.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::probed::{answer, is_steady, own_answer};
use crate::domain::finding::Anchor;
use crate::domain::probe::ProbeKind;

super::rule! {
    /// ## What it does
    /// Flags a URL that answers HEAD and GET with another status or target. Needs a probe.
    ///
    /// ## Why it matters
    /// Link checkers and uptime monitors use HEAD, so a HEAD that redirects elsewhere (or not
    /// at all) makes them report a chain users never see.
    ///
    /// ## When it is silent
    /// A URL that answers two equal requests differently is `redirect-unstable`'s.
    id: "head-and-get-disagree",
    group: Group::MethodSafety,
    severity: Severity::Warning,
    needs: Needs::Probe,
    causes: [
        High: "route registered for GET only and HEAD falls to a catch-all",
        Medium: "bot or WAF rule keyed on HEAD",
        Low: "CDN caches HEAD and GET separately",
    ],
    fix: Medium: "route HEAD through the same handler as GET",
    references: [
        "RFC 9110 §9.3.2",
        "FxEmbed/FxEmbed#604",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(probe) = hop.probes_of(ProbeKind::OtherMethod).next() else { return };
    let (own, Some(other)) = (own_answer(hop), answer(probe)) else { return };
    if own == other || !is_steady(hop) {
        return;
    }
    let message = format!(
        "{} gets {own}, {} gets {other}: link checkers and monitors see another chain than users",
        hop.method(),
        probe.request.method
    );
    report.add(Anchor::StatusLine, message, report.usual_fix());
}
