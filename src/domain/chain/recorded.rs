//! A chain that happened elsewhere: its requests are the recorded ones, whatever this client would have sent.

use super::{Chain, Planned, State, Verdict};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::Fields;
use crate::domain::http::request::Request;
use crate::domain::redirect;

impl Chain {
    /// Takes in the next exchange of a recording. Where the client would have stopped, the recording goes on all the same;
    /// where it would have sent the very request, what is known of where its lines came from is kept.
    pub fn record(&mut self, request: Request, edited: bool, exchange: Exchange, now: i64) {
        let ready = match &self.state {
            State::Ready(planned) | State::InFlight(planned) => Some(planned.clone()),
            State::Ended(_) => None,
        };
        if let Some(last) = self.hops.last_mut().filter(|_| ready.is_none()) {
            last.verdict = Verdict::Follow;
        }
        let before = self.hops.last();
        let planned = match ready {
            Some(planned) if same(&planned.request, &request) => Planned { edited, ..planned },
            other => Planned {
                changes: before
                    .map_or_else(Vec::new, |hop| redirect::changes(&hop.request, &request)),
                trail: other
                    .map(|planned| planned.trail)
                    .or_else(|| before.map(|hop| hop.trail.clone()))
                    .unwrap_or_default(),
                request,
                edited,
                client: self.client.name.clone(),
                soft: None,
            },
        };
        self.state = State::InFlight(planned);
        self.receive(exchange, now);
    }
}

/// The same request on the wire: the order of field lines and the case of their names aside.
fn same(planned: &Request, recorded: &Request) -> bool {
    planned.method == recorded.method
        && planned.display_url() == recorded.display_url()
        && planned.body.as_ref().map(|body| &body.bytes)
            == recorded.body.as_ref().map(|body| &body.bytes)
        && sorted(&planned.fields, recorded.fields.contains("Host"))
            == sorted(&recorded.fields, true)
}

/// The lines by name; HTTP/2 sends no Host.
fn sorted(fields: &Fields, host: bool) -> Vec<(String, &[u8])> {
    let mut lines: Vec<_> = fields
        .iter()
        .map(|field| (field.name.to_ascii_lowercase(), &*field.value))
        .filter(|(name, _)| host || name != "host")
        .collect();
    lines.sort();
    lines
}
