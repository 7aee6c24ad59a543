//! `body-replayed-cross-origin`: a status that keeps the body leads to another origin.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::steering::body_names_secret;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::Origin;

super::rule! {
    /// ## What it does
    /// Flags a redirect that hands the request body to another origin: 307 and 308, and 301 and
    /// 302 for methods other than POST. It is an error when the site changes, when the body
    /// carries a secret, and for a POST without `Idempotency-Key`.
    ///
    /// ## Why it matters
    /// A method-preserving redirect hands the complete request body to a different origin
    /// without asking; escalate to error when cross_site, when secretish(body) or when the
    /// request has no Idempotency-Key and method is POST.
    ///
    /// ## When it is silent
    /// An upgrade from http to https of the same host hands nothing to anybody new. A region of
    /// the same service and hosts trusted in the configuration lower it to info.
    id: "body-replayed-cross-origin",
    group: Group::MethodSafety,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "API migrated to a new hostname with 308",
        Medium: "region or shard routing by redirect",
        Low: "hijacked or mistyped redirect target",
    ],
    fix: Medium: "keep 307/308 inside one origin; for cross-origin hand-over return the new URL in the body or answer 303",
    references: [
        "RFC 9110 §15.4",
        "RFC 9110 §9.2.2",
        "Fetch: HTTP-redirect fetch",
        "CWE-201",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    let size = hop.request().body_len();
    let keeps = match hop.status() {
        307 | 308 => true,
        301 | 302 => !matches!(hop.method(), "GET" | "HEAD" | "POST"),
        _ => false,
    };
    if !keeps || size == 0 || !hop.leaves() {
        return;
    }
    let repeats = hop.method() == "POST" && !hop.request().fields.contains("Idempotency-Key");
    let region = hop.intent.kind == Kind::LoadBalancerRegion && !hop.cross_site;
    let severity = if region || hop.policy().trusts(next) {
        Severity::Info
    } else if hop.cross_site || repeats || body_names_secret(hop) {
        Severity::Error
    } else {
        Severity::Warning
    };
    let (status, to) = (hop.status(), Origin::of(next));
    let message = format!("the {status} hands the body ({size} B) to {to}, unasked");
    report.add_as(severity, Anchor::Step, message, report.usual_fix());
}
