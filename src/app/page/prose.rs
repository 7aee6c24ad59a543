//! Sentences in columns: wrapped between words, or chopped where there are none. The text is display-safe already.

use crate::domain::text;

use super::{Line, Role, Span};

/// The text in lines of at most so many columns, broken between words.
pub fn wrap(role: Role, prose: &str, columns: usize) -> Vec<Line> {
    flow(&[(role, prose)], columns, columns)
}

/// The text in lines of exactly so many columns; nothing is left out, for copying by hand.
pub fn chop(role: Role, line: &str, columns: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let taken = longest(rest, columns);
        lines.push(Line::of([(role, taken.to_owned())]));
        rest = &rest[taken.len()..];
    }
    lines
}

/// The text in pieces, the first of at most `first` columns, the others of `columns`; nothing is left out.
pub fn pieces(text: &str, first: usize, columns: usize) -> Vec<&str> {
    let mut pieces = vec![text::truncate(text, first)];
    let mut rest = &text[pieces[0].len()..];
    while !rest.is_empty() {
        let taken = longest(rest, columns);
        pieces.push(taken);
        rest = &rest[taken.len()..];
    }
    pieces
}

/// Texts of several roles one after another, broken between words: the first line has `first` columns, the others `columns`.
/// A word wider than a line is chopped.
pub fn flow<T: AsRef<str>>(texts: &[(Role, T)], first: usize, columns: usize) -> Vec<Line> {
    let mut flow =
        Flow { lines: vec![Line::default()], left: first, columns: columns.max(1), gap: 0 };
    for (role, text) in texts {
        for (at, word) in text.as_ref().split(' ').enumerate() {
            flow.gap += usize::from(at > 0);
            if !word.is_empty() {
                flow.word(*role, word);
            }
        }
    }
    flow.lines
}

/// Lines being filled with words.
struct Flow {
    lines: Vec<Line>,
    /// Columns left on the last line.
    left: usize,
    columns: usize,
    /// Spaces that stand before the next word, unless it starts a line.
    gap: usize,
}

impl Flow {
    fn word(&mut self, role: Role, word: &str) {
        let started = self.lines.last().is_some_and(|line| !line.spans.is_empty());
        let gap = if started { std::mem::take(&mut self.gap) } else { 0 };
        self.gap = 0;
        let width = text::width(word);
        if width + gap <= self.left {
            return self.put(role, gap, word);
        }
        if started || self.left < self.columns {
            self.new_line();
        }
        let mut rest = word;
        while text::width(rest) > self.columns {
            let taken = longest(rest, self.columns);
            self.put(role, 0, taken);
            rest = &rest[taken.len()..];
            if rest.is_empty() {
                return;
            }
            self.new_line();
        }
        self.put(role, 0, rest);
    }

    fn new_line(&mut self) {
        self.lines.push(Line::default());
        self.left = self.columns;
    }

    fn put(&mut self, role: Role, gap: usize, word: &str) {
        self.left = self.left.saturating_sub(gap + text::width(word));
        let Some(line) = self.lines.last_mut() else { return };
        let gap = " ".repeat(gap);
        match line.spans.last_mut() {
            Some(last) if last.role == role => last.text.extend([gap.as_str(), word]),
            Some(_) | None => line.spans.push(Span { text: gap + word, role }),
        }
    }
}

/// The longest prefix that fits, but never nothing: a line takes one grapheme at least.
fn longest(line: &str, columns: usize) -> &str {
    match text::truncate(line, columns) {
        "" => text::first(line),
        prefix => prefix,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: Vec<Line>) -> Vec<String> {
        lines.iter().map(Line::text).collect()
    }

    fn plain(prose: &str, first: usize, columns: usize) -> Vec<String> {
        texts(flow(&[(Role::Plain, prose)], first, columns))
    }

    #[test]
    fn breaks_between_words_and_chops_what_is_too_long() {
        assert_eq!(plain("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(plain("a abcdefghij b", 4, 4), ["a", "abcd", "efgh", "ij b"]);
        assert_eq!(plain("first", 2, 8), ["", "first"]);
        assert_eq!(plain("", 4, 4), [""]);
    }

    #[test]
    fn texts_of_several_roles_flow_into_one_another() {
        let lines = flow(&[(Role::Strong, "fix: "), (Role::Plain, "303 or 307")], 8, 8);
        assert_eq!(lines[0].spans.len(), 2);
        assert_eq!(texts(lines), ["fix: 303", "or 307"]);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_its_room(prose in "[a-z 漢]{0,60}", first in 0usize..9, columns in 2usize..9) {
            let lines = plain(&prose, first, columns);
            for (at, line) in lines.iter().enumerate() {
                let room = if at == 0 { first } else { columns };
                proptest::prop_assert!(text::width(line) <= room);
            }
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            proptest::prop_assert_eq!(letters(&lines.concat()), letters(&prose));
        }
    }
}
