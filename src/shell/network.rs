//! The network as the loop knows it: an engine per run, their events as messages.
//!
//! An engine shares connections within its run and with nobody else. The one of an earlier run lives on until
//! its last fetch is done, so that every fetch comes to its end.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::inbox::Mailbox;
use crate::app::message::{FetchEvent, FetchId};
use crate::domain::http::request::Request;
use crate::domain::http::settings::Settings;
use crate::fetch::clock::now;
use crate::fetch::{self, BodyStore, Engine, Event, Fetch, Remote, Replay, Sink, Tape};

/// The engines, and the bodies that they receive.
#[derive(Debug)]
pub(super) struct Network {
    settings: Settings,
    store: Arc<BodyStore>,
    mailbox: Mailbox,
    /// The engine of the newest run stands last.
    runs: Vec<Run>,
    /// `-m`: how long the heads of a run may take together, and its last body. Time between steps does not count.
    max_time: Option<Duration>,
    /// Recorded exchanges that answer instead of the network.
    tape: Option<Tape>,
}

struct Run {
    engine: Box<dyn Engine>,
    /// The fetches under way, with the time when they were started.
    /// With the time since which a head is awaited; `None` once it is in.
    under_way: HashMap<FetchId, Option<Instant>>,
    /// How long heads were waited for so far.
    spent: Duration,
}

impl fmt::Debug for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Run").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}

impl Network {
    /// The store may hold bodies of runs that were made before.
    pub(super) fn new(
        settings: Settings,
        store: Arc<BodyStore>,
        max_time: Option<Duration>,
        mailbox: Mailbox,
    ) -> Network {
        Network { settings, store, mailbox, runs: Vec::new(), max_time, tape: None }
    }

    /// No network: a tape answers every request.
    pub(super) fn of_tape(tape: Tape, mailbox: Mailbox) -> Network {
        let store = Arc::clone(&tape.store);
        let (settings, runs) = (Settings::default(), Vec::new());
        Network { settings, store, mailbox, runs, max_time: None, tape: Some(tape) }
    }

    /// Where the bodies of all runs are.
    pub(super) fn store(&self) -> Arc<BodyStore> {
        Arc::clone(&self.store)
    }

    /// Sends a request; `fresh` begins a run, with connections of its own.
    pub(super) fn fetch(&mut self, id: FetchId, request: Request, fresh: bool) -> io::Result<()> {
        if fresh || self.runs.is_empty() {
            self.runs.push(self.open()?);
        }
        if let Some(run) = self.runs.last_mut() {
            let limit = self.max_time.map(|max| max.saturating_sub(run.spent));
            run.under_way.insert(id, Some(Instant::now()));
            run.engine.start(Fetch { limit, ..Fetch::new(fetch::FetchId(id.0), request) });
        }
        Ok(())
    }

    pub(super) fn cancel(&mut self, id: FetchId) {
        for run in &mut self.runs {
            run.engine.cancel(fetch::FetchId(id.0));
        }
    }

    /// Takes note of what a fetch reports.
    pub(super) fn heard(&mut self, id: FetchId, event: &FetchEvent) {
        let Some(run) = self.runs.iter_mut().find(|run| run.under_way.contains_key(&id)) else {
            return;
        };
        match event {
            FetchEvent::Phase(_) | FetchEvent::Body { .. } => {}
            FetchEvent::Head { .. } => {
                let awaited = run.under_way.get_mut(&id).and_then(Option::take);
                run.spent += awaited.map_or(Duration::ZERO, |since| since.elapsed());
            }
            FetchEvent::Done { .. } => {
                let awaited = run.under_way.remove(&id).flatten();
                run.spent += awaited.map_or(Duration::ZERO, |since| since.elapsed());
                self.close_finished();
            }
        }
    }

    /// Lets the engines of earlier runs go that have nothing more to do.
    fn close_finished(&mut self) {
        let newest = self.runs.len().saturating_sub(1);
        let mut at = 0;
        self.runs.retain(|run| {
            at += 1;
            at - 1 == newest || !run.under_way.is_empty()
        });
    }

    fn open(&self) -> io::Result<Run> {
        let mailbox = self.mailbox.clone();
        let sink: Sink = Arc::new(move |id, event| mailbox.fetched(FetchId(id.0), reported(event)));
        let engine: Box<dyn Engine> = match &self.tape {
            Some(tape) => Box::new(Replay::new(tape.player(), sink)),
            None => Box::new(Remote::new(self.settings.clone(), self.store(), sink)?),
        };
        Ok(Run { engine, under_way: HashMap::new(), spent: Duration::ZERO })
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
