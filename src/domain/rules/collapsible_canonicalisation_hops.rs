//! `collapsible-canonicalisation-hops`: several redirects of one site that could be one.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;
use crate::domain::http::request::display_url;

super::rule! {
    /// ## What it does
    /// Flags two or more consecutive hops of one site that each change one thing of the address
    /// only: scheme, www, trailing slash, case, index file. The message names the one redirect
    /// that would do.
    ///
    /// ## Why it matters
    /// The hops are independent rules that could be answered with one redirect.
    ///
    /// ## When it is silent
    /// http to https on the bare domain, then https to www, is what HSTS asks for: a hint.
    id: "collapsible-canonicalisation-hops",
    group: Group::Chain,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "edge, web server and framework each canonicalise one thing",
    ],
    fix: Easy: "combine the rules and redirect to the final canonical URL (keep the first same-host https hop if the apex uses HSTS)",
    references: [
        "RFC 9110 §4.2.3",
        "hstspreload redirects.http.www_first",
        "Google Search Central: site moves",
        "Screaming Frog redirect-chain report",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    for run in collapsible(evidence) {
        let (Some(first), Some(to)) = (run.first(), run.last().and_then(|last| last.next)) else {
            continue;
        };
        let (from, to) = (first.request().display_url(), display_url(to));
        let severity = if is_for_hsts(run) { Severity::Hint } else { Severity::Warning };
        let why = match severity {
            Severity::Hint => "; the detour gives the bare domain its HSTS entry".to_owned(),
            _ => saved(run),
        };
        let message = format!("{} redirects of one site could be one{why}", run.len());
        let fix = format!("redirect {from} straight to {to}");
        report.add_as(severity, Anchor::Chain, message, fix);
    }
}

/// The runs of redirects to other forms of one address that could be one redirect.
pub(crate) fn collapsible<'e, 'a>(evidence: &'e Evidence<'a>) -> Vec<&'e [HopEvidence<'a>]> {
    let is_one =
        |hop: &HopEvidence<'_>| hop.intent.kind.is_canonicalisation() && hop.next_request.is_some();
    let differs = |run: &[HopEvidence<'_>]| {
        let ends = run.first().zip(run.last().and_then(|last| last.next));
        ends.is_some_and(|(first, to)| first.request().display_url() != display_url(to))
    };
    let runs = evidence.hops.chunk_by(|a, b| is_one(a) == is_one(b));
    runs.filter(|run| run.len() > 1 && run.first().is_some_and(is_one) && differs(run)).collect()
}

/// http://ex → https://ex → https://www.ex
pub(crate) fn is_for_hsts(run: &[HopEvidence<'_>]) -> bool {
    let [first, second] = run else { return false };
    first.intent.kind == Kind::HttpsUpgrade
        && first.upgrades()
        && second.intent.kind == Kind::WwwApex
        && !second.base().host_str().is_some_and(|host| host.starts_with("www."))
}

fn saved(run: &[HopEvidence<'_>]) -> String {
    let spent: u128 =
        run.iter().skip(1).map(|hop| hop.hop.exchange.timing.held().as_millis()).sum();
    if spent > 0 { format!(", and save {spent} ms") } else { String::new() }
}
