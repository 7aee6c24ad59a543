//! The connections that are kept between the hops of one chain: shared by route, never with another chain.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::connect::Connection;
use super::http2::Session;
use super::route::Route;

/// A handle on the kept connections.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    /// Idle, the last one used at the end.
    idle: VecDeque<Box<Connection>>,
    http2: Vec<Session>,
}

/// More idle connections than this are not kept; the one that was idle longest goes.
const MOST: usize = 16;

impl Pool {
    /// The connection to this place that was used last.
    pub(super) fn take(&self, route: &Route) -> Option<Box<Connection>> {
        let mut kept = self.lock();
        let at = kept.idle.iter().rposition(|connection| connection.route == *route)?;
        kept.idle.remove(at)
    }

    pub(super) fn keep(&self, mut connection: Box<Connection>) {
        connection.used = true;
        let mut kept = self.lock();
        if kept.idle.len() >= MOST {
            kept.idle.pop_front();
        }
        kept.idle.push_back(connection);
    }

    /// A session that still takes requests.
    pub(super) fn http2(&self, route: &Route) -> Option<Session> {
        let mut kept = self.lock();
        kept.http2.retain(Session::is_open);
        kept.http2.iter().find(|session| session.route == *route).cloned()
    }

    pub(super) fn keep_http2(&self, session: Session) {
        self.lock().http2.push(session);
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
