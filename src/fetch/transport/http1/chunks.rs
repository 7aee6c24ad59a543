//! The chunked coding (RFC 9112 §7.1): data out, and the facts of the framing kept.
//!
//! Read as leniently as curl does (a bare LF ends a line), never past the bounds.

use std::io;

use bytes::{Buf, BytesMut};

use super::framing::Taken;
use crate::domain::http::body::Chunk;
use crate::domain::http::field::Fields;
use crate::domain::http::head_parser::parse_fields;
use crate::domain::scan;

/// Extensions, and trailers, may take this much together.
const MAX_EXTRAS: usize = 16 * 1024;

/// The framing of this much of a body is kept.
const KEPT: u64 = 64 * 1024;

/// A chunked body that is arriving.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    state: State,
    /// Bytes of extensions and trailers so far.
    extras: usize,
    seen: u64,
    pub(super) kept: Vec<Chunk>,
    pub(super) trailers: Fields,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum State {
    /// The line with the size comes next.
    #[default]
    Size,
    /// So many bytes of data.
    Data(u64),
    /// The end of line behind the data.
    DataEnd,
    /// The trailer section, up to its empty line.
    Trailers,
    End,
}

impl Chunks {
    /// Takes data out of the buffer: of all chunks in it at once, since many may be tiny.
    pub(super) fn take(&mut self, buffer: &mut BytesMut) -> io::Result<Taken> {
        if let State::Data(left) = self.state {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            // the usual case: nothing but data, handed on without a copy
            if most == buffer.len() || most > KEPT as usize {
                return Ok(self
                    .data(left, most)
                    .map_or(Taken::Hungry, |count| Taken::Data(buffer.split_to(count).freeze())));
            }
        }
        let mut data = BytesMut::new();
        while self.step(buffer, &mut data)? {}
        match (data.is_empty(), self.state) {
            (false, _) => Ok(Taken::Data(data.freeze())),
            (true, State::End) => Ok(Taken::End),
            (true, _) => Ok(Taken::Hungry),
        }
    }

    fn data(&mut self, left: u64, count: usize) -> Option<usize> {
        let left = left - count as u64;
        self.state = if left == 0 { State::DataEnd } else { State::Data(left) };
        (count > 0).then_some(count)
    }

    /// One step; false when more must be read or the end is reached. A fault that follows data is told after it.
    fn step(&mut self, buffer: &mut BytesMut, data: &mut BytesMut) -> io::Result<bool> {
        match self.state {
            State::End => Ok(false),
            State::Data(left) => {
                let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
                data.extend_from_slice(&buffer[..most]);
                buffer.advance(most);
                Ok(self.data(left, most).is_some())
            }
            State::Size => self.line(buffer, data, Chunks::size),
            State::DataEnd => match buffer.first() {
                None => Ok(false),
                Some(b'\r') if buffer.len() == 1 => Ok(false),
                Some(_) => self.line(buffer, data, Chunks::data_end),
            },
            State::Trailers => self.line(buffer, data, Chunks::trailer),
        }
    }

    /// Gives the next line, without its end, to the reader; false while it is not whole.
    fn line(
        &mut self,
        buffer: &mut BytesMut,
        data: &BytesMut,
        read: impl FnOnce(&mut Chunks, &[u8]) -> io::Result<()>,
    ) -> io::Result<bool> {
        let Some(end) = scan::find(b'\n', buffer) else {
            let hopeless = self.extras + buffer.len() > MAX_EXTRAS
                || self.state == State::DataEnd
                || self.state == State::Size && buffer.first().is_some_and(|&b| !starts_size(b));
            return if hopeless && data.is_empty() { Err(malformed()) } else { Ok(false) };
        };
        let line = buffer[..end].strip_suffix(b"\r").unwrap_or(&buffer[..end]);
        match read(self, line) {
            Ok(()) => {
                buffer.advance(end + 1);
                Ok(true)
            }
            // what came before the fault is handed out first; the fault is found again
            Err(_) if !data.is_empty() => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn size(&mut self, line: &[u8]) -> io::Result<()> {
        let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let rest = line[digits..].trim_ascii_start();
        let size = std::str::from_utf8(&line[..digits]).ok();
        let size = size.and_then(|digits| u64::from_str_radix(digits, 16).ok());
        let extension = rest.strip_prefix(b";").or_else(|| rest.is_empty().then_some(rest));
        let (Some(size), Some(extension)) = (size, extension) else { return Err(malformed()) };
        if self.extras + extension.len() > MAX_EXTRAS {
            return Err(malformed());
        }
        self.extras += extension.len();
        if self.seen <= KEPT && self.kept.len() < KEPT as usize / 16 {
            self.kept.push(Chunk { size, extension: extension.trim_ascii().to_vec() });
        }
        self.seen = self.seen.saturating_add(size);
        self.state = if size == 0 { State::Trailers } else { State::Data(size) };
        Ok(())
    }

    fn data_end(&mut self, line: &[u8]) -> io::Result<()> {
        if !line.is_empty() {
            return Err(malformed());
        }
        self.state = State::Size;
        Ok(())
    }

    fn trailer(&mut self, line: &[u8]) -> io::Result<()> {
        if line.is_empty() {
            self.state = State::End;
            return Ok(());
        }
        let extras = self.extras + line.len();
        let field = parse_fields(line).into_iter().next().filter(|field| !field.name.is_empty());
        match field.filter(|_| extras <= MAX_EXTRAS) {
            Some(field) => {
                self.extras = extras;
                self.trailers.push(field.name, field.value);
                Ok(())
            }
            None => Err(malformed()),
        }
    }
}

fn starts_size(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'\r'
}

fn malformed() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "malformed chunk")
}
