//! `early-redirect-during-upload`: the redirect came while the upload was still on its way.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect whose first byte arrived before a request body of more than 64 KiB was
    /// sent in full.
    ///
    /// ## Why it matters
    /// The server decided to redirect before reading the upload, so the bytes were wasted or
    /// the connection was reset.
    ///
    /// ## When it is silent
    /// A request with `Expect` waited for leave to send its body.
    id: "early-redirect-during-upload",
    group: Group::MethodSafety,
    severity: Severity::Hint,
    needs: Needs::Observed,
    causes: [
        High: "S3-style region or new-bucket redirect",
        Medium: "auth layer redirects before the body is read",
    ],
    fix: Medium: "send Expect: 100-continue for large uploads, or resolve the final endpoint with a cheap request first",
    references: [
        "RFC 9110 §10.1.1",
        "RFC 9112 §9.6",
        "s3tools/s3cmd#778",
        "rusoto/rusoto#63",
    ],
    check: Check::EachHop(check),
}

/// Bodies up to this size fit into what the network buffers anyway.
const SMALL: u64 = 65_536;

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let size = hop.request().body_len();
    let early = hop.redirects() && hop.hop.exchange.answered_early;
    if !early || size <= SMALL || hop.request().fields.contains("Expect") {
        return;
    }
    let message = format!(
        "the server redirected before it had read the upload: up to {size} B were sent for nothing"
    );
    report.add(Anchor::Step, message, report.usual_fix());
}
