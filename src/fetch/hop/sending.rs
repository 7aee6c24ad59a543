//! Sends the request of a hop, and sends it again where clients do: a stale connection, a refused stream, a refused `Expect`.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::super::failure;
use super::super::recorder::lock;
use super::super::transport::{Answer, Fault, Journal, Route};
use super::{Core, Hop, asks_first};
use crate::domain::http::failure::Failure;
use crate::fetch::request;

/// How often a request goes out again that the server did not look at (curl's CONN_MAX_RETRIES, `lib/transfer.c`).
const RETRIES: usize = 5;

impl Hop {
    /// Sends the request; once more when a connection that was kept turns out to be closed, as curl does.
    pub(super) async fn send(&mut self) -> Result<Answer, Failure> {
        let core = Arc::clone(&self.core);
        if let Some(sentence) = request::refusal(&self.request.url) {
            return Err(failure::unusable(sentence));
        }
        let route = &Route::of(&self.request.url, &core.settings);
        let journal = Journal::new(Arc::clone(&core.recorder), self.id);
        self.begin();
        core.without_expect(&mut self.request);
        let mut sent = core.transport.send(route, &self.request, &journal).await;
        if sent.as_ref().is_err_and(Fault::may_be_stale) && self.was_stale() {
            self.begin_again(
                "The server had closed the kept connection; the request was sent again on a new one.",
            );
            sent = core.transport.send(route, &self.request, &journal).await;
        }
        if sent.as_ref().is_err_and(Fault::is_unheeded) {
            sent = Box::pin(self.send_until_heeded(&core, (route, &journal))).await;
        }
        let refused = sent.as_ref().is_ok_and(|answer| answer.early && answer.head.status == 417);
        if refused && asks_first(&self.request) {
            sent = Box::pin(self.send_without_expect(&core, (route, &journal))).await;
        }
        sent.map_err(|fault| match fault {
            Fault::Settings(sentence) => failure::unusable_client(sentence),
            Fault::Unusable(sentence) => failure::unusable(sentence),
            fault => self.explain(&fault),
        })
    }

    /// 417 to a question of our own: the request goes again without it, and so do later ones, as curl does (`lib/http.c`).
    async fn send_without_expect(
        &mut self,
        core: &Core,
        (route, journal): (&Route, &Journal),
    ) -> Result<Answer, Fault> {
        core.expectless.store(true, Ordering::Relaxed);
        core.without_expect(&mut self.request);
        self.begin();
        self.exchange.notes.push(
            "The server answered 417 to Expect: 100-continue; the request was sent again without it."
                .to_owned(),
        );
        core.transport.send(route, &self.request, journal).await
    }

    /// REFUSED_STREAM: the request goes again, each time over a new connection, as curl does (`lib/http2.c`).
    async fn send_until_heeded(
        &mut self,
        core: &Core,
        (route, journal): (&Route, &Journal),
    ) -> Result<Answer, Fault> {
        let mut tries = 0;
        loop {
            tries += 1;
            self.begin();
            let sent = core.transport.send(route, &self.request, journal).await;
            if tries == RETRIES || !sent.as_ref().is_err_and(Fault::is_unheeded) {
                let times = if tries == 1 { "once more" } else { &format!("{tries} times more") };
                self.exchange.notes.push(format!(
                    "The server refused the stream unseen (REFUSED_STREAM); the request was sent {times}, on new connections."
                ));
                return sent;
            }
        }
    }

    /// Opens the record: from here on bytes and moments are this fetch's.
    fn begin(&self) {
        let target = request::target(&self.request.url);
        lock(&self.core.recorder).begin(self.id, target);
    }

    fn begin_again(&mut self, note: &str) {
        self.begin();
        self.exchange.notes.push(note.to_owned());
    }

    /// A connection from the pool, and not a byte came back.
    fn was_stale(&self) -> bool {
        let mut recorder = lock(&self.core.recorder);
        recorder.of(self.id).is_some_and(|record| record.reused && record.is_silent())
    }
}
