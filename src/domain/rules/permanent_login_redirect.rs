//! `permanent-login-redirect`: a detour that depends on the visitor is made permanent.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect to login, consent, maintenance or a portal that is 301 or 308, or that
    /// caches may keep.
    ///
    /// ## Why it matters
    /// The detour depends on the visitor's state, but a permanent or cacheable answer keeps
    /// sending signed-in users to the login page.
    ///
    /// ## When it is silent
    /// Where the request was for a login page itself, the page has only moved.
    id: "permanent-login-redirect",
    group: Group::Caching,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "blanket permanent redirect helper",
        Medium: "CDN caches 302",
    ],
    fix: Easy: "use 302/303 with Cache-Control: no-store",
    references: [
        "RFC 9110 §15.4.2",
        "RFC 9111 §3",
        "CWE-525",
        "galaxyproject/infrastructure-playbook#43",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let kind = hop.intent.kind;
    let detour = kind.asks_for_login()
        || matches!(kind, Kind::ConsentWall | Kind::Maintenance | Kind::CaptivePortal);
    if !detour || !hop.redirects() || kind == Kind::Saml && hop.base_param("SAMLRequest").is_some()
    {
        return;
    }
    let caching = hop.caching();
    let kept = caching.lifetime().is_some_and(|seconds| seconds > 0)
        && !caching.no_store
        && !caching.no_cache;
    let permanent = matches!(hop.status(), 301 | 308) && !caching.no_store;
    if !permanent && !kept {
        return;
    }
    let how = if permanent { "permanent" } else { "kept by caches" };
    let message = format!(
        "this detour ({}) depends on the visitor, but it is {how}: it goes on after signing in",
        kind.id()
    );
    report.add(Anchor::StatusLine, message, report.usual_fix());
}
