//! Faults of a file: where, and what was expected.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_lines_and_characters() {
        assert_eq!(place("a\nüb", 4), (2, 2));
        assert_eq!(place("", 9), (1, 1));
    }
}
