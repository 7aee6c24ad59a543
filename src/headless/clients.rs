//! `hopstep clients`: the table of client profiles, and with a URL what each of them does from there to the end.
//!
//! Promises: a request is sent once for all clients that agree on it, one at a time; what was seen before Ctrl-C is printed.

use std::io::{self, Write};
use std::iter;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use time::OffsetDateTime;

use super::interrupt;
use super::trace::progress::{self, Progress, What};
use super::trace::{self, Job, Status};
use crate::domain::chain::Chain;
use crate::domain::client::survey::{Behaviour, Extent, Survey};
use crate::domain::cookie::jar::Jar;
use crate::domain::export::clients::{self, Form, Report};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::request::Request;
use crate::domain::redact::Redactor;
use crate::domain::rules;
use crate::domain::secret::Names;
use crate::fetch::clock::now;
use crate::fetch::{BodyStore, Engine, Event, Fetch, FetchId, Local};

/// How long a body is waited for after its head; what clients do hardly ever depends on more.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often an interrupt is looked for while nothing happens.
const GLANCE: Duration = Duration::from_millis(50);

/// Prints the table of client profiles.
pub fn table(form: Form, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(clients::table(form).as_bytes())
}

/// Runs the chain once per distinct behaviour and prints who ends where. The client in charge decides the exit status.
pub fn survey(
    job: Job,
    extent: Extent,
    form: Form,
    out: &mut dyn Write,
) -> anyhow::Result<(Status, Jar)> {
    let started_at = OffsetDateTime::now_utc();
    let leader = job.client.name.clone();
    let how = (job.limits, extent);
    let mut survey = Survey::new(&job.draft, &job.client, how, (&job.jar, now()));
    let mut courier = Courier::new(&job)?;
    while !courier.interrupted() {
        let Some((request, chain)) = survey.send() else { break };
        let limit = job.max_time.map(|limit| limit.saturating_sub(chain.elapsed()));
        let exchange = courier.fetch(request, limit);
        survey.receive(&exchange, now());
    }
    let sent = survey.sent();
    let behaviours = survey.behaviours();
    let shown = redacted(&behaviours, job.printing.redact.as_ref());
    let report = Report { behaviours: &shown, leader: &leader, extent, sent, started_at };
    match out.write_all(clients::document(&report, form).as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed.context("standard output")?,
    }
    let Some(chain) = chain_of(behaviours, &leader) else { return Ok((Status::Good, job.jar)) };
    let status = match courier.interrupted() {
        true => Status::Interrupted,
        false => job.printing.status(&chain, &rules::judge(&chain)),
    };
    trace::report(&chain, status, None, job.printing.redact);
    Ok((status, chain.jar))
}

/// What is printed: without the secrets, if so asked.
fn redacted(behaviours: &[Behaviour], names: Option<&Names>) -> Vec<Behaviour> {
    let mut shown = behaviours.to_vec();
    for (behaviour, names) in shown.iter_mut().zip(iter::repeat(names).map_while(|names| names)) {
        behaviour.chain = Redactor::of(&behaviour.chain, names.clone()).chain(&behaviour.chain);
    }
    shown
}

fn chain_of(behaviours: Vec<Behaviour>, client: &str) -> Option<Chain> {
    let mut found =
        behaviours.into_iter().filter(|of| of.clients.iter().any(|name| name == client));
    found.next().map(|of| of.chain)
}

/// Sends one request after the other.
struct Courier {
    engine: Local,
    next: u64,
    stop: Arc<AtomicBool>,
    progress: Progress,
}

impl Courier {
    fn new(job: &Job) -> anyhow::Result<Courier> {
        let store = Arc::new(BodyStore::new());
        let engine = Local::new(job.settings.clone(), store).context("cannot start")?;
        let stop = interrupt::awaited()?;
        let progress = Progress::new(progress::is_seen());
        Ok(Courier { engine, next: 1, stop, progress })
    }

    fn interrupted(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The whole exchange, or its head where the body takes too long.
    fn fetch(&mut self, request: Request, limit: Option<Duration>) -> Exchange {
        let id = FetchId(self.next);
        self.next += 1;
        self.engine.start(Fetch { id, request, limit });
        let mut head: Option<(Exchange, Instant)> = None;
        loop {
            let late = head.as_ref().is_some_and(|(_, at)| at.elapsed() >= PATIENCE);
            if let Some((exchange, _)) = head.take_if(|_| late) {
                self.engine.cancel(id);
                return exchange;
            }
            if self.interrupted() {
                self.engine.cancel(id);
            }
            let event = self.engine.next(Some(GLANCE));
            self.progress.tick(event.as_ref(), (id, What::Hop));
            match event {
                Some((of, Event::Done(exchange))) if of == id => {
                    self.progress.clear();
                    return *exchange;
                }
                Some((of, Event::Head(exchange))) if of == id => {
                    head = Some((*exchange, Instant::now()));
                }
                Some((
                    _,
                    Event::Phase(_) | Event::Body { .. } | Event::Head(_) | Event::Done(_),
                ))
                | None => {}
            }
        }
    }
}
