//! `temporary-for-permanent-intent`: a rule that will not change is announced as temporary.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, Likelihood};

super::rule! {
    /// ## What it does
    /// Flags a 302, 303 or 307 in answer to GET or HEAD that does what is permanent by nature:
    /// https, www, slash, spelling, moved content. It is a warning for https on a host that
    /// sends HSTS.
    ///
    /// ## Why it matters
    /// A rule that will not change is announced as temporary, so clients re-ask every time and
    /// search engines treat it as a weak canonical signal (and may decide it is permanent
    /// anyway).
    ///
    /// ## When it is silent
    /// A client's own 307 from its HSTS store. Other methods, for which 307 is the way to keep
    /// the method.
    id: "temporary-for-permanent-intent",
    group: Group::Seo,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "302 is the default of the redirect helper",
        Medium: "cautious rollout never finished",
    ],
    fix: Easy: "use 308 (or 301 for GET-only pages) with a bounded max-age",
    references: [
        "RFC 9110 §15.4.3",
        "RFC 6797 §7.2",
        "Google Search Central: redirects and Google Search",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let kind = hop.intent.kind;
    let permanent = kind.is_canonicalisation() || kind == Kind::MovedContent;
    let reads = matches!(hop.method(), "GET" | "HEAD");
    if !permanent
        || !reads
        || hop.intent.confidence < Likelihood::Medium
        || !hop.redirects_with(&[302, 303, 307])
    {
        return;
    }
    let hsts = hop
        .next_hop
        .is_some_and(|next| next.exchange.fields().contains("Strict-Transport-Security"));
    let severity =
        if kind == Kind::HttpsUpgrade && hsts { Severity::Warning } else { Severity::Info };
    let status = hop.status();
    let message = format!(
        "{} will not change, but {status} says it may: clients ask again every time",
        name(kind)
    );
    report.add_as(severity, Anchor::StatusLine, message, report.usual_fix());
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::HttpsUpgrade => "the upgrade to https",
        Kind::WwwApex => "the www name",
        Kind::TrailingSlash => "the slash",
        Kind::CaseEncoding => "the spelling",
        _ => "this move",
    }
}
