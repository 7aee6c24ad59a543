//! The thread that reads keys, and how it is kept from the terminal while another program has it.

use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use super::inbox::{Incoming, Mailbox};
use crate::tui::input;

/// How long the reader may take to leave the terminal alone, and how often it is asked.
const PATIENCE: (Duration, u32) = (Duration::from_millis(50), 10);

/// Holds the reader.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    gate: Arc<(Mutex<Gate>, Condvar)>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Gate {
    /// The terminal is somebody else's.
    closed: bool,
    /// The reader waits at the gate.
    parked: bool,
}

impl Keys {
    /// Reads keys on a thread of their own, for as long as there is a terminal.
    pub(super) fn read(&self, mailbox: Mailbox) -> io::Result<()> {
        let keys = self.clone();
        thread::Builder::new().name("keys".to_owned()).spawn(move || {
            loop {
                keys.pass();
                match input::next_event() {
                    Ok(event) => mailbox.send(Incoming::Terminal(event)),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return mailbox.send(Incoming::KeysFailed(error)),
                }
            }
        })?;
        Ok(())
    }

    /// Returns when the reader has let go of the terminal.
    pub(super) fn pause(&self) {
        let (gate, changed) = &*self.gate;
        lock(gate).closed = true;
        for _ in 0..PATIENCE.1 {
            wake();
            let state = lock(gate);
            let waited = changed.wait_timeout_while(state, PATIENCE.0, |state| !state.parked);
            if waited.unwrap_or_else(PoisonError::into_inner).0.parked {
                return;
            }
        }
    }

    pub(super) fn resume(&self) {
        let (gate, changed) = &*self.gate;
        lock(gate).closed = false;
        changed.notify_all();
    }

    fn pass(&self) {
        let (gate, changed) = &*self.gate;
        let mut state = lock(gate);
        if !state.closed {
            return;
        }
        state.parked = true;
        changed.notify_all();
        while state.closed {
            state = changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.parked = false;
    }
}

/// Ends the reader's wait for a key, which nothing but a new size does.
#[cfg(unix)]
fn wake() {
    let _ = signal_hook::low_level::raise(signal_hook::consts::SIGWINCH);
}

/// Elsewhere the reader looks up by itself.
#[cfg(not(unix))]
fn wake() {}

fn lock(gate: &Mutex<Gate>) -> MutexGuard<'_, Gate> {
    gate.lock().unwrap_or_else(PoisonError::into_inner)
}
