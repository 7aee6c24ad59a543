//! `private-address-target`: a public host leads to a private address.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::hosts::{
    is_internal_name, is_native_callback, is_private, is_private_address, is_public_hop,
};
use crate::domain::finding::Anchor;
use crate::domain::http::origin::is_loopback;

super::rule! {
    /// ## What it does
    /// Flags a redirect from a public host to a loopback, private, link-local, shared or
    /// unspecified address, in any spelling, or to a name that resolved to one.
    ///
    /// ## Why it matters
    /// A server that follows this for you is being steered at its own network or cloud
    /// metadata.
    ///
    /// ## When it is silent
    /// Chains that start at a private address, and the loopback callback of a native
    /// application (RFC 8252).
    id: "private-address-target",
    group: Group::OpenRedirect,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "SSRF attempt via redirect",
        Medium: "internal address leaked by an app",
        Low: "captive portal or lab network",
    ],
    fix: Medium: "in services re-validate every hop after DNS resolution or refuse redirects; on the site fix the leaked address",
    references: [
        "CWE-918",
        "ASVS 5.0 15.3.2",
        "WSTG-INPV-19",
        "URL: IPv4 parser",
        "jina-ai/reader#1252",
        "envoyproxy/envoy#45360",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    let first_private = hop.chain.hops.first().is_some_and(|first| {
        let url = &first.request.url;
        is_private(url) || is_loopback(url) || is_internal_name(url)
    });
    if first_private || !is_public_hop(hop) || is_native_callback(hop) {
        return;
    }
    let by_proxy = hop.next_hop.is_some_and(|next| next.exchange.connection.proxy.is_some());
    let resolved =
        hop.next_hop.and_then(|next| next.exchange.connection.remote_addr).map(|addr| addr.ip());
    let inside = resolved.filter(|ip| is_private_address(ip) && !by_proxy);
    let host = next.host_str().unwrap_or_default();
    let message = match inside {
        _ if is_private(next) => format!("a public host leads to the private address {host}"),
        Some(ip) => format!("a public host leads to {host}, which is the private address {ip}"),
        None => return,
    };
    report.add(Anchor::Step, message, report.usual_fix());
}
