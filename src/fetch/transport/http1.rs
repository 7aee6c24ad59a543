//! HTTP/1.1 on one connection: the request goes out, the head of the response comes in, and both can happen at once.

mod body;
mod chunks;
mod framing;
mod upload;

use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};

use bytes::Buf;
use tokio::io::{AsyncReadExt, AsyncWrite};

use super::connect::Connection;
use super::fault::Fault;
use super::journal::{Heard, Journal};
use super::pool::Pool;
use super::{Answer, Body};
use crate::domain::http::field::Fields;
use crate::domain::http::head::{ResponseHead, Version};
use crate::domain::http::head_parser::parse_response;
use crate::domain::http::request::Request;
pub(super) use body::Http1Body;
pub(in crate::fetch) use framing::Fatal;
use framing::Framing;
pub(super) use upload::Upload;

/// How much is read at once: enough for a head; bodies ask for more.
const READ: usize = 8 * 1024;

/// Sends the request and waits for the head of the final response.
pub(super) async fn exchange(
    mut connection: Box<Connection>,
    (request, mut upload): (&Request, Upload),
    journal: &Journal,
    pool: Pool,
) -> Result<Answer, Fault> {
    journal.sending();
    talk(&mut connection, &mut upload, journal).await?;
    let head = parse_response(journal.head()).ok_or(Fault::Refused)?;
    let framing = Framing::of(&head, &request.method).ok_or(Fault::Refused)?;
    let early = !upload.is_done();
    if early && head.status >= 300 {
        upload.give_up();
    }
    let (local_addr, remote_addr) = (connection.local_addr, connection.remote_addr);
    let keep = is_kept(&head, request) && head.status != 101;
    let body = Http1Body::new(connection, framing, upload, keep.then_some(pool));
    let body = Body::Http1(Box::new(body));
    let (informational, untapped) = (Vec::new(), false);
    Ok(Answer { head, informational, untapped, body, remote_addr, local_addr, early })
}

/// What happened next on the connection.
enum Step {
    Wrote(usize),
    Read(usize),
    /// No more can be written; an answer may have come all the same.
    Deaf(io::Error),
}

/// Writes and reads until the final head is whole.
async fn talk(
    connection: &mut Connection,
    upload: &mut Upload,
    journal: &Journal,
) -> Result<(), Fault> {
    let mut deaf = None;
    loop {
        let step = poll_fn(|cx| poll_step(connection, upload, cx)).await;
        match step {
            Ok(Step::Wrote(count)) => upload.wrote(count, |bytes| journal.wrote(bytes)),
            Ok(Step::Read(0)) => return Err(deaf.map_or(Fault::Closed, Fault::Broken)),
            Ok(Step::Read(_)) => {
                let (taken, heard) = journal.read(&connection.buffer);
                connection.buffer.advance(taken);
                match heard {
                    Heard::Whole => return Ok(()),
                    Heard::Hopeless => return Err(Fault::Refused),
                    Heard::Part if journal.has_interim() => upload.go_on(),
                    Heard::Part => {}
                }
            }
            Ok(Step::Deaf(error)) => {
                upload.give_up();
                deaf = Some(error);
            }
            Err(error) => return Err(Fault::Broken(deaf.unwrap_or(error))),
        }
    }
}

fn poll_step(
    connection: &mut Connection,
    upload: &mut Upload,
    cx: &mut Context<'_>,
) -> Poll<io::Result<Step>> {
    // an answer that comes before the body is out is heard at once
    if upload.is_under_way()
        && let Poll::Ready(read) = poll_fill(connection, READ, cx)
    {
        return Poll::Ready(read.map(Step::Read));
    }
    match poll_upload(connection, upload, cx) {
        Poll::Ready(Ok(0)) | Poll::Pending => {}
        Poll::Ready(Ok(count)) => return Poll::Ready(Ok(Step::Wrote(count))),
        Poll::Ready(Err(error)) => return Poll::Ready(Ok(Step::Deaf(error))),
    }
    poll_fill(connection, READ, cx).map_ok(Step::Read)
}

/// Writes what may be written now; 0 when there is nothing left to do.
fn poll_upload(
    connection: &mut Connection,
    upload: &mut Upload,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let mut stream = Pin::new(&mut connection.stream);
    let piece = ready!(upload.poll_piece(cx));
    if !piece.is_empty() {
        return match ready!(stream.as_mut().poll_write(cx, piece))? {
            0 => Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
            count => Poll::Ready(Ok(count)),
        };
    }
    if upload.is_unflushed() {
        ready!(stream.poll_flush(cx))?;
        upload.flushed();
    }
    Poll::Ready(Ok(0))
}

/// Reads once, into the room behind what is there.
fn poll_fill(
    connection: &mut Connection,
    room: usize,
    cx: &mut Context<'_>,
) -> Poll<io::Result<usize>> {
    let Connection { stream, buffer, .. } = connection;
    buffer.reserve(room);
    pin!(stream.read_buf(buffer)).poll(cx)
}

/// Both sides let the connection live on (RFC 9112 §9.3).
fn is_kept(head: &ResponseHead, request: &Request) -> bool {
    let says = |fields: &Fields, word: &str| {
        let mut lines = fields.iter().filter(|f| f.is("Connection") || f.is("Proxy-Connection"));
        lines.any(|field| {
            field
                .value
                .split(|&byte| byte == b',')
                .any(|option| option.trim_ascii().eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    let lives = match head.version {
        Version::Http10 => says(&head.fields, "keep-alive"),
        Version::Http11 | Version::Http2 => true,
    };
    lives && !says(&head.fields, "close") && !says(&request.fields, "close")
}
