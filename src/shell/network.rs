//! The network as the loop knows it: an engine per chain, its events as messages.

use std::io;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use super::inbox::Mailbox;
use crate::app::message::{FetchEvent, FetchId};
use crate::domain::http::request::Request;
use crate::domain::http::settings::Settings;
use crate::fetch::{self, BodyStore, Engine, Event, Fetch, Remote, Sink};

/// The engine of one chain.
#[derive(Debug)]
pub(super) struct Network {
    engine: Remote,
}

impl Network {
    /// A new chain: no connection of another one.
    pub(super) fn start(
        settings: Settings,
        store: Arc<BodyStore>,
        mailbox: Mailbox,
    ) -> io::Result<Network> {
        let sink: Sink = Arc::new(move |id, event| mailbox.fetched(FetchId(id.0), reported(event)));
        Ok(Network { engine: Remote::new(settings, store, sink)? })
    }

    pub(super) fn fetch(&mut self, id: FetchId, request: Request) {
        self.engine.start(Fetch::new(fetch::FetchId(id.0), request));
    }

    pub(super) fn cancel(&mut self, id: FetchId) {
        self.engine.cancel(fetch::FetchId(id.0));
    }
}

fn reported(event: Event) -> FetchEvent {
    match event {
        Event::Phase(phase) => FetchEvent::Phase(phase),
        Event::Head(exchange) => FetchEvent::Head { exchange, now: now() },
        Event::Body { received, decoded: _, total } => FetchEvent::Body { received, total },
        Event::Done(exchange) => FetchEvent::Done { exchange, now: now() },
    }
}

/// Seconds since the Unix epoch.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or(0)
}
