//! The response: what came back, with each finding below the line it is about; what the client makes of it; how the hop failed.

use crate::app::model::Session;
use crate::app::pane::Pane;
use crate::domain::chain::{Hop, Verdict};
use crate::domain::escape::escape;
use crate::domain::finding::{Anchor, Finding, Severity};
use crate::domain::http::body::Chunk;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::field::{Fields, decode};
use crate::domain::http::timing::Phase;
use crate::domain::redirect::fault;

use super::head::{self, Found};
use super::sheet::{Mark, Sheet};
use super::{Line, Role, nature, step, units};

pub fn lines(session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let found = super::findings_on(session, hop.index);
    if let Some(failure) = &hop.exchange.failure {
        self::failure(&mut sheet, failure);
        let partial = hop.exchange.response.is_some();
        let received =
            if partial { "  Received before that:" } else { "  No response was received." };
        sheet.prose(0, &[(Role::Dim, received)]);
        sheet.gap();
    }
    for interim in &hop.exchange.informational {
        head::status_line(&mut sheet, interim, &[]);
        head::fields(&mut sheet, interim, &[]);
        sheet.gap();
    }
    if let Some(response) = &hop.exchange.response {
        head::status_line(&mut sheet, response, &found);
        head::fields(&mut sheet, response, &found);
        missing(&mut sheet, &response.fields, &found);
        trailers(&mut sheet, &hop.exchange.trailers);
        sheet.gap();
        body(&mut sheet, session, hop, &found);
        head::behind(&mut sheet, response);
    }
    nature::lines(&mut sheet, session, hop.index);
    then(&mut sheet, session, hop, &found);
    elsewhere(&mut sheet, hop, &found);
    notes(&mut sheet, hop);
    whole_chain(&mut sheet, session, hop);
    sheet.finish()
}

/// Why a hop failed, in full: what happened, the cause underneath, what to try.
pub(super) fn failure(sheet: &mut Sheet, failure: &Failure) {
    let error = Role::Severity(Severity::Error);
    let failed = match failure.kind == FailureKind::Cancelled {
        true => String::new(),
        false => format!("{}: ", failed_in(failure.phase)),
    };
    let what = format!("{} {failed}", Severity::Error.badge());
    sheet.prose(0, &[(error, what.into()), (Role::Strong, escape(&failure.message))]);
    if !failure.cause.is_empty() {
        sheet.labelled("  cause", 9, &[(Role::Plain, escape(&failure.cause))]);
    }
    if !failure.hint.is_empty() {
        sheet.labelled("  try", 9, &[(Role::Plain, escape(&failure.hint))]);
    }
}

fn failed_in(phase: Phase) -> &'static str {
    match phase {
        Phase::Dns => "look-up failed",
        Phase::Connect => "connection failed",
        Phase::Tls => "TLS failed",
        Phase::Wait => "failed while waiting",
        Phase::Receive => "failed while receiving",
    }
}

/// Findings about a line that should be there.
fn missing(sheet: &mut Sheet, fields: &Fields, found: &Found<'_>) {
    let anchors = head::field_anchors(found, |finding| match &finding.anchor {
        Anchor::Header(anchor) => Some(anchor),
        _ => None,
    });
    for Mark { index, finding, .. } in anchors.missing(fields) {
        sheet.finding(*index, finding);
    }
}

fn trailers(sheet: &mut Sheet, fields: &Fields) {
    if fields.is_empty() {
        return;
    }
    sheet.heading("Trailers");
    for field in fields {
        head::field(sheet, field, &[]);
    }
}

/// Size, type and codings of the body; its lines are in the body pane.
fn body(sheet: &mut Sheet, session: &Session, hop: &Hop, found: &Found<'_>) {
    let body = &hop.exchange.body;
    let arriving = session.flights.iter().any(|flight| flight.head && flight.hop == hop.index);
    let mut text = units::bytes(body.size);
    if !body.encodings.is_empty() {
        let codings = body.encodings.join(", ");
        if hop.exchange.shows_coded() {
            text.push_str(&format!(" {codings}, not decoded"));
        } else {
            text.push_str(&format!(" {codings}, {} decoded", units::bytes(body.decoded_size)));
        }
    }
    if let Some(kind) = hop.exchange.fields().text("Content-Type") {
        text.push_str(&format!(" · {kind}"));
    }
    if arriving {
        text.push_str(" · still arriving");
    } else if !body.complete {
        text.push_str(" · cut short");
    }
    if body.truncated {
        text.push_str(" · only a part was kept");
    }
    sheet.labelled("body", 6, &[(Role::Plain, escape(&text))]);
    chunks(sheet, &body.chunks);
    unplaced(sheet, found, |anchor| matches!(anchor, Anchor::Body(_)));
}

/// How a chunked body was framed, as far as it is on record.
fn chunks(sheet: &mut Sheet, chunks: &[Chunk]) {
    const SHOWN: usize = 12;
    if chunks.is_empty() {
        return;
    }
    let one = |chunk: &Chunk| match chunk.extension.as_slice() {
        [] => chunk.size.to_string(),
        extension => format!("{};{}", chunk.size, decode(extension)),
    };
    let mut text = chunks.iter().take(SHOWN).map(one).collect::<Vec<_>>().join(", ");
    if chunks.len() > SHOWN {
        text.push_str(&format!(", … {} more", chunks.len() - SHOWN));
    }
    if chunks.last().is_some_and(|last| last.size > 0) {
        text.push_str(", …");
    }
    sheet.labelled("chunks", 7, &[(Role::Plain, escape(&text))]);
}

/// What the client makes of the response.
fn then(sheet: &mut Sheet, session: &Session, hop: &Hop, found: &Found<'_>) {
    let client = escape(&session.chain.client.name);
    match hop.verdict {
        Verdict::Failed => {}
        // what a broken answer would have been is no matter
        Verdict::Final if hop.exchange.failure.is_some() => {}
        Verdict::Final => {
            let text = format!("{client} takes this as the final response");
            sheet.labelled("then", 6, &[(Role::Plain, text)]);
        }
        Verdict::Stop(reason) => {
            let text = format!("{client} stops: {}", fault::stops(reason, Some(hop)));
            sheet.labelled("then", 6, &[(Role::Severity(Severity::Warning), text)]);
        }
        Verdict::Follow => {
            let Some((next, _)) = step::after(session, hop.index) else { return };
            let request = format!("{} {}", next.method.as_str(), next.display_url());
            let texts = [
                (Role::Plain, format!("{client} sends ").into()),
                (Role::Strong, escape(&request)),
            ];
            sheet.labelled("then", 6, &texts);
            let step = step::line(session, hop.index).filter(|line| !line.spans.is_empty());
            if let Some(mut line) = step {
                line.spans.insert(0, super::Span { text: " ".repeat(6), role: Role::Plain });
                sheet.line(line);
            }
        }
    }
    unplaced(sheet, found, |anchor| *anchor == Anchor::Step);
}

fn unplaced(sheet: &mut Sheet, found: &Found<'_>, fits: impl Fn(&Anchor) -> bool) {
    for Mark { index, finding, .. } in head::marks(found, fits) {
        sheet.finding(index, finding);
    }
}

/// Where the other findings of the hop stand: the row counts them all. A session that failed is told at the top.
fn elsewhere(sheet: &mut Sheet, hop: &Hop, found: &Found<'_>) {
    for (_, finding) in found {
        let pane = match &finding.anchor {
            Anchor::Tls if hop.exchange.failure.is_some() => continue,
            Anchor::RequestLine | Anchor::RequestHeader(_) => Pane::Request,
            Anchor::Tls => Pane::Tls,
            Anchor::Timing => Pane::Time,
            Anchor::StatusLine | Anchor::Header(_) | Anchor::Body(_) => continue,
            Anchor::Step | Anchor::Chain => continue,
        };
        let badge = format!("{} {}", finding.severity.badge(), finding.rule);
        let place = format!(" in the pane {}", pane.title());
        let texts = [(Role::Severity(finding.severity), badge), (Role::Dim, place)];
        sheet.labelled("also", 6, &texts);
    }
}

fn notes(sheet: &mut Sheet, hop: &Hop) {
    for note in &hop.exchange.notes {
        sheet.labelled("note", 6, &[(Role::Dim, escape(note))]);
    }
}

/// What the chain as a whole is found to be stands on its last hop: no line of any hop is its cause.
fn whole_chain(sheet: &mut Sheet, session: &Session, hop: &Hop) {
    if hop.index != session.chain.hops.len() {
        return;
    }
    // a failure stands at the top of the page as it is
    let told =
        |finding: &Finding| finding.rule == "chain-ends-in-error" && hop.exchange.failure.is_some();
    let whole = |finding: &Finding| finding.hop.is_none() && !told(finding);
    let found: Vec<_> =
        session.findings.iter().enumerate().filter(|(_, finding)| whole(finding)).collect();
    if !found.is_empty() {
        sheet.heading("The chain");
    }
    for (index, finding) in found {
        sheet.finding(index, finding);
    }
}
