//! What the transport tells the recorder: one fetch's connection, bytes and moments.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use super::connect::{Connection, Ways};
use super::http2::{Seen, Session};
use crate::domain::http::connection::{Tls, Tunnel};
use crate::domain::http::field::Field;
use crate::fetch::FetchId;
use crate::fetch::recorder::{Leg, Mark, Record, Shared, lock};
use crate::fetch::tls::facts::TlsFacts;

/// Writes to the record of one fetch.
#[derive(Clone, Debug)]
pub(in crate::fetch) struct Journal {
    recorder: Shared,
    id: FetchId,
}

/// How much of the response's head is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Heard {
    /// More is to come.
    Part,
    /// The final head is whole.
    Whole,
    /// It breaks a bound, or is no HTTP at all.
    Hopeless,
}

impl Journal {
    pub(in crate::fetch) fn new(recorder: Shared, id: FetchId) -> Journal {
        Journal { recorder, id }
    }

    pub(super) fn mark(&self, mark: Mark) {
        lock(&self.recorder).mark(mark);
    }

    /// The request goes over this connection.
    pub(super) fn carried_by(&self, connection: &Connection) {
        self.with(|record| {
            record.reused = connection.used;
            record.addresses = (connection.local_addr, connection.remote_addr);
            if connection.used {
                led(record, &connection.ways);
            }
        });
    }

    /// The request goes over an HTTP/2 session, whose tap records.
    pub(super) fn carried_by_http2(&self, reused: bool, session: &Session, forwarded: Vec<Field>) {
        self.with(|record| {
            record.forwarded = forwarded;
            (record.http2, record.reused) = (true, reused);
            record.addresses = (session.local_addr, session.remote_addr);
            led(record, &session.ways);
        });
        self.sending();
    }

    /// The handshake is done; what is known of it by now.
    pub(super) fn handshake(&self, alpn: Option<&[u8]>) -> Option<Arc<TlsFacts>> {
        let alpn = alpn.map(|name| String::from_utf8_lossy(name).into_owned());
        self.with(|record| {
            let seen = record.tls.get_or_insert_default();
            let facts = Arc::make_mut(seen);
            facts.alpn = alpn;
            facts.described = Some(facts.record(false));
            Arc::clone(seen)
        })
    }

    /// The handshake with the proxy is done: what is seen from here on is the target's.
    pub(super) fn proxy_handshake(&self, alpn: Option<&[u8]>) -> Option<Arc<Tls>> {
        let facts = self.handshake(alpn);
        self.with(|record| {
            // its time counts as time to connect
            (record.tls, record.moments.tls_start) = (None, None);
            record.proxy_tls = facts.and_then(|facts| facts.described.clone());
            record.proxy_tls.clone()
        })
        .flatten()
    }

    /// TCP is there, between these two: local and remote.
    pub(super) fn reached(&self, addresses: (Option<SocketAddr>, Option<SocketAddr>)) {
        self.with(|record| record.addresses = addresses);
    }

    /// Who is waited for now.
    pub(super) fn leg(&self, leg: Leg) {
        self.with(|record| record.leg = leg);
    }

    /// A proxy was asked for a tunnel.
    pub(super) fn tunnelled(&self, tunnel: Tunnel) {
        self.with(|record| record.tunnel = Some(Box::new(tunnel)));
    }

    pub(super) fn tunnel(&self) -> Option<Box<Tunnel>> {
        self.with(|record| record.tunnel.clone()).flatten()
    }

    /// The first byte of the request is about to go out.
    pub(super) fn sending(&self) {
        lock(&self.recorder).sending(self.id, Instant::now());
    }

    /// These bytes were taken by the socket.
    pub(super) fn wrote(&self, bytes: &[u8]) {
        self.with(|record| record.sent.take(bytes));
    }

    /// These bytes came; says how many of them belong to heads.
    pub(super) fn read(&self, bytes: &[u8]) -> (usize, Heard) {
        let mut recorder = lock(&self.recorder);
        recorder.answering(self.id, Instant::now());
        let Some(record) = recorder.of(self.id) else { return (0, Heard::Hopeless) };
        let taken = record.received.take(bytes);
        let heard = if record.received.excess.is_some() || record.received.is_foreign() {
            Heard::Hopeless
        } else if record.received.is_complete() {
            Heard::Whole
        } else {
            Heard::Part
        };
        (taken, heard)
    }

    /// An interim response has arrived since the request was begun.
    pub(super) fn has_interim(&self) -> bool {
        self.with(|record| !record.received.interim().is_empty()).unwrap_or_default()
    }

    /// The head of the response; see [`Heard::Whole`].
    pub(super) fn head(&self) -> Bytes {
        self.with(|record| record.received.head()).unwrap_or_default()
    }

    /// What is seen of the request's stream belongs to its record.
    pub(super) fn watching(&self, seen: Seen) {
        self.with(|record| record.seen = Some(seen));
    }

    fn with<T>(&self, act: impl FnOnce(&mut Record) -> T) -> Option<T> {
        lock(&self.recorder).of(self.id).map(act)
    }
}

/// The request takes the way that an earlier one made.
fn led(record: &mut Record, ways: &Ways) {
    record.tls.clone_from(&ways.tls);
    record.proxy_tls.clone_from(&ways.proxy_tls);
    record.tunnel.clone_from(&ways.tunnel);
}
