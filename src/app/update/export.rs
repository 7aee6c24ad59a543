//! Copying: the menu, and what each of its rows puts on the clipboard.

use crate::app::effect::Effect;
use crate::app::message::{CopyItem, Export};
use crate::app::model::{COPY_MENU, Model, Overlay, Session, Status};
use crate::domain::chain::Hop;
use crate::domain::http::field::decode;

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
        CopyItem::CurlChain => Some(String::new()),
        CopyItem::Url => Some(match hop {
            Some(hop) => hop.request.url.to_string(),
            None => session.chain.ready()?.request.url.to_string(),
        }),
        CopyItem::Location => Some(hop?.resolution.as_ref()?.target.as_ref()?.to_string()),
        CopyItem::ResponseHead => Some(decode(&hop?.exchange.response.as_ref()?.raw)),
        CopyItem::RequestHead => Some(decode(&hop?.exchange.sent.as_ref()?.raw)),
        CopyItem::Json => Some(String::new()),
    }
}

/// The selected hop's request; the one that is ready where it is not sent yet.
fn curl_hop(_: &Model, session: &Session, hop: Option<&Hop>) -> Option<String> {
    let request = match hop {
        Some(hop) => &hop.request,
        None => &session.chain.ready()?.request,
    };
    Some(request.url.to_string())
}
