//! `header-injection-via-redirect`: input with line ends reaches the header section.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::field::decode;
use crate::domain::http::head::DeviationKind;
use crate::domain::http::percent::percent_decode;

super::rule! {
    /// ## What it does
    /// Flags a request target with an encoded line end and a field, where the response has
    /// exactly that field; a folded line or bare CR within the `Location`; and, as a hint, an
    /// encoded line end that is copied from the request into the `Location`.
    ///
    /// ## Why it matters
    /// Input copied into Location can start new headers or a second response.
    ///
    /// ## When it is silent
    /// A server that answers such input with 400.
    id: "header-injection-via-redirect",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "return URL echoed without encoding",
        Low: "old server or proxy that allows raw newlines",
    ],
    fix: Medium: "reject CR/LF before building headers and use a header API that refuses them",
    references: [
        "RFC 9112 §11.1",
        "RFC 9110 §5.5",
        "CWE-113",
        "WSTG-INPV-15",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let target = hop.request().target();
    let can_end_lines = target.bytes().any(|byte| matches!(byte, b'%' | b'\r' | b'\n'));
    if !can_end_lines && !has_line_end_in_location(hop) {
        return;
    }
    if let Some((name, occurrence)) = injected(hop) {
        let message = format!("{name} came in with the request's URL, through an encoded line end");
        let anchor = FieldAnchor { name, occurrence, bytes: None };
        report.add(Anchor::Header(anchor), message, report.usual_fix());
    } else if has_line_end_in_location(hop) {
        let message =
            "the Location goes over a line end: input reached the header unchecked".to_owned();
        report.add(Anchor::location(), message, report.usual_fix());
    } else if let Some(at) = copied(hop) {
        let message = "an encoded line end of the request is copied here: harmless as long as nobody decodes it".to_owned();
        report.add_as(
            Severity::Hint,
            Anchor::location_bytes(at..at + 6),
            message,
            report.usual_fix(),
        );
    }
}

/// A response field that the request's target holds after a line end.
fn injected(hop: &HopEvidence<'_>) -> Option<(String, usize)> {
    let target = percent_decode(hop.request().target().as_bytes());
    let text = decode(&target);
    text.split(['\r', '\n']).skip(1).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let value = value.split('&').next().unwrap_or_default().trim();
        let mut lines = hop.fields().all(name).enumerate();
        let (at, field) = lines.find(|(_, field)| !name.is_empty() && field.text() == value)?;
        Some((field.name.clone(), at + 1))
    })
}

fn has_line_end_in_location(hop: &HopEvidence<'_>) -> bool {
    let Some(head) = &hop.hop.exchange.response else { return false };
    head.deviations.iter().any(|deviation| {
        matches!(
            deviation.kind,
            DeviationKind::FoldedLine | DeviationKind::BareCr | DeviationKind::LineBreak
        ) && deviation
            .field
            .and_then(|at| head.fields.iter().nth(at))
            .is_some_and(|f| f.is("Location"))
    })
}

fn copied(hop: &HopEvidence<'_>) -> Option<usize> {
    let is_line_end = |bytes: &[u8]| bytes.eq_ignore_ascii_case(b"%0d%0a");
    let location = hop.location.as_ref().filter(|_| hop.redirects())?;
    let asked = hop.request().target().as_bytes().windows(6).any(is_line_end);
    asked.then(|| location.raw.windows(6).position(is_line_end)).flatten()
}
