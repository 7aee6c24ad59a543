//! `credential-lost-then-rejected`: Authorization was dropped on the way, and then missed.

use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::Origin;

super::rule! {
    /// ## What it does
    /// Flags a step on which the client drops `Authorization` and the next response is 401, 403
    /// or a redirect to a login page.
    ///
    /// ## Why it matters
    /// The 401 is caused by the hop, not by the token: the client dropped the credential when
    /// scheme, host or port changed.
    ///
    /// ## When it is silent
    /// Without a step that drops it, a 401 is the server's own word on the credential.
    id: "credential-lost-then-rejected",
    group: Group::Credentials,
    severity: Severity::Warning,
    needs: Needs::Observed,
    causes: [
        High: "base URL lacks www, uses http, or a different port",
        Medium: "gateway host differs from service host",
        Low: "subdomain change treated as foreign",
    ],
    fix: Easy: "call the final origin directly (fix the base URL), or re-authenticate for the new origin on purpose",
    references: [
        "Fetch: HTTP-redirect fetch",
        "RFC 9110 §15.4",
        "follow-redirects#174",
        "envoyproxy/envoy#23387",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    for pair in evidence.hops.windows(2) {
        let [hop, next] = pair else { continue };
        let had = hop.request().fields.contains("Authorization");
        if !had || next.request().fields.contains("Authorization") {
            continue;
        }
        let answer = match next.status() {
            401 | 403 => format!("{} is the consequence", next.status()),
            _ if next.intent.kind.asks_for_login() => {
                "the login page is the consequence".to_owned()
            }
            _ => continue,
        };
        let (from, to) = (Origin::of(hop.base()), Origin::of(next.base()));
        let why = match hop.cross_origin {
            true => {
                format!("{} dropped Authorization between {from} and {to}", hop.chain.client.name)
            }
            false => format!("{} dropped Authorization within {from}", hop.chain.client.name),
        };
        let fix = format!(
            "call {} at once, or give the credential to {to} on purpose",
            next.request().display_url()
        );
        let texts = (format!("{why}; {answer}, not the credential"), fix);
        report.add_on(hop.hop.index, Severity::Warning, Anchor::Step, texts);
    }
}
