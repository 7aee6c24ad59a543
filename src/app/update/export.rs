//! Copying: the menu, and what each of its rows puts on the clipboard.

mod choose;

use crate::app::effect::Effect;
use crate::app::message::{CopyItem, Export};
use crate::app::model::{COPY_MENU, Model, Overlay, Session};
use time::OffsetDateTime;

use crate::app::page::selected_hop;
use crate::app::page::step::planned;
use crate::app::pane::Pane;
use crate::app::privacy;
use crate::domain::chain::{Chain, Hop};
use crate::domain::escape::escape_bytes;
use crate::domain::export::{self, Record};
use crate::domain::http::body::{Bodies, BodyId, BodyRecord};

pub(super) fn update(model: &mut Model, export: Export) -> Vec<Effect> {
    if model.session.is_none() {
        model.say("nothing to copy yet");
        return Vec::new();
    }
    match export {
        Export::Menu => {
            model.overlay = Some(Overlay::Copy { selected: 0 });
            Vec::new()
        }
        Export::Copy(item) => copy(model, item),
    }
}

fn copy(model: &mut Model, item: CopyItem) -> Vec<Effect> {
    model.overlay = None;
    let seen = model.public.as_deref().unwrap_or(model);
    if let Some((title, rows)) = choose::rows(seen, item) {
        return pick(model, title, rows);
    }
    if item == CopyItem::Body {
        return copy_body(model);
    }
    let what = COPY_MENU.iter().find(|row| row.1 == item).map_or("", |row| row.2);
    let text = seen.session.as_ref().and_then(|session| text(seen, session, item));
    let Some(text) = text else {
        let body = model.keys.pane(Pane::Body);
        let text = match item == CopyItem::Path {
            true => format!("open a JSON or HTML body ({body}): the path is its line's"),
            false => format!("this hop has no {what}"),
        };
        model.trouble(text);
        return Vec::new();
    };
    put(model, text, what)
}

/// Copies this text; the status says what it is until the answer comes.
pub(super) fn put(model: &mut Model, text: String, what: &'static str) -> Vec<Effect> {
    let text = privacy::copied(model, text);
    model.copied = Some(text.clone());
    model.say(what);
    vec![Effect::Copy { text, what }]
}

/// The body has been read for copying.
pub(super) fn body_text(model: &mut Model, text: Option<String>) -> Vec<Effect> {
    match text {
        Some(text) => put(model, text, "body"),
        None => {
            let save = &model.keys.save;
            model.trouble(format!("too long for a clipboard: {save} saves it to a file"));
            Vec::new()
        }
    }
}

fn copy_body(model: &mut Model) -> Vec<Effect> {
    let hop = model.session.as_ref().and_then(selected_hop);
    let id = hop.map(|hop| &hop.exchange.body).filter(|body| !body.is_empty()).map(|body| body.id);
    if id.is_none() {
        model.trouble("this hop has no body");
    }
    id.map(Effect::CopyBody).into_iter().collect()
}

/// Lets the user choose among several; a single one is copied at once.
fn pick(model: &mut Model, title: &'static str, mut rows: Vec<(String, String)>) -> Vec<Effect> {
    match rows.len() {
        0 => model.trouble(format!("this hop has no {title}")),
        1 => return put(model, rows.remove(0).1, title),
        _ => model.overlay = Some(Overlay::Pick { title, rows, selected: 0 }),
    }
    Vec::new()
}

fn text(model: &Model, session: &Session, item: CopyItem) -> Option<String> {
    let hop = session.chain.hops.get(session.selected);
    match item {
        CopyItem::CurlHop => curl_hop(model, session, hop),
        CopyItem::CurlChain => Some(export::curl::chain(&session.chain, &model.settings)),
        CopyItem::Url => Some(match hop {
            Some(hop) => hop.request.url.to_string(),
            None => planned(session)?.request.url.to_string(),
        }),
        CopyItem::Location => Some(hop?.resolution.as_ref()?.target.as_ref()?.to_string()),
        CopyItem::ResponseHead => Some(head_text(&hop?.exchange.response.as_ref()?.raw)),
        CopyItem::RequestHead => Some(head_text(&hop?.exchange.sent.as_ref()?.raw)),
        CopyItem::Path => path(model, hop?),
        CopyItem::Markdown => Some(with_record(model, session, export::markdown::document)),
        CopyItem::Json => Some(with_record(model, session, export::json::document)),
        CopyItem::HeaderLine | CopyItem::Cookie | CopyItem::Finding | CopyItem::Body => None,
    }
}

/// The path of the line under the cursor, while this hop's body is laid out.
fn path(model: &Model, hop: &Hop) -> Option<String> {
    let window = model.panes.body.window.as_ref()?;
    window.path.clone().filter(|_| window.id == hop.exchange.body.id)
}

/// A document of the chain, with what the model holds of each body: its first bytes.
fn with_record(model: &Model, session: &Session, document: fn(&Record<'_>) -> String) -> String {
    let started_at = OffsetDateTime::from_unix_timestamp(session.started_at);
    document(&Record {
        chain: &session.chain,
        findings: &session.findings,
        diagnosis: None,
        started_at: started_at.unwrap_or(OffsetDateTime::UNIX_EPOCH),
        bodies: &Heads(&session.chain),
        show_body: BodyRecord::HEAD as u64,
        settings: &model.settings,
        fail_on: None,
    })
}

/// The bodies as far as the chain itself holds them.
struct Heads<'a>(&'a Chain);

impl Bodies for Heads<'_> {
    fn read(&self, id: BodyId, start: u64, len: usize) -> Vec<u8> {
        let record = self.0.hops.iter().map(|hop| &hop.exchange.body).find(|body| body.id == id);
        let head = record.map_or(&[][..], |body| &body.head);
        let start = head.len().min(start as usize);
        head[start..head.len().min(start.saturating_add(len))].to_vec()
    }
}

/// A head as text: its lines are kept, everything else that can't be seen is a visible escape.
fn head_text(raw: &[u8]) -> String {
    let lines: Vec<String> = raw
        .split(|byte| *byte == b'\n')
        .map(|line| escape_bytes(line.strip_suffix(b"\r").unwrap_or(line)))
        .collect();
    lines.join("\n")
}

/// The selected hop's request; the one that is ready or on its way where there is no hop yet.
fn curl_hop(model: &Model, session: &Session, hop: Option<&Hop>) -> Option<String> {
    let request = match hop {
        Some(hop) => &hop.request,
        None => &planned(session)?.request,
    };
    Some(export::curl::request(request, &model.settings))
}
