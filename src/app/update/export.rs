//! Copying: the menu, and what each of its rows puts on the clipboard.

use crate::app::effect::Effect;
use crate::app::message::{CopyItem, Export};
use crate::app::model::{COPY_MENU, Model, Overlay, Session, Status};
use time::OffsetDateTime;

use crate::domain::chain::{Chain, Hop};
use crate::domain::escape::escape_bytes;
use crate::domain::export::{self, Record};
use crate::domain::http::body::{Bodies, BodyId, BodyRecord};

pub(super) fn update(model: &mut Model, export: Export) -> Vec<Effect> {
    if model.session.is_none() {
        model.status = Some(Status { text: "nothing to copy yet".to_owned(), trouble: false });
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
    let what = COPY_MENU.iter().find(|row| row.1 == item).map_or("", |row| row.2);
    let text = model.session.as_ref().and_then(|session| text(model, session, item));
    let Some(text) = text else {
        let text = format!("this hop has no {what}");
        model.status = Some(Status { text, trouble: true });
        return Vec::new();
    };
    model.copied = Some(text.clone());
    model.status = Some(Status { text: what.to_owned(), trouble: false });
    vec![Effect::Copy { text, what }]
}

fn text(model: &Model, session: &Session, item: CopyItem) -> Option<String> {
    let hop = session.chain.hops.get(session.selected);
    match item {
        CopyItem::CurlHop => curl_hop(model, session, hop),
        CopyItem::CurlChain => Some(export::curl::chain(&session.chain, &model.settings)),
        CopyItem::Url => Some(match hop {
            Some(hop) => hop.request.url.to_string(),
            None => session.chain.ready()?.request.url.to_string(),
        }),
        CopyItem::Location => Some(hop?.resolution.as_ref()?.target.as_ref()?.to_string()),
        CopyItem::ResponseHead => Some(head_text(&hop?.exchange.response.as_ref()?.raw)),
        CopyItem::RequestHead => Some(head_text(&hop?.exchange.sent.as_ref()?.raw)),
        CopyItem::Json => Some(json(model, session)),
    }
}

/// The trace document, with what the model holds of each body: its first bytes.
fn json(model: &Model, session: &Session) -> String {
    let started_at = OffsetDateTime::from_unix_timestamp(session.started_at);
    export::json::document(&Record {
        chain: &session.chain,
        findings: &session.findings,
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

/// The selected hop's request; the one that is ready where it is not sent yet.
fn curl_hop(model: &Model, session: &Session, hop: Option<&Hop>) -> Option<String> {
    let request = match hop {
        Some(hop) => &hop.request,
        None => &session.chain.ready()?.request,
    };
    Some(export::curl::request(request, &model.settings))
}
