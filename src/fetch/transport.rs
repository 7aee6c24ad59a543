//! Our own way to a server: connections, TLS and HTTP by hand, so that every byte is ours to write and to record.
//!
//! It carries direct connections, unix sockets, SOCKS, `http://` and `https://` proxies: forwarding and CONNECT, in HTTP/1.1 and,
//! with `https://` proxies, in HTTP/2.
//!
//! ```text
//! Route ──▶ pool ──▶ connect ─▶ TLS with the proxy ─▶ socks or tunnel ─▶ TLS ──▶ http1 or http2 ──▶ Answer { head, Body } ──▶ pool
//! ```
//!
//! **Invariant:** what the record says was sent is what was given to the socket, and nothing else is written there.

mod body;
mod connect;
mod fault;
mod http1;
mod http2;
mod journal;
mod pool;
mod route;
mod socks;
mod stream;
mod tunnel;

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::tls;
use crate::domain::http::head::ResponseHead;
use crate::domain::http::request::Request;
use crate::domain::http::settings::Settings;
pub(super) use body::{Body, Piece};
use connect::Connection;
pub(super) use fault::Fault;
pub(super) use http1::Fatal;
pub(super) use http2::{Seen, StreamError};
pub(super) use journal::Journal;
use pool::Pool;
pub(super) use route::Route;

/// curl's `--connect-timeout` when none is given.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(300);

/// The connections of one chain.
#[derive(Debug)]
pub(super) struct Transport {
    settings: Arc<Settings>,
    pool: Pool,
    /// Made when the first hop is https.
    tls: OnceLock<Result<tls::Setup, String>>,
    /// Made when the first proxy is `https://`.
    proxy_tls: OnceLock<Result<tls::Setup, String>>,
}

/// The head of a response, and the body to come.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) head: ResponseHead,
    /// Interim heads that are not in the record.
    pub(super) informational: Vec<ResponseHead>,
    /// The bytes of the head were not seen: its lines are in the order of a library.
    pub(super) untapped: bool,
    pub(super) body: Body,
    pub(super) remote_addr: Option<SocketAddr>,
    pub(super) local_addr: Option<SocketAddr>,
    /// It came before the request's body had been sent in full.
    pub(super) early: bool,
}

impl Transport {
    pub(super) fn new(settings: Arc<Settings>) -> Transport {
        let (tls, proxy_tls) = (OnceLock::new(), OnceLock::new());
        Transport { settings, pool: Pool::default(), tls, proxy_tls }
    }

    /// Sends a request over a kept connection or a new one, and waits for the head of its response. What few hops do is boxed:
    /// it would make the future of every hop several times as big.
    pub(super) async fn send(
        &self,
        route: &Route,
        request: &Request,
        journal: &Journal,
    ) -> Result<Answer, Fault> {
        let again = |session| Box::pin(http2::exchange(session, true, request, journal));
        if let Some(exchange) = self.pool.http2(route).map(again) {
            return exchange.await;
        }
        let upload = http1::Upload::of(request, route).map_err(Fault::Unusable)?;
        let connection = match self.pool.take(route) {
            Some(kept) => kept,
            None => Box::pin(connect::open(self, route, request, journal)).await?,
        };
        journal.carried_by(&connection);
        if connection.speaks_http2() {
            return Box::pin(self.begin_http2(connection, route, request, journal)).await;
        }
        http1::exchange(connection, (request, upload), journal, self.pool.clone()).await
    }

    async fn begin_http2(
        &self,
        connection: Box<Connection>,
        route: &Route,
        request: &Request,
        journal: &Journal,
    ) -> Result<Answer, Fault> {
        let session = http2::start(connection, route).await?;
        self.pool.keep_http2(session.clone());
        http2::exchange(session, false, request, journal).await
    }

    fn tls(&self) -> Result<tls::Setup, Fault> {
        let made = self.tls.get_or_init(|| tls::config(&self.settings));
        made.clone().map_err(Fault::Settings)
    }

    fn proxy_tls(&self) -> Result<tls::Setup, Fault> {
        let make = || tls::proxy_config(&self.settings);
        self.proxy_tls.get_or_init(make).clone().map_err(Fault::Settings)
    }
}
