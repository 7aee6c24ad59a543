//! The block of one hop.

use super::super::super::chain::{Chain, Hop, Verdict};
use super::super::super::classify::diagnosis::Diagnosis;
use super::super::super::cookie::{CookieNote, StoreEffect};
use super::super::super::escape::escape;
use super::super::super::finding::{Anchor, FieldAnchor, Side, Source};
use super::super::super::http::body::{BodyRecord, Chunk};
use super::super::super::http::field::{Fields, decoded};
use super::super::super::http::head::{Deviation, ResponseHead};
use super::super::super::redirect::Change;
use super::super::super::soft::soft;
use super::super::Record;
use super::super::json;
use super::super::words;
use super::Facts;
use super::connection;
use super::diagnosis;
use super::finding::{self, is_on_line};
use super::paint::{Page, Span, Style};
use crate::domain::redirect::fault;

/// Heads and facts stand this far in.
pub(super) const INDENT: usize = 3;

/// Lines of the final body that are shown.
const BODY_LINES: usize = 8;

/// Bytes of a body that are looked at for them.
const BODY_BYTES: usize = 2048;

pub(super) fn block(record: &Record<'_>, hop: &Hop, verdict: &Diagnosis, page: &mut Page) {
    let title = [hop.request.method.as_str(), " ", &hop.request.display_url()].concat();
    let number = hop.index.to_string();
    let space = &"   "[number.len().min(3)..];
    page.line(0, &[(Style::Dim, &[&number, space].concat()), (Style::Strong, &title)]);
    connection::lines(record, hop, page);
    request(record, hop, page);
    for head in &hop.exchange.informational {
        response_head(record, hop, head, page);
    }
    if let Some(head) = &hop.exchange.response {
        response_head(record, hop, head, page);
        body(record, hop, page);
    }
    diagnosis::nature(verdict, hop.index, page);
    cookies(hop, page);
    failure(hop, page);
    follows(record, hop, page);
}

/// `│ POST → GET   − body (41 B)   + Cookie`
pub(super) fn step(changes: &[Change], page: &mut Page) {
    let mut words = vec![(Style::Dim, "│ ".to_owned())];
    for change in changes {
        let style = match change {
            Change::Method { .. } => Style::Warn,
            Change::BodyDropped { .. } | Change::HeaderRemoved { .. } => Style::Bad,
            Change::HeaderAdded { .. } => Style::Good,
            Change::HeaderChanged { .. } => Style::Moved,
        };
        words.push((style, format!("{}   ", words::change(change))));
    }
    let spans: Vec<Span<'_>> = words.iter().map(|(style, text)| (*style, text.as_str())).collect();
    page.line(INDENT, &spans);
}

fn request(record: &Record<'_>, hop: &Hop, page: &mut Page) {
    let sent = hop.exchange.sent.as_ref();
    let (target, version) = match sent {
        Some(sent) => (sent.target.as_str(), ["HTTP/", sent.version.as_str()]),
        None => (hop.request.target(), ["(not sent)", ""]),
    };
    let line = [hop.request.method.as_str(), " ", target, " ", version[0], version[1]].concat();
    page.line(INDENT, &[(Style::Dim, "> "), (Style::Plain, &line)]);
    for of in finding::on(record, hop.index, |anchor| *anchor == Anchor::RequestLine) {
        finding::under(of, INDENT + 2, 0..line.trim_end().len(), page);
    }
    for of in record.findings.iter().filter(|of| of.hop == Some(hop.index)) {
        if let Some(Source::Target(at)) = &of.source {
            let start = hop.request.method.as_str().len() + 1;
            finding::from(of, INDENT + 2, at.start + start..at.end + start, page);
        }
    }
    let section = sent.map_or(&hop.request.fields, |sent| &sent.fields);
    let section = Section { fields: section, side: Side::Request, head: None, last: true };
    fields(record, hop, section, page);
    if let Some(body) = &hop.request.body {
        page.line(INDENT, &[(Style::Dim, ">")]);
        preview(("> ", &body.bytes, body.len()), None, page);
    }
    page.blank();
}

fn response_head(record: &Record<'_>, hop: &Hop, head: &ResponseHead, page: &mut Page) {
    let style = match head.status {
        300..400 => Style::Moved,
        400.. => Style::Bad,
        _ => Style::Good,
    };
    let (version, status) = match head.odd_start() {
        Some(line) => (String::new(), line),
        None => (
            ["HTTP/", head.version.as_str(), " "].concat(),
            [&head.status.to_string(), " ", &head.reason].concat(),
        ),
    };
    page.line(INDENT, &[(Style::Dim, "< "), (Style::Plain, &version), (style, &status)]);
    deviations(head, Deviation::is_at_start, page);
    let last = hop.exchange.response.as_ref().is_some_and(|own| std::ptr::eq(own, head));
    if last {
        for of in finding::on(record, hop.index, |anchor| on_status(anchor, &head.fields)) {
            finding::under(of, INDENT + 2 + version.len(), 0..status.trim_end().len(), page);
        }
    }
    let section = Section { fields: &head.fields, side: Side::Response, head: Some(head), last };
    fields(record, hop, section, page);
}

/// What is wrong with the line just shown.
fn deviations(head: &ResponseHead, here: impl Fn(&Deviation) -> bool, page: &mut Page) {
    for deviation in head.deviations.iter().filter(|deviation| here(deviation)) {
        page.line(INDENT + 2, &[(Style::Notice, &format!("^ {}", deviation.kind.sentence()))]);
    }
}

/// The lines before this field that are none.
fn strays(head: &ResponseHead, before: usize, page: &mut Page) {
    for (at, stray) in head.strays_before(before) {
        page.line(INDENT, &[(Style::Dim, "< "), (Style::Plain, &decoded(&stray.bytes))]);
        deviations(head, |of| of.stray == Some(at), page);
    }
}

/// On the status line, or on a field that is not there.
fn on_status(anchor: &Anchor, fields: &Fields) -> bool {
    let absent = |(side, field): (Side, &FieldAnchor)| {
        side == Side::Response && !fields.contains(&field.name)
    };
    *anchor == Anchor::StatusLine || anchor.field().is_some_and(absent)
}

/// A header section, and which side sent it.
#[derive(Clone, Copy)]
struct Section<'a> {
    fields: &'a Fields,
    side: Side,
    /// The response's head that it stands in.
    head: Option<&'a ResponseHead>,
    /// Findings are about this section: the request's, or the final response's.
    last: bool,
}

fn fields(record: &Record<'_>, hop: &Hop, section: Section<'_>, page: &mut Page) {
    let arrow = if section.side == Side::Response { "< " } else { "> " };
    for (index, field) in section.fields.iter().enumerate() {
        section.head.iter().for_each(|head| strays(head, index, page));
        page.field(INDENT, arrow, field);
        let at = |of: &Deviation| of.field == Some(index);
        section.head.iter().for_each(|head| deviations(head, at, page));
        let here = |(side, of): (Side, &FieldAnchor)| {
            side == section.side && is_on_line(of, section.fields, index)
        };
        for of in finding::on(record, hop.index, |a| section.last && a.field().is_some_and(here)) {
            finding::under_field(of, field, INDENT + 2, page);
        }
    }
    section.head.iter().for_each(|head| strays(head, section.fields.len(), page));
}

/// How large the body is; the first lines of the final one.
fn body(record: &Record<'_>, hop: &Hop, page: &mut Page) {
    let body = &hop.exchange.body;
    let mut facts = Facts::default();
    facts.add(&["< body: ", &body.size.to_string(), " B"]);
    if !body.encodings.is_empty() {
        let decoded = body.decoded_size.to_string();
        let codings = body.encodings.join(", ");
        if hop.exchange.shows_coded() {
            facts.add(&[&codings, ", not decoded"]);
        } else {
            facts.add(&[&codings, ", ", &decoded, " B decoded"]);
        }
    }
    if !body.complete {
        facts.add(&["incomplete"]);
    }
    if body.truncated {
        facts.add(&["only a part was kept"]);
    }
    if !body.chunks.is_empty() {
        facts.add(&[&chunks(body)]);
    }
    let head = hop.exchange.response.as_ref();
    let behind = head.filter(|head| head.deviations.iter().any(Deviation::is_behind));
    if body.size > 0 || !body.complete || behind.is_some() {
        page.line(INDENT, &[(Style::Dim, &facts.0)]);
    }
    behind.iter().for_each(|head| deviations(head, Deviation::is_behind, page));
    for of in finding::on(record, hop.index, |anchor| matches!(anchor, Anchor::Body(_))) {
        finding::plain(of, INDENT + 2, page);
    }
    if hop.verdict == Verdict::Final && record.show_body > 0 {
        let bytes = record.bodies.read(body.id, 0, BODY_BYTES);
        let content_type = head.and_then(|head| head.fields.text("Content-Type"));
        preview(("< ", &bytes, body.decoded_size), content_type.as_deref(), page);
    }
    for field in &hop.exchange.trailers {
        let (name, value) = (format!("{}: ", field.name), decoded(&field.value));
        let spans = [(Style::Dim, "< trailer "), (Style::Moved, &name), (Style::Plain, &value)];
        page.line(INDENT, &spans);
    }
}

/// How many chunks it came in, as far as they are on record.
fn chunks(body: &BodyRecord) -> String {
    // the last one only says that it is
    let (least, count) = match body.chunks.as_slice() {
        [all @ .., Chunk { size: 0, .. }] => ("", all.len()),
        some => ("at least ", some.len()),
    };
    format!("{least}{count} chunk{}", if count == 1 { "" } else { "s" })
}

/// The first lines of a text, in the charset that its type names; of other bytes only how many there are.
fn preview((arrow, bytes, size): (&str, &[u8], u64), content_type: Option<&str>, page: &mut Page) {
    let bytes = &bytes[..bytes.len().min(BODY_BYTES)];
    if bytes.is_empty() {
        return;
    }
    let ("text", text) = json::content(bytes, (bytes.len() as u64) < size, content_type) else {
        return page.line(INDENT, &[(Style::Dim, &format!("{arrow}{size} bytes, not text"))]);
    };
    let mut lines = text.trim_end_matches(['\r', '\n']).split('\n');
    for line in lines.by_ref().take(BODY_LINES) {
        page.line(INDENT, &[(Style::Dim, arrow), (Style::Plain, line.trim_end_matches('\r'))]);
    }
    if lines.next().is_some() || (bytes.len() as u64) < size {
        page.line(INDENT, &[(Style::Dim, &format!("{arrow}… ({size} B in all)"))]);
    }
}

fn cookies(hop: &Hop, page: &mut Page) {
    for stored in &hop.cookies.stored {
        let effect = match stored.effect {
            StoreEffect::New => "stored",
            StoreEffect::Replaced => "replaced",
            StoreEffect::Deleted => "deleted",
        };
        page.line(INDENT, &[(Style::Dim, &format!("cookie {} {effect}", stored.name))]);
    }
    let mut notes = |of: &[CookieNote], what: &str| {
        for note in of {
            let name = if note.name.is_empty() { "without a name" } else { &note.name };
            let text = format!("cookie {name} {what}: {}", note.reason);
            page.line(INDENT, &[(Style::Notice, &text)]);
        }
    };
    notes(&hop.cookies.rejected, "refused");
    notes(&hop.cookies.withheld, "not sent");
}

fn failure(hop: &Hop, page: &mut Page) {
    let Some(failure) = &hop.exchange.failure else { return };
    page.line(INDENT, &[(Style::Bad, &format!("✖ {}: {}", failure.kind.id(), failure.message))]);
    for (label, text) in [("cause", &failure.cause), ("try", &failure.hint)] {
        if !text.is_empty() {
            page.line(INDENT + 2, &[(Style::Dim, &format!("{label}: {text}"))]);
        }
    }
}

/// What the client does with the response, and what changes on the way to the next request.
fn follows(record: &Record<'_>, hop: &Hop, page: &mut Page) {
    for of in finding::on(record, hop.index, |anchor| *anchor == Anchor::Step) {
        finding::plain(of, INDENT, page);
    }
    if let Some(soft) = soft(hop).filter(|_| hop.verdict == Verdict::Final) {
        let wait =
            if soft.seconds > 0 { format!(" after {} s", soft.seconds) } else { String::new() };
        let target = escape(soft.url.as_str());
        let text =
            format!("⤳ {}{wait}: browsers go on to {} {target}", soft.kind.title(), soft.method);
        page.line(INDENT, &[(Style::Strong, &text)]);
    }
    match (hop.verdict, next_changes(record.chain, hop.index)) {
        (Verdict::Follow, Some(changes)) => step(changes, page),
        (Verdict::Stop(reason), _) => {
            page.line(
                INDENT,
                &[(Style::Bad, &format!("✖ {}: {}", reason.id(), fault::stops(reason, Some(hop))))],
            );
            page.blank();
        }
        (Verdict::Follow | Verdict::Final | Verdict::Failed, _) => page.blank(),
    }
}

fn next_changes(chain: &Chain, hop: usize) -> Option<&[Change]> {
    chain.hops.get(hop).map(|next| next.changes.as_slice())
}
