//! Makes a connection: look-up, TCP to the address that answers first, tunnel, TLS. Each step is marked for the record.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::BytesMut;
use rustls::pki_types::ServerName;
use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::fault::Fault;
use super::journal::Journal;
use super::route::{Place, Route};
use super::stream::{Socket, Stream};
use super::{CONNECT_TIMEOUT, Transport, socks, tunnel};
use crate::domain::http::connection::{Tls, Tunnel};
use crate::domain::http::request::Request;
use crate::domain::http::settings::Settings;
use crate::fetch::recorder::{Leg, Mark};
use crate::fetch::resolve;
use crate::fetch::tls::Setup;
use crate::fetch::tls::facts::TlsFacts;

/// How long the addresses of the other family wait for the first (curl's `--happy-eyeballs-timeout-ms`).
const HEAD_START: Duration = Duration::from_millis(200);

/// How long a connection is silent before it is probed, and how far probes are apart (curl's `--keepalive-time`).
const KEEPALIVE: Duration = Duration::from_secs(60);

/// A connection that requests can be sent over.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) route: Route,
    pub(super) stream: Stream,
    /// Bytes that arrived and were not used yet.
    pub(super) buffer: BytesMut,
    pub(super) local_addr: Option<SocketAddr>,
    pub(super) remote_addr: Option<SocketAddr>,
    pub(super) ways: Ways,
    /// It has carried a request before.
    pub(super) used: bool,
}

/// What was learnt while a connection was made: every request over it has that in its record.
#[derive(Clone, Debug, Default)]
pub(super) struct Ways {
    pub(super) tls: Option<Arc<TlsFacts>>,
    /// TLS with the proxy itself.
    pub(super) proxy_tls: Option<Arc<Tls>>,
    /// How a proxy was asked to lead here.
    pub(super) tunnel: Option<Box<Tunnel>>,
}

impl Connection {
    pub(super) fn speaks_http2(&self) -> bool {
        self.route.prior || self.stream.alpn() == Some(b"h2")
    }
}

/// A new connection for this route, within the time that connecting may take.
pub(super) async fn open(
    transport: &Transport,
    route: &Route,
    request: &Request,
    journal: &Journal,
) -> Result<Box<Connection>, Fault> {
    journal.mark(Mark::ConnectStart);
    let limit = transport.settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT);
    let made = tokio::time::timeout(limit, make(transport, route, request, journal)).await;
    let connection = made.unwrap_or(Err(Fault::Slow))?;
    journal.mark(Mark::ConnectEnd);
    Ok(Box::new(connection))
}

async fn make(
    transport: &Transport,
    route: &Route,
    request: &Request,
    journal: &Journal,
) -> Result<Connection, Fault> {
    let mut socket = reach(&route.first, &transport.settings, journal).await?;
    let (local_addr, remote_addr) = socket.addresses();
    journal.reached((local_addr, remote_addr));
    let mut ways = Ways::default();
    if let Some(socks) = &route.socks {
        journal.leg(if socks.proxy { Leg::Passing } else { Leg::Asking });
        socks::ask(&mut socket, socks, &transport.settings).await?;
    }
    if let Some(host) = &route.proxy_tls {
        (socket, ways.proxy_tls) = greet(transport, socket, host, journal).await?;
    }
    if let Some(target) = &route.tunnel {
        journal.leg(Leg::Asking);
        let question = tunnel::question(target, route, request, &transport.settings.to_proxy);
        socket = tunnel::ask(socket, question, journal).await?;
        ways.tunnel = journal.tunnel();
    }
    let (stream, tls) = match &route.tls {
        None => (Stream::Plain(socket), None),
        Some(host) => secure(transport, socket, host, journal).await?,
    };
    let (route, buffer, used) = (route.clone(), BytesMut::new(), false);
    let ways = Ways { tls, ..ways };
    Ok(Connection { route, stream, buffer, local_addr, remote_addr, ways, used })
}

async fn reach(place: &Place, settings: &Settings, journal: &Journal) -> Result<Socket, Fault> {
    let (host, port, target) = match place {
        Place::Target(host, port) => (host, *port, true),
        Place::Proxy(host, port) => (host, *port, false),
        Place::Unix(path) => {
            return unix(path).await.map_err(|error| Fault::Socket(path.to_owned(), error));
        }
    };
    let name = !resolve::is_address(host);
    if name {
        journal.mark(Mark::DnsStart);
    }
    let addresses = resolve::addresses(settings, host, port, target).await.map_err(Fault::Dns)?;
    if name {
        journal.mark(Mark::DnsEnd);
    }
    tcp(addresses).await.map(Socket::Tcp).map_err(Fault::Connect)
}

async fn secure(
    transport: &Transport,
    socket: Socket,
    host: &str,
    journal: &Journal,
) -> Result<(Stream, Option<Arc<TlsFacts>>), Fault> {
    let setup = transport.tls()?;
    journal.leg(Leg::Securing);
    let stream = handshake(setup, server_name(host)?, socket).await.map_err(Fault::Handshake)?;
    let tls = journal.handshake(stream.get_ref().1.alpn_protocol());
    Ok((Stream::Tls(Box::new(stream)), tls))
}

/// TLS with an `https://` proxy; what is said through it is said over the socket that is returned.
async fn greet(
    transport: &Transport,
    socket: Socket,
    host: &str,
    journal: &Journal,
) -> Result<(Socket, Option<Arc<Tls>>), Fault> {
    let setup = transport.proxy_tls()?;
    journal.leg(Leg::Greeting);
    let stream = handshake(setup, server_name(host)?, socket).await;
    let stream = stream.map_err(Fault::ProxyHandshake)?;
    let tls = journal.proxy_handshake(stream.get_ref().1.alpn_protocol());
    Ok((Socket::Proxy(Box::new(stream)), tls))
}

/// The roots are read while the server is at work on its answer to our hello.
async fn handshake(
    setup: Setup,
    name: ServerName<'static>,
    socket: Socket,
) -> io::Result<TlsStream<Socket>> {
    let mut connect = TlsConnector::from(setup.config).connect(name, socket);
    match poll_fn(|context| Poll::Ready(Pin::new(&mut connect).poll(context))).await {
        Poll::Ready(ended) => ended,
        Poll::Pending => {
            setup.roots.prepare();
            connect.await
        }
    }
}

fn server_name(host: &str) -> Result<ServerName<'static>, Fault> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    ServerName::try_from(bare.to_owned())
        .map_err(|_| Fault::Unusable(format!("{host} can't be the name of a TLS server.")))
}

#[cfg(unix)]
async fn unix(path: &std::path::Path) -> io::Result<Socket> {
    use std::os::unix::fs::FileTypeExt;

    let error = match tokio::net::UnixStream::connect(path).await {
        Ok(stream) => return Ok(Socket::Unix(stream)),
        Err(error) => error,
    };
    let other = std::fs::metadata(path).is_ok_and(|file| !file.file_type().is_socket());
    let is =
        if other { io::Error::new(io::ErrorKind::InvalidInput, "it is no socket") } else { error };
    Err(is)
}

#[cfg(not(unix))]
async fn unix(_: &std::path::Path) -> io::Result<Socket> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "unix sockets are not supported here"))
}

/// The family of the first address gets a head start; within a family the addresses are tried one after the other (RFC 8305).
async fn tcp(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let Some(&first) = addresses.first() else {
        return Err(io::Error::new(io::ErrorKind::AddrNotAvailable, "no address"));
    };
    let same = |address: &SocketAddr| address.is_ipv4() == first.is_ipv4();
    let (ours, others): (VecDeque<_>, VecDeque<_>) = addresses.into_iter().partition(same);
    if others.is_empty() {
        return in_turn(ours).await;
    }
    race(Box::pin(in_turn(ours)), Box::pin(in_turn(others))).await
}

async fn in_turn(mut addresses: VecDeque<SocketAddr>) -> io::Result<TcpStream> {
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    while let Some(address) = addresses.pop_front() {
        match to(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// curl's socket options: no delay, and keep-alive probes.
async fn to(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_nodelay(true)?;
    let probes = TcpKeepalive::new().with_time(KEEPALIVE).with_interval(KEEPALIVE);
    SockRef::from(&socket).set_tcp_keepalive(&probes)?;
    socket.connect(address).await
}

type Dialling = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

/// The second starts when the first has failed or has taken too long; whoever connects first wins.
async fn race(mut first: Dialling, mut second: Dialling) -> io::Result<TcpStream> {
    if let Ok(done) = tokio::time::timeout(HEAD_START, &mut first).await {
        return match done {
            Ok(stream) => Ok(stream),
            Err(error) => second.await.map_err(|other| telling(error, other)),
        };
    }
    let (mut first_failed, mut second_failed) = (None, None);
    std::future::poll_fn(|cx| {
        for (dialling, failed) in
            [(&mut first, &mut first_failed), (&mut second, &mut second_failed)]
        {
            if failed.is_none() {
                match dialling.as_mut().poll(cx) {
                    Poll::Ready(Ok(stream)) => return Poll::Ready(Ok(stream)),
                    Poll::Ready(Err(error)) => *failed = Some(error),
                    Poll::Pending => {}
                }
            }
        }
        match (first_failed.take(), second_failed.take()) {
            (Some(error), Some(other)) => Poll::Ready(Err(telling(error, other))),
            (one, other) => {
                (first_failed, second_failed) = (one, other);
                Poll::Pending
            }
        }
    })
    .await
}

/// The failure that says more: a family that this machine does not have says nothing.
fn telling(first: io::Error, second: io::Error) -> io::Error {
    match first.kind() {
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::NetworkUnreachable => second,
        _ => first,
    }
}
