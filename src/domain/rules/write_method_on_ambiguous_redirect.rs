//! `write-method-on-ambiguous-redirect`: a 301 or 302 in answer to PUT, PATCH, DELETE or QUERY.

use crate::domain::client::method::Forced;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a 301 or 302 with a `Location` in answer to PUT, PATCH, DELETE or QUERY.
    ///
    /// ## Why it matters
    /// Only POST has the legacy rewrite exception; measured clients split three ways (keep
    /// method and body, keep method but send an empty body, silently become GET).
    ///
    /// ## When it is silent
    /// It is silent where the client in charge keeps both method and body, whichever way the
    /// request was written (curl does so for `-T`, and loses the body of `-X PUT -d`).
    id: "write-method-on-ambiguous-redirect",
    group: Group::MethodSafety,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "host/scheme/slash canonicalisation applied to all methods",
        Medium: "API moved to a new version path",
        Low: "login middleware redirects unauthenticated writes",
    ],
    fix: Easy: "use 307 or 308 for a moved write endpoint, or reject with 4xx naming the right URL; publish the canonical base URL",
    references: [
        "RFC 9110 §15.4.2",
        "RFC 9110 §15.4.3",
        "RFC 9110 §9.3.4",
        "RFC 9205 §4.6.1",
        "RFC 10008 §2.5",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let method = hop.method();
    if !matches!(method, "PUT" | "PATCH" | "DELETE" | "QUERY")
        || !hop.redirects_with(&[301, 302])
        || client_keeps_all(hop)
    {
        return;
    }
    let status = hop.status();
    let keep = if status == 301 { 308 } else { 307 };
    let message = format!(
        "clients disagree on a {status} after {method}: some repeat it, some repeat it without its body, some send GET"
    );
    let fix = format!(
        "answer {keep} to repeat the {method} at the target, or 4xx with the right URL; clients: use that URL at once"
    );
    report.add(Anchor::StatusLine, message, fix);
}

fn client_keeps_all(hop: &HopEvidence<'_>) -> bool {
    hop.chain.client.forced == Forced::Ignored
        && hop.next_request.is_some_and(|next| {
            next.method == hop.request().method && next.body == hop.request().body
        })
}
