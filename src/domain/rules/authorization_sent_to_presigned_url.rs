//! `authorization-sent-to-presigned-url`: a presigned URL gets an Authorization field beside its signature.

use crate::domain::classify::intent::is_presigned;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect to a presigned URL to which the client sends `Authorization` as well: a
    /// warning while it is only planned, an error once it was sent.
    ///
    /// ## Why it matters
    /// Signed storage URLs already carry their own credential and S3-compatible stores reject a
    /// second one with 400, besides leaking the first.
    ///
    /// ## When it is silent
    /// A client that drops `Authorization` when the origin changes does right.
    id: "authorization-sent-to-presigned-url",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "client forwards the API bearer token",
        Medium: "internal proxy follows the redirect with the header attached",
        Low: "storage and API share one host so stripping rules do not apply",
    ],
    fix: Easy: "strip Authorization for the storage hop; server side, return the signed URL in JSON instead of redirecting",
    references: [
        "RFC 9110 §15.4",
        "r-lib/httr#626",
        "penpot/penpot#10776",
        "snoyberg/http-client#300",
        "usebruno/bruno#7570",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if hop.target().is_none() || !is_presigned(hop) {
        return;
    }
    if !hop.next_request.is_some_and(|next| next.fields.contains("Authorization")) {
        return;
    }
    let refused = hop.next_hop.and_then(|next| next.status()).filter(|s| matches!(s, 400 | 403));
    let severity = if hop.next_hop.is_some() { Severity::Error } else { Severity::Warning };
    let message = match refused {
        Some(status) => format!("the signed URL got Authorization too, and the store answered {status}"),
        None => "the signed URL gets Authorization too: stores refuse two credentials, and this one leaks".to_owned(),
    };
    report.add_as(severity, Anchor::location(), message, report.usual_fix());
}
