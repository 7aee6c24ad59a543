//! Proxy: leads every name of the lab to its server, for clients that can't map names to ports.
//!
//! It knows the lab's names and refuses all others, so nothing leaves the machine through it.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::TcpStream;

use crate::domain::http::settings::ConnectTo;

use super::answer::Answer;
use super::server::{Hall, accept};
use super::site::{Scheme, Site};
use super::wire::{Incoming, Line};

/// One origin of the lab and where its server listens.
#[derive(Clone, Debug)]
pub(crate) struct House {
    pub(crate) site: Arc<Site>,
    pub(crate) addr: SocketAddr,
}

impl House {
    /// The setting that leads here (`--connect-to`).
    pub(crate) fn connect_to(&self) -> ConnectTo {
        ConnectTo {
            host: Some(self.site.host.clone()),
            port: Some(self.site.scheme.default_port()),
            to_host: Some(self.addr.ip().to_string()),
            to_port: Some(self.addr.port()),
        }
    }
}

/// Serves as a proxy on this listener until the runtime ends.
pub(crate) fn open(listener: TcpListener, town: Arc<Vec<House>>, hall: Arc<Hall>) {
    tokio::spawn(accept(listener, move |stream| {
        let (town, hall) = (Arc::clone(&town), Arc::clone(&hall));
        tokio::spawn(async move { lead(stream, &town, &hall).await.ok() });
    }));
}

/// Answers for the plain hosts, tunnels to the others.
async fn lead(stream: TcpStream, town: &[House], hall: &Hall) -> io::Result<()> {
    let mut line = Line::new(stream);
    while let Some(request) = line.request().await? {
        let house = find(town, &request);
        match house {
            Some(house) if request.method == "CONNECT" => return tunnel(line, house.addr).await,
            Some(house) => {
                if !hall.answer(&house.site, &request, &mut line.stream).await? {
                    break;
                }
            }
            None => {
                let refusal = Answer::plain(502, "This proxy leads to the lab's hosts only.\n");
                refusal.send(&mut line.stream, hall.pace).await?;
                break;
            }
        }
    }
    line.stream.shutdown().await
}

async fn tunnel(mut line: Line<TcpStream>, addr: SocketAddr) -> io::Result<()> {
    let mut server = TcpStream::connect(addr).await?;
    line.stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await?;
    server.write_all(&line.ahead).await?;
    copy_bidirectional(&mut line.stream, &mut server).await.map(|_| ())
}

/// The origin that a request to a proxy is for: authority form or absolute form (RFC 9112 §3.2).
fn find<'a>(town: &'a [House], request: &Incoming) -> Option<&'a House> {
    let target = request.raw_target.as_str();
    let (scheme, authority) = match request.method.as_str() {
        "CONNECT" => (None, target),
        _ => (Some(Scheme::Http), target.strip_prefix("http://")?.split(['/', '?']).next()?),
    };
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    town.iter().find(|house| {
        let site = &house.site;
        site.host == host
            && site.scheme.default_port().to_string() == port
            && scheme.is_none_or(|scheme| scheme == site.scheme)
    })
}
