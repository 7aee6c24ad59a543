//! Header sections in the making: field lines with their sources, in curl's wire order.
//!
//! `Host`, `Authorization`, `User-Agent`, `Accept`, `Accept-Encoding`, `Referer`, `Cookie`, the user's lines in their order,
//! `Content-Length`, `Content-Type`, `Expect` (curl 7.88, lib/http.c `Curl_http`).

use crate::domain::http::field::{Field, Fields};
use crate::domain::http::request::{FieldSource, Request};

use super::trail::Shelved;

/// The names a client sends by itself, in the order of the wire.
const ORDER: [&str; 7] =
    ["Host", "Authorization", "User-Agent", "Accept", "Accept-Encoding", "Referer", "Cookie"];

/// One line and where it is from.
pub(super) type Line = (Field, FieldSource);

/// A header section that is being written.
#[derive(Debug, Default)]
pub(super) struct Lines(pub Vec<Line>);

impl Lines {
    pub(super) fn of(request: &Request) -> Lines {
        Lines(request.sourced().map(|(field, source)| (field.clone(), source)).collect())
    }

    pub(super) fn push(&mut self, name: &str, value: impl Into<Vec<u8>>, source: FieldSource) {
        self.0.push((Field::new(name, value), source));
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field.is(name))
    }

    /// Puts a line of the client's own where curl has it: behind those that stand before it on the wire.
    pub(super) fn insert(&mut self, name: &str, value: impl Into<Vec<u8>>, source: FieldSource) {
        let rank = rank(name);
        let at = self.0.iter().take_while(|(field, _)| rank_of(field) < rank).count();
        self.0.insert(at, (Field::new(name, value), source));
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
        self.0.insert(at, (field, source));
    }

    /// How many lines of the user's stand before this index.
    pub(super) fn place(&self, index: usize) -> usize {
        self.users().take_while(|&user| user < index).count()
    }

    /// Takes out the lines for which this holds.
    pub(super) fn drop_where(&mut self, mut drop: impl FnMut(&Field, FieldSource) -> bool) {
        self.0.retain(|(field, source)| !drop(field, *source));
    }

    pub(super) fn split(self) -> (Fields, Vec<FieldSource>) {
        let (fields, sources): (Vec<Field>, Vec<FieldSource>) = self.0.into_iter().unzip();
        (fields.into_iter().collect(), sources)
    }

    /// Indices of the user's lines, apart from those with a place of their own at the top.
    fn users(&self) -> impl Iterator<Item = usize> {
        self.0
            .iter()
            .enumerate()
            .filter(|(_, (field, source))| *source == FieldSource::User && !field.is("Host"))
            .map(|(index, _)| index)
    }
}

fn rank(name: &str) -> usize {
    ORDER.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(ORDER.len())
}

fn rank_of(field: &Field) -> usize {
    rank(&field.name)
}
