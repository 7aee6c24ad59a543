//! `session-cookie-exposed-to-plaintext`: a session cookie that travels, or can travel, in the clear.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::{SetLine, time_of};
use crate::domain::http::origin::is_loopback;

super::rule! {
    /// ## What it does
    /// Flags a session-like cookie (by its name, or random and `HttpOnly`, with at least 16
    /// characters) set over http, or over https without `Secure`. It is an error when the chain
    /// later has an http hop that the cookie goes along with.
    ///
    /// ## Why it matters
    /// An attacker can provoke an http request or redirect and read the cookie.
    ///
    /// ## When it is silent
    /// Preferences, CSRF tokens, and loopback.
    id: "session-cookie-exposed-to-plaintext",
    group: Group::Cookies,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "cookie set before the https upgrade",
        Medium: "app behind proxy thinks it is http",
    ],
    fix: Easy: "set Secure (and a __Host- prefix) and issue it only over https",
    references: [
        "RFC 6265bis §8.3",
        "CWE-614",
        "ASVS 5.0 3.3.1",
        "WSTG-SESS-02",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if is_loopback(hop.base()) {
        return;
    }
    let plain = hop.base().scheme() == "http";
    let time = time_of(hop);
    for line in SetLine::all(hop) {
        let secure = line.cookie.as_ref().is_some_and(|cookie| cookie.secure);
        if !line.is_session_like() || secure || line.is_deletion(time) {
            continue;
        }
        let exposed = plain
            || hop.chain.hops.iter().skip(hop.hop.index).any(|other| {
                other.request.url.scheme() == "http"
                    && line.reaches(hop.base(), &other.request.url, time).is_ok()
            });
        let severity = if exposed { Severity::Error } else { Severity::Warning };
        let message = match plain {
            true => format!(
                "the session cookie {:?} is set over http: it can be read on the way",
                line.name
            ),
            false => format!(
                "the session cookie {:?} has no Secure: one http request gives it away",
                line.name
            ),
        };
        report.add_as(severity, line.anchor(), message, report.usual_fix());
    }
}
