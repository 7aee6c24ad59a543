//! `location-port-anomaly`: the Location names a port that can't be meant.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::ports::is_bad_port;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::is_loopback;

super::rule! {
    /// ## What it does
    /// Flags a `Location` with port 80 for https or 443 for http, a port that browsers refuse,
    /// a port of the same host that the request did not have, or a port that does not exist
    /// (0, or above 65535).
    ///
    /// ## Why it matters
    /// The Location exposes an upstream or mismatched port that clients outside the network
    /// cannot use, and browsers refuse blocked ports outright.
    ///
    /// ## When it is silent
    /// Loopback, and hosts that were reached by an explicit port already; but for ports that do
    /// not exist.
    id: "location-port-anomaly",
    group: Group::Transport,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "container or app port leaks through the proxy (:8080, :8443)",
        Medium: "http-to-https rule keeps :80",
        Low: "non-standard port intended",
    ],
    fix: Easy: "set port_in_redirect off / trust X-Forwarded-Port / build URLs from the public base",
    references: [
        "RFC 9110 §4.2.3",
        "Fetch: bad port",
        "RFC 6797 §8.3",
        "nginx port_in_redirect",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let Some(at) = location.port.clone() else { return };
    if let Some(number) = impossible(&location.raw[at.clone()]) {
        let message = format!("there is no port {number}: no client can go there");
        let fix = "write the port that the server listens on, or none".to_owned();
        report.add_as(Severity::Error, Anchor::location_bytes(at), message, fix);
        report.because("the port is computed, or two numbers were joined");
        return;
    }
    let Some((next, port)) = hop.target().and_then(|next| Some((next, next.port()?))) else {
        return;
    };
    if is_loopback(next) {
        return;
    }
    let host = next.host_str().unwrap_or_default();
    let leaked = next.host() == hop.base().host() && hop.base().port().is_none();
    let (severity, message) = match (next.scheme(), port) {
        ("https", 80) => (Severity::Error, "port 80 speaks http, not https".to_owned()),
        ("http", 443) => (Severity::Error, "port 443 speaks https, not http".to_owned()),
        _ if is_bad_port(port) => (Severity::Error, format!("browsers refuse port {port}")),
        _ if leaked => (
            Severity::Warning,
            format!("port {port} of {host} was not asked for: a port from behind the proxy?"),
        ),
        _ => return,
    };
    report.add_as(severity, Anchor::location_bytes(at), message, report.usual_fix());
}

/// The digits, where they are no number of a port.
fn impossible(raw: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(raw).ok()?;
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    // what does not fit is above 65535
    (digits && text.parse().unwrap_or(0) == 0_u16).then_some(text)
}
