//! Text from outside, made fit for a sentence: bounded, without control characters, in quotes where its ends do not show.

use std::borrow::Cow;

/// At most this many characters are quoted.
const LIMIT: usize = 100;

/// The text in quotes, cut and escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LIMIT) + 2);
    out.push('"');
    write(text, &mut out);
    out.push('"');
    out
}

/// The text cut and escaped, without quotes at its ends.
pub fn bare(text: &str) -> Cow<'_, str> {
    if is_bare(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len().min(LIMIT));
    write(text, &mut out);
    Cow::Owned(out.trim_matches('"').to_owned())
}

/// The text is short and harmless, as nearly all are.
pub fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    let quoted = bytes.first() == Some(&b'"') || bytes.last() == Some(&b'"');
    let odd = |byte: &u8| !matches!(byte, b' '..=b'~');
    text.len() <= LIMIT && !quoted && !bytes.iter().fold(false, |found, byte| found | odd(byte))
}

fn write(text: &str, out: &mut String) {
    for (at, letter) in text.chars().enumerate() {
        if at == LIMIT {
            out.push('…');
            break;
        }
        match letter {
            '"' | '\\' => out.push(letter),
            _ if letter.is_control() => out.extend(letter.escape_default()),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_text_is_the_quoted_one_without_quotes_at_its_ends() {
        let long = "\"".to_owned() + &"x".repeat(120);
        for text in ["", "a b", "\"", "\"a\" b\"", "a\tb", "é\n\"", &long] {
            assert_eq!(bare(text), quoted(text).trim_matches('"'));
        }
    }
}
