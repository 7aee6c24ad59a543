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
use crate::domain::text;

use super::units;
use super::{Line, Role};

/// A change in a few words, and in fewer where there is less room: the last of them is empty where the rows of the chain tell it, too.
struct Word {
    role: Role,
    forms: Vec<String>,
    /// The rows tell it, and it is left out only in place of what they do not tell.
    loud: bool,
}

/// The differences as short words, the most important first; empty when only path and query differ.
pub fn changes(from: &Request, to: &Request, changes: &[Change]) -> Vec<(Role, String)> {
    differences(from, to, changes).into_iter().map(Word::whole).collect()
}

fn differences(from: &Request, to: &Request, changes: &[Change]) -> Vec<Word> {
    let mut words = Vec::new();
    words.extend(changes.iter().filter_map(method));
    words.extend(changes.iter().filter_map(body));
    words.extend(place(&from.url, &to.url));
    words.extend(changes.iter().filter_map(field));
    words
}

/// The step from this hop (from 1) to the request after it, on one line; an empty one when only the path differs.
pub fn line(session: &Session, hop: usize) -> Option<Line> {
    Some(joined(&words(session, hop)?, "   "))
}

/// The same in so many columns: closer together, then without names and sizes, then without what the rows tell; what is left out
/// even so is counted.
pub fn fitted(session: &Session, hop: usize, room: usize) -> Option<Line> {
    let mut words = words(session, hop)?;
    let line = joined(&words, "   ");
    if text::width(&line.text()) <= room {
        return Some(line);
    }
    let fits = |words: &[Word]| text::width(&joined(words, "  ").text()) <= room;
    while !fits(&words) && (shorten(&mut words) || spare(&mut words)) {}
    if !fits(&words) && words.iter().any(|word| !word.loud) {
        words.retain(|word| !word.loud);
    }
    let mut line = joined(&words, "  ");
    let mut more = 0;
    while text::width(&line.text()) > room && words.len() > 1 {
        words.pop();
        more += 1;
        line = joined(&words, "  ");
        line.push(Role::Dim, format!("  +{more} more"));
    }
    Some(line)
}

/// The columns that the step wants: with every change named, without what the rows tell but the method, and without that.
pub fn wants(session: &Session, hop: usize) -> [usize; 3] {
    let mut words = words(session, hop).unwrap_or_default();
    let width = |words: &[Word]| text::width(&joined(words, "  ").text());
    while shorten(&mut words) {}
    let named = width(&words);
    while spare(&mut words) {}
    let loud = width(&words);
    words.retain(|word| !word.loud);
    [named, loud, width(&words)]
}

fn words(session: &Session, hop: usize) -> Option<Vec<Word>> {
    let from = &session.chain.hops.get(hop.checked_sub(1)?)?.request;
    let (to, changed) = after(session, hop)?;
    let mut words = differences(from, to, changed);
    if let Some(kind) = soft_kind(session, hop) {
        words.insert(0, Word::only(Role::Strong, kind.title().to_owned()));
    }
    if words.is_empty() && from.url == to.url {
        words.push(Word::only(Role::Dim, "the same request again".to_owned()));
    }
    words.splice(0..0, taken_over(session, hop));
    Some(words)
}

fn joined(words: &[Word], gap: &str) -> Line {
    let gap = || (Role::Plain, gap.to_owned());
    let word = |word: &Word| (word.role, word.forms.first().cloned().unwrap_or_default());
    Line::of(words.iter().flat_map(|of| [gap(), word(of)]).skip(1))
}

/// Gives the last word that has a shorter form that one.
fn shorten(words: &mut [Word]) -> bool {
    let shorter = |word: &&mut Word| word.forms.get(1).is_some_and(|form| !form.is_empty());
    match words.iter_mut().rev().find(shorter) {
        Some(word) => {
            word.forms.remove(0);
            true
        }
        None => false,
    }
}

/// Takes the last word away that the rows tell.
fn spare(words: &mut Vec<Word>) -> bool {
    let told = |word: &Word| word.forms.get(1).is_some_and(String::is_empty);
    match words.iter().rposition(told) {
        Some(at) => {
            words.remove(at);
            true
        }
        None => false,
    }
}

impl Word {
    fn only(role: Role, text: String) -> Word {
        Word::of(role, vec![text])
    }

    fn of(role: Role, forms: Vec<String>) -> Word {
        Word { role, forms, loud: false }
    }

    fn whole(self) -> (Role, String) {
        (self.role, self.forms.into_iter().next().unwrap_or_default())
    }
}

/// `as requests`, where another client decided on the step than on the first request.
fn taken_over(session: &Session, hop: usize) -> Option<Word> {
    let first = &session.chain.hops.first()?.client;
    let next = session.chain.hops.get(hop).map(|next| &next.client);
    let client = next.or_else(|| planned(session).map(|planned| &planned.client))?;
    (client != first).then(|| Word::only(Role::Strong, format!("as {}", escape(client))))
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

fn method(change: &Change) -> Option<Word> {
    match change {
        Change::Method { from, to } => {
            let text = format!("{} → {}", escape(from), escape(to));
            Some(Word { loud: true, ..Word::only(Role::Strong, text) })
        }
        _ => None,
    }
}

fn body(change: &Change) -> Option<Word> {
    match change {
        Change::BodyDropped { size } => {
            let forms = vec![format!("− body ({})", units::bytes(*size)), "− body".to_owned()];
            Some(Word::of(Role::Removed, forms))
        }
        _ => None,
    }
}

/// Fields that go with the body say nothing beyond `− body`.
fn field(change: &Change) -> Option<Word> {
    let goes_with_body = |name: &str| name.to_ascii_lowercase().starts_with("content-");
    let (role, text) = match change {
        Change::HeaderRemoved { name } if !goes_with_body(name) => {
            (Role::Removed, format!("− {}", escape(name)))
        }
        Change::HeaderAdded { name } => (Role::Added, format!("+ {}", escape(name))),
        Change::HeaderChanged { name } if !name.eq_ignore_ascii_case("host") => {
            (Role::Strong, format!("± {}", escape(name)))
        }
        _ => return None,
    };
    Some(Word::only(role, text))
}

/// How the origin changes. The rows tell it too, but for the loss of https, which is said in any case.
fn place(from: &Url, to: &Url) -> Vec<Word> {
    if same_origin(from, to) {
        return Vec::new();
    }
    let (old, new) = (Origin::of(from), Origin::of(to));
    let mut words = Vec::new();
    if old.scheme != new.scheme {
        let text = format!("{} → {}", old.scheme, new.scheme);
        words.push(match old.scheme == "https" {
            true => Word::only(Role::Removed, text),
            false => Word::of(Role::Added, vec![text, String::new()]),
        });
    }
    if old.host != new.host {
        let named = format!("other host {}", escape(&new.host));
        let forms = vec![named, "other host".to_owned(), String::new()];
        words.push(Word::of(Role::Strong, forms));
    } else if old.scheme == new.scheme {
        let forms = vec![format!("other port {}", new.port), String::new()];
        words.push(Word::of(Role::Strong, forms));
    }
    words
}
