//! `permanent-hop-into-temporary`: a permanent redirect leads to a temporary one.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a 301 or 308 whose target answers 302, 303 or 307.
    ///
    /// ## Why it matters
    /// Caches and search engines pin an address that is itself only a stop on the way.
    ///
    /// ## When it is silent
    /// A hop that only changes the form of the address (https, www, slash, spelling): that is
    /// settled whatever the target answers. A target that asks for login or consent, sets a
    /// language, tests a cookie or answers a form: that depends on the visitor.
    id: "permanent-hop-into-temporary",
    group: Group::Chain,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "migration rule points at a landing redirector",
        Medium: "A/B test or geo rule on the new URL",
    ],
    fix: Medium: "make the permanent redirect point at a stable URL, or make the first hop temporary too",
    references: [
        "RFC 9110 §15.4.2",
        "RFC 9110 §15.4.3",
        "RFC 9111 §4.2.2",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    for pair in evidence.hops.windows(2) {
        let [hop, next] = pair else { continue };
        let excused = hop.intent.kind.is_canonicalisation()
            || next.intent.kind.is_journey()
            || matches!(next.intent.kind, Kind::LocaleGeo | Kind::PostRedirectGet);
        if !hop.redirects_with(&[301, 308]) || !next.redirects_with(&[302, 303, 307]) || excused {
            continue;
        }
        let (permanent, temporary) = (hop.status(), next.status());
        let message = format!(
            "the {permanent} is kept for good, but its target only passes on ({temporary})"
        );
        report.add_on(hop.hop.index, Severity::Info, Anchor::Step, (message, report.usual_fix()));
    }
}
