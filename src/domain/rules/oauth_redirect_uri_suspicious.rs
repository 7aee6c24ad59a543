//! `oauth-redirect-uri-suspicious`: the way back in an authorization request is not the application's.

use url::Url;

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::hosts::{is_internal_name, is_private};
use crate::domain::evidence::params::Param;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::{is_loopback, same_site};

super::rule! {
    /// ## What it does
    /// Flags a `redirect_uri` (or `post_logout_redirect_uri`, `wreply`, an absolute
    /// `RelayState`) that is http to a host other than loopback, has a fragment, is relative,
    /// names an internal host, or belongs to a site that is nowhere in the chain.
    ///
    /// ## Why it matters
    /// A callback on the wrong scheme or host either gets refused by the IdP or delivers the
    /// code somewhere unintended; it is the usual sign of a wrong external base URL behind a
    /// proxy.
    ///
    /// ## When it is silent
    /// Loopback addresses of native applications (RFC 8252), schemes of applications, hosts of
    /// the same site, and hosts trusted in the configuration.
    id: "oauth-redirect-uri-suspicious",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "app behind TLS-terminating proxy thinks it is http",
        Medium: "staging host left in configuration",
        Low: "attacker-supplied redirect_uri",
    ],
    fix: Easy: "configure the public base URL (trusted X-Forwarded-Proto/Host) and register the exact https URI",
    references: [
        "RFC 6749 §3.1.2",
        "RFC 6749 §3.1.2.1",
        "RFC 9700 §4.1.3",
        "ASVS 5.0 10.4.1",
        "WSTG-ATHZ-05",
    ],
    check: Check::EachHop(check),
}

const NAMES: [&str; 4] = ["redirect_uri", "post_logout_redirect_uri", "wreply", "RelayState"];

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if hop.target().is_none()
        || hop.param("client_id").is_none() && !hop.intent.kind.asks_for_login()
    {
        return;
    }
    let ways = hop.params.iter().filter(|param| NAMES.iter().any(|name| param.is(name)));
    for param in ways {
        let Some(fault) = fault(hop, param) else { continue };
        let message = format!("{} {fault}", param.name);
        report.add(Anchor::location_bytes(param.at.clone()), message, report.usual_fix());
    }
}

fn fault(hop: &HopEvidence<'_>, param: &Param) -> Option<&'static str> {
    let opaque = param.is("RelayState");
    let Ok(url) = param.value.parse::<Url>() else {
        return (!opaque && !param.value.is_empty())
            .then_some("is relative: it must be a whole URL");
    };
    if !matches!(url.scheme(), "http" | "https") || is_loopback(&url) || hop.policy().trusts(&url) {
        return None;
    }
    let inside = is_internal_name(hop.base());
    if url.scheme() == "http" && hop.base().scheme() == "https" {
        return Some("is http: the application does not know that it is reached by https");
    }
    if url.scheme() == "http" && !inside {
        return Some("is http: the code travels in the clear");
    }
    if url.fragment().is_some() {
        return Some("has a fragment, which is not allowed (RFC 6749 §3.1.2)");
    }
    if !inside && (is_internal_name(&url) || is_private(&url)) {
        return Some("names a host inside the network");
    }
    let known =
        hop.chain.hops.iter().take(hop.hop.index).any(|own| same_site(&own.request.url, &url));
    (!known).then_some("belongs to a site that is nowhere in this chain")
}
