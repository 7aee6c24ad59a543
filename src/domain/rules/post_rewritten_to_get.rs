//! `post-rewritten-to-get`: a 301 or 302 leaves open whether a POST stays a POST.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a 301 or 302 with a `Location` in answer to a POST.
    ///
    /// ## Why it matters
    /// The standard lets a client either keep POST or switch to GET here, so the server has not
    /// actually said what should happen to the submitted data.
    ///
    /// ## When it is silent
    /// It is a hint only where the classic post-redirect-get is meant: a form was sent by a
    /// client that prefers `text/html`, and the target is another page of the same site.
    id: "post-rewritten-to-get",
    group: Group::MethodSafety,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "framework default redirect helper emits 302 after a form or API write",
        High: "http-to-https, www or trailing-slash rule sits in front of a write endpoint",
        Medium: "client configured with an outdated base URL",
        Low: "gateway rewrites 307/308 into 302",
    ],
    fix: Easy: "answer 303 when the result lives elsewhere, 307/308 when the same POST must be repeated there; otherwise let the base URL be correct so no redirect is needed",
    references: [
        "RFC 9110 §15.4.2",
        "RFC 9110 §15.4.3",
        "RFC 9110 §9.3.3",
        "RFC 9205 §4.6.1",
        "Fetch: HTTP-redirect fetch",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if hop.method() != "POST" || !hop.redirects_with(&[301, 302]) {
        return;
    }
    let intended = hop.intent.kind == Kind::PostRedirectGet && hop.accept().prefers_html();
    let severity = if intended { Severity::Hint } else { Severity::Warning };
    let status = hop.status();
    let keep = if status == 301 { 308 } else { 307 };
    let message = format!("the {status} lets the client turn this POST into GET{}", outcome(hop));
    let fix = format!(
        "answer 303 if the target shows the result, {keep} if the same POST must be sent there"
    );
    report.add_as(severity, Anchor::StatusLine, message, fix);
}

/// What the client in charge makes of it.
fn outcome(hop: &HopEvidence<'_>) -> String {
    let Some(next) = hop.next_request.filter(|_| !hop.next_edited) else { return String::new() };
    let (client, size) = (&hop.chain.client.name, hop.request().body_len());
    match (next.method.as_str(), next.body_len()) {
        ("POST", 0) if size > 0 => format!("; {client} keeps POST without its body"),
        ("POST", _) => format!("; {client} keeps POST"),
        (method, 0) if size > 0 => {
            format!("; {client} sends {method}, and its {size} B body is dropped")
        }
        (method, _) => format!("; {client} sends {method}"),
    }
}
