//! Table: the tables of `assets/`, read when the program was built (`build/typed.rs`).
//!
//! What is in them is found by place and not by reference: the loader fills in every reference of the program at each start.

use std::ops::Range;

use super::fixes::Fix;
use super::intent::condition::Condition;
use super::intent::relation::Relation;
use super::intent::{self, Kind};
use super::issuer;
use super::shape::Names;
use crate::domain::finding::Likelihood;

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// A stretch of the tables' text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Text {
    start: u32,
    length: u16,
}

/// A stretch of a list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Span {
    start: u16,
    length: u16,
}

/// Some texts, in order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Words(Span);

/// What a field line is like: its name, and a pattern of its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Line {
    pub(super) name: Text,
    pub(super) value: Text,
}

/// A key with its texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(super) key: Text,
    pub(super) values: Words,
}

impl Text {
    const fn at(start: u32, length: u16) -> Text {
        Text { start, length }
    }

    pub(crate) fn get(self) -> &'static str {
        let start = self.start as usize;
        TEXT.get(start..start + usize::from(self.length)).unwrap_or_default()
    }

    /// The same as bytes, for what is worked out when the program is built.
    pub(super) const fn bytes(self) -> &'static [u8] {
        let (_, rest) = TEXT.as_bytes().split_at(self.start as usize);
        rest.split_at(self.length as usize).0
    }
}

impl Span {
    const fn at(start: u16, length: u16) -> Span {
        Span { start, length }
    }

    pub(super) const fn slice<T>(self, all: &[T]) -> &[T] {
        let (_, rest) = all.split_at(self.start as usize);
        rest.split_at(self.length as usize).0
    }

    pub(super) fn of<T>(self, all: &[T]) -> &[T] {
        all.get(self.places()).unwrap_or_default()
    }

    /// Where in the list it stands.
    pub(super) fn places(self) -> Range<usize> {
        let start = usize::from(self.start);
        start..start + usize::from(self.length)
    }
}

impl Words {
    pub(crate) fn iter(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.0.of(&WORDS).iter().map(|text| text.get())
    }

    /// The texts, for what is worked out when the program is built.
    pub(super) const fn texts(self, all: &[Text]) -> &[Text] {
        self.0.slice(all)
    }

    pub(crate) fn contains(self, word: &str) -> bool {
        self.iter().any(|own| own == word)
    }
}

#[cfg(test)]
mod tests {
    type Written = &'static [(&'static str, &'static [(&'static str, &'static [&'static str])])];

    const INTENTS: Written = include!(concat!(env!("OUT_DIR"), "/intents_table.rs"));
    const ISSUERS: Written = include!(concat!(env!("OUT_DIR"), "/issuers_table.rs"));
    const FIXES: Written = include!(concat!(env!("OUT_DIR"), "/fixes_table.rs"));

    #[test]
    fn the_tables_are_what_a_toml_parser_reads() {
        for (text, read, top) in [
            (include_str!("../../../assets/intents.toml"), INTENTS, "intent"),
            (include_str!("../../../assets/issuers.toml"), ISSUERS, "issuer"),
            (include_str!("../../../assets/fixes.toml"), FIXES, "fix"),
        ] {
            let whole: toml::Table = toml::from_str(text).unwrap();
            let rows = whole[top].as_array().unwrap();
            assert_eq!(read.iter().filter(|(name, _)| *name == top).count(), rows.len());
            let mut own = read.iter().filter(|(name, _)| *name == top);
            for row in rows {
                let (_, entries) = own.next().unwrap();
                let plain = row.as_table().unwrap().iter().filter(|(_, value)| !is_tables(value));
                for (key, value) in plain {
                    let own = entries.iter().find(|(name, _)| name == key).unwrap();
                    assert_eq!(own.1, texts(value), "{key} of {entries:?}");
                }
            }
        }
    }

    fn is_tables(value: &toml::Value) -> bool {
        value.as_array().is_some_and(|array| array.iter().any(toml::Value::is_table))
    }

    fn texts(value: &toml::Value) -> Vec<String> {
        match value {
            toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
            toml::Value::String(text) => vec![text.clone()],
            other => vec![other.to_string()],
        }
    }
}
