//! `location-internal-hostname`: the Location names a host from inside the network.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::hosts::{is_internal_name, is_native_callback, is_public_hop};
use crate::domain::evidence::scheme_typo::scheme_typo;
use crate::domain::evidence::template::placeholder;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect of a public host to a name that only the inside of a network knows: a
    /// single label, `localhost`, or an ending such as `.local`, `.internal` or `.svc`.
    ///
    /// ## Why it matters
    /// An upstream's own name escaped through the proxy, so outside clients get a DNS failure
    /// or reach something else.
    ///
    /// ## When it is silent
    /// Where the request went to an internal name itself, and the loopback callback of a native
    /// application (RFC 8252).
    id: "location-internal-hostname",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "app builds absolute URLs from the upstream Host",
        Medium: "proxy does not rewrite Location",
        Low: "split-horizon DNS on purpose",
    ],
    fix: Easy: "set the external base URL (ProxyPassReverse, proxy_redirect, X-Forwarded-Host with a trusted-proxy list) or emit relative Locations",
    references: [
        "RFC 9110 §7.2",
        "RFC 9110 §10.2.2",
        "CWE-497",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let (Some(next), Some(location)) = (hop.target(), &hop.location) else { return };
    let web = matches!(next.scheme(), "http" | "https");
    if !web || !is_internal_name(next) || !is_public_hop(hop) || is_native_callback(hop) {
        return;
    }
    let first_inside =
        hop.chain.hops.first().is_some_and(|first| is_internal_name(&first.request.url));
    let meant_otherwise =
        scheme_typo(location.raw, hop.base()).is_some() || placeholder(location).is_some();
    if first_inside || meant_otherwise {
        return;
    }
    let host = next.host_str().unwrap_or_default();
    let resolves = hop.next_hop.is_some_and(|next| next.exchange.response.is_some());
    let severity = if resolves { Severity::Info } else { Severity::Error };
    let message = format!(
        "{} is a name from inside the network: clients outside can't reach it",
        quoted(host)
    );
    let at = location.host.clone();
    report.add_as(
        severity,
        at.map_or_else(Anchor::location, Anchor::location_bytes),
        message,
        report.usual_fix(),
    );
}
