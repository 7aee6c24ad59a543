//! CONNECT over HTTP/2 (RFC 9113 §8.5): a stream of the session with the proxy is the way to the target.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use h2::{RecvStream, SendStream};
use http::uri::Authority;
use http::{HeaderName, HeaderValue};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::super::fault::Fault;
use super::super::http2::{self, Ledger};
use super::super::journal::Journal;
use super::super::stream::Socket;
use crate::domain::http::connection::Tunnel;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{RequestHead, Version};
use crate::fetch::heads;
use crate::fetch::request::is_http1_only;

/// The two directions of the stream.
#[derive(Debug)]
pub(in crate::fetch::transport) struct Http2Tunnel {
    to: SendStream<Bytes>,
    from: RecvStream,
    /// What came and was not read yet.
    left: Bytes,
    pub(in crate::fetch::transport) addresses: (Option<SocketAddr>, Option<SocketAddr>),
}

/// Asks for a tunnel; the socket that is returned leads to the target. `asked` is the question as HTTP/1.1 has it.
pub(in crate::fetch::transport) async fn ask(
    socket: Socket,
    asked: RequestHead,
    journal: &Journal,
) -> Result<Socket, Fault> {
    let addresses = socket.addresses();
    let fields = asked.fields.iter().filter(|field| !is_http1_only(field));
    let fields: Fields =
        fields.map(|f| Field::new(f.name.to_ascii_lowercase(), f.value.clone())).collect();
    let message = message(&asked.target, &fields)?;
    let request = RequestHead { version: Version::Http2, raw: Bytes::new(), fields, ..asked };
    let told = |response| journal.tunnelled(Tunnel { request: request.clone(), response });
    told(None);
    // what a proxy breaks here, it breaks instead of opening a tunnel
    let broke = |_: h2::Error| Fault::Tunnel(None);
    let ledger = Ledger::default();
    let (sender, driver) =
        http2::builder().handshake::<_, Bytes>(ledger.tap(socket)).await.map_err(broke)?;
    tokio::spawn(driver);
    let mut sender = sender.ready().await.map_err(broke)?;
    let (response, to) = sender.send_request(message, false).map_err(broke)?;
    let seen = ledger.watch(response.stream_id().as_u32());
    let answer = response.await;
    // also the head that was refused
    let tapped = seen.head();
    let (parts, from) = match answer {
        Ok(answer) => answer.into_parts(),
        Err(_) => {
            told(tapped);
            return Err(Fault::Tunnel(None));
        }
    };
    told(tapped.or_else(|| Some(heads::of_http2(&parts))));
    match parts.status.is_success() {
        true => {
            let tunnel = Http2Tunnel { to, from, left: Bytes::new(), addresses };
            Ok(Socket::Tunnel(Box::new(tunnel)))
        }
        false => Err(Fault::Tunnel(Some(parts.status.as_u16()))),
    }
}

/// CONNECT has an authority, and neither scheme nor path.
fn message(target: &str, fields: &Fields) -> Result<http::Request<()>, Fault> {
    let unusable = || Fault::Unusable(format!("The proxy can't be asked for {target} in HTTP/2."));
    let mut message = http::Request::new(());
    *message.method_mut() = http::Method::CONNECT;
    *message.uri_mut() = Authority::try_from(target).map_err(|_| unusable())?.into();
    *message.version_mut() = http::Version::HTTP_2;
    for field in fields {
        let name = HeaderName::from_bytes(field.name.as_bytes()).map_err(|_| unusable())?;
        let value = HeaderValue::from_bytes(&field.value).map_err(|_| unusable())?;
        message.headers_mut().append(name, value);
    }
    Ok(message)
}

impl AsyncRead for Http2Tunnel {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let tunnel = self.get_mut();
        while tunnel.left.is_empty() {
            let Some(bytes) = ready!(tunnel.from.poll_data(cx)) else { return Poll::Ready(Ok(())) };
            tunnel.left = bytes.map_err(io::Error::other)?;
            let _ = tunnel.from.flow_control().release_capacity(tunnel.left.len());
        }
        let count = tunnel.left.len().min(buffer.remaining());
        buffer.put_slice(&tunnel.left[..count]);
        tunnel.left.advance(count);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Http2Tunnel {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if bytes.is_empty() {
            return Poll::Ready(Ok(0));
        }
        let to = &mut self.get_mut().to;
        to.reserve_capacity(bytes.len());
        let room = match ready!(to.poll_capacity(cx)) {
            Some(room) => room.map_err(io::Error::other)?.min(bytes.len()),
            None => return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
        };
        let piece = Bytes::copy_from_slice(&bytes[..room]);
        to.send_data(piece, false).map_err(io::Error::other)?;
        Poll::Ready(Ok(room))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let _ = self.get_mut().to.send_data(Bytes::new(), true);
        Poll::Ready(Ok(()))
    }
}
