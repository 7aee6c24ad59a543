//! The gate: how many requests one host gets at the same time, how many a second all hosts get, and who must be left alone
//! for a while.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use super::Pace;

/// How much of a delay is made up for.
const LATE: Duration = Duration::from_millis(20);

/// Lets requests pass. Shared by all workers.
pub(super) struct Gate {
    pace: Pace,
    state: Mutex<State>,
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

/// What the gate says to a request.
pub(super) enum Enter<'a> {
    Pass(Pass<'a>),
    /// It is to ask again.
    Later,
    /// Nothing more is sent.
    Closed,
}

/// A request that passed. It counts until this is dropped.
pub(super) struct Pass<'a>(Option<(&'a Gate, String)>);

impl Gate {
    pub(super) fn new(pace: Pace) -> Gate {
        Gate { pace, state: Mutex::default() }
    }

    /// Lets a request to this URL pass, if it may go out now.
    pub(super) fn enter(&self, url: &Url, now: Instant) -> Enter<'_> {
        let mut state = self.lock();
        if state.closed {
            return Enter::Closed;
        }
        let free = self.pace.per_host.is_none() && self.pace.rate.is_none();
        if free && state.hosts.is_empty() {
            return Enter::Pass(Pass(None));
        }
        if state.next.is_some_and(|next| next > now) {
            return Enter::Later;
        }
        let host = host(url);
        let most = self.pace.per_host.unwrap_or(usize::MAX);
        let known = state.hosts.entry(host.clone()).or_default();
        known.until = known.until.filter(|until| *until > now);
        if known.until.is_some() || known.under_way >= most {
            return Enter::Later;
        }
        known.under_way += 1;
        if let Some(rate) = self.pace.rate {
            // who comes a little late makes up for it, so that the rate is reached
            let earliest = now.checked_sub(LATE).unwrap_or(now);
            let from = state.next.map_or(now, |next| next.max(earliest));
            state.next = Some(from + Duration::from_secs_f64(1.0 / rate));
        }
        Enter::Pass(Pass(Some((self, host))))
    }

    /// Leaves a host alone for so long.
    pub(super) fn pause(&self, url: &Url, time: Duration) {
        let until = Instant::now() + time;
        let mut state = self.lock();
        let known = state.hosts.entry(host(url)).or_default();
        known.until = Some(known.until.map_or(until, |before| before.max(until)));
    }

    /// Lets nothing pass any more.
    pub(super) fn close(&self) {
        self.lock().closed = true;
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

    fn passes(gate: &Gate, host: &str, at: Instant) -> bool {
        matches!(gate.enter(&url(host), at), Enter::Pass(_))
    }

    #[test]
    fn a_host_gets_no_more_than_its_share() {
        let (gate, now) = (gate(Some(1), None), Instant::now());
        let Enter::Pass(first) = gate.enter(&url("http://a.test/"), now) else { panic!() };
        assert!(passes(&gate, "http://b.test/", now));
        assert!(!passes(&gate, "http://a.test/x", now));
        drop(first);
        assert!(passes(&gate, "http://a.test/x", now));
        assert!(gate.lock().hosts.is_empty());
    }

    #[test]
    fn requests_are_spread_over_time() {
        let (gate, start) = (gate(None, Some(1000.0)), Instant::now());
        let after = |ms: u64| start + Duration::from_millis(ms);
        assert!(passes(&gate, "http://a.test/", start));
        assert!(!passes(&gate, "http://b.test/", start));
        let passed = (0..=100).filter(|ms| passes(&gate, "http://a.test/", after(*ms))).count();
        assert_eq!(passed, 100);
        // a delay of a second is no leave to send a thousand requests at once
        let burst = (0..100).filter(|_| passes(&gate, "http://a.test/", after(1100))).count();
        assert!((1..=22).contains(&burst), "{burst}");
    }

    #[test]
    fn a_host_that_asks_for_a_rest_gets_it_and_a_closed_gate_lets_nobody_pass() {
        let (gate, now) = (gate(None, None), Instant::now());
        gate.pause(&url("http://a.test/"), Duration::from_secs(60));
        assert!(!passes(&gate, "http://a.test/", now));
        assert!(passes(&gate, "http://b.test/", now));
        assert!(passes(&gate, "http://a.test/", now + Duration::from_secs(61)));
        gate.close();
        assert!(matches!(gate.enter(&url("http://b.test/"), now), Enter::Closed));
    }
}
