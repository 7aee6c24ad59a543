//! An errand: one row under way in its lane, from its first request to the judged chain. It never waits: it says what for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Job;
use super::gate::{Enter, Gate, Pass};
use super::pool::Pool;
use crate::domain::chain::{Chain, Limits};
use crate::domain::check::Row;
use crate::domain::check::before::Before;
use crate::domain::check::judge::{self, Known};
use crate::domain::check::outcome::{Outcome, State};
use crate::domain::client::Client;
use crate::domain::cookie::date;
use crate::domain::http::exchange::Exchange;
use crate::domain::probe::ProbePlan;
use crate::domain::redact::Redactor;
use crate::domain::redirect::awaits_body;
use crate::fetch::clock::now;
use crate::fetch::{BodyStore, Event, Fetch, FetchId, Lanes};
use crate::headless::trace::probes;

/// How long redirect bodies still arriving are waited for after the final body (product.md section 4).
const PATIENCE: Duration = Duration::from_secs(1);

/// The wait before the first further try; it doubles from try to try.
const BACK_OFF: Duration = Duration::from_millis(500);

/// A server that asks for a longer rest than this is not asked again.
const LONGEST_REST: Duration = Duration::from_secs(60);

/// How long the answer to a probe is waited for.
const LONGEST_PROBE: Duration = Duration::from_secs(10);

/// More lanes than a worker ever has.
const LANES: u64 = 1 << 16;

/// What the errands of one worker share.
pub(super) struct Tools<'a> {
    job: &'a Job,
    gate: &'a Gate,
    before: &'a Before,
    store: Arc<BodyStore>,
    pub(super) engine: Lanes,
    fetches: u64,
    /// See [`Job::is_brief`].
    brief: bool,
    /// The client of a chain that has ended: to copy one costs as much as to send a request.
    spare: Option<Spare>,
}

struct Spare {
    of: Arc<Client>,
    limits: Limits,
    client: Client,
}

impl<'a> Tools<'a> {
    pub(super) fn new(pool: &'a Pool, (store, engine): (Arc<BodyStore>, Lanes)) -> Tools<'a> {
        let Pool { job, gate, before, .. } = pool;
        let brief = job.is_brief();
        Tools { job, gate, before, store, engine, fetches: 0, brief, spare: None }
    }

    /// In which lane a fetch is under way.
    pub(super) fn lane(id: FetchId) -> usize {
        (id.0 % LANES) as usize
    }

    /// A chain for this row.
    fn chain(&mut self, row: &Row) -> Chain {
        let fits = |of: &Spare| Arc::ptr_eq(&of.of, &row.client) && of.limits == row.limits;
        let client = match self.spare.take_if(|of| fits(of)) {
            Some(spare) => spare.client,
            None => Client::clone(&row.client),
        };
        Chain::new(row.draft.clone(), client, row.limits, self.job.jar.clone(), now())
    }

    /// Keeps what the next chain can use.
    fn recycle(&mut self, row: &Row, chain: Chain) {
        let (of, limits) = (Arc::clone(&row.client), row.limits);
        self.spare = Some(Spare { of, limits, client: chain.client });
    }

    /// A name for a fetch in this lane.
    fn id(&mut self, lane: usize) -> FetchId {
        self.fetches += 1;
        FetchId(self.fetches * LANES + lane as u64)
    }
}

/// What an errand waits for.
pub(super) enum Step {
    /// An event of its own.
    Await,
    /// The gate, or a time to come.
    Idle,
    /// Nothing more: this came of the row.
    Done(Box<Outcome>),
    /// Nothing more is sent.
    Shut,
}

/// One row under way.
pub(super) struct Errand<'a> {
    lane: usize,
    number: u64,
    row: Row,
    chain: Chain,
    tries: u32,
    deadline: Option<Instant>,
    /// Fetches under way, and which hop (from 1) each is.
    open: Vec<(FetchId, usize)>,
    /// A redirect that the client follows only when its body is in, and when that is no longer waited for.
    held: Option<(Instant, Box<Exchange>)>,
    stage: Stage<'a>,
}

enum Stage<'a> {
    /// The next request is to be sent, not before then.
    Due(Option<Instant>),
    /// The head of this hop is awaited; until then it counts as under way at its host.
    Head { hop: usize, _pass: Pass<'a> },
    /// All heads are in. The last body may take its time.
    Body,
    /// Redirect bodies still arriving get until then.
    Leftovers { until: Instant, cancelled: bool },
    /// Probes are to be sent; the next one stands last.
    Ask { left: Vec<ProbePlan> },
    /// The answer to a probe is awaited.
    Answer { probe: Box<Asked>, left: Vec<ProbePlan>, _pass: Pass<'a> },
}

/// A probe under way.
struct Asked {
    id: FetchId,
    plan: ProbePlan,
    answer: Option<Box<Exchange>>,
}

impl<'a> Errand<'a> {
    pub(super) fn new(tools: &mut Tools<'_>, lane: usize, number: u64, row: Row) -> Errand<'a> {
        let (chain, stage) = (tools.chain(&row), Stage::Due(None));
        let (open, held) = (Vec::new(), None);
        Errand { lane, number, row, chain, tries: 1, deadline: None, open, held, stage }
    }

    /// The first record of a hop decides on the next; the later one completes it.
    pub(super) fn take(&mut self, id: FetchId, event: Event) {
        if let Stage::Answer { probe, .. } = &mut self.stage
            && probe.id == id
        {
            return match event {
                Event::Phase(_) | Event::Body { .. } => {}
                Event::Head(exchange) | Event::Done(exchange) => probe.answer = Some(exchange),
            };
        }
        let Some(at) = self.open.iter().position(|(open, _)| *open == id) else { return };
        let Some((_, hop)) = self.open.get(at).copied() else { return };
        let exchange = match event {
            Event::Phase(_) | Event::Body { .. } => return,
            Event::Head(exchange) if awaits_body(&exchange, &self.chain.client) => {
                return self.held = Some((Instant::now() + PATIENCE, exchange));
            }
            Event::Head(exchange) => exchange,
            Event::Done(exchange) => {
                self.held = self.held.take().filter(|_| hop <= self.chain.hops.len());
                self.open.swap_remove(at);
                exchange
            }
        };
        self.receive(hop, exchange);
    }

    fn receive(&mut self, hop: usize, exchange: Box<Exchange>) {
        match hop > self.chain.hops.len() {
            true => self.chain.receive(exchange, now()),
            false => self.chain.amend(hop, exchange),
        }
    }

    /// What a held redirect is waited for with: an event, or the clock.
    fn hold(&mut self, hop: usize, now: Instant) -> Option<Step> {
        match self.held.take_if(|(until, _)| *until <= now) {
            Some((_, exchange)) => self.receive(hop, exchange),
            None if self.held.is_some() => return Some(Step::Idle),
            None => return Some(Step::Await),
        }
        None
    }

    /// Goes on as far as possible without waiting.
    pub(super) fn advance(&mut self, tools: &mut Tools<'a>, now: Instant) -> Step {
        loop {
            match &mut self.stage {
                Stage::Due(Some(at)) if *at > now => return Step::Idle,
                Stage::Due(_) => match self.send(tools, now) {
                    Some(step) => return step,
                    None => self.stage = Stage::Body,
                },
                Stage::Head { hop, .. } if self.chain.hops.len() < *hop => {
                    let hop = *hop;
                    if let Some(step) = self.hold(hop, now) {
                        return step;
                    }
                }
                Stage::Head { .. } => self.stage = Stage::Due(None),
                Stage::Body => {
                    let last = self.chain.hops.len();
                    if self.open.iter().any(|(_, hop)| *hop == last) {
                        return Step::Await;
                    }
                    let until = now + PATIENCE;
                    self.stage = Stage::Leftovers { until, cancelled: false };
                }
                Stage::Leftovers { .. } if self.open.is_empty() => {
                    let plans = match tools.job.probe {
                        true => probes::announced(&self.chain, tools.job.redact.as_ref()),
                        false => Vec::new(),
                    };
                    let left = plans.into_iter().flatten().rev().collect();
                    self.stage = Stage::Ask { left };
                }
                Stage::Ask { left } if !left.is_empty() => match self.ask(tools, now) {
                    Some(step) => return step,
                    None => continue,
                },
                Stage::Answer { probe, .. } if probe.answer.is_none() => return Step::Await,
                Stage::Answer { probe, left, .. } => {
                    tools.engine.cancel(probe.id);
                    if let Some(answer) = probe.answer.take() {
                        tools.store.forget(answer.body.id);
                        self.chain.probes.push(probe.plan.answered(*answer));
                    }
                    self.stage = Stage::Ask { left: std::mem::take(left) };
                }
                Stage::Ask { .. } => match self.judge(tools, now) {
                    Some(outcome) => return Step::Done(Box::new(outcome)),
                    None => return Step::Idle,
                },
                Stage::Leftovers { until, cancelled } => {
                    if *until <= now && !std::mem::replace(cancelled, true) {
                        self.open.iter().for_each(|(id, _)| tools.engine.cancel(*id));
                    }
                    return Step::Idle;
                }
            }
        }
    }

    /// The row is done with.
    pub(super) fn end(self, tools: &mut Tools<'_>) {
        tools.recycle(&self.row, self.chain);
    }

    /// Sends what is ready, where the gate lets it pass; `None` when the chain has ended.
    fn send(&mut self, tools: &mut Tools<'a>, now: Instant) -> Option<Step> {
        let url = &self.chain.ready()?.request.url;
        let pass = match tools.gate.enter(url, now) {
            Enter::Pass(pass) => pass,
            Enter::Later => return Some(Step::Idle),
            Enter::Closed => return Some(Step::Shut),
        };
        let request = self.chain.send()?;
        let hop = self.chain.hops.len() + 1;
        if hop == 1 {
            // what it waited at the gate is not the server's doing
            self.deadline = self.row.max_time.map(|limit| now + limit);
        }
        let limit = self.deadline.map(|end| end.saturating_duration_since(now));
        let id = tools.id(self.lane);
        self.open.push((id, hop));
        tools.engine.start(self.lane, Fetch { id, request, limit });
        self.stage = Stage::Head { hop, _pass: pass };
        Some(Step::Await)
    }

    /// Sends the next probe, where the gate lets it pass.
    fn ask(&mut self, tools: &mut Tools<'a>, now: Instant) -> Option<Step> {
        let Stage::Ask { left } = &mut self.stage else { return None };
        let pass = match tools.gate.enter(&left.last()?.request.url, now) {
            Enter::Pass(pass) => pass,
            Enter::Later => return Some(Step::Idle),
            Enter::Closed => return Some(Step::Shut),
        };
        let (plan, left) = (left.pop()?, std::mem::take(left));
        let (id, request) = (tools.id(self.lane), plan.request.clone());
        let fetch = Fetch { id, request, limit: Some(LONGEST_PROBE) };
        tools.engine.start(self.lane, fetch);
        let probe = Box::new(Asked { id, plan, answer: None });
        self.stage = Stage::Answer { probe, left, _pass: pass };
        Some(Step::Await)
    }

    /// What came of the row; `None` when it is tried again.
    fn judge(&mut self, tools: &mut Tools<'_>, now: Instant) -> Option<Outcome> {
        let chain = &self.chain;
        let (bodies, policy) = (&*tools.store, chain.limits.policy());
        let known = Known { bodies, policy, before: tools.before, brief: tools.brief };
        let mut outcome = judge::outcome(&self.row, self.number, chain, known);
        outcome.tries = self.tries;
        let rest = rest(chain, &outcome, tools.job.pace.retries);
        for hop in &chain.hops {
            tools.store.forget(hop.exchange.body.id);
        }
        let Some(rest) = rest else {
            let names = tools.job.redact.clone();
            return Some(match names.map(|names| Redactor::of(chain, names)) {
                Some(redactor) => outcome.redacted(&redactor),
                None => outcome,
            });
        };
        if let Some(last) = chain.hops.last() {
            tools.gate.pause(&last.request.url, rest);
        }
        self.tries += 1;
        self.chain = tools.chain(&self.row);
        self.stage = Stage::Due(Some(now + rest));
        None
    }
}

/// How long to wait before the next try; `None` when there is none.
fn rest(chain: &Chain, outcome: &Outcome, retries: u32) -> Option<Duration> {
    let again = outcome.state != State::Held
        && outcome.tries <= retries
        && chain.hops.iter().all(|hop| hop.request.method.is_idempotent())
        && judge::is_passing_trouble(chain);
    if !again {
        return None;
    }
    let back_off = BACK_OFF * 2u32.saturating_pow(outcome.tries - 1);
    let asked = retry_after(chain).unwrap_or_default();
    Some(back_off.max(asked)).filter(|_| asked <= LONGEST_REST).map(|rest| rest.min(LONGEST_REST))
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
