//! One fetch from start to end: wait for its turn, send, record the head, receive the body, tell how it ended.

mod sending;

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, oneshot};

use super::crowd::Crowd;
use super::failure::{self, Evidence};
use super::receive::Intake;
use super::recorder::{self, Record, Recorder, lock};
use super::transport::{Answer, Body, Fault, Transport};
use super::{BodyStore, Event, Fetch, FetchId, Sink, heads};
use crate::domain::http::body::{Bodies, BodyRecord};
use crate::domain::http::connection::Proxy;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::Failure;
use crate::domain::http::field::Field;
use crate::domain::http::head::Version;
use crate::domain::http::remark;
use crate::domain::http::request::{FieldSource, Request};
use crate::domain::http::settings::{ProxyChoice, Settings, VersionPreference};
use crate::domain::http::timing::LINGER;

/// What HTTP/2 can't be read byte by byte any further says of a head.
const UNTAPPED: &str = "The bytes of this HTTP/2 head could not be followed: lines of one name stand together, in the library's order.";

/// What the fetches of one chain share.
pub(super) struct Core {
    pub(super) settings: Arc<Settings>,
    pub(super) store: Arc<BodyStore>,
    pub(super) sink: Sink,
    pub(super) recorder: recorder::Shared,
    transport: Transport,
    /// Held from the start of a fetch until its head is in.
    turn: tokio::sync::Mutex<()>,
    /// When the head of the last redirect came in, and the news that its body has ended.
    lingering: Mutex<Option<(Instant, oneshot::Receiver<()>)>>,
    /// The last redirect's body did not come in time: the next is not waited for, until one comes in time again.
    impatient: AtomicBool,
    /// A server has refused `Expect`.
    expectless: AtomicBool,
    /// Bodies of redirects that are arriving.
    crowd: Crowd,
}

impl std::fmt::Debug for Core {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Core").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Core {
    pub(super) fn new(settings: Settings, store: Arc<BodyStore>, sink: Sink) -> Arc<Core> {
        let settings = Arc::new(settings);
        Arc::new(Core {
            transport: Transport::new(Arc::clone(&settings)),
            recorder: Arc::new(Mutex::new(Recorder::new(Arc::clone(&sink)))),
            settings,
            store,
            sink,
            turn: tokio::sync::Mutex::new(()),
            lingering: Mutex::new(None),
            impatient: AtomicBool::new(false),
            expectless: AtomicBool::new(false),
            crowd: Crowd::default(),
        })
    }

    /// Takes out the `Expect` that nobody asked for, once it has been refused.
    fn without_expect(&self, request: &mut Request) {
        if self.expectless.load(Ordering::Relaxed) && asks_first(request) {
            let lines = request.sourced().filter(|line| !is_own_expect(line));
            let lines = lines.map(|(field, source)| (field.clone(), source));
            let (fields, sources): (Vec<Field>, Vec<FieldSource>) = lines.unzip();
            (request.fields, request.sources) = (fields.into_iter().collect(), sources);
        }
    }

    /// From here on the body of a redirect is arriving; what is returned is dropped when it has ended.
    fn linger(&self) -> oneshot::Sender<()> {
        let (ended, end) = oneshot::channel();
        *self.lingering.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), end));
        ended
    }

    async fn wait_for_redirect_body(&self) {
        let lingering = self.lingering.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some((since, mut end)) = lingering else { return };
        let awaited = end.try_recv() == Err(oneshot::error::TryRecvError::Empty);
        if awaited && !self.impatient.load(Ordering::Relaxed) {
            let came = tokio::time::timeout_at((since + LINGER).into(), end).await;
            self.impatient.store(came.is_err(), Ordering::Relaxed);
        }
    }

    /// The body of a redirect whose head came then has ended.
    fn ended(&self, head: Instant) {
        if head.elapsed() <= LINGER {
            self.impatient.store(false, Ordering::Relaxed);
        }
    }
}

/// Runs a fetch to its end and reports it.
pub(super) async fn run(core: Arc<Core>, fetch: Fetch, cancel: Arc<Notify>) {
    let limit = fetch.limit;
    let mut hop = Hop::new(Arc::clone(&core), fetch);
    let stopped = tokio::select! {
        biased;
        () = cancel.notified() => Some(Stop::Cancelled),
        () = hop.drive() => None,
        () = sleep(limit) => Some(Stop::OutOfTime),
    };
    hop.finish(stopped);
}

fn is_http(proxy: &Proxy) -> bool {
    proxy.url.starts_with("http")
}

fn speaks_http2(proxy: &Proxy) -> bool {
    proxy.tls.as_ref().is_some_and(|tls| tls.alpn.as_deref() == Some("h2"))
}

/// The request asks for leave to send its body, without the user having said so.
fn asks_first(request: &Request) -> bool {
    request.sourced().any(|line| is_own_expect(&line))
}

fn is_own_expect((field, source): &(&Field, FieldSource)) -> bool {
    *source == FieldSource::Body && field.is("Expect")
}

async fn sleep(limit: Option<Duration>) {
    match limit {
        Some(limit) => tokio::time::sleep(limit).await,
        None => pending().await,
    }
}

/// What ended a fetch before its own end.
enum Stop {
    Cancelled,
    OutOfTime,
}

struct Hop {
    core: Arc<Core>,
    id: FetchId,
    request: Request,
    limit: Duration,
    /// Boxed: it is big, and handed on as it is.
    exchange: Box<Exchange>,
    /// The final head has been recorded.
    head_in: bool,
}

impl Hop {
    fn new(core: Arc<Core>, fetch: Fetch) -> Hop {
        let Fetch { id, request, limit } = fetch;
        Hop {
            core,
            id,
            request,
            limit: limit.unwrap_or_default(),
            exchange: Box::default(),
            head_in: false,
        }
    }

    async fn drive(&mut self) {
        let core = Arc::clone(&self.core);
        let turn = core.turn.lock().await;
        core.wait_for_redirect_body().await;
        let sent = self.send().await;
        lock(&core.recorder).settle(self.id);
        let answer = match sent {
            Ok(answer) => answer,
            Err(failure) => return self.exchange.failure = Some(failure),
        };
        let body = self.head(answer);
        let redirect = self.is_redirect();
        let ended = redirect.then(|| (Instant::now(), core.linger()));
        drop(turn);
        let mut intake = Intake::new(&core, self.id, redirect);
        let Some((head, _ended)) = ended else {
            return intake.run(&mut self.exchange, body).await;
        };
        tokio::select! {
            biased;
            () = intake.run(&mut self.exchange, body) => core.ended(head),
            () = core.crowd.stay() => self.exchange.failure = Some(failure::crowded_out()),
        }
    }

    fn explain(&self, fault: &Fault) -> Failure {
        let mut recorder = lock(&self.core.recorder);
        let Some(record) = recorder.of(self.id) else {
            return failure::cancelled(None);
        };
        failure::of_fault(fault, &self.evidence(record))
    }

    fn evidence<'a>(&'a self, record: &'a Record) -> Evidence<'a> {
        let (url, settings) = (&self.request.url, &self.core.settings);
        let proxy = settings.proxies.for_url(url);
        let pre = proxy.and_then(|proxy| settings.to_proxy.before(proxy));
        Evidence { url, proxy, pre, record }
    }

    /// Records the head and hands out the body.
    fn head(&mut self, answer: Answer) -> Body {
        let Answer { head, informational, untapped, body, remote_addr, local_addr, early } = answer;
        let core = Arc::clone(&self.core);
        let mut recorder = lock(&core.recorder);
        recorder.answered(self.id);
        if let Some(record) = recorder.of(self.id) {
            self.record(record);
        }
        let exchange = &mut self.exchange;
        exchange.connection.remote_addr = remote_addr;
        exchange.connection.local_addr = local_addr;
        exchange.response = Some(head);
        exchange.answered_early = early;
        if early {
            let note = "The response began before the request's body was sent in full.";
            exchange.notes.push(note.to_owned());
        }
        let remark = exchange.response.as_ref().and_then(|head| remark::of(&self.request, head));
        exchange.notes.extend(remark.map(str::to_owned));
        if untapped {
            exchange.informational = informational;
            exchange.notes.push(UNTAPPED.to_owned());
        }
        exchange.body.id = core.store.create();
        self.note_version();
        self.head_in = true;
        body
    }

    /// Copies what the recorder has into the exchange.
    fn record(&mut self, record: &Record) {
        let exchange = &mut self.exchange;
        exchange.sent = heads::sent(record, &self.request);
        exchange.notes.extend(heads::authority(record, &self.request));
        exchange.informational = heads::informational(record);
        exchange.connection.reused = record.reused;
        let (local_addr, remote_addr) = record.addresses;
        (exchange.connection.local_addr, exchange.connection.remote_addr) =
            (local_addr, remote_addr);
        exchange.connection.tunnel.clone_from(&record.tunnel);
        let settings = &self.core.settings;
        let proxy = settings.proxies.for_url(&self.request.url);
        let (tls, proxy_tls) = record.sessions();
        exchange.connection.tls = tls;
        exchange.connection.proxy = proxy.map(|proxy| {
            let pre = settings.to_proxy.before(proxy).map(ProxyChoice::shown);
            let (url, source) = (proxy.shown(), proxy.source.clone());
            Box::new(Proxy { url, source, pre, tls: proxy_tls.clone() })
        });
        exchange.timing = record.timing(Instant::now());
    }

    fn note_version(&mut self) {
        let asked = self.core.settings.version == VersionPreference::Http2;
        if asked && self.request.url.scheme() == "http" {
            let note = "HTTP/2 was asked for; over http:// it went as HTTP/1.1.";
            self.exchange.notes.push(note.to_owned());
        }
        let asked = self.core.settings.version == VersionPreference::Http10;
        let sent = self.exchange.sent.as_ref().map(|sent| sent.version);
        if sent == Some(Version::Http10) && !asked {
            let note = "It went as HTTP/1.0: curl asks in that once a server has answered in it.";
            self.exchange.notes.push(note.to_owned());
        }
        let proxy = self.exchange.connection.proxy.as_deref();
        let asked = self.core.settings.to_proxy.http2 && proxy.is_some_and(is_http);
        if asked && !proxy.is_some_and(speaks_http2) {
            let note = "HTTP/2 with the proxy was asked for; it is spoken to in HTTP/1.1.";
            self.exchange.notes.push(note.to_owned());
        }
    }

    fn is_redirect(&self) -> bool {
        let redirects = self.exchange.status().is_some_and(|status| (300..400).contains(&status));
        redirects && self.exchange.fields().contains("Location")
    }

    fn finish(mut self, stopped: Option<Stop>) {
        let core = Arc::clone(&self.core);
        let mut recorder = lock(&core.recorder);
        if let Some(record) = recorder.of(self.id) {
            if self.head_in {
                self.exchange.timing = record.timing(Instant::now());
            } else {
                self.record(record);
                self.exchange.response = heads::received(record);
            }
        }
        if let Some(stop) = stopped {
            let record = recorder.of(self.id);
            let evidence = record.as_deref().map(|record| self.evidence(record));
            self.exchange.failure = Some(match stop {
                Stop::Cancelled => failure::cancelled(evidence.as_ref()),
                Stop::OutOfTime => failure::out_of_time(evidence.as_ref(), self.limit),
            });
        }
        recorder.end(self.id);
        drop(recorder);
        let body = &mut self.exchange.body;
        body.head = core.store.read(body.id, 0, BodyRecord::HEAD).into();
        (core.sink)(self.id, Event::Done(self.exchange));
    }
}
