//! Faults of a file: where, what was expected, and the nearest name there is.

use std::fmt;
use std::ops::Range;

/// One thing that is wrong in a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Fault {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    pub message: String,
}

impl Fault {
    /// A fault at this line and column, both from 1.
    pub fn new(file: &str, (line, column): (usize, usize), message: impl Into<String>) -> Fault {
        Fault { file: file.to_owned(), line, column, message: message.into() }
    }

    /// A fault at the start of a range of bytes.
    pub fn at(file: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Fault {
        Fault::new(file, place(text, span.start), message)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)
    }
}

/// Line and column (both from 1) of a byte.
pub fn place(text: &str, byte: usize) -> (usize, usize) {
    let mut end = byte.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let before = &text[..end];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    (before.matches('\n').count() + 1, before[start..].chars().count() + 1)
}

/// ` (did you mean "hops"?)`, or nothing where no name is near.
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known.into_iter().map(|known| (distance(name, known), known)).min();
    match near {
        Some((steps, known)) if steps <= known.len().div_ceil(3) => {
            format!(" (did you mean \"{known}\"?)")
        }
        Some(_) | None => String::new(),
    }
}

/// How many letters have to be added, removed or replaced (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (at, letter) in from.chars().enumerate() {
        let mut before = at;
        row[0] = at + 1;
        for (to_at, to_letter) in to.iter().enumerate() {
            let replaced = before + usize::from(letter != *to_letter);
            before = row[to_at + 1];
            row[to_at + 1] = replaced.min(before + 1).min(row[to_at] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters() {
        assert_eq!(place("a\nüb", 4), (2, 2));
        assert_eq!(place("", 9), (1, 1));
    }

    #[test]
    fn only_a_near_name_is_suggested() {
        assert_eq!(hint("hop", ["hops", "status"]), " (did you mean \"hops\"?)");
        assert_eq!(hint("zebra", ["hops", "status"]), "");
    }
}
