//! Text from outside, made fit for a sentence: bounded, in quotes, without control characters.

/// At most this many characters are quoted.
const LIMIT: usize = 100;

/// The text in quotes, cut and escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LIMIT) + 2);
    out.push('"');
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
    out.push('"');
    out
}
