//! `location-non-ascii`: bytes beyond ASCII in the Location.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::field::decode;

super::rule! {
    /// ## What it does
    /// Flags a `Location` with bytes of 80 and above: a warning when they are UTF-8, an error
    /// when they are not.
    ///
    /// ## Why it matters
    /// URIs are ASCII; UTF-8 bytes usually survive but latin-1 bytes lead to three different
    /// paths, a decode exception, or a silently unfollowed 302.
    ///
    /// ## When it is silent
    /// Percent-encoded UTF-8 is right.
    id: "location-non-ascii",
    group: Group::LocationSyntax,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "slug in a non-Latin language",
        Medium: "framework writes the IRI as is",
        Low: "legacy latin-1 database",
    ],
    fix: Easy: "percent-encode as UTF-8 and use punycode for hosts before setting the header",
    references: [
        "RFC 3986 §2.1",
        "RFC 9110 §5.5",
        "whatwg/fetch#883",
        "scrapy/scrapy#2321",
        "sagebind/isahc#315",
        "psf/requests#5258",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let raw = location.raw;
    let Some(start) = raw.iter().position(|byte| !byte.is_ascii()) else { return };
    let length = raw[start..].iter().position(u8::is_ascii).unwrap_or(raw.len() - start);
    let at = start..start + length;
    let (severity, message) = match std::str::from_utf8(raw) {
        Ok(text) => (
            Severity::Warning,
            format!(
                "{} stands in the URL as it is: clients encode it, or read it as Latin-1",
                quoted(&text[at.clone()])
            ),
        ),
        Err(_) => (
            Severity::Error,
            format!(
                "these bytes are not UTF-8 (in Latin-1 they are {}): clients ask for three different paths",
                quoted(&decode(&raw[at.clone()]))
            ),
        ),
    };
    report.add_as(severity, Anchor::location_bytes(at), message, report.usual_fix());
}
