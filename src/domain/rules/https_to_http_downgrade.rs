//! `https-to-http-downgrade`: a redirect leaves https for http.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::{Origin, is_loopback};

super::rule! {
    /// ## What it does
    /// Flags a redirection from an `https` target URI to an `http` one.
    ///
    /// ## Why it matters
    /// The hop leaves TLS, exposing cookies, query and content, and browsers block it for
    /// subresources.
    ///
    /// ## When it is silent
    /// A loopback target never leaves the machine.
    id: "https-to-http-downgrade",
    group: Group::Transport,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "TLS ends at the proxy and the app builds http:// URLs",
        High: "trailing-slash redirect from nginx/Starlette/Sinatra behind a proxy",
        Medium: "legacy absolute URL in config or database",
        Low: "deliberate http-only target",
    ],
    fix: Easy: "emit relative Locations or make the app honour the proxy's X-Forwarded-Proto; correct the stored absolute URL",
    references: [
        "CWE-319",
        "CWE-757",
        "ASVS 5.0 12.2.1",
        "Fetch: main fetch (mixed content)",
        "hstspreload redirects.insecure.*",
        "Kludex/starlette#2748",
        "openspending/openspending#1309",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    if hop.base().scheme() != "https" || next.scheme() != "http" || is_loopback(next) {
        return;
    }
    let host = Origin::of(next).host;
    let known = hop.chain.hops.iter().take(hop.hop.index).any(|earlier| {
        earlier.request.url.host() == next.host()
            && earlier.request.url.scheme() == "https"
            && earlier.exchange.fields().contains("Strict-Transport-Security")
    });
    let hsts = match known {
        true => "; browsers that know its HSTS go back to https, other clients don't",
        false => "",
    };
    let message = format!("this leaves https: the next request goes to {host} in the clear{hsts}");
    let same_host = hop.base().host() == next.host();
    let fix = match same_host {
        true => {
            "send a relative Location, or make the application trust X-Forwarded-Proto".to_owned()
        }
        false => format!("write https://{host} in the Location"),
    };
    let scheme = hop.location.as_ref().and_then(|location| location.scheme.clone());
    report.add(scheme.map_or_else(Anchor::location, Anchor::location_bytes), message, fix);
}
