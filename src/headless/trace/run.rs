//! The loop: one request out, its head in, the next request; bodies of redirects arrive beside it.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;

use super::output::Output;
use super::progress::{Progress, What};
use super::{Job, probes};
use crate::domain::chain::{Chain, State};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::FailureKind;
use crate::domain::http::request::Request;
use crate::domain::probe::ProbePlan;
use crate::domain::redirect::awaits_body;
use crate::domain::secret::Names;
use crate::fetch::clock::now;
use crate::fetch::{BodyStore, Engine, Event, Fetch, FetchId, Local};
use crate::headless::interrupt;

/// How long redirect bodies still arriving are waited for after the final body (product.md section 4), and by a client that
/// reads them before it follows.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often an interrupt is looked for while nothing happens.
const GLANCE: Duration = Duration::from_millis(50);

/// A chain under way. Fetch number n is hop number n.
pub(super) struct Run {
    pub(super) chain: Chain,
    pub(super) store: Arc<BodyStore>,
    engine: Local,
    deadline: Option<Instant>,
    /// Hops whose exchange is not complete.
    open: VecDeque<usize>,
    /// A redirect that the client follows only when its body is in, and when that is no longer waited for.
    held: Option<(Instant, Box<Exchange>)>,
    progress: Progress,
    /// What was sent last.
    newest: (FetchId, What),
    stop: Arc<AtomicBool>,
    cancelled: bool,
    /// What is cancelled are bodies that are waited for no longer.
    overdue: bool,
}

impl Run {
    pub(super) fn new(job: Job, store: Arc<BodyStore>, progress: bool) -> anyhow::Result<Run> {
        let engine = Local::new(job.settings, Arc::clone(&store)).context("cannot start")?;
        let stop = interrupt::awaited()?;
        Ok(Run {
            chain: Chain::new(job.draft, job.client, job.limits, job.jar, now()),
            store,
            engine,
            deadline: job.max_time.map(|limit| Instant::now() + limit),
            open: VecDeque::new(),
            held: None,
            progress: Progress::new(progress),
            newest: (FetchId(0), What::Hop),
            stop,
            cancelled: false,
            overdue: false,
        })
    }

    /// Goes one step; `false` when everything is in.
    pub(super) fn advance(&mut self, output: &mut Output<'_>) -> anyhow::Result<bool> {
        let printed = match self.chain.send() {
            Some(request) => self.hop(request, output),
            None => self.wait_for_bodies(output),
        };
        self.progress.clear();
        let more = matches!(self.chain.state, State::Ready(_)) && !self.interrupted();
        match printed {
            // Whoever read the output has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
            printed => printed.context("standard output").map(|()| more || !self.open.is_empty()),
        }
    }

    /// Sends a request and waits for the head of its response. What is known before is printed while the server works.
    fn hop(&mut self, request: Request, output: &mut Output<'_>) -> io::Result<()> {
        let hop = self.chain.hops.len() + 1;
        let limit = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
        self.open.push_back(hop);
        self.newest = (FetchId(hop as u64), What::Hop);
        self.engine.start(Fetch { id: self.newest.0, request, limit });
        // a request goes out with its first event
        self.step(None);
        self.print(output)?;
        while self.chain.hops.len() < hop && !self.open.is_empty() {
            if !self.step(None) {
                self.print(output)?;
            }
            if let Some((_, exchange)) = self.held.take_if(|(until, _)| Instant::now() >= *until) {
                self.chain.receive(exchange, now());
            }
        }
        Ok(())
    }

    /// Asks every hop again in other ways; says before what that will be.
    pub(super) fn probe(&mut self, redact: Option<&Names>) {
        for plans in probes::announced(&self.chain, redact) {
            for plan in plans {
                let limit = self.deadline.map(|end| end.saturating_duration_since(Instant::now()));
                if self.interrupted() || limit.is_some_and(|limit| limit.is_zero()) {
                    return;
                }
                let id = FetchId((self.chain.hops.len() + self.chain.probes.len() + 1) as u64);
                self.newest = (id, What::Probe);
                self.engine.start(Fetch { id, request: plan.request.clone(), limit });
                while !self.answered(id, &plan) {}
            }
        }
    }

    /// Takes in the next event; whether the probe has its answer.
    fn answered(&mut self, id: FetchId, plan: &ProbePlan) -> bool {
        let exchange = match self.event(None) {
            Some((heard, Event::Head(exchange))) if heard == id => {
                self.engine.cancel(id);
                exchange
            }
            Some((heard, Event::Done(exchange))) if heard == id => exchange,
            Some(_) => return false,
            None if self.interrupted() => {
                self.engine.cancel(id);
                return true;
            }
            None => return false,
        };
        self.progress.clear();
        self.chain.probes.push(plan.answered(*exchange));
        true
    }

    /// Prints what is complete, when it is time for it.
    fn print(&mut self, output: &mut Output<'_>) -> io::Result<()> {
        let complete = self.complete();
        if !output.is_due(complete) {
            return Ok(());
        }
        self.progress.clear();
        output.lines(&self.chain, complete, &self.store)
    }

    /// How many hops are complete, counted up to the first that is not.
    fn complete(&self) -> usize {
        self.open.front().map_or(self.chain.hops.len(), |first| first - 1)
    }

    pub(super) fn interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// After the last head: its own body for as long as it takes, those of redirects for a second more.
    fn wait_for_bodies(&mut self, output: &mut Output<'_>) -> io::Result<()> {
        let last = self.chain.hops.len();
        self.print(output)?;
        while self.open.contains(&last) {
            if !self.step(None) {
                self.print(output)?;
            }
        }
        let until = Instant::now() + PATIENCE;
        while !self.open.is_empty() {
            if Instant::now() >= until {
                self.overdue |= !self.cancelled;
                self.cancel();
            }
            self.step(Some(until));
        }
        Ok(())
    }

    /// Takes the next event in; false when nothing happens for a moment.
    fn step(&mut self, until: Option<Instant>) -> bool {
        let Some((id, event)) = self.event(until) else { return false };
        self.take(id, event);
        true
    }

    /// The next event, or `None` after a glance at the clock and at signals.
    fn event(&mut self, until: Option<Instant>) -> Option<(FetchId, Event)> {
        if self.interrupted() {
            self.cancel();
        }
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let wait = left.filter(|left| !left.is_zero()).map_or(GLANCE, |left| left.min(GLANCE));
        let event = self.engine.next(Some(wait));
        self.progress.tick(event.as_ref(), self.newest);
        event
    }

    fn take(&mut self, id: FetchId, event: Event) {
        let hop = id.0 as usize;
        match event {
            Event::Phase(_) | Event::Body { .. } => {}
            Event::Head(exchange) if awaits_body(&exchange, &self.chain.client) => {
                self.held = Some((Instant::now() + PATIENCE, exchange));
            }
            Event::Head(exchange) => self.receive(hop, exchange),
            Event::Done(mut exchange) => {
                if self.overdue {
                    excuse(&mut exchange);
                }
                self.held = self.held.take().filter(|_| hop <= self.chain.hops.len());
                self.open.retain(|open| *open != hop);
                self.receive(hop, exchange);
            }
        }
    }

    /// The first record of a hop decides on the next; the later one completes it.
    fn receive(&mut self, hop: usize, exchange: Box<Exchange>) {
        match hop > self.chain.hops.len() {
            true => self.chain.receive(exchange, now()),
            false => self.chain.amend(hop, exchange),
        }
    }

    /// Stops what is under way, once.
    fn cancel(&mut self) {
        if !std::mem::replace(&mut self.cancelled, true) {
            for hop in &self.open {
                self.engine.cancel(FetchId(*hop as u64));
            }
        }
    }
}

/// The user cancelled nothing: the body of a redirect took longer than the chain.
fn excuse(exchange: &mut Exchange) {
    let Some(failure) = exchange.failure.as_mut() else { return };
    if failure.kind == FailureKind::Cancelled && failure.cause.is_empty() {
        failure.message = "The body was still arriving when the chain had ended.".to_owned();
        failure.cause = "it is waited for no longer than a second".to_owned();
        failure.hint = "The server sends it slowly; what came is shown.".to_owned();
    }
}
