//! `plaintext-request-carried-credentials`: the upgrade to https comes after the secret went out in the clear.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::{is_session_name, sent};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::is_loopback;
use crate::domain::http::request::FieldSource;
use crate::domain::secret::{secretish, secretish_header};

super::rule! {
    /// ## What it does
    /// Flags an http request with `Authorization`, a cookie given by hand or named like a
    /// session, or a secret in header, query or form, that is redirected to https.
    ///
    /// ## Why it matters
    /// The redirect to https comes too late: the secret already crossed the network in clear
    /// text and the automatic redirect hides the mistake.
    ///
    /// ## When it is silent
    /// Loopback never leaves the machine.
    id: "plaintext-request-carried-credentials",
    group: Group::Transport,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "client configured with http://",
        Medium: "scheme omitted so the tool defaulted to http",
        Low: "HSTS not known to this client",
    ],
    fix: Easy: "fix the client base URL to https, refuse plain http on API hosts, rotate the exposed credential",
    references: [
        "ASVS 5.0 4.1.2",
        "CWE-319",
        "WSTG-CRYP-03",
        "WSTG-ATHN-01",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    if hop.base().scheme() != "http" || next.scheme() != "https" || is_loopback(hop.base()) {
        return;
    }
    let Some(secret) = exposed(hop) else { return };
    let message = format!("{secret} went out in the clear before the redirect to https came");
    report.add(Anchor::Step, message, report.usual_fix());
}

/// What the request gave away.
fn exposed(hop: &HopEvidence<'_>) -> Option<String> {
    let named = &hop.policy().secrets;
    for (field, source) in hop.request().sourced() {
        let cookie = field.is("Cookie")
            && (source == FieldSource::User
                || sent(hop.request()).iter().any(|(name, _)| is_session_name(name)));
        let other = !field.is("Cookie")
            && !field.is("Referer")
            && (named.header(&field.name) || secretish_header(&field.name, &field.text()));
        if field.is("Authorization") || cookie || other {
            return Some(field.name.clone());
        }
    }
    let form = hop.form();
    let mut params = hop.base_params.iter().chain(&form);
    let secret = params.find(|param| {
        named.parameter(&param.name) && !param.value.is_empty()
            || secretish(&param.name, &param.value)
    })?;
    Some(format!("the parameter {}", quoted(&secret.name)))
}
