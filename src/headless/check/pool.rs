//! The pool: workers, the lanes they share, and what stops them all.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::Job;
use super::desk::Desk;
use super::feed::Feed;
use super::gate::Gate;
use super::worker::Worker;
use crate::domain::check::Row;
use crate::domain::check::before::Before;
use crate::domain::check::outcome::{Miss, Outcome, State};
use crate::fetch::Interrupter;

/// Enough for a chain and its rules; the system keeps what is not touched.
const STACK: usize = 2 << 20;

/// What stops the engines of all workers.
#[derive(Default)]
pub(super) struct Switchboard {
    plugged: Mutex<Vec<(thread::ThreadId, Interrupter)>>,
    stop: AtomicBool,
}

impl Switchboard {
    /// The engine of this thread takes the place of the one before.
    pub(super) fn plug(&self, engine: Interrupter) {
        let id = thread::current().id();
        let mut plugged = self.plugged.lock().unwrap_or_else(PoisonError::into_inner);
        plugged.retain(|(known, _)| *known != id);
        if self.stop.load(Ordering::SeqCst) {
            engine.interrupt();
        }
        plugged.push((id, engine));
    }

    /// Stops all engines, now and later.
    pub(super) fn interrupt(&self) {
        let plugged = self.plugged.lock().unwrap_or_else(PoisonError::into_inner);
        self.stop.store(true, Ordering::SeqCst);
        plugged.iter().for_each(|(_, engine)| engine.interrupt());
    }
}

/// Everything the workers share.
pub(super) struct Pool {
    pub(super) job: Arc<Job>,
    /// How rows went before.
    pub(super) before: Arc<Before>,
    pub(super) feed: Feed,
    pub(super) gate: Gate,
    pub(super) desk: Desk,
    pub(super) switchboard: Switchboard,
    /// The run is interrupted.
    pub(super) stop: Arc<AtomicBool>,
}

impl Pool {
    /// Lets workers run in this scope: as many as there are processors, with the lanes shared out among them.
    pub(super) fn start<'s>(&'s self, scope: &'s thread::Scope<'s, '_>) -> std::io::Result<()> {
        let shares = self.shares();
        self.desk.expect(shares.len());
        for (at, lanes) in shares.into_iter().enumerate() {
            let name = format!("check {at}");
            let builder = thread::Builder::new().name(name).stack_size(STACK);
            builder.spawn_scoped(scope, move || self.work(lanes))?;
        }
        Ok(())
    }

    /// How many lanes each worker has.
    fn shares(&self) -> Vec<usize> {
        let lanes = self.job.pace.concurrency;
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        let workers = processors.min(lanes);
        (0..workers).map(|at| lanes / workers + usize::from(at < lanes % workers)).collect()
    }

    /// The run is interrupted.
    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Stops what is under way; nothing new is begun.
    pub(super) fn interrupt(&self) {
        self.feed.close();
        self.gate.close();
        self.switchboard.interrupt();
    }

    fn work(&self, lanes: usize) {
        let _leaving = Leaving(&self.desk);
        Worker::new(self, lanes).work();
    }
}

/// What is left to say where no engine could be started.
pub(super) fn unsent(row: &Row, number: u64) -> Outcome {
    let mut outcome = Outcome::of(row, number);
    outcome.state = State::Broken;
    outcome.misses.push(Miss {
        hop: Some(1),
        field: "request".to_owned(),
        expected: "an answer".to_owned(),
        seen: "no connection could be made ready (too many open files?)".to_owned(),
    });
    outcome
}

/// Says so when a worker ends, however it ends.
struct Leaving<'a>(&'a Desk);

impl Drop for Leaving<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}
