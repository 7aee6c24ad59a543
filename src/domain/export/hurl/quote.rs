//! Words of the hurl file format: everything that could be syntax, a template or invisible is a `\u{…}` escape.

use std::fmt::Write as _;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::super::escape::is_visible;

/// The name of a field.
pub(super) fn key(name: &str) -> String {
    write(name, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// A URL; where hurl would not take one of its characters, a variable in its place and the string it stands for.
pub(super) fn url(text: &str) -> (String, Option<String>) {
    let known =
        |byte: u8| byte.is_ascii_alphanumeric() || b":/.-?=&_%*,@~+!$'();[]".contains(&byte);
    match text.bytes().all(known) {
        true => (text.to_owned(), None),
        false => ("{{url}}".to_owned(), Some(string(text))),
    }
}

/// The rest of a line: a field value, an option's value.
pub(super) fn value(text: &str) -> String {
    // white space at the ends would be taken away
    let inner = text.trim_matches([' ', '\t']);
    let start = text.len() - text.trim_start_matches([' ', '\t']).len();
    let (before, after) = (&text[..start], &text[start + inner.len()..]);
    let none = |_: char| false;
    format!("{}{}{}", write(before, none), write(inner, is_plain), write(after, none))
}

/// A string between double quotes.
pub(super) fn string(text: &str) -> String {
    format!("\"{}\"", write(text, |c| c != '"' && is_plain(c)))
}

/// A body: one line of text between back quotes where it can be read so, else base64.
pub(super) fn body(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) if text.chars().all(is_visible) => {
            format!("`{}`", write(text, |c| c != '`' && is_plain(c)))
        }
        _ => format!("base64,{};", STANDARD.encode(bytes)),
    }
}

fn is_plain(c: char) -> bool {
    is_visible(c) && !matches!(c, '\\' | '#' | '{' | '}')
}

fn write(text: &str, plain: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match plain(c) {
            true => out.push(c),
            false => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_syntax_or_a_template() {
        assert_eq!(key("X-A b"), "X-A\\u{20}b");
        assert_eq!(
            value(" a#b {{c}}\\\n"),
            "\\u{20}a\\u{23}b \\u{7b}\\u{7b}c\\u{7d}\\u{7d}\\u{5c}\\u{a}"
        );
        assert_eq!(string("a\"b"), "\"a\\u{22}b\"");
        assert_eq!(body(b"{\"a\": 1}"), "`\\u{7b}\"a\": 1\\u{7d}`");
        assert_eq!(body(b"a\nb"), "base64,YQpi;");
    }
}
