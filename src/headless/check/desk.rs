//! The desk: where workers lay down what came of their rows, and the report picks it up.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::domain::check::outcome::Outcome;

/// With so many outcomes the report is woken; fewer wait until it looks.
const PILE: usize = 128;

/// Outcomes on their way to the report.
#[derive(Default)]
pub(super) struct Desk {
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    pile: Vec<Outcome>,
    workers: usize,
}

impl Desk {
    /// So many workers are about to come.
    pub(super) fn expect(&self, workers: usize) {
        self.lock().workers = workers;
    }

    pub(super) fn put(&self, outcome: Outcome) {
        let mut state = self.lock();
        state.pile.push(outcome);
        if state.pile.len() == PILE {
            self.bell.notify_one();
        }
    }

    /// A worker has nothing left to do.
    pub(super) fn leave(&self) {
        self.lock().workers -= 1;
        self.bell.notify_one();
    }

    /// What has come in, after a wait of at most so long; `None` when nothing more can come.
    pub(super) fn take(&self, wait: Duration) -> Option<Vec<Outcome>> {
        let state = self.lock();
        let quiet = |state: &mut State| state.pile.len() < PILE && state.workers > 0;
        let waited = self.bell.wait_timeout_while(state, wait, quiet);
        let mut state = waited.unwrap_or_else(PoisonError::into_inner).0;
        match (state.pile.is_empty(), state.workers) {
            (true, 0) => None,
            _ => Some(std::mem::take(&mut state.pile)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
