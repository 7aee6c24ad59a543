//! `oauth-callback-redirects-offsite`: the callback of a login sends the visitor to another site.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::Origin;

super::rule! {
    /// ## What it does
    /// Flags a redirect to another site in answer to a request that carries `code` and `state`,
    /// a token, or a SAML response; and one that copies them to another origin.
    ///
    /// ## Why it matters
    /// A callback host that forwards visitors elsewhere is exactly what turns a lax
    /// redirect_uri match into a stolen code.
    ///
    /// ## When it is silent
    /// Where the target is an authorization request of its own (`client_id`), the callback is a
    /// broker: info.
    id: "oauth-callback-redirects-offsite",
    group: Group::OpenRedirect,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "return URL taken from state or RelayState without checking",
        Medium: "central callback broker",
    ],
    fix: Medium: "consume the response, then redirect only to a stored same-site path",
    references: [
        "RFC 9700 §4.11.1",
        "RFC 9700 §4.1.3",
        "RFC 6749 §10.15",
        "CWE-601",
        "WSTG-ATHZ-05",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target().filter(|_| hop.cross_site || hop.leaves()) else { return };
    let had = |name: &str| hop.base_param(name).is_some();
    let form = hop.form();
    let callback = had("code") && had("state")
        || ["access_token", "id_token", "SAMLResponse"].iter().any(|name| had(name))
        || form.iter().any(|param| param.is("SAMLResponse") || param.is("id_token"));
    let copied = ["code", "access_token", "id_token", "SAMLResponse"].iter().any(|name| {
        hop.base_param(name).zip(hop.param(name)).is_some_and(|(old, new)| old.value == new.value)
    });
    if !callback || !hop.cross_site && !copied {
        return;
    }
    let broker = hop.param("client_id").is_some();
    let severity = if broker { Severity::Info } else { Severity::Error };
    let what = if copied { ", with the login's answer" } else { "" };
    let message =
        format!("this callback of a login sends the visitor on to {}{what}", Origin::of(next));
    report.add_as(severity, Anchor::Step, message, report.usual_fix());
}
