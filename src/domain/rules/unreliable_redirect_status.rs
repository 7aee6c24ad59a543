//! `unreliable-redirect-status`: a status that some clients follow and others do not.

use crate::domain::evidence::{HopEvidence, is_redirect_status};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a `Location` with 300, 304, 305, 306, or a 3xx that is not registered.
    ///
    /// ## Why it matters
    /// Only 301, 302, 303, 307 and 308 are followed everywhere; for these codes measured
    /// clients disagree (curl follows all of them, even 304).
    id: "unreliable-redirect-status",
    group: Group::Protocol,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "custom status invented by an appliance",
        Medium: "300 used for language choice",
        Low: "ancient 305",
    ],
    fix: Easy: "answer 301, 302, 303, 307 or 308, which all clients follow",
    references: [
        "RFC 9110 §15.4",
        "RFC 9110 §15.4.1",
        "RFC 9110 §15.4.6",
        "Fetch: redirect status",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let status = hop.status();
    if !(300..400).contains(&status) || is_redirect_status(status) || hop.location.is_none() {
        return;
    }
    let message = format!("some clients follow a {status} with Location (curl does), most don't");
    report.add(Anchor::StatusLine, message, report.usual_fix());
    report.because(match status {
        300 => "300 used for language choice",
        304 => "a cache or middleware turned the redirect into 304",
        305 | 306 => "a status that was withdrawn (RFC 9110 §15.4.6, §15.4.7)",
        _ => "custom status invented by an appliance",
    });
}
