//! Colours for one line of JSON: its tokens without the white space of the source, with the spaces of the pretty form.

use super::super::line::{Painter, Token};
use super::super::lines::Source;
use super::{Start, Within};

/// What of the line is left to paint.
struct Rest<'a> {
    bytes: &'a [u8],
    offset: u64,
}

pub(super) fn paint(start: Start, source: Source<'_>, painter: &mut Painter) {
    let mut rest = Rest { bytes: source.bytes, offset: source.offset };
    let mut key = start.key;
    match start.within {
        Within::Rest => return raw(rest, painter),
        Within::Fault => {
            let wrong = rest.take(1);
            painter.source(wrong.bytes, Token::Invalid, wrong.offset);
            return raw(rest, painter);
        }
        Within::Nothing => painter.indent(start.depth as usize),
        Within::String => {
            painter.indent(start.depth as usize);
            string(rest.string(0, start.escaped), std::mem::take(&mut key), start.escaped, painter);
        }
        Within::Bare => {
            painter.indent(start.depth as usize);
            let bare = rest.bare(start.escaped);
            painter.source(
                bare.bytes,
                if std::mem::take(&mut key) { Token::Invalid } else { Token::Number },
                bare.offset,
            );
        }
    }
    while rest.skip_spaces() {
        token(&mut rest, &mut key, source.goes_on, painter);
    }
}

fn token(rest: &mut Rest<'_>, key: &mut bool, goes_on: bool, painter: &mut Painter) {
    match rest.bytes.first() {
        Some(b':') => {
            let colon = rest.take(1);
            painter.source(colon.bytes, Token::Punctuation, colon.offset);
            painter.add(" ", Token::Space, 0..0);
        }
        Some(b'{' | b'}' | b'[' | b']' | b',') => {
            let mark = rest.take(1);
            painter.source(mark.bytes, Token::Punctuation, mark.offset);
        }
        Some(b'"') => string(rest.string(1, false), std::mem::take(key), false, painter),
        Some(_) | None => {
            let bare = rest.bare(false);
            let cut = goes_on && rest.bytes.is_empty();
            let kind = if std::mem::take(key) { Token::Invalid } else { scalar(bare.bytes, cut) };
            painter.source(bare.bytes, kind, bare.offset);
        }
    }
}

fn raw(rest: Rest<'_>, painter: &mut Painter) {
    let shown = rest.bytes.strip_suffix(b"\n").unwrap_or(rest.bytes);
    painter.source(shown, Token::Text, rest.offset);
}

/// A string or part of one, its escape sequences apart.
fn string(part: Rest<'_>, is_key: bool, escaped: bool, painter: &mut Painter) {
    let kind = if is_key { Token::Key } else { Token::String };
    let mut part = part;
    if escaped {
        let sequence = part.take(1);
        painter.source(sequence.bytes, Token::Sequence, sequence.offset);
    }
    while !part.bytes.is_empty() {
        let plain = memchr::memchr(b'\\', part.bytes).unwrap_or(part.bytes.len());
        let plain = part.take(plain);
        painter.source(plain.bytes, kind, plain.offset);
        let sequence = part.take(sequence_length(part.bytes));
        painter.source(sequence.bytes, Token::Sequence, sequence.offset);
    }
}

/// `\n` or `\u001b` (RFC 8259 §7).
fn sequence_length(bytes: &[u8]) -> usize {
    match bytes {
        [b'\\', b'u', digits @ ..] => {
            2 + digits.iter().take(4).take_while(|digit| digit.is_ascii_hexdigit()).count()
        }
        [b'\\', second, ..] if second.is_ascii() => 2,
        _ => bytes.len().min(1),
    }
}

fn scalar(bytes: &[u8], cut: bool) -> Token {
    match bytes {
        b"true" | b"false" | b"null" => Token::Literal,
        _ if is_number(bytes) => Token::Number,
        // the rest of it stands in the next line
        _ if cut => Token::Number,
        _ => Token::Invalid,
    }
}

/// RFC 8259 §6.
fn is_number(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"-").unwrap_or(bytes);
    let (integer, rest) = digits(bytes);
    if integer.is_empty() || (integer.len() > 1 && integer[0] == b'0') {
        return false;
    }
    let rest = match rest.strip_prefix(b".").map(digits) {
        Some(([], _)) => return false,
        Some((_, rest)) => rest,
        None => rest,
    };
    let [b'e' | b'E', exponent @ ..] = rest else { return rest.is_empty() };
    let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
    !exponent.is_empty() && digits(exponent).1.is_empty()
}

fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(bytes.iter().take_while(|byte| byte.is_ascii_digit()).count())
}

impl<'a> Rest<'a> {
    fn take(&mut self, length: usize) -> Rest<'a> {
        let (taken, left) = self.bytes.split_at(length.min(self.bytes.len()));
        let offset = self.offset;
        (self.bytes, self.offset) = (left, offset + taken.len() as u64);
        Rest { bytes: taken, offset }
    }

    /// False at the end.
    fn skip_spaces(&mut self) -> bool {
        self.take(self.bytes.iter().take_while(|byte| is_space(**byte)).count());
        !self.bytes.is_empty()
    }

    /// Through the closing quote, or to the end.
    fn string(&mut self, from: usize, escaped: bool) -> Rest<'a> {
        let mut escaped = escaped;
        let closing = self.bytes.iter().skip(from).position(|&byte| {
            let closes = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            closes
        });
        self.take(closing.map_or(self.bytes.len(), |at| from + at + 1))
    }

    /// To the next space, operator or opening quote; a backslash keeps a quote from opening, as in the scanner.
    fn bare(&mut self, escaped: bool) -> Rest<'a> {
        let mut escaped = escaped;
        let end = self.bytes.iter().position(|&byte| {
            let ends = match byte {
                b'{' | b'}' | b'[' | b']' | b':' | b',' => true,
                b'"' => !escaped,
                _ => is_space(byte),
            };
            escaped = byte == b'\\' && !escaped;
            ends
        });
        self.take(end.unwrap_or(self.bytes.len()))
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}
