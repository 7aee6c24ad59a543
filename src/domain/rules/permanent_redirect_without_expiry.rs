//! `permanent-redirect-without-expiry`: a permanent redirect without a bound.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a 301 or 308 in answer to GET or HEAD without `Cache-Control` `max-age`,
    /// `s-maxage`, `no-store` or `no-cache`, and without `Expires`.
    ///
    /// ## Why it matters
    /// Permanent redirects may be stored by heuristics and browsers keep them practically
    /// forever, so a mistake cannot be undone from the server.
    ///
    /// ## When it is silent
    /// A mere upgrade to https of the same URL is a hint: it will hardly be taken back.
    id: "permanent-redirect-without-expiry",
    group: Group::Caching,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "default of almost every framework",
    ],
    fix: Easy: "send Cache-Control: max-age (for example 86400) until the move has proved itself",
    references: [
        "RFC 9110 §15.4.2",
        "RFC 9110 §15.4.9",
        "RFC 9110 §15.1",
        "RFC 9111 §4.2.2",
        "symfony/symfony#59346",
        "galaxyproject/infrastructure-playbook#43",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects_with(&[301, 308]) || !matches!(hop.method(), "GET" | "HEAD") {
        return;
    }
    if hop.caching().is_bounded() {
        return;
    }
    let severity = match hop.intent.kind == Kind::HttpsUpgrade {
        true => Severity::Hint,
        false => Severity::Warning,
    };
    let status = hop.status();
    let message =
        format!("browsers keep this {status} as long as they like: a mistake can't be taken back");
    report.add_as(severity, Anchor::StatusLine, message, report.usual_fix());
}
