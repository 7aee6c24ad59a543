//! HTTP/2: the same answers over the other framing. Raw answers and reason phrases don't exist here.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use h2::RecvStream;
use h2::server::SendResponse;
use http::{HeaderName, HeaderValue, Request, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use crate::domain::http::field::Field;

use super::answer::{body, rest};
use super::route::Route;
use super::server::Hall;
use super::site::Site;
use super::wire::{BODY, Incoming};

/// Answers requests one after the other until the client closes.
pub(crate) async fn talk<S>(stream: S, site: &Site, hall: &Hall) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut connection = h2::server::handshake(stream).await.map_err(io::Error::other)?;
    while let Some(stream) = connection.accept().await {
        let (request, mut respond) = stream.map_err(io::Error::other)?;
        let answering = async {
            let request = incoming(request).await?;
            hall.ledger.note(site.scheme, &site.host, &request);
            answer(site.route(&request), &request.method, &mut respond, hall).await
        };
        // the connection must be driven while its stream is answered
        tokio::select! {
            answered = answering => answered.map_err(io::Error::other)?,
            closed = std::future::poll_fn(|cx| connection.poll_closed(cx)) => {
                return closed.map_err(io::Error::other);
            }
        }
    }
    Ok(())
}

async fn incoming(request: Request<RecvStream>) -> Result<Incoming, Box<dyn Error + Send + Sync>> {
    let (head, mut stream) = request.into_parts();
    let field =
        |(name, value): (&HeaderName, &HeaderValue)| Field::new(name.as_str(), value.as_bytes());
    let mut incoming = Incoming {
        method: head.method.to_string(),
        raw_target: head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned(),
        version: "HTTP/2".to_owned(),
        fields: head.headers.iter().map(field).collect(),
        body: Vec::new(),
    };
    while let Some(piece) = stream.data().await {
        let piece = piece?;
        stream.flow_control().release_capacity(piece.len())?;
        if incoming.body.len() + piece.len() > BODY {
            return Err("the body is too large".into());
        }
        incoming.body.extend_from_slice(&piece);
    }
    Ok(incoming)
}

async fn answer(
    route: Option<&Route>,
    method: &str,
    respond: &mut SendResponse<Bytes>,
    hall: &Hall,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let Some(route) = route else {
        respond.send_response(Response::builder().status(404).body(())?, true)?;
        return Ok(());
    };
    rest(Duration::from_millis(route.delay_ms), hall.pace).await;
    let mut body = Bytes::from(body(route).await?);
    if method == "HEAD" {
        body.clear();
    }
    let mut head = Response::builder().status(route.status);
    for (name, value) in &route.fields {
        head = head.header(name.to_ascii_lowercase(), value.as_str());
    }
    if route.gzip {
        head = head.header("content-encoding", "gzip");
    }
    let mut stream = respond.send_response(head.body(())?, body.is_empty())?;
    while !body.is_empty() {
        // the window of the client says how much may be sent
        stream.reserve_capacity(body.len());
        let granted = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
        let size = granted.ok_or("the client reset the stream")??.min(body.len());
        let piece = body.split_to(size);
        stream.send_data(piece, body.is_empty())?;
    }
    Ok(())
}
