//! The historian: records runs and reads them again, on a thread of its own. No key waits for it.
//!
//! A run is recorded whenever it stands still: paused, ended, and all of its bodies in; a long one when it has done so for a while,
//! so that a step to the hundredth hop costs what the first did. What the user gave and servers sent is recorded without its
//! secrets, unless asked otherwise.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use super::inbox::{Incoming, Mailbox};
use super::save;
use crate::app::effect::Ask;
use crate::app::message::{Message, Past, Then};
use crate::app::model::{Model, RunOrigin, Session};
use crate::domain::chain::Chain;
use crate::domain::export::{self, Record};
use crate::domain::finding::Finding;
use crate::domain::history::Entry;
use crate::domain::http::body::{Bodies, BodyRecord};
use crate::domain::http::settings::Settings;
use crate::domain::import;
use crate::domain::redact::Redactor;
use crate::domain::secret::Names;
use crate::fetch::BodyStore;
use crate::fetch::clock::now;
use crate::store::history::{History, Limits};

/// How many entries the list shows.
const LISTED: usize = 1000;

/// How many chains the first screen may list.
const RECENT: usize = 10;

/// How many URLs completion knows.
const COMPLETED: usize = 200;

/// A run of so many hops is recorded only once it has rested: all of it is copied and written each time.
const LONG: usize = 20;

/// How long it rests: shorter than a hand takes from step to step, so that a killed program loses nothing that was looked at.
const REST: Duration = Duration::from_millis(50);

/// A run of so many hops takes longer to copy than a key may wait often; it rests [`LONG_REST`].
const VERY_LONG: usize = 200;
const LONG_REST: Duration = Duration::from_millis(250);

/// How long the end of the program waits for the last writing.
const LAST: Duration = Duration::from_secs(2);

/// Where the history is, and what goes into it.
#[derive(Clone, Debug)]
pub struct Place {
    pub path: PathBuf,
    /// Secrets are recorded too.
    pub secrets: bool,
    /// Names of secrets beyond those that are known.
    pub names: Names,
    pub limits: Limits,
}

/// The loop's side.
#[derive(Debug)]
pub(super) struct Historian {
    jobs: Option<Sender<Job>>,
    done: Receiver<()>,
    /// What of each run, by its number, was recorded last.
    recorded: HashMap<usize, u64>,
    /// Long runs that may still go on.
    resting: HashMap<usize, Rest>,
}

/// A run that has changed, and since when it has stood like this.
#[derive(Clone, Copy, Debug)]
struct Rest {
    state: u64,
    since: Instant,
    needed: Duration,
}

impl Rest {
    fn begun(state: u64, hops: usize) -> Rest {
        let needed = if hops < VERY_LONG { REST } else { LONG_REST };
        Rest { state, since: Instant::now(), needed }
    }

    fn left(&self) -> Duration {
        self.needed.saturating_sub(self.since.elapsed())
    }
}

#[derive(Debug)]
enum Job {
    Record { run: usize, chain: Box<Chain>, findings: Vec<Finding>, started_at: i64 },
    Ask(Ask),
}

impl Historian {
    /// Starts the thread; the file is opened there.
    pub(super) fn start(
        place: Place,
        store: Arc<BodyStore>,
        mailbox: Mailbox,
    ) -> io::Result<Historian> {
        let (jobs, queue) = mpsc::channel();
        let (finished, done) = mpsc::channel();
        let worker = Worker { place, store, mailbox, history: None, ids: HashMap::new() };
        thread::Builder::new().name("history".to_owned()).spawn(move || {
            worker.work(&queue);
            let _ = finished.send(());
        })?;
        Ok(Historian { jobs: Some(jobs), done, recorded: HashMap::new(), resting: HashMap::new() })
    }

    /// Records the runs that stand still and have changed; a long one when it has rested, or when the program ends.
    pub(super) fn note(&mut self, model: &Model, at_end: bool) {
        let rested = std::mem::take(&mut self.resting);
        for run in model.others.iter().chain(&model.session) {
            if run.chain.hops.is_empty() || run.is_waiting() {
                continue;
            }
            let state = state(run);
            let before = self.recorded.get(&run.number).copied();
            // what was read from the history is in it
            let known = before.is_none() && run.origin == RunOrigin::Recorded;
            if before == Some(state) {
                continue;
            }
            let rest = rested.get(&run.number).filter(|rest| rest.state == state).copied();
            let rest = rest.unwrap_or_else(|| Rest::begun(state, run.chain.hops.len()));
            let long = run.chain.hops.len() >= LONG && !at_end && !known;
            if long && !rest.left().is_zero() {
                self.resting.insert(run.number, rest);
                continue;
            }
            self.recorded.insert(run.number, state);
            if !known {
                self.send(Job::Record {
                    run: run.number,
                    chain: Box::new(run.chain.clone()),
                    findings: run.findings.clone(),
                    started_at: run.started_at,
                });
            }
        }
    }

    /// How long it is until a run has rested.
    pub(super) fn rest(&self) -> Option<Duration> {
        self.resting.values().map(Rest::left).min()
    }

    pub(super) fn ask(&self, ask: Ask) {
        self.send(Job::Ask(ask));
    }

    /// Waits until all is written, but not for ever.
    pub(super) fn finish(&mut self) {
        self.jobs = None;
        let _ = self.done.recv_timeout(LAST);
    }

    fn send(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }
}

/// What tells whether a run has changed since it was recorded.
fn state(run: &Session) -> u64 {
    let mut hasher = DefaultHasher::new();
    let chain = &run.chain;
    (chain.hops.len(), chain.probes.len(), chain.ending(), &chain.client.name, run.findings.len())
        .hash(&mut hasher);
    if let Some(last) = chain.hops.last() {
        let request = &last.request;
        (&request.method, &request.url, &request.fields, &request.body).hash(&mut hasher);
        last.exchange.body.size.hash(&mut hasher);
    }
    hasher.finish()
}

/// The next job, once there is one. A run that is recorded anew before anybody asks is recorded once.
fn next(queue: &Receiver<Job>, waiting: &mut VecDeque<Job>) -> Option<Job> {
    loop {
        waiting.extend(queue.try_iter());
        let job = match waiting.pop_front() {
            Some(job) => job,
            None => queue.recv().ok()?,
        };
        let Job::Record { run: this, .. } = &job else { return Some(job) };
        let again = |job: &Job| matches!(job, Job::Record { run, .. } if run == this);
        let unasked = waiting.iter().take_while(|job| matches!(job, Job::Record { .. }));
        if !unasked.into_iter().any(again) {
            return Some(job);
        }
    }
}

struct Worker {
    place: Place,
    store: Arc<BodyStore>,
    mailbox: Mailbox,
    history: Option<History>,
    /// The id of each run.
    ids: HashMap<usize, i64>,
}

impl Worker {
    fn work(mut self, queue: &Receiver<Job>) {
        let mut waiting = VecDeque::new();
        while let Some(job) = next(queue, &mut waiting) {
            let listing = matches!(job, Job::Ask(Ask::List { .. }));
            let done = match job {
                Job::Record { run, chain, findings, started_at } => {
                    self.record(run, &chain, (&findings, started_at))
                }
                Job::Ask(ask) => self.answer(ask),
            };
            if let Err(error) = done {
                if listing {
                    self.tell(Message::Past(Past::Unreadable));
                }
                self.tell(Message::Trouble(format!("history: {error:#}")));
            }
        }
    }

    /// The file, opened with the first job.
    fn history(&mut self) -> anyhow::Result<&mut History> {
        if self.history.is_none() {
            let mut opened = History::open(&self.place.path)?;
            opened.limits = self.place.limits;
            if let Some(aside) = &opened.set_aside {
                let text = format!(
                    "history: the file can't be read by this version; it is kept as {}",
                    aside.display()
                );
                self.tell(Message::Trouble(text));
            }
            self.history = Some(opened);
        }
        self.history.as_mut().ok_or_else(|| anyhow::anyhow!("not open"))
    }

    fn record(
        &mut self,
        run: usize,
        chain: &Chain,
        (findings, started_at): (&[Finding], i64),
    ) -> anyhow::Result<()> {
        let (mut entry, document) = match self.place.secrets {
            true => written(chain, findings, &*self.store, started_at),
            false => {
                let redactor = Redactor::of(chain, self.place.names.clone());
                let (shown, told) = (redactor.chain(chain), redactor.findings(findings));
                let bodies = redactor.bodies(&*self.store);
                let (entry, document) = written(&shown, &told, &bodies, started_at);
                (Entry { masked: shown.draft != chain.draft, ..entry }, document)
            }
        };
        entry.id = self.ids.get(&run).copied().unwrap_or_default();
        let id = self.history()?.record(&entry, &document)?;
        self.ids.insert(run, id);
        Ok(())
    }

    fn answer(&mut self, ask: Ask) -> anyhow::Result<()> {
        match ask {
            Ask::List { search } => {
                let entries = self.history()?.list(&search, LISTED)?;
                self.tell(Message::Past(Past::Listed { search, entries, now: now() }));
            }
            Ask::Recent => {
                let entries = self.history()?.list("", RECENT)?;
                self.tell(Message::Past(Past::Recent { entries, now: now() }));
            }
            Ask::Urls => {
                let mut urls: Vec<String> = Vec::new();
                for entry in self.history()?.list("", LISTED)? {
                    if !entry.masked && urls.len() < COMPLETED && !urls.contains(&entry.url) {
                        urls.push(entry.url);
                    }
                }
                self.tell(Message::Past(Past::Urls(urls)));
            }
            Ask::Delete { id } => drop(self.history()?.delete(id)?),
            Ask::Load { id, then } => self.load(id, then)?,
            Ask::Export { id, path, overwrite } => {
                let document = self.history()?.document(id)?.ok_or_else(deleted)?;
                let saved = save::export(id, &document, path, overwrite);
                self.tell(Message::Saved(saved));
            }
        }
        Ok(())
    }

    fn load(&mut self, id: i64, then: Then) -> anyhow::Result<()> {
        let history = self.history()?;
        let document = history.document(id)?;
        let masked = history.entry(id)?.is_some_and(|entry| entry.masked);
        let document = document.ok_or_else(deleted)?;
        let mut recording = import::trace::document(&document).map_err(anyhow::Error::msg)?;
        self.store.keep(&mut recording)?;
        let started_at = recording.started_at.unix_timestamp();
        let client = recording.client.clone();
        let chain = Box::new(recording.chain(client));
        self.tell(Message::Past(Past::Loaded { chain, started_at, masked, then }));
        Ok(())
    }

    fn tell(&self, message: Message) {
        self.mailbox.send(Incoming::Message(message));
    }
}

fn deleted() -> anyhow::Error {
    anyhow::anyhow!("this chain was deleted")
}

/// The line and the document of a chain.
fn written(
    chain: &Chain,
    findings: &[Finding],
    bodies: &dyn Bodies,
    started_at: i64,
) -> (Entry, String) {
    let record = Record {
        chain,
        findings,
        diagnosis: None,
        started_at: OffsetDateTime::from_unix_timestamp(started_at)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        bodies,
        show_body: BodyRecord::HEAD as u64,
        settings: &Settings::default(),
        fail_on: None,
    };
    (Entry::of(chain, findings, started_at), export::json::document(&record))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::request::Draft;

    #[test]
    fn a_run_that_is_recorded_anew_before_anybody_asks_is_written_once() {
        let (jobs, queue) = mpsc::channel();
        let record = |run: usize, started_at: i64| {
            let draft = Draft::get("http://a.test/".parse().unwrap());
            let client = Client::named("curl").unwrap();
            let chain = Box::new(Chain::new(draft, client, Default::default(), Jar::default(), 0));
            jobs.send(Job::Record { run, chain, findings: Vec::new(), started_at }).unwrap();
        };
        record(1, 10);
        record(2, 20);
        record(1, 11);
        jobs.send(Job::Ask(Ask::Recent)).unwrap();
        record(1, 12);
        drop(jobs);
        let mut waiting = VecDeque::new();
        let done: Vec<_> = std::iter::from_fn(|| next(&queue, &mut waiting))
            .map(|job| match job {
                Job::Record { run, started_at, .. } => Some((run, started_at)),
                Job::Ask(_) => None,
            })
            .collect();
        assert_eq!(done, [Some((2, 20)), Some((1, 11)), None, Some((1, 12))]);
    }
}
