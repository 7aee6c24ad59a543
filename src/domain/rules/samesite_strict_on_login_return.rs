//! `samesite-strict-on-login-return`: the session cookie of a login return is SameSite=Strict.

use super::redirect_loop::cycle;
use crate::domain::cookie::set_cookie::SameSite;
use crate::domain::evidence::cookies::SetLine;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::http::origin::same_site;

super::rule! {
    /// ## What it does
    /// Flags a `SameSite=Strict` cookie set on a redirect within the site, on a hop that was
    /// reached from another site: browsers do not send it on the next hop. It is a warning when
    /// the chain then loops or asks for login again, else info.
    ///
    /// ## Why it matters
    /// Browsers do not send a Strict cookie on the follow-up of a navigation started by another
    /// site, so the app looks logged out and starts over.
    ///
    /// ## When it is silent
    /// Logins that begin and end on the same site.
    id: "samesite-strict-on-login-return",
    group: Group::Cookies,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "framework default Strict combined with OIDC",
        Low: "security hardening without testing federated login",
    ],
    fix: Easy: "use SameSite=Lax for the session and state cookies, or end the chain with a page that continues by itself",
    references: [
        "RFC 6265bis §5.2",
        "RFC 6265bis §5.6.7.1",
        "RFC 6265bis §8.8.2",
        "aspnet/Security#1231",
        "quarkusio/quarkus#30625",
        "CWE-1275",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    for hop in evidence
        .hops
        .iter()
        .filter(|hop| hop.redirects() && !hop.cross_site && comes_from_elsewhere(hop))
    {
        let strict = SetLine::all(hop).into_iter().find(|line| {
            line.cookie.as_ref().is_some_and(|cookie| cookie.same_site == SameSite::Strict)
        });
        let Some(line) = strict else { continue };
        let again = evidence
            .hops
            .iter()
            .skip(hop.hop.index)
            .any(|later| later.intent.kind.asks_for_login());
        let severity = match again || cycle(evidence).is_some() {
            true => Severity::Warning,
            false => Severity::Info,
        };
        let message = format!(
            "browsers do not send the Strict cookie {:?} on the next hop, since another site began this journey",
            line.name
        );
        let texts = (message, report.usual_fix());
        report.add_on(hop.hop.index, severity, line.anchor_attribute("SameSite"), texts);
    }
}

fn comes_from_elsewhere(hop: &HopEvidence<'_>) -> bool {
    let callback = hop.base_param("code").is_some() && hop.base_param("state").is_some();
    let saml = hop.base_param("SAMLResponse").is_some()
        || hop.form().iter().any(|param| param.is("SAMLResponse"));
    let crossed = hop.previous.is_some_and(|before| !same_site(&before.request.url, hop.base()));
    callback || saml || crossed
}
