//! `unescaped-location-in-body`: input stands unescaped in the redirect's page.

use crate::domain::classify::find_in_any_case;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags an HTML body of a redirect with the raw `Location` or a request parameter in it,
    /// unescaped, where that holds `<`, `>` or `"`. It is an error when it closes the attribute
    /// and opens a tag.
    ///
    /// ## Why it matters
    /// When a browser shows the body (blocked or odd Location), the echoed text runs as markup.
    ///
    /// ## When it is silent
    /// The same text, escaped or percent-encoded.
    id: "unescaped-location-in-body",
    group: Group::Html,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "handwritten redirect page",
        Medium: "old framework version",
    ],
    fix: Easy: "escape the URL for HTML or send an empty body",
    references: [
        "CWE-79",
        "WSTG-INPV-01",
        "RFC 9110 §15.4.3",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let raw = hop.location.iter().map(|location| location.raw);
    let input = hop.base_params.iter().map(|param| param.value.as_bytes());
    let mut texts = raw.chain(input).filter(|text| is_markup(text)).peekable();
    if texts.peek().is_none() || !hop.redirects() || hop.media().as_deref() != Some("text/html") {
        return;
    }
    let body = &hop.hop.exchange.body.head;
    let found = texts.find_map(|text| {
        let at = find_in_any_case(body, text)?;
        Some((at..at + text.len(), text))
    });
    let Some((at, text)) = found else { return };
    let opens = text.contains(&b'<') && (text.contains(&b'"') || text.contains(&b'>'));
    let severity = if opens { Severity::Error } else { Severity::Warning };
    let message = "input stands here as markup: a browser that shows this page runs it".to_owned();
    report.add_as(severity, Anchor::Body(Some(at)), message, report.usual_fix());
}

fn is_markup(text: &[u8]) -> bool {
    text.len() >= 2 && text.iter().any(|byte| matches!(byte, b'<' | b'>' | b'"'))
}
