//! The wire tap: takes the exact bytes of every connection from reqwest's verbose log.
//!
//! reqwest formats each read and write as `{id:08x} read: b"..."`; [`Unescape`] undoes that while it is being
//! formatted and stops the formatting by an error as soon as nothing more is wanted, so that bodies cost nothing.
//! The text is no API: reqwest is pinned and tests/routes.rs holds all 256 byte values against it. Where the tap can't be had
//! (another logger is installed), exchanges are recorded from the parsed heads and say so.

use std::fmt::{self, Write};
use std::sync::OnceLock;
use std::time::Instant;

use super::recorder;

const TARGET: &str = "reqwest::connect::verbose";

/// The most bytes handed over at once.
const LINE: usize = 1024;

/// Which way bytes went.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Direction {
    Read,
    Write,
}

/// Installs the tap once for the process; false when another logger stands in its place.
pub(super) fn install() -> bool {
    static INSTALLED: OnceLock<bool> = OnceLock::new();
    *INSTALLED.get_or_init(|| {
        let installed = log::set_logger(&Tap).is_ok();
        if installed {
            log::set_max_level(log::LevelFilter::Trace);
        }
        installed && log::max_level() == log::LevelFilter::Trace
    })
}

struct Tap;

impl log::Log for Tap {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target() == TARGET
    }

    fn log(&self, record: &log::Record<'_>) {
        if record.target() != TARGET {
            return;
        }
        let at = Instant::now();
        recorder::with_current(|recorder| {
            let line = Vec::with_capacity(128);
            let opened = Opened { recorder, at, conn: 0, direction: Direction::Read, line };
            let mut unescape = Unescape::new(opened);
            // the error is how it says that it has seen enough
            let _ = write!(unescape, "{}", record.args());
            unescape.sink.hand_over();
        });
    }

    fn flush(&self) {}
}

/// Takes the bytes of one read or write.
pub(super) trait ByteSink {
    /// The connection and the direction are known; false when no byte is wanted.
    fn open(&mut self, conn: u32, direction: Direction) -> bool;
    /// One byte; false when no more are wanted.
    fn byte(&mut self, byte: u8) -> bool;
}

struct Opened<'a> {
    recorder: &'a mut recorder::Recorder,
    at: Instant,
    conn: u32,
    direction: Direction,
    /// Bytes are handed over line by line: looking up whose they are costs more than keeping them.
    line: Vec<u8>,
}

impl Opened<'_> {
    fn hand_over(&mut self) -> bool {
        let more = self.recorder.bytes(self.conn, self.direction, &self.line);
        self.line.clear();
        more
    }
}

impl ByteSink for Opened<'_> {
    fn open(&mut self, conn: u32, direction: Direction) -> bool {
        (self.conn, self.direction) = (conn, direction);
        self.recorder.moved(conn, direction, self.at)
    }

    fn byte(&mut self, byte: u8) -> bool {
        self.line.push(byte);
        if byte == b'\n' || self.line.len() >= LINE { self.hand_over() } else { true }
    }
}

/// Undoes the escaping of a log line as it is written.
pub(super) struct Unescape<S> {
    state: State,
    prefix: String,
    opened: bool,
    sink: S,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Before the first `b"`, and between the slices of a vectored write.
    Outside,
    /// Between the quotes.
    Inside,
    /// After a backslash.
    Escape,
    /// After `\x`.
    Hex,
    /// After `\x` and one digit.
    Hex2(u8),
}

impl<S: ByteSink> Unescape<S> {
    pub(super) fn new(sink: S) -> Unescape<S> {
        Unescape { state: State::Outside, prefix: String::new(), opened: false, sink }
    }

    fn outside(&mut self, c: char) -> fmt::Result {
        if c != '"' {
            // `xxxxxxxx write (vectored): b` is 28 characters
            return if self.opened || self.prefix.len() > 40 {
                Ok(())
            } else {
                self.prefix.push(c);
                Ok(())
            };
        }
        self.state = State::Inside;
        if self.opened {
            return Ok(());
        }
        self.opened = true;
        let conn = self.prefix.get(..8).and_then(|id| u32::from_str_radix(id, 16).ok());
        let writes = self.prefix.get(9..).is_some_and(|rest| rest.starts_with("write"));
        let direction = if writes { Direction::Write } else { Direction::Read };
        check(self.sink.open(conn.ok_or(fmt::Error)?, direction))
    }

    fn take(&mut self, byte: u8) -> fmt::Result {
        self.state = State::Inside;
        check(self.sink.byte(byte))
    }

    fn step(&mut self, c: char) -> fmt::Result {
        match (self.state, c) {
            (State::Outside, c) => self.outside(c),
            (State::Inside, '\\') => {
                self.state = State::Escape;
                Ok(())
            }
            (State::Inside, '"') => {
                self.state = State::Outside;
                Ok(())
            }
            (State::Inside, c) => self.take(c as u8),
            (State::Escape, 'x') => {
                self.state = State::Hex;
                Ok(())
            }
            (State::Escape, c) => self.take(match c {
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                '0' => 0,
                other => other as u8,
            }),
            (State::Hex, c) => {
                self.state = State::Hex2(hex(c)?);
                Ok(())
            }
            (State::Hex2(high), c) => self.take(high << 4 | hex(c)?),
        }
    }
}

impl<S: ByteSink> Write for Unescape<S> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| self.step(c))
    }
}

fn hex(c: char) -> Result<u8, fmt::Error> {
    c.to_digit(16).map(|digit| digit as u8).ok_or(fmt::Error)
}

fn check(more: bool) -> fmt::Result {
    if more { Ok(()) } else { Err(fmt::Error) }
}

/// For `fuzz/`: the bytes of a line of the library's log.
#[cfg(fuzzing)]
pub fn untapped(line: &str) -> Vec<u8> {
    #[derive(Default)]
    struct Keep(Vec<u8>);

    impl ByteSink for Keep {
        fn open(&mut self, _: u32, _: Direction) -> bool {
            true
        }

        fn byte(&mut self, byte: u8) -> bool {
            self.0.push(byte);
            true
        }
    }

    let mut decoder = Unescape::new(Keep::default());
    let _ = fmt::Write::write_str(&mut decoder, line);
    decoder.sink.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Keep {
        opened: Option<(u32, Direction)>,
        bytes: Vec<u8>,
        cap: usize,
    }

    impl ByteSink for &mut Keep {
        fn open(&mut self, conn: u32, direction: Direction) -> bool {
            self.opened = Some((conn, direction));
            self.cap > 0
        }

        fn byte(&mut self, byte: u8) -> bool {
            self.bytes.push(byte);
            self.bytes.len() < self.cap
        }
    }

    /// Escapes as reqwest does (`util::Escape`).
    fn escape(bytes: &[u8]) -> String {
        let mut text = String::new();
        for &byte in bytes {
            match byte {
                b'\n' => text.push_str("\\n"),
                b'\r' => text.push_str("\\r"),
                b'\t' => text.push_str("\\t"),
                b'\\' => text.push_str("\\\\"),
                b'"' => text.push_str("\\\""),
                0 => text.push_str("\\0"),
                0x20..=0x7e => text.push(char::from(byte)),
                _ => text.push_str(&format!("\\x{byte:02x}")),
            }
        }
        text
    }

    fn undo(line: &str, cap: usize) -> Keep {
        let mut keep = Keep { cap, ..Keep::default() };
        let _ = write!(Unescape::new(&mut keep), "{line}");
        keep
    }

    #[test]
    fn a_vectored_write_is_put_together_again() {
        let keep = undo("00c0ffee write (vectored): b\"POST\\r\\n\"b\"body\"", 99);
        assert_eq!(keep.opened, Some((0x00c0ffee, Direction::Write)));
        assert_eq!(keep.bytes, b"POST\r\nbody");
    }

    #[test]
    fn formatting_stops_when_enough_was_seen() {
        assert_eq!(undo("00000001 read: b\"abcdef\"", 3).bytes, b"abc");
        assert_eq!(undo("00000001 read: b\"abcdef\"", 0).bytes, b"");
    }

    #[test]
    fn a_line_of_another_shape_is_left_alone() {
        assert_eq!(undo("TLS handshake \"done\"", 9).opened, None);
        assert_eq!(undo("zzzzzzzz read: b\"x\"", 9).bytes, b"");
    }

    proptest! {
        #[test]
        fn every_byte_comes_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let keep = undo(&format!("{:08x} read: b\"{}\"", 7, escape(&bytes)), usize::MAX);
            prop_assert_eq!(keep.bytes, bytes);
        }

        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            undo(&text, 10);
        }
    }
}
