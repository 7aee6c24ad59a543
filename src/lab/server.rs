//! Server: an accept loop per origin, a small HTTP/1.1 conversation per connection.

use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::Pace;
use super::answer::Answer;
use super::http2;
use super::ledger::Ledger;
use super::site::Site;
use super::wire::{Incoming, Line};

/// What all servers of a lab share.
#[derive(Clone, Debug)]
pub(crate) struct Hall {
    pub(crate) pace: Pace,
    pub(crate) ledger: Arc<Ledger>,
}

impl Hall {
    /// Answers one request as the site does; says whether the connection lives on.
    pub(crate) async fn answer<S>(
        &self,
        site: &Site,
        request: &Incoming,
        stream: &mut S,
    ) -> io::Result<bool>
    where
        S: AsyncWrite + Unpin,
    {
        self.ledger.note(site.scheme, &site.host, request);
        let answer = match site.route(request) {
            Some(route) => Answer::of(route, &request.method).await?,
            None => Answer::plain(404, "The lab has no such page.\n"),
        };
        answer.send(stream, self.pace).await?;
        Ok(!answer.closes && request.keeps_alive())
    }
}

/// Serves a site on this listener until the runtime ends.
pub(crate) fn open(
    listener: TcpListener,
    site: Arc<Site>,
    tls: Option<TlsAcceptor>,
    hall: Arc<Hall>,
) {
    tokio::spawn(accept(listener, move |stream| {
        let (site, tls, hall) = (Arc::clone(&site), tls.clone(), Arc::clone(&hall));
        // a client that breaks off is no fault of the lab
        tokio::spawn(async move { greet(stream, &site, tls, &hall).await.ok() });
    }));
}

/// Hands each connection of the listener to `meet`, for ever.
pub(crate) async fn accept(listener: TcpListener, meet: impl Fn(TcpStream)) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                // without it small answers wait for acknowledgements
                let _ = stream.set_nodelay(true);
                meet(stream);
            }
            // out of file descriptors, say: wait for some to come back
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

async fn greet(
    stream: TcpStream,
    site: &Site,
    tls: Option<TlsAcceptor>,
    hall: &Hall,
) -> io::Result<()> {
    match tls {
        Some(tls) if site.show.http2 => http2::talk(tls.accept(stream).await?, site, hall).await,
        Some(tls) => talk(tls.accept(stream).await?, site, hall).await,
        None => talk(stream, site, hall).await,
    }
}

/// Answers requests until one side closes.
async fn talk<S>(stream: S, site: &Site, hall: &Hall) -> io::Result<()>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut line = Line::new(stream);
    while let Some(request) = line.request().await? {
        if !hall.answer(site, &request, &mut line.stream).await? {
            break;
        }
    }
    line.stream.shutdown().await
}
