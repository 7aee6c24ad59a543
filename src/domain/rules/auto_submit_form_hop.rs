//! `auto-submit-form-hop`: the journey goes on by a form that submits itself.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::onward::{is_hidden, submits};
use crate::domain::finding::Anchor;
use crate::domain::http::origin::same_site;

super::rule! {
    /// ## What it does
    /// Flags a 200 page with exactly one POST form whose fields are all hidden and that a
    /// script submits: SAML, OIDC form_post, 3-D Secure. It is a warning when the form goes to
    /// another site over http.
    ///
    /// ## Why it matters
    /// The journey continues by a scripted POST that HTTP clients cannot see, typical for SAML
    /// POST binding and OIDC form_post.
    ///
    /// ## When it is silent
    /// Forms with fields to fill in.
    id: "auto-submit-form-hop",
    group: Group::Html,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "SAML or OIDC form_post login",
        Medium: "payment 3-D Secure hand-over",
        Low: "phishing kit",
    ],
    fix: Medium: "follow the form as a step of its own (F on the screen); post it to https only",
    // checked: SAML 2.0 Bindings §3.5.4, as a conformance kit quotes it: the message stands base64-coded "in a hidden form
    // control", named SAMLRequest or SAMLResponse; further controls "MAY be included but MUST NOT be required"
    references: [
        "SAML 2.0 Bindings §3.5",
        "OAuth 2.0 Form Post Response Mode",
        "RFC 9700 §4.3.1",
        "CWE-319",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if hop.status() != 200 || hop.media().as_deref() != Some("text/html") {
        return;
    }
    let page = &hop.hop.exchange.body.head;
    let all = hop.tags();
    let [form] = all.iter().filter(|tag| tag.is("form")).collect::<Vec<_>>()[..] else { return };
    let posts = form.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    if !posts || !is_hidden(all) || !submits(all, page) {
        return;
    }
    let Ok(action) = hop.base().join(form.get("action").unwrap_or_default()) else { return };
    let inputs = all.iter().filter(|tag| tag.is("input"));
    let names: Vec<&str> = inputs.filter_map(|tag| tag.get("name")).take(6).collect();
    let plain = action.scheme() == "http" && !same_site(hop.base(), &action);
    let severity = if plain { Severity::Warning } else { Severity::Info };
    let message = format!("browsers go on by posting {} to {action}", names.join(", "));
    report.add_as(severity, Anchor::Body(Some(form.at.clone())), message, report.usual_fix());
}
