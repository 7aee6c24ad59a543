//! `deep-link-collapsed-to-root`: a page of its own is redirected to the home page.

use url::Url;

use crate::domain::classify::intent::{Kind, is_language_tag};
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::probed::leads_to;
use crate::domain::finding::Anchor;
use crate::domain::probe::ProbeKind;

super::rule! {
    /// ## What it does
    /// Flags a redirect from a path of its own to the home page of the site, or of a language.
    /// It is a warning when a probe shows that other paths lead there too, else info.
    ///
    /// ## Why it matters
    /// Sending every missing or old page to the home page hides errors and is treated like a
    /// soft 404.
    ///
    /// ## When it is silent
    /// Login and its answers, signing out, consent, portals, cookie tests, the answer to a
    /// form, other hosts, a return to where the chain was before, and the home page in another
    /// spelling.
    id: "deep-link-collapsed-to-root",
    group: Group::Seo,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "catch-all rule after a relaunch",
        Medium: "error handler redirects to '/'",
        Low: "single-page site",
    ],
    fix: Medium: "map old pages one-to-one; answer 404 or 410 for the rest",
    references: [
        "RFC 9110 §15.5.5",
        "RFC 9110 §15.5.11",
        "Google Search Central: soft 404",
        "bitcoin-dot-org/Bitcoin.org#880",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let (Some(next), Some(location)) = (hop.target(), &hop.location) else { return };
    let root = is_root(next.path());
    if !root
        || !same_host(hop.base(), next)
        || hop.chain.hops.iter().take(hop.hop.index).any(|earlier| earlier.request.url == *next)
        || !hop.redirects_with(&[301, 302, 308])
        || is_root(hop.base().path())
        || is_excused(hop)
    {
        return;
    }
    let others =
        hop.probes().any(|probe| probe.kind == ProbeKind::OtherPath && leads_to(probe, next));
    let severity = if others { Severity::Warning } else { Severity::Info };
    let message = format!(
        "{} leads to the home page: whoever looked for it finds something else",
        hop.base().path()
    );
    let at = if location.path.is_empty() { 0..location.raw.len() } else { location.path.clone() };
    report.add_as(severity, Anchor::location_bytes(at), message, report.usual_fix());
}

fn is_excused(hop: &HopEvidence<'_>) -> bool {
    let kind = hop.intent.kind;
    let words = [
        "logout", "signout", "sign-out", "logoff", "login", "signin", "sign-in", "callback", "cb",
        "auth", "lang", "locale", "consent",
    ];
    let path = hop.base().path().to_ascii_lowercase();
    let index = ["/index", "/home", "/default"].iter().any(|start| path.starts_with(start));
    kind.is_journey()
        || kind.is_canonicalisation()
        || matches!(
            kind,
            Kind::PostRedirectGet
                | Kind::CaptivePortal
                | Kind::Maintenance
                | Kind::LocaleGeo
                | Kind::HstsInternal
        )
        || index
        || hop.base_param("code").is_some()
        || path.split('/').any(|segment| words.contains(&segment))
        || !matches!(hop.method(), "GET" | "HEAD")
}

/// The same but for `www.`.
fn same_host(a: &Url, b: &Url) -> bool {
    let bare = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    bare(a) == bare(b)
}

fn is_root(path: &str) -> bool {
    let name = path.trim_matches('/');
    name.is_empty() || is_language_tag(name)
}
