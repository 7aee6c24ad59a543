//! Shape: a glance at a word, by which it is told from nearly all others: its length and its first letter, in either case.

use super::table::{WORDS, Words};

/// So many shapes are told apart.
pub(super) const COUNT: usize = 64;

/// Some words with their shapes: a text that has none of the shapes has none of the words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Names {
    words: Words,
    shapes: u64,
}

/// The shape of a word, below [`COUNT`].
pub(super) const fn of(word: &[u8]) -> usize {
    let first = match word {
        [first, ..] => first.to_ascii_lowercase(),
        [] => 0,
    };
    (word.len() * 7 + first as usize) % COUNT
}

/// The one bit of the shape of a word.
pub(super) const fn bit(word: &[u8]) -> u64 {
    1 << of(word)
}

impl Names {
    pub(super) const fn of(words: Words) -> Names {
        let (mut shapes, mut texts) = (0, words.texts(&WORDS));
        while let [first, rest @ ..] = texts {
            shapes |= bit(first.bytes());
            texts = rest;
        }
        Names { words, shapes }
    }

    /// The words, where one of them can be among those of these shapes.
    pub(super) fn any_of(self, shapes: u64) -> Option<Words> {
        (self.shapes & shapes != 0).then_some(self.words)
    }

    /// The words, where all of them can be among those of these shapes.
    pub(super) fn all_of(self, shapes: u64) -> Option<Words> {
        (self.shapes & !shapes == 0).then_some(self.words)
    }
}
