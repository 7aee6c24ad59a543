//! Sentences in columns: wrapped between words, or chopped where there are none. The text is display-safe already.

use crate::domain::text;

use super::{Line, Role};

/// The text in lines of at most so many columns, broken between words.
pub fn wrap(role: Role, prose: &str, columns: usize) -> Vec<Line> {
    pieces(prose, columns, columns).into_iter().map(|piece| Line::of([(role, piece)])).collect()
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

/// The text in pieces: the first of at most `first` columns, the others of `columns`. A word wider than a line is chopped.
pub fn pieces(prose: &str, first: usize, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut left = first;
    for word in prose.split(' ') {
        let gap = usize::from(lines.last().is_some_and(|line| !line.is_empty()));
        if text::width(word) + gap <= left {
            left -= text::width(word) + gap;
            append(&mut lines, gap, word);
            continue;
        }
        if gap == 1 || left < columns {
            lines.push(String::new());
        }
        let mut rest = word;
        while text::width(rest) > columns {
            let taken = longest(rest, columns);
            append(&mut lines, 0, taken);
            lines.push(String::new());
            rest = &rest[taken.len()..];
        }
        append(&mut lines, 0, rest);
        left = columns.saturating_sub(text::width(rest));
    }
    lines
}

fn append(lines: &mut [String], gap: usize, word: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(&" "[..gap]);
        line.push_str(word);
    }
}

/// The longest prefix that fits, but never nothing: a line takes one character at least.
fn longest(text: &str, columns: usize) -> &str {
    match text::truncate(text, columns) {
        "" => &text[..text.chars().next().map_or(0, char::len_utf8)],
        prefix => prefix,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_between_words_and_chops_what_is_too_long() {
        assert_eq!(pieces("one two three", 7, 7), ["one two", "three"]);
        assert_eq!(pieces("a abcdefghij b", 4, 4), ["a", "abcd", "efgh", "ij b"]);
        assert_eq!(pieces("first", 2, 8), ["", "first"]);
        assert_eq!(pieces("", 4, 4), [""]);
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_its_room(prose in "[a-z 漢]{0,60}", first in 0usize..9, columns in 2usize..9) {
            let pieces = pieces(&prose, first, columns);
            for (at, piece) in pieces.iter().enumerate() {
                let room = if at == 0 { first } else { columns };
                proptest::prop_assert!(text::width(piece) <= room);
            }
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            proptest::prop_assert_eq!(letters(&pieces.concat()), letters(&prose));
        }
    }
}
