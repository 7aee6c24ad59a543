//! `json-expected-html-delivered`: data was asked for, and the chain ends on a page.

use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a chain with a redirect that ends in 2xx `text/html`, where the first request
    /// wanted data: by an `Accept` that prefers it, or by a path that ends in `.json`, `.xml`,
    /// `.csv` or `.zip`.
    ///
    /// ## Why it matters
    /// The chain ended on a page for people, which parsers report as a confusing syntax error.
    ///
    /// ## When it is silent
    /// `Accept: */*` is content with anything.
    id: "json-expected-html-delivered",
    group: Group::ApiContract,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "login or consent page",
        Medium: "marketing site or SPA fallback at the target",
        Medium: "captive portal or corporate proxy",
        Low: "wrong Accept header",
    ],
    fix: Medium: "fix the redirecting rule or the base URL and make the API answer 404/401/406",
    references: [
        "RFC 9110 §15.5.7",
        "RFC 9110 §12.5.1",
        "ASVS 5.0 4.1.1",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let [first, .., last] = evidence.hops.as_slice() else { return };
    let path = first.base().path().to_ascii_lowercase();
    let by_path = [".json", ".xml", ".csv", ".zip"].iter().any(|ending| path.ends_with(ending));
    let wanted = first.accept().prefers_data() || by_path && !first.accept().prefers_html();
    let page =
        last.media().is_some_and(|media| media == "text/html" || media == "application/xhtml+xml");
    if !wanted || !page || !(200..300).contains(&last.status()) || !first.redirects() {
        return;
    }
    let what = evidence.hops.iter().find(|hop| hop.intent.kind.asks_for_login());
    let which = what
        .map_or_else(String::new, |hop| format!(" (a login page, since hop {})", hop.hop.index));
    let message = format!(
        "the request wanted data and got a page{which}: parsers will report a syntax error"
    );
    report.add(Anchor::Chain, message, report.usual_fix());
}
