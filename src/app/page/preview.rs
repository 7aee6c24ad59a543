//! The preview of the request that is ready: what would be sent next and how it differs from the last one.

use crate::app::keys::Keys;
use crate::app::model::Session;
use crate::domain::chain::Planned;
use crate::domain::danger::Danger;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::request::Request;
use crate::domain::redirect::Change;
use crate::domain::text;

use super::{Line, Role, prose, step, units};

/// The request line, what differs, and the reasons to ask first. Empty when nothing is ready.
pub fn lines(session: &Session, keys: &Keys, width: u16) -> Vec<Line> {
    let Some(planned) = session.chain.ready() else { return offered(session, keys, width) };
    let last = session.chain.hops.last().map(|hop| &hop.request);
    let mut lines = vec![first(planned, last, width.into())];
    let Some(last) = last else {
        lines.push(Line::of([(Role::Dim, "the first request of the chain".to_owned())]));
        return lines;
    };
    lines.extend(reasons(session, width));
    if session.danger.is_empty() {
        lines.push(differences(planned, last));
    }
    lines
}

/// What a browser would send after this final page; the user may, too.
fn offered(session: &Session, keys: &Keys, width: u16) -> Vec<Line> {
    let Some(offer) = &session.offer else { return Vec::new() };
    let wait =
        if offer.seconds > 0 { format!(" after {} s", offer.seconds) } else { String::new() };
    let mut first = Line::of([(Role::Strong, format!(" {} ", offer.method))]);
    let room = usize::from(width).saturating_sub(text::width(&first.text()));
    first.push(Role::Plain, text::fit_middle(&escape(offer.url.as_str()), room));
    let mut how =
        Line::of([(Role::Plain, format!(" by {}{wait}: browsers only. ", offer.kind.title()))]);
    how.push(Role::Key, &keys.soft);
    how.push(Role::Plain, " makes it the next request");
    vec![first, how]
}

fn first(planned: &Planned, last: Option<&Request>, width: usize) -> Line {
    let request = &planned.request;
    let mut line = Line::of([(Role::Strong, format!(" {} ", request.method.as_str()))]);
    let was = last.filter(|last| last.method != request.method);
    let was = was.map(|last| format!("   was {}", last.method.as_str())).unwrap_or_default();
    let body = match request.body_len() {
        0 => String::new(),
        size => format!("   body {}", units::bytes(size)),
    };
    let room = width.saturating_sub(text::width(&line.text()) + was.len() + body.len());
    line.push(Role::Plain, text::fit_middle(&escape(&request.display_url()), room));
    line.push(Role::Strong, body);
    line.push(Role::Dim, was);
    line
}

fn differences(planned: &Planned, last: &Request) -> Line {
    let mut line = Line::default();
    let place = step::changes(last, &planned.request, &[]).into_iter();
    let changes = planned.changes.iter().filter_map(|change| word(change, &planned.request));
    for (role, text) in changes.chain(place) {
        line.push(Role::Plain, if line.spans.is_empty() { " " } else { "   " });
        line.push(role, text);
    }
    if line.spans.is_empty() {
        line.push(Role::Dim, " the same method, fields and body");
    }
    line
}

/// The reasons to ask before the request is sent: what goes where is told in full on any screen.
pub fn reasons(session: &Session, width: u16) -> Vec<Line> {
    let role = Role::Severity(Severity::Warning);
    let room = usize::from(width).saturating_sub(REASON);
    let reason = |danger: &Danger| {
        let text = danger.to_string();
        let lines = prose::flow(&[(role, escape(&text))], room, room).into_iter().enumerate();
        let lead =
            |at| if at == 0 { format!(" {} ", Severity::Warning.badge()) } else { "   ".into() };
        let led = lines.map(move |(at, said)| {
            let mut line = Line::of([(role, lead(at))]);
            line.spans.extend(said.spans);
            line
        });
        led.collect::<Vec<_>>()
    };
    session.danger.iter().flat_map(reason).collect()
}

/// Columns of the badge before a reason.
const REASON: usize = 3;

/// A change with the new value where there is one.
fn word(change: &Change, request: &Request) -> Option<(Role, String)> {
    let value = |name: &str| {
        let text = request.fields.text(name).unwrap_or_default();
        text::fit(&escape(&text), 32).into_owned()
    };
    Some(match change {
        Change::Method { .. } => return None,
        Change::BodyDropped { size } => {
            (Role::Removed, format!("− body ({})", units::bytes(*size)))
        }
        Change::HeaderRemoved { name } => (Role::Removed, format!("− {}", escape(name))),
        Change::HeaderAdded { name } => {
            (Role::Added, format!("+ {}: {}", escape(name), value(name)))
        }
        Change::HeaderChanged { name } => {
            (Role::Strong, format!("± {}: {}", escape(name), value(name)))
        }
    })
}
