//! Bounds how many redirects' bodies arrive at once: each keeps a connection open.
//!
//! A body that does not end never holds the chain up, so a chain of a thousand such hops would need a thousand connections.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use tokio::sync::oneshot;

/// So many stay; more redirects than the most patient client follows by itself, and well below what a system lets a program open.
const MOST: usize = 100;

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
            if places.len() >= MOST {
                places.pop_front();
            }
            places.push_back(place);
        }
        // nothing is ever sent: the place is dropped
        let _ = taken.await;
    }
}
