//! `application/x-www-form-urlencoded` bodies: one field a line, decoded (WHATWG URL, urlencoded parsing).

use memchr::memchr2_iter;

use super::line::{Painter, Token};
use super::lines::{Scanner, Sink, Source};
use crate::domain::http::percent::escaped;

/// Lines start behind each `&`.
#[derive(Clone, Default, Debug)]
pub(super) struct Form {
    /// A `&` came last, or this is no first byte.
    within: bool,
    in_value: bool,
}

impl Scanner for Form {
    /// Whether the line starts in the middle of a value.
    type Start = bool;

    fn scan(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<bool>) {
        if !self.within && !bytes.is_empty() {
            self.within = true;
            sink.line(base, || false);
        }
        for at in memchr2_iter(b'&', b'=', bytes) {
            self.in_value = bytes[at] == b'=';
            if self.in_value {
                continue;
            }
            self.within = at + 1 < bytes.len();
            if self.within {
                sink.line(base + at as u64 + 1, || false);
            }
        }
    }

    fn resume(&self) -> Option<bool> {
        self.within.then_some(self.in_value)
    }

    fn paint(&self, in_value: bool, source: Source<'_>, painter: &mut Painter) {
        let bytes = source.bytes.strip_suffix(b"&").unwrap_or(source.bytes);
        let equals = if in_value { None } else { bytes.iter().position(|&byte| byte == b'=') };
        let Some(at) = equals else {
            let kind = if in_value { Token::String } else { Token::Key };
            return field(bytes, kind, source.offset, painter);
        };
        field(&bytes[..at], Token::Key, source.offset, painter);
        let value = source.offset + at as u64;
        painter.add(" = ", Token::Punctuation, value..value + 1);
        field(&bytes[at + 1..], Token::String, value + 1, painter);
    }
}

/// The decoded text, in parts that stand for the same bytes: what is literal stays verbatim.
fn field(bytes: &[u8], kind: Token, offset: u64, painter: &mut Painter) {
    let mut at = 0;
    while at < bytes.len() {
        let coded = bytes[at..].iter().take_while(|&&byte| is_literal(byte)).count();
        painter.source(&bytes[at..at + coded], kind, offset + at as u64);
        at += coded;
        let end = at + bytes[at..].iter().take_while(|&&byte| !is_literal(byte)).count();
        // the digits of an escape are literals themselves
        let (decoded, taken) = decode(&bytes[at..], end - at);
        painter.decoded(&decoded, kind, &(offset + at as u64..offset + (at + taken) as u64));
        at += taken;
    }
}

fn is_literal(byte: u8) -> bool {
    byte != b'%' && byte != b'+'
}

/// Decodes a run of escapes that starts here, with the number of bytes it takes. A `%` without two digits stands for itself.
fn decode(bytes: &[u8], at_least: usize) -> (Vec<u8>, usize) {
    let (mut decoded, mut at) = (Vec::new(), 0);
    while at < bytes.len() && (at < at_least || !is_literal(bytes[at])) {
        match escaped(&bytes[at..]) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(if bytes[at] == b'+' { b' ' } else { bytes[at] });
                at += 1;
            }
        }
    }
    (decoded, at)
}
