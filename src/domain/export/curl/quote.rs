//! Words for a POSIX shell.

use std::fmt::Write;

use super::super::super::escape::{PieceKind, pieces};

/// A stretch of a value: what can be seen, and what can't.
pub(super) enum Text<'a> {
    Visible(&'a str),
    Hidden(&'a [u8]),
}

/// The stretches of a value. Line breaks count as visible: they are safe in quotes.
pub(super) fn texts(value: &[u8]) -> impl Iterator<Item = Text<'_>> {
    pieces(value).map(move |piece| {
        let source = &value[piece.source];
        match (piece.kind, std::str::from_utf8(source)) {
            (PieceKind::Text, Ok(text)) => Text::Visible(text),
            (PieceKind::Escape, Ok("\n")) => Text::Visible("\n"),
            (PieceKind::Text | PieceKind::Escape, _) => Text::Hidden(source),
        }
    })
}

/// One word: bare where that is safe, else in single quotes; what can't be seen comes from `printf`.
pub(super) fn word(value: &[u8]) -> String {
    let bare = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_./:@%+,".contains(byte);
    if !value.is_empty() && value.iter().all(bare) {
        return String::from_utf8_lossy(value).into_owned();
    }
    let mut out = String::new();
    let (mut quoted, mut hidden) = (String::new(), String::new());
    for text in texts(value) {
        match text {
            Text::Visible(text) => {
                flush(&mut hidden, ("\"$(printf '", "')\""), &mut out);
                quoted.push_str(&text.replace('\'', "'\\''"));
            }
            Text::Hidden(bytes) => {
                flush(&mut quoted, ("'", "'"), &mut out);
                octal(bytes, &mut hidden);
            }
        }
    }
    flush(&mut quoted, ("'", "'"), &mut out);
    flush(&mut hidden, ("\"$(printf '", "')\""), &mut out);
    if out.is_empty() { "''".to_owned() } else { out }
}

fn flush(part: &mut String, (open, close): (&str, &str), out: &mut String) {
    if !part.is_empty() {
        out.push_str(open);
        out.push_str(part);
        out.push_str(close);
        part.clear();
    }
}

/// Bytes as `printf` escapes.
pub(super) fn octal(bytes: &[u8], out: &mut String) {
    for byte in bytes {
        let _ = write!(out, "\\{byte:03o}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_would_read_them() {
        assert_eq!(word(b"http://a.test/x"), "http://a.test/x");
        assert_eq!(word(b""), "''");
        assert_eq!(word(b"a=b"), "'a=b'");
        assert_eq!(word("it's $x `y` !z \\ é".as_bytes()), "'it'\\''s $x `y` !z \\ é'");
        assert_eq!(word(b"~"), "'~'");
    }

    #[test]
    fn what_cannot_be_seen_comes_from_printf() {
        assert_eq!(word(b"a\x1b[2J\xe9b"), "'a'\"$(printf '\\033')\"'[2J'\"$(printf '\\351')\"'b'");
        assert_eq!(word("\u{202e}".as_bytes()), "\"$(printf '\\342\\200\\256')\"");
        assert_eq!(word(b"a\nb"), "'a\nb'");
    }
}
