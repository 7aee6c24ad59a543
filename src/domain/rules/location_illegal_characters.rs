//! `location-illegal-characters`: bytes in the Location that no URI may hold.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::illegal::{Fault, faults};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a `Location` with control characters, spaces, quotes, angle brackets, braces,
    /// backslashes, `|`, `^` or a backtick, wrapped in quotes or angle brackets, or with an
    /// HTML entity such as `&amp;`. Controls, wrapping and entities are errors.
    ///
    /// ## Why it matters
    /// These bytes are not allowed in a URI; clients encode, cut, or reject them differently
    /// (PHP cuts at the space).
    ///
    /// ## When it is silent
    /// Characters that browsers leave alone in a query (`|`, `^`, `{`, `}`, backtick,
    /// backslash) are a hint there. `&#results` opens a fragment and is no entity. Bytes of 80
    /// and above have a rule of their own.
    id: "location-illegal-characters",
    group: Group::LocationSyntax,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "raw user text or file name placed in the URL",
        Medium: "value passed through an HTML template",
        Medium: "JSON-quoted string used as header",
        Low: "tab or newline injection",
    ],
    fix: Easy: "percent-encode each component once; do not HTML-escape or quote header values",
    references: [
        "RFC 3986 §2",
        "RFC 9110 §5.5",
        "URL: invalid-URL-unit",
        "curl/curl#12147",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let all = faults(location);
    let Some(worst) = all.iter().min_by_key(|fault| (rank(fault.kind), fault.at.start)) else {
        return;
    };
    let more = match all.len() - 1 {
        0 => String::new(),
        1 => ", and one more place".to_owned(),
        n => format!(", and {n} more places"),
    };
    let what = named(location.raw.get(worst.at.clone()).unwrap_or_default());
    let (severity, message, fix) = match worst.kind {
        Fault::Control => (
            Severity::Error,
            format!("{what} in the URL: clients strip it, encode it or refuse it"),
            "find out how it got in: raw input must not reach a header",
        ),
        Fault::Wrapping => (
            Severity::Error,
            "the value is wrapped in quotes or angle brackets, which become part of the URL"
                .to_owned(),
            "send the URL without anything around it",
        ),
        Fault::Entity => (
            Severity::Error,
            "an HTML entity: the value was escaped for a page, not for a header".to_owned(),
            "escape for HTML only in the body",
        ),
        Fault::Illegal => (
            Severity::Warning,
            format!("{what}, which no URI may hold: clients encode it, cut at it or refuse it"),
            "percent-encode it",
        ),
        Fault::Tolerated => (
            Severity::Hint,
            format!("{what}, which no URI may hold; clients send it as it is or encode it"),
            "percent-encode it",
        ),
    };
    report.add_as(
        severity,
        Anchor::location_bytes(worst.at.clone()),
        format!("{message}{more}"),
        fix.to_owned(),
    );
    report.because(match worst.kind {
        Fault::Control => "tab or newline injection",
        Fault::Wrapping => "JSON-quoted string used as header",
        Fault::Entity => "value passed through an HTML template",
        Fault::Illegal | Fault::Tolerated => "raw user text or file name placed in the URL",
    });
}

fn rank(fault: Fault) -> u8 {
    match fault {
        Fault::Control => 0,
        Fault::Wrapping => 1,
        Fault::Entity => 2,
        Fault::Illegal => 3,
        Fault::Tolerated => 4,
    }
}

/// The first of these bytes, in words where it can't be seen.
fn named(bytes: &[u8]) -> String {
    match bytes.first() {
        Some(b' ') => "a space".to_owned(),
        Some(b'\t') => "a tab".to_owned(),
        Some(&byte) if byte.is_ascii_graphic() => format!("a {}", char::from(byte)),
        Some(&byte) => format!("the control character {byte:02X}"),
        None => "a character".to_owned(),
    }
}
