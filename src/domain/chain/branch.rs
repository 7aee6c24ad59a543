//! Time travel: a chain that begins like another, and a request that the user changed before it is sent.

use super::{Asked, Chain, Ending, Planned, State};
use crate::domain::client::Client;
use crate::domain::http::request::Request;
use crate::domain::probe::Probe;
use crate::domain::redirect;

impl Chain {
    /// A chain with the hops before this one (from 1), ready to send its request again. `None` when there is no such hop.
    pub fn branch(&self, hop: usize) -> Option<Chain> {
        let at = hop.checked_sub(1)?;
        let again = self.hops.get(at)?;
        let planned = Planned {
            request: again.request.clone(),
            trail: again.trail.clone(),
            changes: again.changes.clone(),
            edited: again.edited,
            client: again.client.clone(),
            soft: again.soft.clone(),
        };
        Some(Chain {
            draft: self.draft.clone(),
            client: self.client.clone(),
            limits: self.limits,
            hops: self.hops[..at].to_vec(),
            asked: Asked::of(&self.hops[..at]),
            state: State::Ready(planned),
            jar: again.jar.clone(),
            probes: self.probes_up_to(at),
        })
    }

    /// A chain with the hops up to this one (from 1), and this client deciding on what comes next. `None` when there is no such
    /// hop. `now` is in seconds since the Unix epoch, for cookies.
    pub fn fork(&self, hop: usize, client: Client, now: i64) -> Option<Chain> {
        let hops = self.hops.get(..hop).filter(|hops| !hops.is_empty())?.to_vec();
        // a hop has the jar as it was before its response
        let jar = self.hops.get(hop).map_or(&self.jar, |next| &next.jar).clone();
        let mut chain = Chain {
            draft: self.draft.clone(),
            client: self.client.clone(),
            limits: self.limits,
            asked: Asked::of(&hops),
            hops,
            state: State::Ended(Ending::Final),
            jar,
            probes: self.probes_up_to(hop),
        };
        chain.choose(client, now);
        Some(chain)
    }

    fn probes_up_to(&self, hop: usize) -> Vec<Probe> {
        self.probes.iter().filter(|probe| probe.hop <= hop).cloned().collect()
    }

    /// Puts the user's request in the place of the one that is ready, and marks it as edited.
    pub fn edit(&mut self, request: Request) {
        let State::Ready(planned) = &mut self.state else { return };
        if planned.request == request {
            return;
        }
        if let Some(hop) = self.hops.last() {
            planned.changes = redirect::changes(&hop.request, &request);
        }
        planned.request = request;
        planned.edited = true;
    }
}
