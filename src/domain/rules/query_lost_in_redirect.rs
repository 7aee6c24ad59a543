//! `query-lost-in-redirect`: parameters of the request are gone from the target.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect to another form or place of the same content, within the site, that
    /// lacks parameters of the request.
    ///
    /// ## Why it matters
    /// Filters, tokens or campaign tags silently disappear on the way.
    ///
    /// ## When it is silent
    /// Campaign tags, and redirects where losing the query is the point: login and its answers,
    /// post-redirect-get, consent, cookie tests.
    id: "query-lost-in-redirect",
    group: Group::Chain,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "rewrite rule uses path only",
        Medium: "hard-coded target URL",
        Low: "tracking parameters removed on purpose",
    ],
    fix: Easy: "append the original query ($is_args$args, QSA, preserve_query)",
    references: [
        "RFC 9110 §10.2.2",
        "RFC 3986 §3.4",
    ],
    check: Check::EachHop(check),
}

/// Tags of campaigns and clicks, which sites take away on purpose.
const TAGS: [&str; 12] = [
    "gclid",
    "fbclid",
    "msclkid",
    "dclid",
    "ttclid",
    "yclid",
    "irclickid",
    "mc_cid",
    "mc_eid",
    "_ga",
    "ref",
    "igshid",
];

/// Parameters that a protocol consumes.
const CONSUMED: [&str; 8] =
    ["code", "state", "ticket", "samlresponse", "session_state", "iss", "error", "scope"];

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let kind = hop.intent.kind;
    let keeps =
        kind.is_canonicalisation() || matches!(kind, Kind::MovedContent | Kind::ApiVersionMove);
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    if !keeps || hop.cross_site {
        return;
    }
    let lost: Vec<String> = hop
        .base_params
        .iter()
        .filter(|param| {
            param.place == crate::domain::evidence::params::Place::Query && !param.name.is_empty()
        })
        .filter(|param| hop.param(&param.name).is_none() && !is_tag(&param.name))
        .map(|param| quoted(&param.name))
        .collect();
    if lost.is_empty() {
        return;
    }
    let message = format!(
        "the parameter{} {} of the request {} lost",
        if lost.len() > 1 { "s" } else { "" },
        lost.join(", "),
        if lost.len() > 1 { "are" } else { "is" }
    );
    let at =
        location.path.start..location.query.as_ref().map_or(location.path.end, |query| query.end);
    report.add(Anchor::location_bytes(at), message, report.usual_fix());
}

fn is_tag(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || TAGS.contains(&name.as_str()) || CONSUMED.contains(&name.as_str())
}
