//! `personal-redirect-shared-cacheable`: a shared cache may keep a personal redirect.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::caching::directive;
use crate::domain::evidence::cookies::{SetLine, is_affinity};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::secret::secretish;

super::rule! {
    /// ## What it does
    /// Flags a redirect that a shared cache may store and that sets a cookie, or whose
    /// `Location` carries a secret, `state` or `nonce`.
    ///
    /// ## Why it matters
    /// A shared cache can give one user's cookie or target to the next.
    ///
    /// ## When it is silent
    /// `private` and `no-store`. Cookies that only tie a visitor to a server, and a 301 or 308
    /// that says nothing about caching, lower it to a warning.
    id: "personal-redirect-shared-cacheable",
    group: Group::Caching,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "edge rule caches 3xx by path",
        Medium: "framework adds max-age globally",
    ],
    fix: Easy: "add Cache-Control: private, no-store to personal redirects",
    references: [
        "RFC 9111 §3",
        "RFC 9111 §7.3",
        "CWE-524",
        "ASVS 5.0 14.2.2",
        "WSTG-ATHN-06",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects() || !matches!(hop.method(), "GET" | "HEAD") {
        return;
    }
    let caching = hop.caching();
    let explicit = caching.is_shared();
    let heuristic = matches!(hop.status(), 301 | 308)
        && !caching.is_bounded()
        && !hop.request().fields.contains("Authorization");
    if caching.private || caching.no_store || !explicit && !heuristic {
        return;
    }
    let Some((what, mild)) = personal(hop) else { return };
    let severity = if mild || !explicit { Severity::Warning } else { Severity::Error };
    let message = format!("a shared cache may keep this redirect and give {what} to others");
    let names = ["public", "s-maxage", "max-age"];
    let anchor = names.iter().find_map(|name| directive(hop.fields(), name));
    report.add_as(severity, anchor.unwrap_or(Anchor::StatusLine), message, report.usual_fix());
}

/// What makes the redirect one visitor's own, and whether that does little harm.
fn personal(hop: &HopEvidence<'_>) -> Option<(String, bool)> {
    let cookies = SetLine::all(hop);
    if let Some(cookie) = cookies.iter().find(|cookie| !is_affinity(&cookie.name)) {
        return Some((format!("the cookie {}", quoted(&cookie.name)), false));
    }
    let secret = hop.params.iter().find(|param| {
        param.is("state")
            || param.is("nonce")
            || secretish(&param.name, &param.value) && param.value.len() >= 16
    });
    if let Some(secret) = secret {
        return Some((format!("the parameter {}", quoted(&secret.name)), false));
    }
    cookies.first().map(|cookie| (format!("the cookie {}", quoted(&cookie.name)), true))
}
