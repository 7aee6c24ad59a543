//! `location-parser-divergence`: two standard readings of the Location lead to different places.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::divergence::{Divergence, divergence};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::percent::percent_decode;
use crate::domain::redirect::readings::{Reading, readings};

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
    let same_server = matches!(found, Divergence::Path { .. });
    let severity = if same_server { Severity::Warning } else { Severity::Error };
    // clients that ask the same server for the same resource agree, however they write it
    let readings = readings(hop.hop, |url, target| {
        let resource = same_server.then(|| percent_decode(target.as_bytes()));
        (url.scheme().to_owned(), url.host().map(|host| host.to_owned()), url.port(), resource)
    });
    let message = match readings.as_slice() {
        // a difference that no client of the table shows
        [] | [_] => standard(&found),
        several => several.iter().map(told).collect::<Vec<_>>().join("; "),
    };
    let bytes = 0..resolution.location.len();
    report.add_as(severity, Anchor::location_bytes(bytes), message, report.usual_fix());
    if let Some(cause) = cause(&resolution.location) {
        report.because(cause);
    }
}

/// What in the value is read in two ways, where it is one of the known ways.
fn cause(value: &[u8]) -> Option<&'static str> {
    let value = value.trim_ascii();
    let after_scheme = |scheme: &[u8]| {
        let start = value.get(..scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then(|| &value[scheme.len()..])
    };
    let rest = after_scheme(b"https:").or_else(|| after_scheme(b"http:"));
    if value.contains(&b'\\') {
        return Some("a backslash, which browsers read as a slash and others as a character");
    }
    if value.iter().any(|byte| matches!(byte, b'\t' | b'\r' | b'\n')) {
        return Some("a tab or line end, which browsers take out before they read the value");
    }
    match rest {
        Some(rest) if !rest.starts_with(b"//") => Some("the \"//\" after the scheme is missing"),
        Some(rest) if rest.starts_with(b"///") => {
            Some("there is a slash too many after the scheme")
        }
        Some(_) | None => None,
    }
}

/// What one group of clients makes of it.
fn told(reading: &Reading) -> String {
    let clients = reading.clients.join(", ");
    let go = if reading.clients.len() == 1 { "goes" } else { "go" };
    match &reading.target {
        Some(target) => format!("{clients} {go} to {}", quoted(target)),
        None => format!("{clients} {go} nowhere"),
    }
}

/// What the two standards make of it.
fn standard(found: &Divergence) -> String {
    match found {
        Divergence::OnlyWhatwg(url) => {
            format!("by the WHATWG standard this leads to {}, by RFC 3986 nowhere", quoted(url))
        }
        Divergence::OnlyRfc3986(url) => {
            format!("by RFC 3986 this leads to {}, by the WHATWG standard nowhere", quoted(url))
        }
        Divergence::Origin { whatwg, rfc3986 } | Divergence::Path { whatwg, rfc3986 } => format!(
            "by the WHATWG standard this leads to {}, by RFC 3986 to {}",
            quoted(whatwg),
            quoted(rfc3986)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::cause;

    #[test]
    fn the_cause_is_what_this_very_value_has() {
        let of = |value: &str| cause(value.as_bytes()).unwrap_or_default();
        assert!(of("/\\b.test/").contains("a backslash"));
        assert!(of("HTTPS:new").contains("is missing"));
        assert!(of("http:///b.test/").contains("a slash too many"));
        assert!(of("//b\t.test/").contains("a tab"));
        assert_eq!(of("http://b.test/é"), "");
    }
}
