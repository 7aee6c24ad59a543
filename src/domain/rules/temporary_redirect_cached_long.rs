//! `temporary-redirect-cached-long`: a temporary redirect that caches may keep for long.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::caching::directive;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a 302, 303 or 307 that may be kept for more than a day, or that is `immutable`.
    ///
    /// ## Why it matters
    /// The status says the target may change, the cache header says it will not.
    ///
    /// ## When it is silent
    /// Short links, whose targets do not change.
    id: "temporary-redirect-cached-long",
    group: Group::Caching,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "CDN page rule caches everything",
        Medium: "global Cache-Control from static file config",
    ],
    fix: Easy: "shorten max-age, or use 301/308",
    references: [
        "RFC 9110 §15.4.3",
        "RFC 9111 §4.2",
        "RFC 9205 §4.6.1",
    ],
    check: Check::EachHop(check),
}

const DAY: u64 = 86_400;

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects_with(&[302, 303, 307]) || hop.intent.kind == Kind::UrlShortener {
        return;
    }
    let caching = hop.caching();
    let lifetime = caching.lifetime().unwrap_or_default();
    if caching.no_store || caching.no_cache || lifetime <= DAY && !caching.immutable {
        return;
    }
    let status = hop.status();
    let message = match lifetime {
        0 => format!("the {status} is temporary, but immutable for caches"),
        seconds => {
            format!("the {status} is temporary, but caches keep it for {} days", seconds / DAY)
        }
    };
    let names = ["immutable", "s-maxage", "max-age"];
    let anchor = names.iter().find_map(|name| directive(hop.fields(), name));
    report.add(anchor.unwrap_or(Anchor::StatusLine), message, report.usual_fix());
}
