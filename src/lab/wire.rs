//! Reads requests off a connection: HTTP/1.x, lenient, bounded.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use crate::domain::http::field::{Field, Fields, decode};

/// The longest head that is read.
const HEAD: usize = 1024 * 1024;
/// The longest body that is read.
pub(crate) const BODY: usize = 64 * 1024 * 1024;

/// A request as it came in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Incoming {
    pub(crate) method: String,
    /// As sent: origin form, or absolute form to a proxy.
    pub(crate) raw_target: String,
    pub(crate) version: String,
    pub(crate) fields: Fields,
    pub(crate) body: Vec<u8>,
}

/// A connection with the bytes that were read ahead.
#[derive(Debug)]
pub(crate) struct Line<S> {
    pub(crate) stream: S,
    pub(crate) ahead: Vec<u8>,
}

impl Incoming {
    /// Path and query, whatever form the target was sent in (RFC 9112 §3.2).
    pub(crate) fn target(&self) -> &str {
        let absolute =
            ["http://", "https://"].iter().find_map(|scheme| self.raw_target.strip_prefix(scheme));
        absolute.map_or(&self.raw_target, |rest| rest.find('/').map_or("/", |at| &rest[at..]))
    }

    pub(crate) fn has_cookie(&self, name: &str) -> bool {
        self.fields.all("Cookie").any(|field| {
            let text = field.text();
            text.split(';').any(|pair| pair.trim().split('=').next() == Some(name))
        })
    }

    /// Whether the client lets the connection live on (RFC 9112 §9.3).
    pub(crate) fn keeps_alive(&self) -> bool {
        let connection = self.fields.text("Connection").unwrap_or_default().to_ascii_lowercase();
        match self.version.as_str() {
            "HTTP/1.1" => !connection.contains("close"),
            _ => connection.contains("keep-alive"),
        }
    }

    fn parse(head: &[u8]) -> Option<Incoming> {
        let text = head.strip_suffix(b"\r\n\r\n").unwrap_or(head);
        let mut lines =
            text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
        let start = decode(lines.next()?);
        let mut parts = start.splitn(3, ' ');
        let (method, target, version) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Incoming {
            method: method.to_owned(),
            raw_target: target.to_owned(),
            version: version.to_owned(),
            fields: lines.filter_map(field).collect(),
            body: Vec::new(),
        })
    }

    fn expects_continue(&self) -> bool {
        self.fields.text("Expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue"))
    }

    fn is_chunked(&self) -> bool {
        self.fields
            .text("Transfer-Encoding")
            .is_some_and(|value| value.to_ascii_lowercase().contains("chunked"))
    }

    fn content_length(&self) -> usize {
        self.fields.text("Content-Length").and_then(|value| value.parse().ok()).unwrap_or(0)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Line<S> {
    pub(crate) fn new(stream: S) -> Line<S> {
        Line { stream, ahead: Vec::new() }
    }

    /// The next request; `None` when the client closed, or sent what is no request.
    pub(crate) async fn request(&mut self) -> io::Result<Option<Incoming>> {
        let Some(head) = self.until(b"\r\n\r\n", HEAD).await? else { return Ok(None) };
        let Some(mut request) = Incoming::parse(&head) else { return Ok(None) };
        if request.expects_continue() {
            self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        request.body = match request.is_chunked() {
            true => self.chunks().await?,
            false => self.exactly(request.content_length()).await?,
        };
        Ok(Some(request))
    }

    async fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        while let Some(line) = self.until(b"\r\n", HEAD).await? {
            let text = decode(&line);
            let size = text.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
            if size == 0 {
                self.until(b"\r\n", HEAD).await?;
                break;
            }
            if body.len().saturating_add(size) > BODY {
                return Err(io::ErrorKind::InvalidData.into());
            }
            body.extend(self.exactly(size).await?);
            self.until(b"\r\n", HEAD).await?;
        }
        Ok(body)
    }

    /// The bytes up to and with `end`; `None` when the client closed before.
    async fn until(&mut self, end: &[u8], limit: usize) -> io::Result<Option<Vec<u8>>> {
        loop {
            if let Some(at) = memchr::memmem::find(&self.ahead, end) {
                let rest = self.ahead.split_off(at + end.len());
                return Ok(Some(std::mem::replace(&mut self.ahead, rest)));
            }
            if self.ahead.len() > limit {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if self.stream.read_buf(&mut self.ahead).await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn exactly(&mut self, size: usize) -> io::Result<Vec<u8>> {
        if size > BODY {
            return Err(io::ErrorKind::InvalidData.into());
        }
        while self.ahead.len() < size {
            if self.stream.read_buf(&mut self.ahead).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let rest = self.ahead.split_off(size);
        Ok(std::mem::replace(&mut self.ahead, rest))
    }
}

fn field(line: &[u8]) -> Option<Field> {
    let colon = memchr::memchr(b':', line)?;
    Some(Field::new(decode(&line[..colon]), line[colon + 1..].trim_ascii()))
}

#[cfg(test)]
mod tests {
    use super::Incoming;

    #[test]
    fn the_target_of_a_proxy_request_is_its_path() {
        let request =
            Incoming::parse(b"GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\n\r\n").unwrap();
        assert_eq!(request.target(), "/x?y");
        assert_eq!(request.fields.text("host").as_deref(), Some("a.test"));
    }

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let request = Incoming::parse(b"GET / HTTP/1.1\r\nCookie: a=1; seen=yes\r\n\r\n").unwrap();
        assert!(request.has_cookie("seen"));
        assert!(!request.has_cookie("see"));
    }

    #[test]
    fn a_line_that_is_no_request_is_none() {
        assert_eq!(Incoming::parse(b"\x16\x03\x01\r\n\r\n"), None);
    }
}
