//! Header sections in the making: field lines with their sources, in curl's wire order.
//!
//! `Host`, `Authorization`, `User-Agent`, `Accept`, `Accept-Encoding`, `Referer`, `Cookie`, the user's lines in their order,
//! `Content-Length`, `Content-Type`, `Expect` (curl 7.88, lib/http.c `Curl_http`).

use std::borrow::Cow;

use crate::domain::http::field::{Field, Fields};
use crate::domain::http::request::{FieldSource, Request};

use super::trail::Shelved;

/// The names a client sends by itself, in the order of the wire.
const ORDER: [&str; 7] =
    ["Host", "Authorization", "User-Agent", "Accept", "Accept-Encoding", "Referer", "Cookie"];

/// One line and where it is from: one of the request before, unless it was made anew.
pub(super) type Line<'a> = (Cow<'a, Field>, FieldSource);

/// A header section that is being written.
#[derive(Debug, Default)]
pub(super) struct Lines<'a>(pub Vec<Line<'a>>);

impl<'a> Lines<'a> {
    pub(super) fn of(request: &'a Request) -> Lines<'a> {
        Lines(request.sourced().map(|(field, source)| (Cow::Borrowed(field), source)).collect())
    }

    pub(super) fn push(&mut self, name: &str, value: impl Into<Vec<u8>>, source: FieldSource) {
        self.0.push((Cow::Owned(Field::new(name, value)), source));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field.is(name))
    }

    /// Puts a line of the client's own where curl has it: behind those that stand before it on the wire.
    pub(super) fn insert(&mut self, name: &str, value: impl Into<Vec<u8>>, source: FieldSource) {
        let rank = rank(name);
        let at = self.0.iter().take_while(|(field, _)| rank_of(field) < rank).count();
        self.0.insert(at, (Cow::Owned(Field::new(name, value)), source));
    }

    /// Puts a line of the user's back where it stood.
    pub(super) fn restore(&mut self, line: Shelved) {
        let Shelved { field, source, place } = line;
        if source != FieldSource::User || field.is("Host") {
            return self.insert(&field.name, field.value, source);
        }
        let users: Vec<usize> = self.users().collect();
        let at = match (users.get(place), users.last()) {
            (Some(&next), _) => next,
            (None, Some(&last)) => last + 1,
            (None, None) => self.0.iter().take_while(|(_, s)| *s != FieldSource::Body).count(),
        };
        self.0.insert(at, (Cow::Owned(field), source));
    }

    /// Takes out the lines for which this holds.
    pub(super) fn drop_where(&mut self, mut drop: impl FnMut(&Field, FieldSource) -> bool) {
        self.0.retain(|(field, source)| !drop(field, *source));
    }

    pub(super) fn split(self) -> (Fields, Vec<FieldSource>) {
        let sources = self.0.iter().map(|(_, source)| *source).collect();
        (self.0.into_iter().map(|(field, _)| field.into_owned()).collect(), sources)
    }

    /// The header section of the next request: that of the last one where nothing has changed.
    pub(super) fn split_after(self, last: &Request) -> (Fields, Vec<FieldSource>) {
        let same = |((own, source), (field, of)): (&Line<'_>, (&Field, FieldSource))| {
            *source == of && **own == *field
        };
        match self.0.len() == last.fields.len() && self.0.iter().zip(last.sourced()).all(same) {
            true => (last.fields.clone(), last.sources.clone()),
            false => self.split(),
        }
    }

    /// Indices of the user's lines, apart from those with a place of their own at the top.
    fn users(&self) -> impl Iterator<Item = usize> {
        self.0
            .iter()
            .enumerate()
            .filter(|(_, (field, source))| is_users(field, *source))
            .map(|(index, _)| index)
    }
}

/// A line of the user's that stands among those of theirs.
pub(super) fn is_users(field: &Field, source: FieldSource) -> bool {
    source == FieldSource::User && !field.is("Host")
}

fn rank(name: &str) -> usize {
    ORDER.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(ORDER.len())
}

fn rank_of(field: &Field) -> usize {
    rank(&field.name)
}
