//! A request on its way out: its head as the user meant it, its body, and when it may go on.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes, BytesMut};
use tokio::time::Sleep;
use url::Position;

use super::super::route::Route;
use crate::domain::http::request::Request;
use crate::fetch::heads::version_of;

/// A body up to this size goes out in one write with its head.
const SMALL: usize = 16 * 1024;

/// The most that is written at once: between two pieces an early answer is looked for.
const PIECE: usize = 64 * 1024;

/// How long a body waits for `100 Continue` (curl's `--expect100-timeout`).
const EXPECT: Duration = Duration::from_secs(1);

/// What is still to be written.
#[derive(Debug)]
pub(in crate::fetch::transport) struct Upload {
    head: Bytes,
    body: Bytes,
    /// The body waits for the server's word.
    held: bool,
    /// How long it still waits, once the head is out.
    patience: Option<Pin<Box<Sleep>>>,
    unflushed: bool,
    given_up: bool,
}

impl Upload {
    /// The request as bytes; the error is a sentence for the user.
    pub(in crate::fetch::transport) fn of(
        request: &Request,
        route: &Route,
    ) -> Result<Upload, String> {
        let mut head = BytesMut::with_capacity(512);
        write_head(&mut head, request, route)?;
        let mut body = body(request);
        let expects = request.fields.first("Expect");
        let expects = expects.is_some_and(|f| f.value.eq_ignore_ascii_case(b"100-continue"));
        let held = expects && !body.is_empty();
        if !held && body.len() <= SMALL {
            head.extend_from_slice(&body);
            body = Bytes::new();
        }
        let (head, patience) = (head.freeze(), None);
        Ok(Upload { head, body, held, patience, unflushed: false, given_up: false })
    }

    /// The bytes to write next; none when all are written, pending while the body waits for the server's word.
    pub(super) fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<&[u8]> {
        if !self.head.is_empty() {
            return Poll::Ready(&self.head);
        }
        // what was written must be on its way before anything is waited for
        if self.held && !self.unflushed {
            let sleep = || Box::pin(tokio::time::sleep(EXPECT));
            std::task::ready!(self.patience.get_or_insert_with(sleep).as_mut().poll(cx));
            self.held = false;
        }
        let piece = self.body.len().min(PIECE);
        Poll::Ready(if self.held { &[] } else { &self.body[..piece] })
    }

    /// So many bytes of the last piece are written; they are handed to the record.
    pub(super) fn wrote(&mut self, count: usize, record: impl FnOnce(&[u8])) {
        self.unflushed = true;
        let piece = if self.head.is_empty() { &mut self.body } else { &mut self.head };
        record(&piece[..count]);
        piece.advance(count);
    }

    /// The server wants the body.
    pub(super) fn go_on(&mut self) {
        self.held = false;
    }

    /// What is left will not be written.
    pub(super) fn give_up(&mut self) {
        (self.held, self.unflushed, self.given_up) = (false, false, true);
        (self.head, self.body) = (Bytes::new(), Bytes::new());
    }

    /// The head is out, and a body is to follow.
    pub(super) fn is_under_way(&self) -> bool {
        self.head.is_empty() && !self.body.is_empty()
    }

    pub(super) fn is_done(&self) -> bool {
        self.head.is_empty() && self.body.is_empty() && !self.given_up
    }

    /// Nothing more will be written.
    pub(super) fn is_over(&self) -> bool {
        self.is_done() && !self.unflushed || self.given_up
    }

    pub(super) fn is_unflushed(&self) -> bool {
        self.unflushed
    }

    pub(super) fn flushed(&mut self) {
        self.unflushed = false;
    }
}

/// The target for an HTTP proxy: the host in the letters of its Host field, the path as it was typed, and no empty query (curl 7.88 `lib/http.c`, Curl_http_target,
/// puts the URL together anew).
fn absolute_form(request: &Request) -> String {
    let url = &request.url;
    let host = request.in_written_letters(&url[Position::BeforeHost..Position::BeforePath]);
    let target = request.written_target();
    format!("{}://{host}{}", url.scheme(), target.strip_suffix('?').unwrap_or(target))
}

/// Every field as it stands in the request: names in their own case, in order, nothing added.
fn write_head(head: &mut BytesMut, request: &Request, route: &Route) -> Result<(), String> {
    let absolute;
    let target = match route.absolute {
        true => {
            absolute = absolute_form(request);
            &absolute
        }
        false => request.target(),
    };
    if target.bytes().any(breaks_a_line) {
        return Err("The request target holds a control byte and can't be sent.".to_owned());
    }
    let line = [request.method.as_str(), " ", target, version_of(request)];
    line.iter().for_each(|part| head.extend_from_slice(part.as_bytes()));
    let mut credentials = route.credentials.as_ref().filter(|_| route.absolute);
    for field in &request.fields {
        let name = field.name.as_bytes();
        if name.is_empty() || name.iter().any(|&b| breaks_a_line(b) || b == b':') {
            return Err(format!("The field name {:?} can't be sent.", field.name));
        }
        if field.value.iter().copied().any(breaks_a_line) {
            let name = &field.name;
            return Err(format!("The value of {name} holds a control byte and can't be sent."));
        }
        write_field(head, name, &field.value);
        // curl's place for it: behind Host
        if let Some(credentials) = credentials.take_if(|_| field.is("Host")) {
            write_field(head, b"Proxy-Authorization", credentials.as_bytes());
        }
    }
    if let Some(credentials) = credentials {
        write_field(head, b"Proxy-Authorization", credentials.as_bytes());
    }
    route.lines.iter().for_each(|line| write_field(head, line.name.as_bytes(), &line.value));
    head.extend_from_slice(b"\r\n");
    Ok(())
}

fn write_field(head: &mut BytesMut, name: &[u8], value: &[u8]) {
    head.extend_from_slice(name);
    head.extend_from_slice(if value.is_empty() { b":" } else { b": " });
    head.extend_from_slice(value);
    head.extend_from_slice(b"\r\n");
}

fn breaks_a_line(byte: u8) -> bool {
    matches!(byte, 0 | b'\r' | b'\n')
}

/// The body as it goes out: in one chunk where the request says `chunked`.
fn body(request: &Request) -> Bytes {
    let Some(body) = &request.body else { return Bytes::new() };
    let coding = request.fields.first("Transfer-Encoding");
    if !coding.is_some_and(|field| field.is_chunked()) {
        return body.bytes.clone();
    }
    let mut framed = BytesMut::with_capacity(body.bytes.len() + 32);
    if !body.is_empty() {
        framed.extend_from_slice(format!("{:x}\r\n", body.len()).as_bytes());
        framed.extend_from_slice(&body.bytes);
        framed.extend_from_slice(b"\r\n");
    }
    framed.extend_from_slice(b"0\r\n\r\n");
    framed.freeze()
}
