//! An `https://` proxy that opens tunnels inside HTTP/2, and one that does not.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, RecvStream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

/// What was asked for.
type Asked = Arc<Mutex<Vec<String>>>;

/// Every tunnel leads to this server; `refused.test` gets 403, `closed.test` a reset.
pub(crate) fn start(config: rustls::ServerConfig, to: SocketAddr) -> (SocketAddr, Asked) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.set_nonblocking(true).unwrap();
    let addr = listener.local_addr().unwrap();
    let asked = Asked::default();
    let (kept, acceptor) = (Arc::clone(&asked), TlsAcceptor::from(Arc::new(config)));
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(acceptor.clone(), stream, to, Arc::clone(&kept)));
            }
        });
    });
    (addr, asked)
}

async fn serve(acceptor: TlsAcceptor, stream: TcpStream, to: SocketAddr, asked: Asked) {
    let Ok(stream) = acceptor.accept(stream).await else { return };
    let Ok(mut session) = h2::server::handshake(stream).await else { return };
    while let Some(Ok((request, mut respond))) = session.accept().await {
        let authority = request.uri().authority().unwrap().to_string();
        match authority.split('.').next() {
            Some("refused") => {
                let head = http::Response::builder().status(403).body(()).unwrap();
                let _ = respond.send_response(head, true);
            }
            Some("closed") => respond.send_reset(Reason::CONNECT_ERROR),
            _ => {
                assert_eq!(request.method(), http::Method::CONNECT);
                asked.lock().unwrap().push(authority);
                tokio::spawn(lead(request.into_body(), respond, to));
            }
        }
    }
}

/// Copies both ways.
async fn lead(mut from: RecvStream, mut respond: SendResponse<Bytes>, to: SocketAddr) {
    let upstream = TcpStream::connect(to).await.unwrap();
    let head = http::Response::builder().header("via", "p").body(()).unwrap();
    let mut back = respond.send_response(head, false).unwrap();
    let (mut input, mut output) = upstream.into_split();
    tokio::spawn(async move {
        while let Some(Ok(bytes)) = from.data().await {
            let _ = from.flow_control().release_capacity(bytes.len());
            if output.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = input.read(&mut buffer).await {
        if back.send_data(Bytes::copy_from_slice(&buffer[..count]), false).is_err() {
            return;
        }
    }
    let _ = back.send_data(Bytes::new(), true);
}
