//! Bodies line by line: text in its charset, or raw bytes.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use memchr::memchr_iter;

use super::line::{Painter, Token};
use super::lines::{Scanner, Sink, Source};

/// Lines end at LF; the LF belongs to the line it ends.
#[derive(Clone, Debug)]
pub(super) struct Text {
    style: Style,
    unit: Unit,
    /// The next byte starts a line.
    starts: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Style {
    /// Line ends are not shown, tabs are spaces.
    Text,
    /// Every byte but the LF at the end is shown.
    Raw,
}

/// How LF is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Byte,
    /// UTF-16; the byte before this one, when it is the first of its unit.
    Pair {
        big_endian: bool,
        first: Option<u8>,
    },
}

impl Text {
    pub(super) fn new(charset: &'static Encoding) -> Text {
        let pair = |big_endian| Unit::Pair { big_endian, first: None };
        let unit = match charset {
            _ if charset == UTF_16LE => pair(false),
            _ if charset == UTF_16BE => pair(true),
            _ => Unit::Byte,
        };
        Text { style: Style::Text, unit, starts: true }
    }

    pub(super) fn raw() -> Text {
        Text { style: Style::Raw, unit: Unit::Byte, starts: true }
    }

    /// For a scanner that gave up: the line it gave up in has started already.
    pub(super) fn rest() -> Text {
        Text { starts: false, ..Text::raw() }
    }

    fn scan_pairs(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<()>) {
        let Unit::Pair { big_endian, first } = &mut self.unit else { return };
        for (&byte, offset) in bytes.iter().zip(base..) {
            if std::mem::take(&mut self.starts) {
                sink.line(offset, || ());
            }
            let Some(before) = first.take() else {
                *first = Some(byte);
                continue;
            };
            self.starts = if *big_endian { [before, byte] } else { [byte, before] } == [0, b'\n'];
        }
    }
}

impl Scanner for Text {
    type Start = ();

    fn scan(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<()>) {
        if self.unit != Unit::Byte {
            return self.scan_pairs(bytes, base, sink);
        }
        if self.starts && !bytes.is_empty() {
            self.starts = false;
            sink.line(base, || ());
        }
        for at in memchr_iter(b'\n', bytes) {
            if at + 1 < bytes.len() {
                sink.line(base + at as u64 + 1, || ());
            } else {
                self.starts = true;
            }
        }
    }

    fn resume(&self) -> Option<()> {
        // a line that starts here anyway is no continuation
        (!self.starts).then_some(())
    }

    fn paint(&self, (): (), source: Source<'_>, painter: &mut Painter) {
        let bytes = source.bytes;
        if self.style == Style::Raw {
            return painter.source(
                bytes.strip_suffix(b"\n").unwrap_or(bytes),
                Token::Text,
                source.offset,
            );
        }
        painter.expand_tabs();
        let ends: [&[u8]; 2] = match self.unit {
            Unit::Byte => [b"\n", b"\r"],
            Unit::Pair { big_endian: false, .. } => [b"\n\0", b"\r\0"],
            Unit::Pair { big_endian: true, .. } => [b"\0\n", b"\0\r"],
        };
        let shown = match bytes.strip_suffix(ends[0]) {
            Some(line) => line.strip_suffix(ends[1]).unwrap_or(line),
            None => bytes,
        };
        painter.source(shown, Token::Text, source.offset);
    }
}
