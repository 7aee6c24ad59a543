//! The request: as it went on the wire, where its lines came from, and what differs from the request before.

use crate::app::keys::Keys;
use crate::app::model::{Model, Session};
use crate::domain::chain::{Hop, Planned};
use crate::domain::danger::Danger;
use crate::domain::escape::escape;
use crate::domain::finding::{Anchor, Severity, Source};
use crate::domain::http::connection::Tls;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::request::{FieldSource, Request};
use crate::domain::redirect::Change;

use super::head::{self, Found};
use super::sheet::{Mark, Sheet};
use super::{Line, Role, step, units};

/// How much of a body is shown.
pub const PREVIEW: usize = 64 << 10;

/// The request of a hop.
pub fn sent(session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let found = super::findings_on(session, hop.index);
    let Some(head) = &hop.exchange.sent else {
        sheet.prose(0, &[(Role::Dim, "Nothing was sent. It would have been:")]);
        sheet.gap();
        planned_head(&mut sheet, &hop.request, &hop.changes, &found);
        body(&mut sheet, &hop.request, &hop.changes);
        return sheet.finish();
    };
    let line = format!("{} {} {}", head.method.as_str(), head.target, head.version);
    request_line(&mut sheet, &line, &found);
    fields(&mut sheet, &head.fields, &hop.request, &hop.changes, &found);
    removed(&mut sheet, &hop.changes);
    body(&mut sheet, &hop.request, &hop.changes);
    sheet.gap();
    connection(&mut sheet, hop);
    if hop.client != session.chain.client.name || hop.index > 1 && session.is_mixed() {
        let text = format!("decided as {}", hop.client);
        sheet.labelled("note", 6, &[(Role::Strong, text)]);
    }
    if hop.edited {
        sheet.labelled("note", 6, &[(Role::Strong, "you changed this request before it was sent")]);
    }
    sheet.finish()
}

/// The request that is ready or in flight.
pub fn planned(model: &Model, session: &Session, planned: &Planned, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    dangers(&mut sheet, &session.danger, &model.keys);
    let state = match session.pending() {
        Some(_) => format!("On its way; no response yet. {} cancels.", model.keys.back),
        None => format!("Not sent yet: {} sends it.", model.keys.step),
    };
    sheet.prose(0, &[(Role::Dim, state)]);
    if session.chain.repeats().is_some() {
        sheet.note(
            Severity::Warning,
            "this very request was sent before: a loop, if it gets the same answer",
        );
    }
    sheet.gap();
    planned_head(&mut sheet, &planned.request, &planned.changes, &[]);
    body(&mut sheet, &planned.request, &planned.changes);
    sheet.gap();
    let hops = session.chain.hops.len();
    if let Some(mut line) = step::line(session, hops).filter(|line| !line.spans.is_empty()) {
        line.spans.insert(0, super::Span { text: "since the last  ".to_owned(), role: Role::Dim });
        sheet.line(line);
    }
    sheet.finish()
}

fn dangers(sheet: &mut Sheet, dangers: &[Danger], keys: &Keys) {
    if dangers.is_empty() {
        return;
    }
    for danger in dangers {
        sheet.note(Severity::Warning, &escape(&danger.to_string()));
    }
    sheet.prose(
        0,
        &[
            (Role::Key, keys.yes.as_str()),
            (Role::Plain, " sends it all the same, "),
            (Role::Key, keys.no.as_str()),
            (Role::Plain, " does not"),
        ],
    );
    sheet.gap();
}

fn planned_head(sheet: &mut Sheet, request: &Request, changes: &[Change], found: &Found<'_>) {
    let line = format!("{} {}", request.method.as_str(), request.target());
    request_line(sheet, &line, found);
    fields(sheet, &request.fields, request, changes, found);
    removed(sheet, changes);
}

fn request_line(sheet: &mut Sheet, line: &str, found: &Found<'_>) {
    let mut marks = head::marks(found, |anchor| *anchor == Anchor::RequestLine);
    let target = line.find(' ').map_or(0, |at| at + 1);
    marks.extend(found.iter().filter_map(|&(index, finding)| match &finding.source {
        Some(Source::Target(at)) => {
            let bytes = Some(at.start + target..at.end + target);
            Some(Mark { index, finding, bytes })
        }
        Some(Source::Header(_) | Source::Body(_)) | None => None,
    }));
    sheet.value(Line::default(), Role::Strong, line.as_bytes(), &marks);
}

fn fields(
    sheet: &mut Sheet,
    fields: &Fields,
    request: &Request,
    changes: &[Change],
    found: &Found<'_>,
) {
    let anchors = head::field_anchors(found, |finding| match (&finding.anchor, &finding.source) {
        (Anchor::RequestHeader(anchor), _) | (_, Some(Source::Header(anchor))) => Some(anchor),
        _ => None,
    });
    for (at, field) in fields.iter().enumerate() {
        let mut lead = Line::default();
        if !changes.is_empty() {
            let (role, mark) = change_of(field, changes);
            lead.push(role, mark);
        }
        lead.push(Role::Name, escape(&field.name));
        lead.push(Role::Dim, ": ");
        let marks: Vec<Mark<'_>> = anchors.marks(fields, at);
        sheet.value(lead, Role::Plain, &field.value, &marks);
        if let Some(source) = source(fields, at, request) {
            sheet.append(Role::Dim, &format!("  ← {source}"));
        }
    }
    for Mark { index, finding, .. } in anchors.missing(fields) {
        sheet.finding(*index, finding);
    }
}

/// The gutter: what is new since the request before.
fn change_of(field: &Field, changes: &[Change]) -> (Role, &'static str) {
    let is = |name: &String| field.is(name);
    for change in changes {
        match change {
            Change::HeaderAdded { name } if is(name) => return (Role::Added, "+ "),
            Change::HeaderChanged { name } if is(name) => return (Role::Strong, "± "),
            Change::HeaderAdded { .. }
            | Change::HeaderChanged { .. }
            | Change::HeaderRemoved { .. }
            | Change::BodyDropped { .. }
            | Change::Method { .. } => {}
        }
    }
    (Role::Plain, "  ")
}

/// The lines of the request before that are gone.
fn removed(sheet: &mut Sheet, changes: &[Change]) {
    for change in changes {
        if let Change::HeaderRemoved { name } = change {
            sheet.line(Line::of([(Role::Removed, format!("− {}", escape(name)))]));
        }
    }
}

/// Where a line came from, where that is not plain from its name.
fn source(fields: &Fields, at: usize, request: &Request) -> Option<&'static str> {
    let field = fields.iter().nth(at)?;
    let nth = fields.iter().take(at).filter(|other| other.is(&field.name)).count();
    let planned = request.sourced().filter(|(planned, _)| planned.is(&field.name)).nth(nth);
    match planned {
        None => Some("for the proxy"),
        Some((_, FieldSource::User)) => Some("you"),
        Some((_, FieldSource::Credentials)) => Some("your credentials"),
        Some((_, FieldSource::Userinfo)) => Some("the URL's user and password"),
        Some((_, FieldSource::Netrc)) => Some(".netrc"),
        Some((_, FieldSource::Jar)) => Some("cookie jar"),
        Some((_, FieldSource::Client | FieldSource::Body)) => None,
    }
}

fn body(sheet: &mut Sheet, request: &Request, changes: &[Change]) {
    for change in changes {
        if let Change::BodyDropped { size } = change {
            let text = format!("− body ({})", units::bytes(*size));
            sheet.line(Line::of([(Role::Removed, text)]));
        }
    }
    let Some(body) = request.body.as_ref().filter(|body| !body.is_empty()) else { return };
    sheet.gap();
    let streamed = if body.streamed { " · streamed, can't be sent twice" } else { "" };
    sheet.labelled("body", 6, &[(Role::Plain, format!("{}{streamed}", units::bytes(body.len())))]);
    let shown = &body.bytes[..body.bytes.len().min(PREVIEW)];
    for line in shown.split(|byte| *byte == b'\n') {
        sheet.value(Line::default(), Role::Plain, line.strip_suffix(b"\r").unwrap_or(line), &[]);
    }
    if body.bytes.len() > PREVIEW {
        let more = format!("… {} more bytes", body.bytes.len() - PREVIEW);
        sheet.line(Line::of([(Role::Dim, more)]));
    }
}

/// TLS with the proxy itself, and why its certificate would be refused.
fn with_proxy(sheet: &mut Sheet, tls: &Tls) {
    let parts = [&tls.version, &tls.cipher, &tls.group, &tls.alpn];
    let text = parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    sheet.labelled("", 6, &[(Role::Plain, escape(&text))]);
    if let Some(error) = &tls.verify_error {
        let text = format!("{} {}", Severity::Warning.badge(), escape(error));
        sheet.labelled("", 6, &[(Role::Severity(Severity::Warning), text)]);
    }
}

fn connection(sheet: &mut Sheet, hop: &Hop) {
    let connection = &hop.exchange.connection;
    if let Some(addr) = connection.remote_addr {
        let how = if connection.reused { "reused connection" } else { "new connection" };
        sheet.labelled("to", 6, &[(Role::Plain, format!("{addr} · {how}"))]);
    }
    if let Some(proxy) = &connection.proxy {
        let text = format!("{} ({})", proxy.url, proxy.source);
        sheet.labelled("proxy", 6, &[(Role::Plain, escape(&text))]);
        if let Some(pre) = &proxy.pre {
            sheet.labelled("", 6, &[(Role::Plain, escape(&format!("by way of {pre}")))]);
        }
        if let Some(tls) = &proxy.tls {
            with_proxy(sheet, tls);
        }
    }
    if let Some(tunnel) = &connection.tunnel {
        let answer = tunnel.response.as_ref();
        let answer =
            answer.map_or("no answer".to_owned(), |a| format!("{} {}", a.status, a.reason));
        let text = format!("CONNECT {} → {answer}", tunnel.request.target);
        sheet.labelled("tunnel", 7, &[(Role::Plain, escape(&text))]);
    }
    let errors = hop.exchange.failure.iter();
    for failure in errors {
        let text = format!("{} {}", Severity::Error.badge(), escape(&failure.message));
        sheet.labelled("then", 6, &[(Role::Severity(Severity::Error), text)]);
    }
}
