//! A worker: takes a row, runs its chain on an engine of its own, judges it, and takes the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::Job;
use super::gate::Gate;
use super::pool::Switchboard;
use crate::domain::chain::Chain;
use crate::domain::check::Row;
use crate::domain::check::judge::{self, Known};
use crate::domain::check::outcome::{Outcome, State};
use crate::domain::cookie::date;
use crate::fetch::{BodyStore, Engine, Event, Fetch, FetchId, Local};

/// How long redirect bodies still arriving are waited for after the final body (product.md section 4).
const PATIENCE: Duration = Duration::from_secs(1);

/// After so many rows an engine is replaced by a fresh one.
const ROWS_PER_ENGINE: u32 = 1000;

/// The wait before the first further try; it doubles from try to try.
const BACK_OFF: Duration = Duration::from_millis(500);

/// A server that asks for a longer rest than this is not asked again.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// One thread's part of the run.
pub(super) struct Worker<'a> {
    job: &'a Job,
    gate: &'a Gate,
    /// The run is interrupted.
    stop: &'a AtomicBool,
    switchboard: &'a Switchboard,
    store: Arc<BodyStore>,
    engine: Option<Local>,
    rows: u32,
    /// Fetch ids up to this one are taken.
    fetches: u64,
}

impl<'a> Worker<'a> {
    pub(super) fn new(
        job: &'a Job,
        gate: &'a Gate,
        stop: &'a AtomicBool,
        switchboard: &'a Switchboard,
    ) -> Worker<'a> {
        Worker {
            job,
            gate,
            stop,
            switchboard,
            store: Arc::new(BodyStore::new()),
            engine: None,
            rows: 0,
            fetches: 0,
        }
    }

    /// Runs a row until it holds, or until trying again makes no sense. `None` when the run was interrupted.
    pub(super) fn run(&mut self, number: u64, row: &Row) -> Option<Outcome> {
        if row.skip.is_some() {
            return Some(Outcome::of(row, number));
        }
        let mut tries = 1;
        loop {
            let chain = self.chain(row)?;
            let known =
                Known { bodies: &*self.store, policy: chain.limits.policy(), baseline: None };
            let mut outcome = judge::outcome(row, number, &chain, known);
            outcome.tries = tries;
            let rest = self.rest(&chain, &outcome);
            for hop in &chain.hops {
                self.store.forget(hop.exchange.body.id);
            }
            match rest {
                None => return Some(outcome),
                Some(rest) => {
                    tries += 1;
                    if let Some(last) = chain.hops.last() {
                        self.gate.pause(&last.request.url, rest);
                    }
                    if !self.gate.rest(rest) {
                        return None;
                    }
                }
            }
        }
    }

    /// How long to wait before the next try; `None` when there is none.
    fn rest(&self, chain: &Chain, outcome: &Outcome) -> Option<Duration> {
        let repeatable = chain.hops.iter().all(|hop| hop.request.method.is_idempotent());
        let again = outcome.state != State::Held
            && outcome.tries <= self.job.pace.retries
            && repeatable
            && judge::is_passing_trouble(chain);
        if !again {
            return None;
        }
        let back_off = BACK_OFF * 2u32.saturating_pow(outcome.tries - 1);
        let asked = retry_after(chain).unwrap_or_default();
        Some(back_off.max(asked))
            .filter(|_| asked <= LONGEST_REST)
            .map(|rest| rest.min(LONGEST_REST))
    }

    /// Runs a chain to its end.
    fn chain(&mut self, row: &Row) -> Option<Chain> {
        self.ready();
        let deadline = row.max_time.map(|limit| Instant::now() + limit);
        let (draft, client) =
            (row.draft.clone(), crate::domain::client::Client::clone(&row.client));
        let mut chain = Chain::new(draft, client, row.limits, self.job.jar.clone(), now());
        let first = self.fetches;
        let mut open = Vec::new();
        while let Some(request) = chain.send() {
            let pass = self.gate.enter(&request.url)?;
            let hop = chain.hops.len() + 1;
            let limit = deadline.map(|end| end.saturating_duration_since(Instant::now()));
            self.fetches += 1;
            open.push(hop);
            let engine = self.engine.as_mut()?;
            engine.start(Fetch { id: FetchId(first + hop as u64), request, limit });
            while chain.hops.len() < hop {
                let (id, event) = engine.next(None)?;
                take(&mut chain, &mut open, id.0 - first, event);
            }
            drop(pass);
        }
        self.bodies(&mut chain, &mut open, first)?;
        // what was cut off by Ctrl-C says nothing of the server
        (!self.stop.load(Ordering::Relaxed)).then_some(chain)
    }

    /// After the last head: its own body for as long as it takes, those of redirects for a second more.
    fn bodies(&mut self, chain: &mut Chain, open: &mut Vec<usize>, first: u64) -> Option<()> {
        let engine = self.engine.as_mut()?;
        let last = chain.hops.len();
        while open.contains(&last) {
            let (id, event) = engine.next(None)?;
            take(chain, open, id.0 - first, event);
        }
        let until = Instant::now() + PATIENCE;
        let mut cancelled = false;
        while !open.is_empty() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() && !std::mem::replace(&mut cancelled, true) {
                open.iter().for_each(|hop| engine.cancel(FetchId(first + *hop as u64)));
            }
            let wait = if cancelled { PATIENCE } else { left };
            if let Some((id, event)) = engine.next(Some(wait)) {
                take(chain, open, id.0 - first, event);
            }
        }
        Some(())
    }

    /// An engine, fresh from time to time: what it remembers of old connections does not pile up.
    fn ready(&mut self) {
        self.rows += 1;
        if self.engine.is_none() || self.rows > ROWS_PER_ENGINE {
            self.rows = 0;
            self.engine = None;
            self.store = Arc::new(BodyStore::new());
            self.engine = Local::new(self.job.settings.clone(), Arc::clone(&self.store)).ok();
            if let Some(engine) = &self.engine {
                self.switchboard.plug(engine.interrupter());
            }
        }
    }
}

/// The first record of a hop decides on the next; the later one completes it.
fn take(chain: &mut Chain, open: &mut Vec<usize>, hop: u64, event: Event) {
    let hop = hop as usize;
    let exchange = match event {
        Event::Phase(_) | Event::Body { .. } => return,
        Event::Head(exchange) => exchange,
        Event::Done(exchange) => {
            open.retain(|open| *open != hop);
            exchange
        }
    };
    match hop > chain.hops.len() {
        true => chain.receive(*exchange, now()),
        false => chain.amend(hop, *exchange),
    }
}

/// What the last response asks for (RFC 9110 §10.2.3).
fn retry_after(chain: &Chain) -> Option<Duration> {
    let field = chain.hops.last()?.exchange.fields().first("Retry-After")?.text();
    let seconds = match field.trim().parse::<u64>() {
        Ok(seconds) => seconds,
        Err(_) => u64::try_from(date::parse(field.as_bytes())? - now()).unwrap_or(0),
    };
    Some(Duration::from_secs(seconds))
}

/// Seconds since the Unix epoch.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64)
}
