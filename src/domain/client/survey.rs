//! Survey: every client's chain through one world, with each distinct request sent once. A sans-IO machine.
//!
//! Clients that have sent the same requests so far share the next one as long as they agree on it; where they part, the
//! path forks. A request is never taken over from another fork: after other requests it may mean something else to the
//! server. The path of the client in charge is gone to its end first, the others one after the other.

use std::mem;

use crate::domain::chain::{Chain, Limits, State};
use crate::domain::cookie::jar::Jar;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::request::{Draft, Request};

use super::Client;
use super::comparison::same_request;

/// All clients on their way.
#[derive(Clone, Debug)]
pub struct Survey {
    /// The name of the client in charge.
    leader: String,
    extent: Extent,
    ready: Vec<Cohort>,
    in_flight: Option<Cohort>,
    done: Vec<Cohort>,
    /// How many requests were handed out.
    sent: usize,
}

/// How much is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extent {
    /// Every path to its end.
    Whole,
    /// The path of the client in charge only; others are told for as long as they go the same way.
    LeaderOnly,
}

/// Clients that have sent the same requests and got the same answers.
#[derive(Clone, Debug)]
struct Cohort {
    chains: Vec<Chain>,
    path: Vec<usize>,
}

/// Clients that do the same from the first request to the end.
#[derive(Clone, PartialEq, Debug)]
pub struct Behaviour {
    pub clients: Vec<String>,
    /// The chain of the first of them. It is ready to go on where its next request was not sent.
    pub chain: Chain,
    /// The numbers of its requests, from 1, in the order they were sent in: forks share what came before.
    pub path: Vec<usize>,
}

impl Survey {
    /// All clients at the first request; the client in charge with the switches it was given.
    /// `now` is in seconds since the Unix epoch, for cookies.
    pub fn new(
        draft: &Draft,
        leader: &Client,
        (limits, extent): (Limits, Extent),
        (jar, now): (&Jar, i64),
    ) -> Survey {
        let own =
            |client: &Client| if client.name == leader.name { leader } else { client }.clone();
        let chain = |client| Chain::new(draft.clone(), client, limits, jar.clone(), now);
        let chains = Client::all().iter().map(own).map(chain).collect();
        let mut survey = Survey {
            leader: leader.name.clone(),
            extent,
            ready: Vec::new(),
            in_flight: None,
            done: Vec::new(),
            sent: 0,
        };
        survey.fork(Cohort { chains, path: Vec::new() });
        survey
    }

    /// Hands out the next request and how its chain came to it; `None` when everything is told.
    pub fn send(&mut self) -> Option<(Request, &Chain)> {
        let mut cohort = self.ready.pop()?;
        self.sent += 1;
        cohort.path.push(self.sent);
        let requests: Vec<_> = cohort.chains.iter_mut().map(Chain::send).collect();
        let request = requests.into_iter().next().flatten()?;
        let cohort = self.in_flight.insert(cohort);
        Some((request, cohort.chains.first()?))
    }

    /// Takes in the answer for all that sent the request in flight.
    pub fn receive(&mut self, exchange: &Exchange, now: i64) {
        let Some(mut cohort) = self.in_flight.take() else { return };
        for chain in &mut cohort.chains {
            chain.receive(exchange.clone(), now);
        }
        self.fork(cohort);
    }

    /// How many requests were handed out.
    pub fn sent(&self) -> usize {
        self.sent
    }

    /// Who did what: smallest group first, the group of the client in charge last of its size. Paths that were not gone
    /// to their end are told up to the request that was not sent.
    pub fn behaviours(mut self) -> Vec<Behaviour> {
        let left = mem::take(&mut self.ready);
        self.done.extend(left);
        let leads = |chain: &Chain| chain.client.name == self.leader;
        let mut all: Vec<Behaviour> = self.done.into_iter().filter_map(behaviour).collect();
        all.sort_by_key(|of| (of.clients.len(), leads(&of.chain), of.path.clone()));
        all
    }

    /// Parts the clients of a cohort by what they do next.
    fn fork(&mut self, cohort: Cohort) {
        let mut forks: Vec<Cohort> = Vec::new();
        for chain in cohort.chains {
            match forks
                .iter_mut()
                .find(|fork| fork.chains.first().is_some_and(|of| same(of, &chain)))
            {
                Some(fork) => fork.chains.push(chain),
                None => forks.push(Cohort { chains: vec![chain], path: cohort.path.clone() }),
            }
        }
        let leader = self.leader.clone();
        let leads = |fork: &Cohort| fork.chains.first().is_some_and(|of| of.client.name == leader);
        for fork in &mut forks {
            fork.chains.sort_by_key(|chain| chain.client.name != leader);
        }
        forks.sort_by_key(&leads);
        for fork in forks {
            let goes_on = fork.chains.first().is_some_and(|chain| chain.ready().is_some());
            let allowed = self.extent == Extent::Whole || leads(&fork);
            if goes_on && allowed { self.ready.push(fork) } else { self.done.push(fork) }
        }
    }
}

fn behaviour(cohort: Cohort) -> Option<Behaviour> {
    let clients = cohort.chains.iter().map(|chain| chain.client.name.clone()).collect();
    let chain = cohort.chains.into_iter().next()?;
    Some(Behaviour { clients, chain, path: cohort.path })
}

/// Whether two chains with the same past have the same future.
fn same(a: &Chain, b: &Chain) -> bool {
    match (&a.state, &b.state) {
        (State::Ready(a), State::Ready(b)) | (State::InFlight(a), State::InFlight(b)) => {
            same_request(&a.request, &b.request)
        }
        (State::Ended(a), State::Ended(b)) => a == b,
        (State::Ready(_) | State::InFlight(_) | State::Ended(_), _) => false,
    }
}
