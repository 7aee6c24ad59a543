//! The gate: how many requests one host gets at the same time, how many a second all hosts get, and who must be left alone
//! for a while.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::Pace;

/// Lets requests pass. Shared by all workers.
pub(super) struct Gate {
    pace: Pace,
    state: Mutex<State>,
    bell: Condvar,
}

#[derive(Default)]
struct State {
    hosts: HashMap<String, Host>,
    /// When the next request may go out.
    next: Option<Instant>,
    closed: bool,
}

#[derive(Default)]
struct Host {
    under_way: usize,
    /// It asked to be left alone until then.
    until: Option<Instant>,
}

/// A request that passed. It counts until this is dropped.
pub(super) struct Pass<'a>(Option<(&'a Gate, String)>);

impl Gate {
    pub(super) fn new(pace: Pace) -> Gate {
        Gate { pace, state: Mutex::default(), bell: Condvar::new() }
    }

    /// Waits until a request to this URL may go out; `None` when nothing more is sent.
    pub(super) fn enter(&self, url: &Url) -> Option<Pass<'_>> {
        if self.pace.per_host.is_none() && self.pace.rate.is_none() {
            let state = self.lock();
            if state.closed {
                return None;
            }
            if state.hosts.is_empty() {
                return Some(Pass(None));
            }
        }
        let host = host(url);
        let mut state = self.lock();
        loop {
            if state.closed {
                return None;
            }
            let now = Instant::now();
            let most = self.pace.per_host.unwrap_or(usize::MAX);
            let known = state.hosts.entry(host.clone()).or_default();
            known.until = known.until.filter(|until| *until > now);
            let wait = match known.until {
                Some(until) => Some(until - now),
                None if known.under_way >= most => Some(Duration::from_secs(1)),
                None => None,
            };
            if let Some(wait) = wait {
                state = self.wait(state, wait);
                continue;
            }
            if let Some(next) = state.next.filter(|next| *next > now) {
                state = self.wait(state, next - now);
                continue;
            }
            if let Some(rate) = self.pace.rate {
                let from = state.next.map_or(now, |next| next.max(now));
                state.next = Some(from + Duration::from_secs_f64(1.0 / rate));
            }
            if let Some(known) = state.hosts.get_mut(&host) {
                known.under_way += 1;
            }
            return Some(Pass(Some((self, host))));
        }
    }

    /// Leaves a host alone for so long.
    pub(super) fn pause(&self, url: &Url, time: Duration) {
        let until = Instant::now() + time;
        let mut state = self.lock();
        let known = state.hosts.entry(host(url)).or_default();
        known.until = Some(known.until.map_or(until, |before| before.max(until)));
    }

    /// Waits for so long, or until nothing more is sent: `false`.
    pub(super) fn rest(&self, time: Duration) -> bool {
        let until = Instant::now() + time;
        let mut state = self.lock();
        while !state.closed {
            let Some(left) = until.checked_duration_since(Instant::now()) else { return true };
            state = self.wait(state, left);
        }
        false
    }

    /// Lets nothing pass any more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.bell.notify_all();
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        self.bell.wait_timeout(state, time).unwrap_or_else(PoisonError::into_inner).0
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let Some((gate, host)) = self.0.take() else { return };
        let mut state = gate.lock();
        if let Some(known) = state.hosts.get_mut(&host) {
            known.under_way -= 1;
            // what nobody uses takes no memory
            if known.under_way == 0 && known.until.is_none() {
                state.hosts.remove(&host);
            }
        }
        gate.bell.notify_all();
    }
}

fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(per_host: Option<usize>, rate: Option<f64>) -> Gate {
        Gate::new(Pace { concurrency: 1, per_host, rate, retries: 0 })
    }

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_host_gets_no_more_than_its_share() {
        let gate = gate(Some(1), None);
        let first = gate.enter(&url("http://a.test/")).unwrap();
        assert!(gate.enter(&url("http://b.test/")).is_some());
        std::thread::scope(|scope| {
            let waits = scope.spawn(|| gate.enter(&url("http://a.test/x")).is_some());
            drop(first);
            assert!(waits.join().unwrap());
        });
        assert!(gate.lock().hosts.is_empty());
    }

    #[test]
    fn requests_are_spread_over_time() {
        let gate = gate(None, Some(1000.0));
        let start = Instant::now();
        (0..20).for_each(|_| drop(gate.enter(&url("http://a.test/"))));
        assert!(start.elapsed() >= Duration::from_millis(18));
    }

    #[test]
    fn a_closed_gate_lets_nobody_wait() {
        let gate = gate(None, None);
        gate.pause(&url("http://a.test/"), Duration::from_secs(60));
        gate.close();
        assert!(gate.enter(&url("http://a.test/")).is_none());
        assert!(!gate.rest(Duration::from_secs(60)));
    }
}
