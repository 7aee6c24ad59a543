//! HTTP/2 where ALPN agrees on it: one session to a place, a stream for each request.
//!
//! The h2 crate speaks it; a tap between h2 and the connection reads the same bytes, and what is recorded is what the tap saw: the
//! lines of requests, heads and trailers in the order in which they went over the wire, pseudo-fields and what h2 refuses included,
//! the codes of RST_STREAM and GOAWAY, windows that grow past their bound. Not recorded: how lines were compressed and cut into
//! frames, padding, priorities, PING, unknown frames.

mod body;
mod seen;
mod tap;

use std::future::Future;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::RecvStream;
use h2::client::{Builder, ResponseFuture, SendRequest};
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{HeaderName, HeaderValue};
use url::Position;

use super::connect::{Connection, Ways};
use super::fault::{Fault, is_refusal};
use super::journal::Journal;
use super::route::Route;
use super::{Answer, Body};
use crate::domain::http::field::Field;
use crate::domain::http::head::{MAX_INTERIM, ResponseHead};
use crate::domain::http::head_parser::{MAX_FIELD_LINES, MAX_HEAD_BYTES};
use crate::domain::http::request::Request;
use crate::fetch::heads;
use crate::fetch::request::is_http1_only;
pub(in crate::fetch) use body::Http2Body;
use body::Upload;
pub(in crate::fetch) use seen::{Seen, StreamError};
pub(super) use tap::Ledger;

/// Windows large enough that one stream is not slowed down.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// What h2 takes of a head: as much as we do, each line being 32 bytes larger in its reckoning (RFC 9113 §6.5.2).
const HEADER_LIST: u32 = (MAX_HEAD_BYTES + 32 * MAX_FIELD_LINES) as u32;

/// A session that requests can be sent over.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) route: Route,
    sender: SendRequest<Bytes>,
    ended: Arc<AtomicBool>,
    ledger: Ledger,
    pub(super) ways: Ways,
    pub(super) local_addr: Option<SocketAddr>,
    pub(super) remote_addr: Option<SocketAddr>,
}

impl Session {
    pub(super) fn is_open(&self) -> bool {
        !self.ended.load(Ordering::Relaxed) && !self.ledger.is_closing()
    }
}

/// How every session begins, with an origin or with a proxy.
pub(super) fn builder() -> Builder {
    let mut builder = Builder::new();
    builder
        .initial_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_header_list_size(HEADER_LIST)
        .enable_push(false);
    builder
}

/// Turns a connection into a session, which runs in a task of its own.
pub(super) async fn start(connection: Box<Connection>, route: &Route) -> Result<Session, Fault> {
    let Connection { stream, ways, local_addr, remote_addr, .. } = *connection;
    let ledger = Ledger::default();
    let (sender, driver) = builder().handshake(ledger.tap(stream)).await.map_err(Fault::Http2)?;
    let ended = Arc::new(AtomicBool::new(false));
    let end = Arc::clone(&ended);
    tokio::spawn(async move {
        // its error is told to the streams as well
        let _ = driver.await;
        end.store(true, Ordering::Relaxed);
    });
    let route = route.clone();
    Ok(Session { route, sender, ended, ledger, ways, local_addr, remote_addr })
}

/// Sends the request on a stream of its own and waits for the head of the response.
pub(super) async fn exchange(
    session: Session,
    reused: bool,
    request: &Request,
    journal: &Journal,
) -> Result<Answer, Fault> {
    let forwarded = forwarded(&session.route);
    let message = message(request, &forwarded).map_err(Fault::Unusable)?;
    journal.carried_by_http2(reused, &session, forwarded);
    let body = request.body.as_ref().map(|body| body.bytes.clone()).unwrap_or_default();
    let unsent = |error| {
        journal.watching(session.ledger.nothing());
        Fault::Http2(error)
    };
    let mut sender = session.sender.ready().await.map_err(unsent)?;
    let (mut response, stream) = sender.send_request(message, body.is_empty()).map_err(unsent)?;
    let seen = session.ledger.watch(response.stream_id().as_u32());
    journal.watching(seen.clone());
    let mut upload = Upload { stream, left: body };
    let mut informational = Vec::new();
    let answer =
        poll_fn(|cx| poll_answer(&mut response, &mut upload, (&seen, &mut informational), cx))
            .await;
    if answer.as_ref().is_err_and(is_refusal) {
        // curl goes on over another connection
        session.ended.store(true, Ordering::Relaxed);
    }
    let Some(answer) = answer.map_err(Fault::Http2)? else {
        upload.refuse();
        return Err(Fault::Refused);
    };
    let (parts, stream) = answer.into_parts();
    let tapped = seen.answer(parts.status.as_u16());
    let untapped = tapped.is_none();
    let head = tapped.unwrap_or_else(|| heads::of_http2(&parts));
    let informational = if untapped { informational } else { Vec::new() };
    let early = !upload.left.is_empty();
    let promised = head.fields.text("content-length").and_then(|text| text.parse().ok());
    let body = Body::Http2(Box::new(Http2Body { stream, upload, promised, seen }));
    let Session { local_addr, remote_addr, .. } = session;
    Ok(Answer { head, informational, untapped, body, remote_addr, local_addr, early })
}

/// `None` where the tap saw what no client can bear, and the library does not mind.
fn poll_answer(
    response: &mut ResponseFuture,
    upload: &mut Upload,
    (seen, informational): (&Seen, &mut Vec<ResponseHead>),
    cx: &mut Context<'_>,
) -> Poll<Result<Option<http::Response<RecvStream>>, h2::Error>> {
    if seen.is_alarmed(cx) {
        return Poll::Ready(Ok(None));
    }
    // where the body can't be sent, the response says why
    let _ = upload.poll(cx);
    while let Poll::Ready(Some(interim)) = response.poll_informational(cx) {
        informational.push(heads::of_http2(&interim?.into_parts().0));
        if informational.len() > MAX_INTERIM {
            return Poll::Ready(Ok(None));
        }
    }
    Pin::new(response).poll(cx).map_ok(Some)
}

/// The lines that a proxy that forwards is told besides.
fn forwarded(route: &Route) -> Vec<Field> {
    let credentials = route.credentials.iter().filter(|_| route.absolute);
    let credentials = credentials.map(|of| Field::new("proxy-authorization", of.as_bytes()));
    let lines = route.lines.iter();
    credentials
        .chain(lines.map(|line| Field::new(line.name.to_ascii_lowercase(), line.value.clone())))
        .collect()
}

/// The request as h2 wants it; the error is a sentence for the user.
fn message(request: &Request, forwarded: &[Field]) -> Result<http::Request<()>, String> {
    let unusable = || format!("This request can't be sent to {} over HTTP/2.", request.url);
    let host = request.fields.text("Host");
    let authority =
        host.unwrap_or_else(|| request.url[Position::BeforeHost..Position::AfterPort].to_owned());
    let uri = http::Uri::builder()
        .scheme(if request.url.scheme() == "https" { Scheme::HTTPS } else { Scheme::HTTP })
        .authority(Authority::try_from(authority).map_err(|_| unusable())?)
        .path_and_query(PathAndQuery::try_from(request.target()).map_err(|_| unusable())?)
        .build()
        .map_err(|_| unusable())?;
    let mut message = http::Request::new(());
    *message.method_mut() = http::Method::from_bytes(request.method.as_str().as_bytes())
        .map_err(|_| format!("The method {} can't be sent.", request.method))?;
    *message.uri_mut() = uri;
    *message.version_mut() = http::Version::HTTP_2;
    for field in request.fields.iter().chain(forwarded).filter(|field| !is_http1_only(field)) {
        let name = HeaderName::from_bytes(field.name.as_bytes())
            .map_err(|_| format!("The field name {:?} can't be sent.", field.name))?;
        let value = HeaderValue::from_bytes(&field.value).map_err(|_| {
            format!("The value of {} holds a control byte and can't be sent.", field.name)
        })?;
        message.headers_mut().append(name, value);
    }
    Ok(message)
}
