//! CONNECT: asks a proxy for a tunnel, and records what was asked and answered (RFC 9110 §9.3.6).

mod http2;

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::fault::Fault;
use super::journal::Journal;
use super::route::Route;
use super::stream::Socket;
use crate::domain::http::connection::Tunnel;
use crate::domain::http::head_parser::{parse_request, parse_response};
use crate::domain::http::request::Request;
use crate::domain::http::settings::ToProxy;
use crate::fetch::wire::Received;

pub(super) use http2::Http2Tunnel;

/// Asks for a tunnel to the target; the socket that is returned leads there.
pub(super) async fn ask(
    mut socket: Socket,
    asked: Bytes,
    journal: &Journal,
) -> Result<Socket, Fault> {
    match parse_request(asked.clone()) {
        Some(head) if socket.alpn() == Some(b"h2") => http2::ask(socket, head, journal).await,
        Some(_) | None => in_http1(&mut socket, asked, journal).await.map(|()| socket),
    }
}

async fn in_http1(socket: &mut Socket, asked: Bytes, journal: &Journal) -> Result<(), Fault> {
    socket.write_all(&asked).await.map_err(Fault::Connect)?;
    socket.flush().await.map_err(Fault::Connect)?;
    let answered = answer(socket).await;
    let head = answered.as_ref().ok().cloned().and_then(parse_response);
    let status = head.as_ref().map(|head| head.status);
    if let Some(request) = parse_request(asked) {
        journal.tunnelled(Tunnel { request, response: head });
    }
    match (answered, status) {
        (Ok(_), Some(200..=299)) => Ok(()),
        (Ok(bytes), None) => Err(Fault::Babble(bytes)),
        (Ok(_), status) => Err(Fault::Tunnel(status)),
        (Err(fault), _) => Err(fault),
    }
}

/// The fields that curl sends to a proxy, in its order (`lib/http_proxy.c`); a line of `--proxy-header` stands for ours.
pub(super) fn question(
    (host, port): &(String, u16),
    route: &Route,
    request: &Request,
    to_proxy: &ToProxy,
) -> Bytes {
    let target = match host.contains(':') && !host.starts_with('[') {
        true => format!("[{host}]:{port}").into_bytes(),
        false => format!("{}:{port}", request.in_written_letters(host)).into_bytes(),
    };
    let agent = match &to_proxy.agent {
        Some(agent) => Some(agent.clone().into_bytes()),
        None => request.fields.first("User-Agent").map(|field| field.value.clone()),
    };
    let ours = [
        ("Host", Some(target.clone())),
        ("Proxy-Authorization", route.credentials.clone().map(String::into_bytes)),
        ("User-Agent", agent),
        ("Proxy-Connection", Some(b"Keep-Alive".to_vec())),
    ];
    let version: &[u8] = if route.connect10 { b" HTTP/1.0\r\n" } else { b" HTTP/1.1\r\n" };
    let mut head = [b"CONNECT ", &target[..], version].concat();
    let mut add = |name: &str, value: &[u8]| {
        let separator = if value.is_empty() { ":" } else { ": " };
        head.extend([name.as_bytes(), separator.as_bytes(), value, b"\r\n"].concat());
    };
    for (name, value) in ours {
        if let Some(value) = value.filter(|_| !to_proxy.decides(name)) {
            add(name, &value);
        }
    }
    to_proxy.lines().for_each(|field| add(&field.name, &field.value));
    head.extend(b"\r\n");
    head.into()
}

/// The proxy's head as it came. Nothing may follow it: the server behind the tunnel speaks second.
async fn answer(socket: &mut Socket) -> Result<Bytes, Fault> {
    let (mut received, mut buffer) = (Received::default(), BytesMut::with_capacity(4096));
    loop {
        if socket.read_buf(&mut buffer).await.map_err(Fault::Connect)? == 0 {
            return Err(Fault::Tunnel(None));
        }
        let taken = received.take(&buffer);
        if received.is_complete() {
            let refused = parse_response(received.head()).is_none_or(|head| head.status >= 300);
            let whole = taken == buffer.len() || refused;
            let after = Bytes::copy_from_slice(&buffer[taken..]);
            return if whole { Ok(received.head()) } else { Err(Fault::Babble(after)) };
        }
        if received.excess.is_some() || received.is_foreign() {
            return Err(Fault::Babble(received.head()));
        }
        buffer.clear();
    }
}
