//! `client-breaks-redirect-method`: the client's next method is not what the status means.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a step on which the client does the opposite of what the status says: another
    /// method after 307 or 308, a write repeated after 303, a QUERY given up on 301 or 302, a
    /// HEAD that becomes GET.
    ///
    /// ## Why it matters
    /// The client did the opposite of what this status code specifies, so the trace does not
    /// show what a conforming client would do.
    ///
    /// ## When it is silent
    /// It is info where the user forced the method or asked to keep POST, and for HEAD after
    /// 303.
    id: "client-breaks-redirect-method",
    group: Group::MethodSafety,
    severity: Severity::Error,
    needs: Needs::Observed,
    causes: [
        High: "curl -X POST -L keeps POST after 303",
        Medium: "library turns every 3xx into GET",
        Low: "proxy rewrote the status code",
    ],
    fix: Easy: "drop forced-method flags, upgrade the client, or drive the hop manually",
    references: [
        "RFC 9110 §15.4.4",
        "RFC 9110 §15.4.8",
        "RFC 9110 §15.4.9",
        "RFC 10008 §2.5",
        "curl/curl#578",
        "python/cpython#99731",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.next_request.filter(|_| hop.redirects() && !hop.next_edited) else {
        return;
    };
    let (old, new, status) = (hop.method(), next.method.as_str(), hop.status());
    let reads = |method: &str| matches!(method, "GET" | "HEAD");
    let should = match status {
        303 if !reads(old) && !reads(new) => "GET",
        307 | 308 if old != new => old,
        301 | 302 if old == "QUERY" && new != "QUERY" => "QUERY",
        _ if old == "HEAD" && new == "GET" => "HEAD",
        _ => return,
    };
    let forced = hop.chain.draft.forced;
    let client = &hop.chain.client;
    let asked_for = client.was_told(status, old);
    let mild = forced || asked_for || old == "HEAD";
    let severity = if mild { Severity::Info } else { Severity::Error };
    let message = format!("{status} means {should} here, and {} sends {new}", client.name);
    let fix = match (forced, asked_for) {
        (true, _) => format!(
            "drop -X {old}: it forces the method on every hop (curl: --follow obeys the status)"
        ),
        (false, true) => format!("drop the option that keeps {old} at {status}"),
        (false, false) => report.usual_fix(),
    };
    report.add_as(severity, Anchor::Step, message, fix);
}
