//! `chain-too-long`: more redirects than a chain should have.

use super::redirect_loop::cycle;
use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a chain of more than 3 redirects (the budget can be set), an error from 10 on.
    /// Hops that serve login or consent are counted apart, with a budget of 8.
    ///
    /// ## Why it matters
    /// Every hop adds latency and moves closer to some client's hard limit; error from 10
    /// upwards.
    ///
    /// ## When it is silent
    /// A circle is `redirect-loop`'s.
    id: "chain-too-long",
    group: Group::Chain,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "layered migrations: scheme, www, slash, path",
        Medium: "marketing trackers in series",
        Low: "SSO federation",
    ],
    fix: Medium: "point the first URL straight at the last one",
    references: [
        "RFC 9110 §15.4",
        "Fetch: HTTP-redirect fetch",
        "hstspreload redirects.too_many",
        "Google Search Central: HTTP status codes, network and DNS errors",
        "measured: client matrix",
    ],
    check: Check::Whole(check),
}

/// The number of redirects at which clients give up (measured: client matrix).
const LIMITS: [(usize, &str); 6] = [
    (6, "clients that follow the old advice of 5"),
    (10, "reqwest, Go and urllib"),
    (11, "Google's crawler"),
    (20, "browsers, wget, undici and PHP"),
    (31, "requests"),
    (51, "curl"),
];

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let policy = evidence.aside.policy;
    let redirects = evidence.redirects();
    let followed = evidence.hops.iter().filter(|hop| hop.next_request.is_some());
    let journey = followed.filter(|hop| hop.intent.kind.is_journey()).count();
    let plain = redirects - journey;
    let too_long = plain > policy.redirects || journey > policy.login_redirects;
    if !too_long || cycle(evidence).is_some() {
        return;
    }
    let failing: Vec<&str> =
        LIMITS.iter().filter(|(limit, _)| redirects >= *limit).map(|(_, who)| *who).collect();
    let failing = match failing.is_empty() {
        true => String::new(),
        false => format!("; these give up before the end: {}", failing.join(", ")),
    };
    let of_login = if journey > 0 {
        format!(", {journey} of them for login or consent")
    } else {
        String::new()
    };
    let message = format!("{redirects} redirects{of_login}: each costs a round trip{failing}");
    let severity = if redirects >= 10 { Severity::Error } else { Severity::Warning };
    let last = evidence.hops.last().map(|hop| hop.request().display_url()).unwrap_or_default();
    let fix = match evidence.pending() {
        None => format!("point the first URL straight at {last}"),
        Some(_) => report.usual_fix(),
    };
    report.add_as(severity, Anchor::Chain, message, fix);
}
