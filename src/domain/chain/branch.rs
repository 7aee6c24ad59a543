//! Time travel: a chain that begins like another, and a request that the user changed before it is sent.

use super::{Chain, Planned, State};
use crate::domain::http::request::Request;
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
        };
        Some(Chain {
            draft: self.draft.clone(),
            client: self.client.clone(),
            limits: self.limits,
            hops: self.hops[..at].to_vec(),
            state: State::Ready(planned),
            jar: again.jar.clone(),
        })
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
