//! The feed: hands rows to workers in the order of the files, as far ahead as the report allows.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::sources::{Rows, Source};
use super::{Job, Shard};
use crate::domain::check::Row;
use crate::domain::check::fault::Fault;
use crate::domain::client::Client;

/// How many rows may be under way or wait for an earlier one to be reported.
const WINDOW: u64 = 2048;

/// What the feed has for a worker.
pub(super) enum Next {
    Row(u64, Box<Row>),
    /// So many wait to be reported that the next has to wait too.
    Later,
    End,
}

/// Rows still to come. Shared by all workers.
pub(super) struct Feed {
    job: Arc<Job>,
    client: Arc<Client>,
    state: Mutex<State>,
}

struct State {
    rest: Vec<Source>,
    rows: Option<Rows>,
    /// The number of the last row that was read.
    number: u64,
    /// How many rows of this shard were handed out, and how many are reported.
    given: u64,
    reported: u64,
    /// Numbers of rows that need no run: they are in the journal.
    done: BTreeSet<u64>,
    closed: bool,
    fault: Option<String>,
}

impl Feed {
    /// `done` are the rows that were run before.
    pub(super) fn new(job: &Arc<Job>, mut sources: Vec<Source>, done: BTreeSet<u64>) -> Feed {
        sources.reverse();
        let state = State {
            rest: sources,
            rows: None,
            number: 0,
            given: 0,
            reported: 0,
            done,
            closed: false,
            fault: None,
        };
        let client = Arc::new(job.client.clone());
        Feed { job: Arc::clone(job), client, state: Mutex::new(state) }
    }

    /// The next row of this shard with its number.
    pub(super) fn next(&self) -> Next {
        let mut state = self.lock();
        loop {
            if state.closed {
                return Next::End;
            }
            if state.given >= state.reported + WINDOW {
                return Next::Later;
            }
            match state.read(&self.job, &self.client) {
                None => return Next::End,
                Some(Ok(row)) if self.job.shard.has(state.number) => {
                    let number = state.number;
                    if !state.done.remove(&number) {
                        state.given += 1;
                        return Next::Row(number, Box::new(row));
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(fault)) => {
                    state.fault = Some(fault.to_string());
                    state.closed = true;
                }
            }
        }
    }

    /// One more row is in the report.
    pub(super) fn reported(&self, rows: u64) {
        self.lock().reported += rows;
    }

    /// No further row is handed out.
    pub(super) fn close(&self) {
        self.lock().closed = true;
    }

    /// A file that changed under way and is wrong now.
    pub(super) fn fault(&self) -> Option<String> {
        self.lock().fault.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn read(&mut self, job: &Job, client: &Arc<Client>) -> Option<Result<Row, Fault>> {
        loop {
            if let Some(rows) = &mut self.rows
                && let Some(row) = rows.next(job, client)
            {
                self.number += 1;
                return Some(row);
            }
            self.rows = match self.rest.pop()?.rows() {
                Ok(rows) => Some(rows),
                Err(error) => return Some(Err(Fault::new("file", (1, 1), error.to_string()))),
            };
        }
    }
}

/// The numbers of the rows of a shard, in order.
pub(super) fn numbers(rows: u64, shard: Shard) -> impl Iterator<Item = u64> {
    (shard.index..=rows).step_by(usize::try_from(shard.of).unwrap_or(usize::MAX))
}
