//! `location-percent-encoding-broken`: percent-encoding in the Location that is broken or done twice.

use std::ops::Range;

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::percent::{escaped, percent_decode};
use crate::domain::scan;

super::rule! {
    /// ## What it does
    /// Flags a `%` in the `Location` that two hex digits do not follow, and a segment or value
    /// that is the request's, encoded once more (`%20` became `%2520`). It is an error when
    /// that goes on from hop to hop.
    ///
    /// ## Why it matters
    /// Invalid escapes are rejected by some clients and re-encoded by others, and double
    /// encoding points at a different resource or loops.
    ///
    /// ## When it is silent
    /// A `%25` that the request did not have as `%`, and URLs nested in a parameter, which are
    /// encoded again by right.
    id: "location-percent-encoding-broken",
    group: Group::LocationSyntax,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "already encoded URL passed through an encoder again",
        Medium: "rewrite rule captures decoded text (mod_rewrite without NE/B)",
        Low: "format string with a bare '%'",
    ],
    fix: Medium: "decode exactly once on input and encode exactly once on output",
    references: [
        "RFC 3986 §2.1",
        "RFC 3986 §2.4",
        "RFC 3986 §6.2.2.2",
        "URL: invalid-URL-unit",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let raw = location.raw;
    if scan::find(b'%', raw).is_none() {
        return;
    }
    let broken = raw
        .iter()
        .enumerate()
        .position(|(at, &byte)| byte == b'%' && escaped(&raw[at..]).is_none());
    if let Some(at) = broken {
        let end = (at + 3).min(raw.len());
        let message = "this % starts no encoded byte: some clients refuse it, some encode it again"
            .to_owned();
        report.add(Anchor::location_bytes(at..end), message, report.usual_fix());
    }
    if let Some(at) = encoded_twice(hop) {
        let before = hop.previous.map(|before| depth(before.request.url.as_str().as_bytes()));
        let own = depth(hop.base().as_str().as_bytes());
        let grows = depth(raw) > own && before.is_some_and(|before| own > before);
        let severity = if grows { Severity::Error } else { Severity::Warning };
        let message = "the request had this part encoded once, here it is encoded twice".to_owned();
        report.add_as(severity, Anchor::location_bytes(at), message, report.usual_fix());
    }
}

/// The first segment or value that is one of the request's, encoded once more.
fn encoded_twice(hop: &HopEvidence<'_>) -> Option<Range<usize>> {
    let location = hop.location.as_ref()?;
    let own: Vec<&[u8]> = hop.base().as_str().as_bytes().split(is_border).collect();
    let end = location.query.as_ref().map_or(location.path.end, |query| query.end);
    let mut start = location.path.start;
    for part in location.raw.get(start..end)?.split(is_border) {
        let at = start..start + part.len();
        start = at.end + 1;
        let twice = part.windows(3).any(|bytes| bytes.eq_ignore_ascii_case(b"%25"));
        let once = percent_decode(part);
        if twice && once.contains(&b'%') && own.contains(&once.as_slice()) {
            return Some(at);
        }
    }
    None
}

fn is_border(byte: &u8) -> bool {
    matches!(byte, b'/' | b'?' | b'&' | b'=')
}

/// How many times over a percent sign is encoded: 1 for `%25`, 2 for `%2525`.
fn depth(text: &[u8]) -> usize {
    let after = |at: usize| text.get(at + 1..).unwrap_or_default().chunks_exact(2);
    let runs =
        scan::places(b'%', text).map(|at| after(at).take_while(|pair| *pair == b"25").count());
    runs.max().unwrap_or_default()
}
