//! Bounds how many redirects' bodies arrive at once: each keeps a connection open.
//!
//! A body that does not end never holds the chain up, so a chain of a thousand such hops would need a thousand connections.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// So many stay; more redirects than the most patient client follows by itself, and well below what most systems let a program open.
const MOST: usize = 100;

/// One in so many of the files that may be open: a body may keep a file beside its connection, and the rest of the program has its own.
const SHARE: usize = 4;

/// The bodies that are arriving, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Crowd(Mutex<VecDeque<oneshot::Sender<()>>>);

impl Crowd {
    /// Ends when later bodies need the place of this one; when it ends before, it has given its place back.
    pub(super) async fn stay(&self) {
        let (place, taken) = oneshot::channel();
        {
            let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            places.retain(|place| !place.is_closed());
            if places.len() >= most() {
                places.pop_front();
            }
            places.push_back(place);
        }
        // nothing is ever sent: the place is dropped
        let _ = taken.await;
    }
}

/// How many bodies may arrive at once where the user lets programs open only so many files (`ulimit -n`).
#[cfg(unix)]
#[expect(unsafe_code, reason = "getrlimit(2) fills the value that lives here")]
fn most() -> usize {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    match unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } {
        0 => usize::try_from(limit.rlim_cur).map_or(MOST, |open| (open / SHARE).clamp(1, MOST)),
        _ => MOST,
    }
}

#[cfg(not(unix))]
fn most() -> usize {
    MOST
}
