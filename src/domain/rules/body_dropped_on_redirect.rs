//! `body-dropped-on-redirect`: the method is repeated without its body.

use crate::domain::client::method::Forced;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a step on which the client repeats the method of a request with a body, and sends
    /// no body.
    ///
    /// ## Why it matters
    /// A write was re-sent with its method but without its payload, which can overwrite a
    /// resource with nothing (curl -X PUT -d and python-requests after 301 do this).
    ///
    /// ## When it is silent
    /// GET and HEAD have no body to lose, and a request whose method changes is another rule's
    /// matter.
    id: "body-dropped-on-redirect",
    group: Group::MethodSafety,
    severity: Severity::Error,
    needs: Needs::Observed,
    causes: [
        High: "curl -X METHOD -L with -d",
        High: "library strips the body on 301/302 yet keeps the verb",
        Medium: "one-shot body stream already consumed",
    ],
    fix: Medium: "with curl use --follow (or -T for uploads) instead of -X plus -L; in libraries handle the redirect yourself or call the final URL directly",
    references: [
        "RFC 9110 §15.4",
        "Fetch: HTTP-redirect fetch",
        "curl docs: --follow, --request",
        "psf/requests#2590",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.next_request else { return };
    let (method, size) = (hop.method(), hop.request().body_len());
    let dropped = size > 0 && next.body_len() == 0 && next.method == hop.request().method;
    if !dropped || hop.next_edited || matches!(method, "GET" | "HEAD") {
        return;
    }
    let client = &hop.chain.client;
    let message = format!("{} sends {method} again, but without its {size} B body", client.name);
    let forced = hop.chain.draft.forced && client.forced == Forced::Sticks;
    let fix = match forced {
        true => format!(
            "curl: --follow instead of -X {method} with -L; or send to the final URL at once"
        ),
        false => report.usual_fix(),
    };
    report.add(Anchor::Step, message, fix);
    if forced {
        report.because("curl -X METHOD -L with -d");
    }
}
