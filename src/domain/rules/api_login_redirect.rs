//! `api-login-redirect`: a program is sent to a page for people to sign in.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::secret::secretish_header;

super::rule! {
    /// ## What it does
    /// Flags a redirect to a login page in answer to a request that a program made: it accepts
    /// JSON or XML and no HTML, carries a credential, is an `XMLHttpRequest` or a CORS request,
    /// asks for a path with an `api`, `graphql`, `rest` or `rpc` segment, or uses a method
    /// other than GET, HEAD or a form's POST.
    ///
    /// ## Why it matters
    /// A program cannot type a password: it follows to an HTML page and sees 200 (or a CORS
    /// error) instead of the truth.
    ///
    /// ## When it is silent
    /// `Accept: */*` alone says nothing about who asks.
    id: "api-login-redirect",
    group: Group::ApiContract,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "token expired, missing or for the wrong audience",
        High: "browser login middleware covers /api",
        Medium: "gateway or SSO proxy in front of the API",
        Medium: "base URL points at the web app",
    ],
    fix: Easy: "return 401 with WWW-Authenticate (or 403) to non-browser requests; choose by Accept or path, not by session state",
    references: [
        "RFC 9110 §15.5.2",
        "RFC 9110 §11.6.1",
        "RFC 9205 §4.6.1",
        "beepnl/BEEP#24",
        "Uninett/mod_auth_mellon#7",
        "cloudflare-docs#154",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects() || !hop.intent.kind.asks_for_login() {
        return;
    }
    let Some(sign) = programmatic(hop) else { return };
    let status = hop.status();
    let message = format!(
        "a program asked ({sign}) and is sent to a login page: it will take the page's 200 for an answer"
    );
    let fix = format!(
        "answer 401 with WWW-Authenticate instead of {status} when the client is no browser"
    );
    report.add(Anchor::StatusLine, message, fix);
}

/// What shows that a program made the request.
pub(crate) fn programmatic(hop: &HopEvidence<'_>) -> Option<String> {
    let fields = &hop.request().fields;
    let is = |name: &str, value: &str| {
        fields.text(name).is_some_and(|text| text.eq_ignore_ascii_case(value))
    };
    if hop.accept().wants_data() {
        return Some("it accepts data and no HTML".to_owned());
    }
    if let Some(credential) = fields.iter().find(|field| {
        field.is("Authorization")
            || !field.is("Cookie") && secretish_header(&field.name, &field.text())
    }) {
        return Some(format!("it carries {}", credential.name));
    }
    if is("X-Requested-With", "XMLHttpRequest") {
        return Some("X-Requested-With: XMLHttpRequest".to_owned());
    }
    if is("Sec-Fetch-Mode", "cors") {
        return Some("Sec-Fetch-Mode: cors".to_owned());
    }
    let method = hop.method();
    let by_hand = matches!(method, "GET" | "HEAD")
        || method == "POST" && (hop.sends_form() || hop.request().body_len() == 0);
    if !by_hand {
        return Some(format!("{method} is no method of a page"));
    }
    let segment = hop.base().path().split('/').find(|segment| {
        ["api", "graphql", "rest", "rpc"].iter().any(|name| segment.eq_ignore_ascii_case(name))
    })?;
    Some(format!("the path has /{segment}/"))
}
