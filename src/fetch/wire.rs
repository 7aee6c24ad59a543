//! What one exchange put on the wire and got from it, collected byte by byte.
//!
//! Only heads are kept. Every buffer is bounded, whatever the peer sends.

use bytes::Bytes;

pub(super) use crate::domain::http::head::{Excess, MAX_INTERIM};
use crate::domain::http::head_parser::{HeadScanner, MAX_FIELD_LINES, MAX_HEAD_BYTES};
use crate::domain::scan;

/// So many bytes tell which protocol is spoken: an HTTP/2 frame's head is the longest sign.
const LONGEST_SIGN: usize = 9;

/// Most heads are shorter: so much is made room for at once.
const ROOM: usize = 2048;

/// The bytes of a request, up to the end of its head.
#[derive(Debug, Default)]
pub(super) struct Sent {
    raw: Vec<u8>,
    scanner: HeadScanner,
    done: bool,
}

impl Sent {
    /// Takes a byte; false when no more are wanted.
    pub(super) fn push(&mut self, byte: u8) -> bool {
        if !self.done {
            self.raw.push(byte);
            self.done = self.scanner.push(byte);
        }
        !self.done
    }

    /// Takes what was written, as far as it is the head.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        if !self.done {
            self.raw.reserve(bytes.len().min(ROOM));
        }
        while !self.done && !rest.is_empty() {
            let end = scan::find(b'\n', rest).unwrap_or(rest.len());
            self.raw.extend_from_slice(&rest[..end]);
            self.scanner.pass(&rest[..end]);
            rest = &rest[end..];
            if let Some((&byte, after)) = rest.split_first() {
                self.push(byte);
                rest = after;
            }
        }
    }

    /// The head as far as it was written.
    pub(super) fn head(&self) -> Bytes {
        Bytes::copy_from_slice(&self.raw)
    }
}

/// The heads of the responses to one request.
#[derive(Debug, Default)]
pub(super) struct Received {
    /// The head that is arriving, or the final one.
    raw: Vec<u8>,
    scanner: HeadScanner,
    interim: Vec<Bytes>,
    interim_bytes: usize,
    complete: bool,
    pub(super) excess: Option<Excess>,
}

impl Received {
    /// Takes a byte; false when no more are wanted.
    pub(super) fn push(&mut self, byte: u8) -> bool {
        if self.excess.is_some() || self.complete {
            return false;
        }
        self.raw.push(byte);
        if self.scanner.push(byte) {
            self.end_of_head();
        } else if self.raw.len() > MAX_HEAD_BYTES {
            self.excess = Some(Excess::Bytes);
        } else if self.scanner.field_lines() > MAX_FIELD_LINES {
            self.excess = Some(Excess::Lines);
        }
        self.excess.is_none() && !self.complete
    }

    /// Takes heads out of what arrived, up to the end of the final one; says how many bytes that were.
    pub(super) fn take(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        if !self.complete {
            self.raw.reserve(bytes.len().min(ROOM));
        }
        while !self.complete && self.excess.is_none() && !rest.is_empty() {
            // what ends a line or breaks a bound is looked at by itself
            let line = scan::find(b'\n', rest).unwrap_or(rest.len());
            let plain = line.min(MAX_HEAD_BYTES.saturating_sub(self.raw.len()));
            self.raw.extend_from_slice(&rest[..plain]);
            self.scanner.pass(&rest[..plain]);
            rest = &rest[plain..];
            if let Some((&byte, after)) = rest.split_first() {
                self.push(byte);
                rest = after;
            }
        }
        bytes.len() - rest.len()
    }

    /// What came can't become a head of HTTP/1: there is no need to wait for its end.
    pub(super) fn is_foreign(&self) -> bool {
        let start = self.raw.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
        let head = &self.raw[start.unwrap_or(self.raw.len())..];
        let named = |name: &[u8]| {
            let shown = head.len().min(name.len());
            head[..shown].eq_ignore_ascii_case(&name[..shown])
        };
        let told = head.len() >= LONGEST_SIGN || head.contains(&b'\n');
        told && !named(b"HTTP/") && !named(b"ICY ")
    }

    /// The final response's head, complete or as far as it came; empty when nothing did.
    pub(super) fn head(&self) -> Bytes {
        let begun = self.raw.iter().any(|byte| !matches!(byte, b'\r' | b'\n'));
        if begun { Bytes::copy_from_slice(&self.raw) } else { Bytes::new() }
    }

    pub(super) fn interim(&self) -> &[Bytes] {
        &self.interim
    }

    /// The final head is in, whole.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// Not a byte has arrived.
    pub(super) fn is_empty(&self) -> bool {
        self.raw.is_empty() && self.interim.is_empty()
    }

    fn end_of_head(&mut self) {
        if !is_interim(&self.raw) {
            self.complete = true;
            return;
        }
        self.interim_bytes += self.raw.len();
        self.interim.push(self.head());
        self.raw.clear();
        self.scanner = HeadScanner::default();
        if self.interim.len() > MAX_INTERIM || self.interim_bytes > MAX_HEAD_BYTES {
            self.excess = Some(Excess::Interim);
        }
    }
}

/// 1xx, but not 101, which is final on this connection (RFC 9110 §15.2).
fn is_interim(head: &[u8]) -> bool {
    let mut words = head.trim_ascii_start().split(|&byte| byte == b' ');
    let (version, code) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let code = code.trim_ascii_end().get(..3).unwrap_or_default();
    version.starts_with(b"HTTP/") && code.starts_with(b"1") && code != b"101"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(bytes: &[u8]) -> Received {
        let mut received = Received::default();
        for &byte in bytes {
            received.push(byte);
        }
        received
    }

    #[test]
    fn interim_heads_are_told_from_the_final_one() {
        let head = b"\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 302\r\n\r\nbody";
        let received = feed(head);
        assert_eq!(received.interim(), [&b"\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\n"[..]]);
        assert_eq!(received.head(), &b"HTTP/1.1 302\r\n\r\n"[..]);
        assert!(received.is_complete());
        assert_eq!(Received::default().take(head), head.len() - b"body".len());
    }

    #[test]
    fn pieces_are_read_as_their_bytes_are() {
        let heads: [&[u8]; 5] = [
            b"\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 302\r\n\r\nbody",
            b"HTTP/1.1 200 OK\r\n\r\r\r\n\r\r\nA: b\r\n\r\n",
            b"HTTP/1.1 200 OK\nA: b\n\nrest",
            b"HTTP/1.1 200 OK\r\r\n\r\r\n\n",
            &[b'a'; MAX_HEAD_BYTES + 100],
        ];
        for head in heads {
            let (mut whole, mut bytes) = (Received::default(), Received::default());
            let taken = whole.take(head);
            let wanted = head.iter().take_while(|&&byte| bytes.push(byte)).count();
            assert_eq!(whole.head(), bytes.head());
            assert_eq!((whole.complete, whole.excess), (bytes.complete, bytes.excess));
            // the byte that ends it is taken, too
            assert_eq!(taken, head.len().min(wanted + 1));
            let mut sent = Sent::default();
            sent.take(head);
            let mut slow = Sent::default();
            head.iter().all(|&byte| slow.push(byte));
            assert_eq!(sent.head(), slow.head());
        }
    }

    #[test]
    fn a_switch_of_protocols_is_final() {
        assert!(feed(b"HTTP/1.1 101 Switching\r\n\r\n").is_complete());
    }

    #[test]
    fn an_endless_head_stops_being_kept() {
        let received = feed(&[b'a'; MAX_HEAD_BYTES + 100]);
        assert_eq!(received.excess, Some(Excess::Bytes));
        assert_eq!(received.head().len(), MAX_HEAD_BYTES + 1);
        let lines = feed(
            &b"HTTP/1.1 200 OK\r\n"
                .iter()
                .copied()
                .chain(b"a:\n".repeat(10_002))
                .collect::<Vec<_>>(),
        );
        assert_eq!(lines.excess, Some(Excess::Lines));
    }

    #[test]
    fn a_flood_of_interim_heads_is_cut_off() {
        let received = feed(&b"HTTP/1.1 100 Continue\r\n\r\n".repeat(200));
        assert_eq!(received.excess, Some(Excess::Interim));
    }
}
