//! One fetch from start to end: wait for its turn, send, record the head, receive the body, tell how it ended.

use std::future::pending;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper_util::client::legacy::connect::HttpInfo;
use tokio::sync::{Notify, oneshot};

use super::client::Clients;
use super::failure::{self, Evidence};
use super::receive::Intake;
use super::recorder::{self, Record, Recorder, lock};
use super::{BodyStore, Event, Fetch, FetchId, Sink, heads, request, tap};
use crate::domain::http::body::{Bodies, BodyRecord};
use crate::domain::http::connection::Proxy;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::Failure;
use crate::domain::http::head::Version;
use crate::domain::http::request::Request;
use crate::domain::http::settings::{Settings, VersionPreference};
use crate::domain::http::timing::Phase;

/// How long the next hop waits for the body of a redirect, so that the connection can be used again (product.md section 6).
const LINGER: Duration = Duration::from_millis(2);

/// What the fetches of one chain share.
pub(super) struct Core {
    pub(super) settings: Arc<Settings>,
    pub(super) store: Arc<BodyStore>,
    pub(super) sink: Sink,
    pub(super) recorder: recorder::Shared,
    clients: Mutex<Clients>,
    /// Held from the start of a fetch until its head is in.
    turn: tokio::sync::Mutex<()>,
    /// When the head of the last redirect came in, and the news that its body has ended.
    lingering: Mutex<Option<(Instant, oneshot::Receiver<()>)>>,
    /// Whether the wire can be recorded.
    tapped: bool,
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
            clients: Mutex::new(Clients::new(Arc::clone(&settings))),
            recorder: Arc::new(Mutex::new(Recorder::new(Arc::clone(&sink)))),
            settings,
            store,
            sink,
            turn: tokio::sync::Mutex::new(()),
            lingering: Mutex::new(None),
            tapped: tap::install(),
        })
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
        let Some((since, end)) = lingering else { return };
        let _ = tokio::time::timeout_at((since + LINGER).into(), end).await;
        // the connection goes back to the pool in a task of its own
        tokio::task::yield_now().await;
    }
}

/// Runs a fetch to its end and reports it.
pub(super) async fn run(core: Arc<Core>, fetch: Fetch, cancel: Arc<Notify>) {
    let limit = fetch.limit;
    let mut hop = Hop::new(Arc::clone(&core), fetch);
    let excess = Arc::clone(&hop.excess);
    let stopped = tokio::select! {
        biased;
        () = cancel.notified() => Some(Stop::Cancelled),
        () = excess.notified() => Some(Stop::Excess),
        () = hop.drive() => None,
        () = sleep(limit) => Some(Stop::OutOfTime),
    };
    hop.finish(stopped);
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
    Excess,
}

struct Hop {
    core: Arc<Core>,
    id: FetchId,
    request: Request,
    limit: Duration,
    excess: Arc<Notify>,
    exchange: Exchange,
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
            excess: Arc::new(Notify::new()),
            exchange: Exchange::default(),
            head_in: false,
        }
    }

    async fn drive(&mut self) {
        let core = Arc::clone(&self.core);
        let turn = core.turn.lock().await;
        core.wait_for_redirect_body().await;
        let sent = self.send().await;
        lock(&core.recorder).settle(self.id);
        let response = match sent {
            Ok(response) => response,
            Err(failure) => return self.exchange.failure = Some(failure),
        };
        let body = self.head(response);
        let _ended = self.is_redirect().then(|| core.linger());
        drop(turn);
        (core.sink)(self.id, Event::Head(Box::new(self.exchange.clone())));
        self.receive(body).await;
    }

    /// Sends the request; once more when a connection that was kept turns out to be closed, as curl does.
    async fn send(&mut self) -> Result<reqwest::Response, Failure> {
        let target = request::target(&self.request.url);
        let begin = |core: &Core| {
            lock(&core.recorder).begin(self.id, target.clone(), Arc::clone(&self.excess));
        };
        begin(&self.core);
        let built =
            request::build(&self.request, &self.core.settings).map_err(failure::unusable)?;
        let client = {
            let mut clients = self.core.clients.lock().unwrap_or_else(PoisonError::into_inner);
            clients.for_url(&self.request.url).map_err(failure::unusable_client)?
        };
        let again = built.try_clone();
        let error = match (client.execute(built).await, again) {
            (Ok(response), _) => return Ok(response),
            (Err(_), Some(again)) if self.was_stale() => {
                begin(&self.core);
                self.exchange.notes.push(
                    "The server had closed the kept connection; the request was sent again on a new one."
                        .to_owned(),
                );
                match client.execute(again).await {
                    Ok(response) => return Ok(response),
                    Err(error) => error,
                }
            }
            (Err(error), _) => error,
        };
        Err(self.explain(&error))
    }

    /// A connection from the pool, and not a byte came back.
    fn was_stale(&self) -> bool {
        let mut recorder = lock(&self.core.recorder);
        recorder.of(self.id).is_some_and(|record| record.reused && record.received.is_empty())
    }

    fn explain(&self, error: &reqwest::Error) -> Failure {
        let mut recorder = lock(&self.core.recorder);
        let Some(record) = recorder.of(self.id) else {
            return failure::unusable(error.to_string());
        };
        let proxy = self.core.settings.proxies.for_url(&self.request.url);
        failure::of_error(error, &Evidence { url: &self.request.url, proxy, record })
    }

    /// Records the head and hands out the body.
    fn head(&mut self, response: reqwest::Response) -> reqwest::Body {
        self.exchange.connection.remote_addr = response.remote_addr();
        let info = response.extensions().get::<HttpInfo>();
        self.exchange.connection.local_addr = info.map(HttpInfo::local_addr);
        let (parts, body) = http::Response::<reqwest::Body>::from(response).into_parts();
        let parsed = heads::from_library(&parts);
        let core = Arc::clone(&self.core);
        let mut recorder = lock(&core.recorder);
        recorder.answered(self.id);
        if let Some(record) = recorder.of(self.id) {
            record.http2 |= parts.version == http::Version::HTTP_2;
            self.record(record);
        }
        if !core.tapped {
            self.exchange.notes.push(
                "The wire could not be recorded: heads are shown as the HTTP library read them."
                    .to_owned(),
            );
        }
        if self.exchange.response.is_none() || parts.version == http::Version::HTTP_2 {
            self.exchange.response = Some(parsed);
        }
        self.note_differences();
        self.head_in = true;
        self.exchange.body.id = core.store.create();
        body
    }

    /// Copies what the recorder has into the exchange.
    fn record(&mut self, record: &Record) {
        let exchange = &mut self.exchange;
        exchange.sent = heads::sent(record, &self.request);
        exchange.informational = heads::informational(record);
        exchange.response = heads::received(record);
        exchange.connection.reused = record.reused;
        exchange.connection.tls = record.tls.as_ref().map(|facts| facts.record(record.http2));
        let proxy = self.core.settings.proxies.for_url(&self.request.url);
        exchange.connection.proxy = proxy.map(|proxy| {
            let mut url = proxy.url.clone();
            let _ = url.set_password(None);
            Proxy { url: url.to_string(), source: proxy.source.clone() }
        });
        exchange.timing = record.timing(Instant::now());
    }

    fn note_differences(&mut self) {
        let Some(sent) = &self.exchange.sent else { return };
        let mut notes = heads::differences(sent, &self.request);
        let asked = self.core.settings.version == VersionPreference::Http2;
        if asked && self.request.url.scheme() == "http" && sent.version != Version::Http2 {
            notes.push("HTTP/2 was asked for; over http:// it went as HTTP/1.1.".to_owned());
        }
        self.exchange.notes.extend(notes);
    }

    fn is_redirect(&self) -> bool {
        let redirects = self.exchange.status().is_some_and(|status| (300..400).contains(&status));
        redirects && self.exchange.fields().contains("Location")
    }

    async fn receive(&mut self, body: reqwest::Body) {
        let redirect = self.is_redirect();
        let http2 = self.exchange.sent.as_ref().is_some_and(|sent| sent.raw.is_empty());
        let core = Arc::clone(&self.core);
        let mut intake = Intake::new(&core, self.id, redirect, http2);
        intake.run(&mut self.exchange, body).await;
    }

    fn finish(mut self, stopped: Option<Stop>) {
        let core = Arc::clone(&self.core);
        let mut recorder = lock(&core.recorder);
        let mut phase = Phase::Dns;
        if let Some(record) = recorder.of(self.id) {
            phase = record.phase;
            if self.head_in {
                self.exchange.timing = record.timing(Instant::now());
                heads::extra_bytes(record, &self.request, &mut self.exchange);
            } else {
                self.record(record);
            }
            if let Some(Stop::Excess) = stopped {
                self.exchange.failure = record.received.excess.map(failure::excess);
            }
        }
        match stopped {
            Some(Stop::Cancelled) => self.exchange.failure = Some(failure::cancelled(phase)),
            Some(Stop::OutOfTime) => {
                self.exchange.failure = Some(failure::out_of_time(phase, self.limit));
            }
            Some(Stop::Excess) | None => {}
        }
        recorder.end(self.id);
        drop(recorder);
        let body = &mut self.exchange.body;
        body.head = core.store.read(body.id, 0, BodyRecord::HEAD).into();
        (core.sink)(self.id, Event::Done(Box::new(self.exchange)));
    }
}
