//! `location-repeated`: more than one Location.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a response with more than one `Location` line: an error when they differ, a
    /// warning when they are the same.
    ///
    /// ## Why it matters
    /// Location is not a list: measured clients took the first line, the last line, or the
    /// comma-joined text ('/one, /two') as a path.
    id: "location-repeated",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "app and proxy both set the header",
        Medium: "add_header used instead of set",
        Low: "response-splitting attack",
    ],
    fix: Easy: "emit exactly one Location; find the second layer that adds its own",
    references: [
        "RFC 9110 §5.3",
        "RFC 9110 §10.2.2",
        "Fetch: location URL",
        "whatwg/fetch#883",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let mut lines = hop.fields().all("Location");
    let Some(first) = lines.next() else { return };
    let others: Vec<_> = lines.collect();
    if others.is_empty() {
        return;
    }
    let count = others.len() + 1;
    let differing = others.iter().position(|line| line.value != first.value);
    let (severity, at, message) = match differing {
        Some(at) => (
            Severity::Error,
            at,
            format!(
                "{count} Location lines that differ: clients take the first, the last, or both joined by a comma"
            ),
        ),
        None => (
            Severity::Warning,
            0,
            format!(
                "{count} identical Location lines: clients that join them ask for a path with a comma"
            ),
        ),
    };
    let anchor = FieldAnchor {
        name: others.get(at).map_or_else(|| first.name.clone(), |line| line.name.clone()),
        occurrence: at + 2,
        bytes: None,
    };
    report.add_as(severity, Anchor::Header(anchor), message, report.usual_fix());
}
