//! Empty panes: what would stand here, and the key that brings it.

use crate::app::keys::Keys;
use crate::app::model::{Model, Session};
use crate::app::pane::Pane;
use crate::domain::chain::Hop;
use crate::domain::http::method::Method;
use crate::domain::redirect::cookies::uses_jar;

use super::sheet::Sheet;
use super::{Line, Role};

/// What this pane is for, while the selected request has no response.
pub fn unanswered(model: &Model, session: &Session, pane: Pane, width: u16) -> Vec<Line> {
    let what = match pane {
        Pane::Response => "The response stands here, each finding below the line it is about.",
        Pane::Request => "The request as it went over the wire stands here.",
        Pane::Body => "The body stands here: pretty, raw or hex, to be folded, searched and saved.",
        Pane::Cookies => "The cookies of the hop stand here: sent, stored, refused, and the jar.",
        Pane::Tls => "The TLS session and its certificates stand here.",
        Pane::Time => "The time of each phase stands here, and the whole chain as a waterfall.",
        Pane::Clients => "What each of the clients would do with the response stands here.",
        Pane::Findings => "What is wrong, why, and what to do about it stands here.",
    };
    let keys = &model.keys;
    let next = match (session.pending(), session.chain.ready()) {
        (Some(_), _) => [
            (Role::Plain, "The request is on its way. ".to_owned()),
            (Role::Key, keys.back.clone()),
            (Role::Plain, " cancels it.".to_owned()),
        ],
        (None, Some(_)) => [
            (Role::Plain, "The request is not sent yet. ".to_owned()),
            (Role::Key, keys.step.clone()),
            (Role::Plain, " sends it.".to_owned()),
        ],
        (None, None) => [
            (Role::Plain, "There is no request here. ".to_owned()),
            (Role::Key, keys.again.clone()),
            (Role::Plain, " runs the chain again.".to_owned()),
        ],
    };
    let mut sheet = Sheet::new(width);
    sheet.prose(0, &[(Role::Dim, what)]);
    sheet.gap();
    sheet.prose(0, &next);
    sheet.finish()
}

/// Why this hop has no body, and where to look instead.
pub fn body(model: &Model, hop: &Hop, width: u16) -> Vec<Line> {
    let status = hop.status();
    let why = match status {
        None => "No response came, so there is no body.".to_owned(),
        Some(_) if hop.request.method == Method::HEAD => {
            "A HEAD request asks for the fields alone: there is no body.".to_owned()
        }
        Some(status) => format!("The body of this {status} is empty."),
    };
    let what = if status.is_some() { "the fields" } else { "what went wrong" };
    pointed(&why, &[(Pane::Response, what)], &model.keys, width)
}

/// No cookies at this hop.
pub fn cookies(model: &Model, session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let client = &session.chain.client;
    let why = match hop.exchange.fields().all("Set-Cookie").count() {
        0 => "No cookies at this hop: none was sent, none was set.".to_owned(),
        _ if uses_jar(client) => "No cookie was stored at this hop.".to_owned(),
        _ => format!(
            "{} keeps no cookies here: what Set-Cookie says is noted, but never sent.",
            client.name
        ),
    };
    let mut lines = pointed(&why, &[(Pane::Response, "the fields")], &model.keys, width);
    let mut sheet = Sheet::new(width);
    let keys = &model.keys;
    let give = [
        (Role::Key, keys.headers.as_str()),
        (Role::Dim, " edits the headers of the next run: "),
        (Role::Plain, "Cookie: name=value"),
        (Role::Dim, " sends one"),
    ];
    sheet.prose(0, &give);
    lines.extend(sheet.finish());
    lines
}

/// No TLS at this hop.
pub fn tls(model: &Model, hop: &Hop, width: u16) -> Vec<Line> {
    let why = match hop.request.url.scheme() {
        "https" => "The handshake did not get far enough to tell of it.",
        _ => "No TLS: this hop is plain http, anyone on the way can read and change it.",
    };
    let seen = [(Pane::Response, "the response"), (Pane::Time, "how long the phases took")];
    pointed(why, &seen, &model.keys, width)
}

/// A sentence, and the panes that have more to say.
fn pointed(why: &str, panes: &[(Pane, &str)], keys: &Keys, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    sheet.prose(0, &[(Role::Plain, why)]);
    sheet.gap();
    for (pane, what) in panes {
        sheet.prose(0, &[(Role::Key, keys.pane(*pane)), (Role::Dim, &format!(" shows {what}"))]);
    }
    sheet.finish()
}
