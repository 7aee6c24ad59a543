//! One run over all rows: starts the workers, brings their outcomes into order, writes journal and report.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use time::OffsetDateTime;

use super::desk::Desk;
use super::feed::{self, Feed};
use super::gate::Gate;
use super::journal::Journal;
use super::output::Output;
use super::pool::{Pool, Switchboard};
use super::progress::Progress;
use super::sources::Sources;
use super::{Job, Status};
use crate::domain::check::outcome::Outcome;
use crate::domain::check::report::{Look, Report, Summary};
use crate::domain::escape::escape;
use crate::headless::interrupt;

/// How often the report looks for outcomes and for signals.
const GLANCE: Duration = Duration::from_millis(20);

/// Where outcomes go, in the order they are reported.
pub(super) trait Take {
    fn row(&mut self, outcome: Outcome) -> io::Result<()>;

    /// Nothing comes for the moment.
    fn idle(&mut self) -> io::Result<()>;
}

/// Runs the rows and reports them.
pub(super) fn run(job: &Arc<Job>, sources: Sources, out: &mut dyn Write) -> anyhow::Result<Status> {
    let start = Instant::now();
    let stop = interrupt::awaited()?;
    let mut journal =
        job.journal.as_ref().map(|path| Journal::open(path, job, &sources)).transpose()?;
    let planned = feed::numbers(sources.rows, job.shard).count() as u64;
    let before = journal.as_ref().map_or(0, |journal| journal.rows().len() as u64);
    let summary = Summary::new(OffsetDateTime::now_utc(), planned);
    let look = Look { format: job.format, colour: job.colour, annotate: job.annotate };
    let output = Output::new(out, Report::new(look, summary));
    let mut desk = Printed { output, progress: Progress::new(before) };
    let ran = rows(job, sources, &stop, &mut journal, &mut desk);
    desk.progress.clear();
    let fault = match ran {
        Err(error) if broken_pipe(&error) => return Ok(Status::Held),
        ran => ran?,
    };
    let summary = &mut desk.output.report.summary;
    summary.seconds = start.elapsed().as_secs_f64();
    summary.interrupted = stop.load(Ordering::Relaxed);
    let status = match (summary.interrupted, &fault, summary.failing()) {
        (true, _, _) => Status::Interrupted,
        (false, Some(_), _) => Status::Faulty,
        (false, None, 0) => Status::Held,
        (false, None, _) => Status::Failed,
    };
    if let Some(fault) = fault {
        let _ = writeln!(io::stderr(), "hopstep: {}", escape(&fault));
    }
    match desk.output.end() {
        // whoever read the output has seen enough
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status),
        printed => printed.context("standard output").map(|()| status),
    }
}

/// Runs the rows; the fault of a file that changed under way.
pub(super) fn rows(
    job: &Arc<Job>,
    sources: Sources,
    stop: &Arc<AtomicBool>,
    journal: &mut Option<Journal>,
    take: &mut dyn Take,
) -> anyhow::Result<Option<String>> {
    let done = journal.as_ref().map(Journal::rows).unwrap_or_default();
    let rows = sources.rows;
    let pool = Pool {
        job: Arc::clone(job),
        before: Arc::clone(&sources.before),
        feed: Feed::new(job, sources.all, done),
        gate: Gate::new(job.pace),
        desk: Desk::default(),
        switchboard: Switchboard::default(),
        stop: Arc::clone(stop),
    };
    std::thread::scope(|scope| {
        let started = pool.start(scope).context("cannot start");
        let collected = started.and_then(|()| collect(&pool, journal, rows, take));
        // whatever ended the report ends the workers
        if collected.is_err() {
            pool.stop.store(true, Ordering::Relaxed);
        }
        pool.interrupt();
        collected
    })?;
    Ok(pool.feed.fault())
}

/// Takes outcomes in until no more can come, and hands them on in order.
fn collect(
    pool: &Pool,
    journal: &mut Option<Journal>,
    rows: u64,
    take: &mut dyn Take,
) -> anyhow::Result<()> {
    let mut order = Order::new(pool.job.in_order, feed::numbers(rows, pool.job.shard));
    order.release(journal, take)?;
    while let Some(outcomes) = pool.desk.take(GLANCE) {
        if pool.stop.load(Ordering::Relaxed) {
            pool.interrupt();
        }
        if let Some(journal) = journal {
            journal.write(&outcomes).context("--resume")?;
        }
        for outcome in outcomes {
            order.waiting.insert(outcome.row, outcome);
        }
        let released = order.release(journal, take)?;
        pool.feed.reported(released);
        take.idle().context("standard output")?;
    }
    order.drain(take)
}

/// Brings outcomes into the order of the files, where that is asked for.
struct Order<I: Iterator<Item = u64>> {
    numbers: Option<std::iter::Peekable<I>>,
    waiting: BTreeMap<u64, Outcome>,
    /// Without an order, what the journal has goes first.
    begun: bool,
}

impl<I: Iterator<Item = u64>> Order<I> {
    fn new(in_order: bool, numbers: I) -> Order<I> {
        let numbers = in_order.then(|| numbers.peekable());
        Order { numbers, waiting: BTreeMap::new(), begun: false }
    }

    /// Hands on what can go; says how many of them were run now.
    fn release(
        &mut self,
        journal: &mut Option<Journal>,
        take: &mut dyn Take,
    ) -> anyhow::Result<u64> {
        let mut released = 0;
        let Some(numbers) = &mut self.numbers else {
            if !std::mem::replace(&mut self.begun, true)
                && let Some(journal) = journal
            {
                for row in journal.rows() {
                    if let Some(outcome) = journal.recorded(row).context("--resume")? {
                        take.row(outcome).context("standard output")?;
                    }
                }
            }
            while let Some((_, outcome)) = self.waiting.pop_first() {
                take.row(outcome).context("standard output")?;
                released += 1;
            }
            return Ok(released);
        };
        while let Some(number) = numbers.peek() {
            let recorded = match journal {
                Some(journal) => journal.recorded(*number).context("--resume")?,
                None => None,
            };
            let outcome = match recorded {
                Some(outcome) => outcome,
                None => match self.waiting.remove(number) {
                    Some(outcome) => {
                        released += 1;
                        outcome
                    }
                    None => break,
                },
            };
            take.row(outcome).context("standard output")?;
            numbers.next();
        }
        Ok(released)
    }

    /// Hands on what is left behind a row that never came.
    fn drain(self, take: &mut dyn Take) -> anyhow::Result<()> {
        for outcome in self.waiting.into_values() {
            take.row(outcome).context("standard output")?;
        }
        Ok(())
    }
}

/// The report and the line of progress.
struct Printed<'a> {
    output: Output<'a>,
    progress: Progress,
}

impl Take for Printed<'_> {
    fn row(&mut self, outcome: Outcome) -> io::Result<()> {
        self.progress.clear();
        self.output.row(&outcome)
    }

    fn idle(&mut self) -> io::Result<()> {
        self.progress.tick(&self.output.report.summary);
        self.output.flush()
    }
}

fn broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
