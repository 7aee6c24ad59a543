//! What changes on the step from one request to the next: the words between two rows of the chain.
//!
//! Promises: what is lost or exposed stands before what is merely different; nothing that stays is named.

use url::Url;

use crate::app::model::Session;
use crate::domain::chain::{Planned, State};
use crate::domain::escape::escape;
use crate::domain::http::origin::{Origin, same_origin};
use crate::domain::http::request::Request;
use crate::domain::redirect::Change;
use crate::domain::soft::SoftKind;

use super::units;
use super::{Line, Role};

/// Before the name of a host that is another.
pub const OTHER_HOST: &str = "other host ";

/// The differences as short words, the most important first; empty when only path and query differ.
pub fn changes(from: &Request, to: &Request, changes: &[Change]) -> Vec<(Role, String)> {
    let mut words = Vec::new();
    words.extend(changes.iter().filter_map(method));
    words.extend(changes.iter().filter_map(body));
    words.extend(place(&from.url, &to.url));
    words.extend(changes.iter().filter_map(field));
    words
}

/// The step from this hop (from 1) to the request after it, on one line; an empty one when only the path differs.
pub fn line(session: &Session, hop: usize) -> Option<Line> {
    let from = &session.chain.hops.get(hop.checked_sub(1)?)?.request;
    let (to, changed) = after(session, hop)?;
    let mut words = changes(from, to, changed);
    if let Some(kind) = soft_kind(session, hop) {
        words.insert(0, (Role::Strong, kind.title().to_owned()));
    }
    if words.is_empty() && from.url == to.url {
        words.push((Role::Dim, "the same request again".to_owned()));
    }
    words.splice(0..0, taken_over(session, hop));
    let gap = || (Role::Plain, "   ".to_owned());
    let spans = words.into_iter().flat_map(|word| [gap(), word]).skip(1);
    Some(Line::of(spans))
}

/// `as requests`, where another client decided on the step than on the first request.
fn taken_over(session: &Session, hop: usize) -> Option<(Role, String)> {
    let first = &session.chain.hops.first()?.client;
    let next = session.chain.hops.get(hop).map(|next| &next.client);
    let client = next.or_else(|| planned(session).map(|planned| &planned.client))?;
    (client != first).then(|| (Role::Strong, format!("as {}", escape(client))))
}

/// The request after this hop (from 1) with its recorded changes.
pub fn after(session: &Session, hop: usize) -> Option<(&Request, &[Change])> {
    if let Some(next) = session.chain.hops.get(hop) {
        return Some((&next.request, &next.changes));
    }
    let planned = planned(session).filter(|_| hop == session.chain.hops.len())?;
    Some((&planned.request, &planned.changes))
}

/// How the page of this hop (from 1) led to the next request by itself.
fn soft_kind(session: &Session, hop: usize) -> Option<SoftKind> {
    let planned = planned(session).filter(|_| hop == session.chain.hops.len());
    let next = session.chain.hops.get(hop).map(|next| &next.soft);
    let soft = next.or_else(|| planned.map(|planned| &planned.soft))?;
    soft.as_ref().map(|soft| soft.kind)
}

/// The request that is ready or in flight.
pub fn planned(session: &Session) -> Option<&Planned> {
    match &session.chain.state {
        State::Ready(planned) | State::InFlight(planned) => Some(planned),
        State::Ended(_) => None,
    }
}

fn method(change: &Change) -> Option<(Role, String)> {
    match change {
        Change::Method { from, to } => {
            Some((Role::Strong, format!("{} → {}", escape(from), escape(to))))
        }
        _ => None,
    }
}

fn body(change: &Change) -> Option<(Role, String)> {
    match change {
        Change::BodyDropped { size } => {
            Some((Role::Removed, format!("− body ({})", units::bytes(*size))))
        }
        _ => None,
    }
}

/// Fields that go with the body say nothing beyond `− body`.
fn field(change: &Change) -> Option<(Role, String)> {
    let goes_with_body = |name: &str| name.to_ascii_lowercase().starts_with("content-");
    match change {
        Change::HeaderRemoved { name } if !goes_with_body(name) => {
            Some((Role::Removed, format!("− {}", escape(name))))
        }
        Change::HeaderAdded { name } => Some((Role::Added, format!("+ {}", escape(name)))),
        Change::HeaderChanged { name } if !name.eq_ignore_ascii_case("host") => {
            Some((Role::Strong, format!("± {}", escape(name))))
        }
        _ => None,
    }
}

/// How the origin changes.
fn place(from: &Url, to: &Url) -> Vec<(Role, String)> {
    if same_origin(from, to) {
        return Vec::new();
    }
    let (old, new) = (Origin::of(from), Origin::of(to));
    let mut words = Vec::new();
    if old.scheme != new.scheme {
        let worse = old.scheme == "https";
        let role = if worse { Role::Removed } else { Role::Added };
        words.push((role, format!("{} → {}", old.scheme, new.scheme)));
    }
    if old.host != new.host {
        words.push((Role::Strong, format!("{OTHER_HOST}{}", escape(&new.host))));
    } else if old.scheme == new.scheme {
        words.push((Role::Strong, format!("other port {}", new.port)));
    }
    words
}
