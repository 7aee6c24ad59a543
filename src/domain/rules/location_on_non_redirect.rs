//! `location-on-non-redirect`: a Location that no client follows.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a `Location` on a response other than 201, 202 and 3xx. It is a warning for a 200
    /// with less than 1 KiB of body: an intended redirect has lost its status.
    ///
    /// ## Why it matters
    /// Clients ignore Location here, so an intended redirect silently does nothing.
    ///
    /// ## When it is silent
    /// 201 and 202 name what they made.
    id: "location-on-non-redirect",
    group: Group::Protocol,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "status overwritten by later code",
        Medium: "confusion with Content-Location",
        Low: "custom client contract",
    ],
    fix: Easy: "set the redirect status, or use Content-Location/Link",
    references: [
        "RFC 9110 §10.2.2",
        "RFC 9110 §8.7",
        "httplint LOCATION_UNDEFINED",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let status = hop.status();
    let Some(field) = hop.fields().first("Location") else { return };
    if matches!(status, 0 | 201 | 202) || (300..400).contains(&status) {
        return;
    }
    let lost = status == 200 && hop.hop.exchange.body.decoded_size < 1024;
    let severity = if lost { Severity::Warning } else { Severity::Info };
    let message = match lost {
        true => "no client follows a Location on 200: was this meant as a redirect?".to_owned(),
        false => format!("no client follows a Location on {status}"),
    };
    let anchor = FieldAnchor { name: field.name.clone(), occurrence: 1, bytes: None };
    report.add_as(severity, Anchor::Header(anchor), message, report.usual_fix());
}
