//! `location-parser-divergence`: two standard readings of the Location lead to different places.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::divergence::{Divergence, divergence};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a `Location` that leads to one server by the WHATWG URL standard (browsers, Node,
    /// Rust) and to another, or nowhere, by RFC 3986 (curl, Python, Go). When only path or
    /// query differ it is a warning.
    ///
    /// ## Why it matters
    /// Two standard ways of reading this value reach different servers, so a check done by one
    /// component does not protect another (e.g. '/\\host' stays local for curl and Go but
    /// leaves the site for browsers, Node and reqwest).
    ///
    /// ## When it is silent
    /// Differences in percent-encoding alone are harmless.
    id: "location-parser-divergence",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "user-controlled return path echoed into Location",
        Medium: "backslashes from a Windows path",
        Medium: "tabs or extra slashes from string concatenation",
        Low: "deliberate filter bypass",
    ],
    fix: Medium: "emit only canonical absolute https URLs or '/path' references produced by a URL serialiser",
    references: [
        "URL: basic URL parser",
        "URL: invalid-reverse-solidus",
        "RFC 3986 §5.2",
        "RFC 9110 §10.2.2",
        "CWE-436",
        "CWE-601",
        "ASVS 5.0 1.5.3",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(resolution) = hop.hop.resolution.as_ref().filter(|_| hop.redirects()) else { return };
    let Some(found) = divergence(resolution) else { return };
    let (severity, message) = match found {
        Divergence::OnlyWhatwg(url) => (
            Severity::Error,
            format!(
                "browsers, Node and Rust go to {}; by RFC 3986 (curl, Python, Go) this leads nowhere",
                quoted(&url)
            ),
        ),
        Divergence::OnlyRfc3986(url) => (
            Severity::Error,
            format!(
                "curl, Python and Go go to {}; by the WHATWG standard (browsers, Node, Rust) this leads nowhere",
                quoted(&url)
            ),
        ),
        Divergence::Origin { whatwg, rfc3986 } => (
            Severity::Error,
            format!(
                "browsers, Node and Rust go to {}; curl, Python and Go go to {}",
                quoted(&whatwg),
                quoted(&rfc3986)
            ),
        ),
        Divergence::Path { whatwg, rfc3986 } => (
            Severity::Warning,
            format!(
                "browsers, Node and Rust ask for {}; curl, Python and Go ask for {}",
                quoted(&whatwg),
                quoted(&rfc3986)
            ),
        ),
    };
    let bytes = 0..resolution.location.len();
    report.add_as(severity, Anchor::location_bytes(bytes), message, report.usual_fix());
}
