//! `redirect-framing-error`: a redirection whose body is not as long as it says.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::failure::FailureKind;
use crate::domain::http::head::DeviationKind;

super::rule! {
    /// ## What it does
    /// Flags a 3xx with a body in answer to HEAD or on 304, with bytes after its end or less
    /// than its length says, with `Content-Length` beside `Transfer-Encoding`, or with lengths
    /// that differ.
    ///
    /// ## Why it matters
    /// Clients usually skip redirect bodies and reuse the connection, so a wrong length
    /// corrupts the next response.
    ///
    /// ## When it is silent
    /// A body that hopstep itself stopped reading.
    id: "redirect-framing-error",
    group: Group::Protocol,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "handmade redirect response in a script or appliance",
        Medium: "compressing proxy changes the body but not the length",
    ],
    fix: Medium: "let the server library frame the body; send Content-Length: 0 if empty",
    references: [
        "RFC 9112 §6.3",
        "RFC 9110 §9.3.2",
        "RFC 9110 §15.4.5",
        "CWE-444",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !(300..400).contains(&hop.status()) {
        return;
    }
    let exchange = &hop.hop.exchange;
    let deviations = exchange.response.iter().flat_map(|head| &head.deviations);
    let framing = deviations.map(|deviation| deviation.kind).find(|kind| {
        matches!(
            kind,
            DeviationKind::BothLengths
                | DeviationKind::DifferingLengths
                | DeviationKind::InvalidLength
                | DeviationKind::ExtraBytes
        )
    });
    let no_body = hop.method() == "HEAD" || hop.status() == 304;
    let cut = exchange.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Body);
    let message = match framing {
        Some(kind) => kind.sentence().to_owned(),
        None if no_body && exchange.body.size > 0 => {
            "this response must have no body, and has one".to_owned()
        }
        None if cut => "the connection closed before the body's end".to_owned(),
        None => return,
    };
    report.add(Anchor::Body(None), message, report.usual_fix());
}
