//! The recorder: gathers, for each fetch, the bytes of its heads, the moments of its phases and what is seen of its TLS.
//!
//! The transport names the fetch it works for. The hooks into TLS run inside its library, where only the thread is known: so the
//! engine at work there enters its recorder ([`enter`]), and what they see belongs to the fetch whose head is awaited (there is
//! at most one).

use std::cell::RefCell;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::tls::facts::TlsFacts;
use super::transport::Seen;
use super::wire::{Excess, Received, Sent};
use super::{Event, FetchId, Sink};
use crate::domain::http::connection::{Tls, Tunnel};
use crate::domain::http::field::Field;
use crate::domain::http::timing::{Phase, Timing};

thread_local! {
    static CURRENT: RefCell<Option<Shared>> = const { RefCell::new(None) };
}

/// A recorder as its engine and the hooks share it.
pub(super) type Shared = Arc<Mutex<Recorder>>;

/// Takes the lock; a panic elsewhere is no reason to stop recording.
pub(super) fn lock(recorder: &Shared) -> MutexGuard<'_, Recorder> {
    recorder.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Makes this the recorder of the thread until the guard is dropped.
pub(super) fn enter(recorder: &Shared) -> Entered {
    Entered(CURRENT.with(|current| current.replace(Some(Arc::clone(recorder)))))
}

#[derive(Debug)]
pub(super) struct Entered(Option<Shared>);

impl Drop for Entered {
    fn drop(&mut self) {
        CURRENT.with(|current| current.replace(self.0.take()));
    }
}

/// Gives the thread's recorder to a hook; nothing happens where there is none.
pub(super) fn with_current<T>(act: impl FnOnce(&mut Recorder) -> T) -> Option<T> {
    CURRENT.with(|current| current.borrow().as_ref().map(|recorder| act(&mut lock(recorder))))
}

/// Everything recorded of the fetches under way.
pub(super) struct Recorder {
    sink: Sink,
    /// Those under way: few, so a list is quickest.
    fetches: Vec<(FetchId, Record)>,
    /// The fetch whose head is awaited.
    awaited: Option<FetchId>,
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder").field("awaited", &self.awaited).finish_non_exhaustive()
    }
}

/// What is known of one fetch.
#[derive(Debug)]
pub(super) struct Record {
    pub(super) started: Instant,
    pub(super) phase: Phase,
    pub(super) moments: Moments,
    /// The host and port that the request names, lower case.
    pub(super) target: (String, u16),
    pub(super) reused: bool,
    pub(super) http2: bool,
    /// What goes over its stream of HTTP/2.
    pub(super) seen: Option<Seen>,
    /// The lines for a proxy that forwards over HTTP/2.
    pub(super) forwarded: Vec<Field>,
    pub(super) sent: Sent,
    pub(super) received: Received,
    pub(super) tls: Option<Arc<TlsFacts>>,
    /// TLS with the proxy itself.
    pub(super) proxy_tls: Option<Arc<Tls>>,
    pub(super) tunnel: Option<Box<Tunnel>>,
    /// Local and remote, of the connection in use.
    pub(super) addresses: (Option<SocketAddr>, Option<SocketAddr>),
    /// How far the way to the target is made.
    pub(super) leg: Leg,
}

/// Whom a connection that is being made waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) enum Leg {
    /// The first machine: look-up and TCP.
    #[default]
    Reaching,
    /// A SOCKS proxy that was asked to lead to the HTTP proxy.
    Passing,
    /// An `https://` proxy: its TLS handshake.
    Greeting,
    /// A proxy that was asked to lead to the target.
    Asking,
    /// The target: its TLS handshake.
    Securing,
}

/// When each step happened.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    pub(super) connect_start: Option<Instant>,
    pub(super) dns_start: Option<Instant>,
    pub(super) dns_end: Option<Instant>,
    pub(super) tls_start: Option<Instant>,
    pub(super) connect_end: Option<Instant>,
    pub(super) first_write: Option<Instant>,
    pub(super) first_read: Option<Instant>,
    /// The final response's head is whole: 1xx responses, and a head in drops, are waited for.
    pub(super) head_end: Option<Instant>,
}

/// A step of connecting, marked by a hook.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    ConnectStart,
    DnsStart,
    DnsEnd,
    TlsStart,
    ConnectEnd,
}

impl Recorder {
    pub(super) fn new(sink: Sink) -> Recorder {
        Recorder { sink, fetches: Vec::new(), awaited: None }
    }

    /// Opens the record of a fetch; from here on connecting is its doing.
    pub(super) fn begin(&mut self, id: FetchId, target: (String, u16)) {
        self.fetches.retain(|(other, _)| *other != id);
        self.fetches.push((id, Record::new(target)));
        self.awaited = Some(id);
        (self.sink)(id, Event::Phase(Phase::Connect));
    }

    /// The head is in, or will not come: connecting is not this fetch's doing any more.
    pub(super) fn settle(&mut self, id: FetchId) {
        if self.awaited == Some(id) {
            self.awaited = None;
        }
    }

    /// The head is in.
    pub(super) fn answered(&mut self, id: FetchId) {
        if let Some(record) = self.of(id) {
            record.moments.head_end.get_or_insert_with(Instant::now);
        }
        self.enter_phase(Some(id), Phase::Receive);
    }

    /// Closes the record of a fetch.
    pub(super) fn end(&mut self, id: FetchId) {
        self.settle(id);
        self.fetches.retain(|(other, _)| *other != id);
    }

    pub(super) fn of(&mut self, id: FetchId) -> Option<&mut Record> {
        of(&mut self.fetches, id)
    }

    /// The record of the fetch that is connecting.
    pub(super) fn connecting(&mut self) -> Option<&mut Record> {
        of(&mut self.fetches, self.awaited?)
    }

    pub(super) fn mark(&mut self, mark: Mark) {
        let now = Instant::now();
        let Some(record) = self.connecting() else { return };
        let moments = &mut record.moments;
        let (moment, phase) = match mark {
            Mark::ConnectStart => (&mut moments.connect_start, Phase::Connect),
            Mark::DnsStart => (&mut moments.dns_start, Phase::Dns),
            Mark::DnsEnd => (&mut moments.dns_end, Phase::Connect),
            Mark::TlsStart => (&mut moments.tls_start, Phase::Tls),
            Mark::ConnectEnd => (&mut moments.connect_end, Phase::Wait),
        };
        *moment = Some(now);
        self.enter_phase(self.awaited, phase);
    }

    /// The first byte of a request is about to go out.
    pub(super) fn sending(&mut self, id: FetchId, at: Instant) {
        if let Some(record) = self.of(id) {
            record.moments.first_write = Some(at);
        }
        self.enter_phase(Some(id), Phase::Wait);
    }

    /// Bytes of a response came.
    pub(super) fn answering(&mut self, id: FetchId, at: Instant) {
        if let Some(record) = self.of(id) {
            record.moments.first_read.get_or_insert(at);
        }
        self.enter_phase(Some(id), Phase::Receive);
    }

    fn enter_phase(&mut self, id: Option<FetchId>, phase: Phase) {
        let Some(id) = id else { return };
        let Some(record) = of(&mut self.fetches, id) else { return };
        // a happy-eyeballs loser or a spare connection must not turn the clock back
        if record.phase < phase || (record.phase == Phase::Connect && phase == Phase::Dns) {
            record.phase = phase;
            (self.sink)(id, Event::Phase(phase));
        }
    }
}

fn of(fetches: &mut [(FetchId, Record)], id: FetchId) -> Option<&mut Record> {
    fetches.iter_mut().rev().find(|(other, _)| *other == id).map(|(_, record)| record)
}

impl Record {
    pub(super) fn new(target: (String, u16)) -> Record {
        Record {
            started: Instant::now(),
            phase: Phase::Connect,
            moments: Moments::default(),
            target,
            reused: false,
            http2: false,
            seen: None,
            forwarded: Vec::new(),
            sent: Sent::default(),
            received: Received::default(),
            tls: None,
            proxy_tls: None,
            tunnel: None,
            addresses: (None, None),
            leg: Leg::default(),
        }
    }

    /// Nothing of an answer has come.
    pub(super) fn is_silent(&self) -> bool {
        self.received.is_empty() && self.seen.as_ref().is_none_or(Seen::is_silent)
    }

    /// A bound that the response's heads broke.
    pub(super) fn excess(&self) -> Option<Excess> {
        self.received.excess.or_else(|| self.seen.as_ref().and_then(Seen::excess))
    }

    /// TLS with the target, and with the proxy.
    pub(super) fn sessions(&self) -> (Option<Arc<Tls>>, Option<Arc<Tls>>) {
        let seen = self.tls.as_ref();
        // the proxy's handshake is still under way, or broke
        if self.leg == Leg::Greeting && self.proxy_tls.is_none() {
            return (None, seen.map(|facts| facts.record(false)));
        }
        (seen.map(|facts| facts.record(self.http2)), self.proxy_tls.clone())
    }

    /// How long each phase took up to now; a phase that is under way counts up to `now`.
    pub(super) fn timing(&self, now: Instant) -> Timing {
        let moments = &self.moments;
        let span = |start: Option<Instant>, end: Option<Instant>| {
            start.map(|start| end.unwrap_or(now).saturating_duration_since(start))
        };
        let looking_up = moments.dns_start.is_some() && moments.dns_end.is_none();
        let tcp_start = moments.dns_end.or(moments.connect_start).filter(|_| !looking_up);
        let reused = self.reused;
        let answer = moments.head_end.or(moments.first_read);
        Timing {
            dns: span(moments.dns_start, moments.dns_end).filter(|_| !reused),
            connect: span(tcp_start, moments.tls_start.or(moments.connect_end)).filter(|_| !reused),
            tls: span(moments.tls_start, moments.connect_end).filter(|_| !reused),
            wait: span(moments.first_write, answer),
            receive: span(answer, None),
            total: now.saturating_duration_since(self.started),
        }
    }
}
