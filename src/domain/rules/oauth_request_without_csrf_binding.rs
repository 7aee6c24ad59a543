//! `oauth-request-without-csrf-binding`: an authorization request that is not bound to the visitor.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect to an authorization server (`client_id` and `response_type`) without
    /// `state`, `nonce` and `code_challenge`.
    ///
    /// ## Why it matters
    /// The authorization request is not tied to this browser, so a forged callback can be
    /// injected.
    ///
    /// ## When it is silent
    /// With `request` or `request_uri` the parameters are elsewhere (RFC 9101, RFC 9126).
    id: "oauth-request-without-csrf-binding",
    group: Group::Credentials,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "hand-written OAuth client",
        Low: "parameters moved into a pushed or signed request",
    ],
    fix: Medium: "add PKCE (code_challenge, S256) and a one-time state",
    references: [
        "RFC 9700 §2.1",
        "RFC 9700 §4.7",
        "RFC 6749 §3.1.2",
        "ASVS 5.0 10.2.1",
        "WSTG-ATHZ-05",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let has = |name: &str| hop.param(name).is_some();
    let asks = hop.redirects() && has("client_id") && has("response_type");
    let bound = ["state", "nonce", "code_challenge", "request", "request_uri"];
    if !asks || bound.iter().any(|name| has(name)) {
        return;
    }
    let query = hop.location.as_ref().and_then(|location| location.query.clone());
    let anchor = query.map_or_else(Anchor::location, Anchor::location_bytes);
    let message = "the authorization request has neither state nor nonce nor code_challenge: an answer from elsewhere can't be told from its own";
    report.add(anchor, message.to_owned(), report.usual_fix());
}
