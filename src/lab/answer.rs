//! Answer: a route as bytes on the wire.

use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use async_compression::tokio::write::GzipEncoder;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::Pace;
use super::route::{Drip, Route};

/// What is sent for a request, ready to be written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Answer {
    delay: Duration,
    head: Vec<u8>,
    body: Vec<u8>,
    drip: Option<Drip>,
    /// The connection is closed afterwards.
    pub(crate) closes: bool,
}

impl Answer {
    /// The answer of this route; to a HEAD request the body is left out.
    pub(crate) async fn of(route: &Route, method: &str) -> io::Result<Answer> {
        let delay = Duration::from_millis(route.delay_ms);
        if let Some(raw) = &route.raw {
            return Ok(Answer {
                delay,
                head: unescape(raw),
                body: Vec::new(),
                drip: None,
                closes: true,
            });
        }
        let body = body(route).await?;
        let head = head(route, body.len());
        let body = if method == "HEAD" { Vec::new() } else { body };
        let closes = route.fields.iter().any(|(name, value)| {
            name.eq_ignore_ascii_case("Connection") && value.eq_ignore_ascii_case("close")
        });
        Ok(Answer { delay, head, body, drip: route.drip, closes })
    }

    /// A text of one line.
    pub(crate) fn plain(status: u16, text: &str) -> Answer {
        let (reason, length) = (reason(status), text.len());
        let head = format!(
            "HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n"
        );
        let (delay, drip) = (Duration::ZERO, None);
        Answer { delay, head: head.into_bytes(), body: text.into(), drip, closes: false }
    }

    /// Writes the answer with its pauses.
    pub(crate) async fn send<S: AsyncWrite + Unpin>(
        &self,
        to: &mut S,
        pace: Pace,
    ) -> io::Result<()> {
        rest(self.delay, pace).await;
        let Some(drip) = self.drip else {
            // one write: head and small body share a packet, as real servers do
            let mut all = self.head.clone();
            all.extend_from_slice(&self.body);
            to.write_all(&all).await?;
            return to.flush().await;
        };
        to.write_all(&self.head).await?;
        to.flush().await?;
        for piece in self.body.chunks(self.body.len().div_ceil(drip.pieces.max(1)).max(1)) {
            rest(Duration::from_millis(drip.every_ms), pace).await;
            to.write_all(piece).await?;
            to.flush().await?;
        }
        Ok(())
    }
}

/// Pauses, in the lab's own time.
pub(crate) async fn rest(delay: Duration, pace: Pace) {
    let delay = match pace {
        Pace::Real => delay,
        Pace::Swift => delay / 100,
    };
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
}

/// The bytes of a route's body, coded.
pub(crate) async fn body(route: &Route) -> io::Result<Vec<u8>> {
    let body = route.json_bytes.map_or_else(|| route.body.clone(), orders).into_bytes();
    if !route.gzip {
        return Ok(body);
    }
    let mut encoder = GzipEncoder::new(Vec::new());
    encoder.write_all(&body).await?;
    encoder.shutdown().await?;
    Ok(encoder.into_inner())
}

fn head(route: &Route, length: usize) -> Vec<u8> {
    let reason = route.reason.as_deref().unwrap_or_else(|| reason(route.status));
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", route.status);
    for (name, value) in &route.fields {
        let _ = write!(head, "{name}: {value}\r\n");
    }
    if route.gzip {
        head.push_str("Content-Encoding: gzip\r\n");
    }
    if !is_framed(route) {
        let _ = write!(head, "Content-Length: {length}\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// Whether the end of the body is known without a Content-Length (RFC 9112 §6.3).
fn is_framed(route: &Route) -> bool {
    let framing = ["Content-Length", "Transfer-Encoding"];
    matches!(route.status, 100..=199 | 204 | 304)
        || route
            .fields
            .iter()
            .any(|(name, _)| framing.iter().any(|field| name.eq_ignore_ascii_case(field)))
}

/// The usual reason phrase (RFC 9110 §15).
fn reason(status: u16) -> &'static str {
    http::StatusCode::from_u16(status)
        .ok()
        .and_then(|status| status.canonical_reason())
        .unwrap_or_default()
}

/// A JSON document of about `size` bytes: a list of orders, the same each time.
fn orders(size: usize) -> String {
    let mut json = String::with_capacity(size + 256);
    json.push_str("{\"page\":1,\"orders\":[");
    let mut id = 1_usize;
    while json.len() < size {
        let comma = if id == 1 { "" } else { "," };
        let (euro, cent, paid) = (id * 37 % 900, id * 61 % 100, id.is_multiple_of(3));
        let _ = write!(
            json,
            "{comma}{{\"id\":{id},\"item\":\"Teapot No. {}\",\"price\":{euro}.{cent:02},\"paid\":{paid},\
             \"note\":null,\"tags\":[\"tea\",\"blue-{}\"],\"ship_to\":{{\"city\":\"Zürich\",\"zip\":\"{}\"}}}}",
            id % 17,
            id % 5,
            8000 + id % 100,
        );
        id += 1;
    }
    json.push_str("]}");
    json
}

/// Raw bytes from their TOML form.
fn unescape(raw: &str) -> Vec<u8> {
    let text = raw.replace("\r\n", "\n").replace('\n', "\r\n");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let (byte, used) = match (first, after) {
            (b'\\', [b'r', ..]) => (b'\r', 2),
            (b'\\', [b'n', ..]) => (b'\n', 2),
            (b'\\', [b't', ..]) => (b'\t', 2),
            (b'\\', [b'e', ..]) => (0x1b, 2),
            (b'\\', [b'\\', ..]) => (b'\\', 2),
            (b'\\', [b'x', high, low, ..]) => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, 4),
                _ => (b'\\', 1),
            },
            _ => (first, 1),
        };
        bytes.push(byte);
        rest = &rest[used..];
    }
    bytes
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_text_becomes_exact_bytes() {
        assert_eq!(
            unescape("HTTP/1.1 200\n\\x00\\xe9\\\\\\e[0m\\q"),
            b"HTTP/1.1 200\r\n\0\xe9\\\x1b[0m\\q"
        );
    }

    #[test]
    fn the_big_document_is_json_of_about_the_size_asked_for() {
        let json = orders(10_000);
        assert!((10_000..10_300).contains(&json.len()));
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}
