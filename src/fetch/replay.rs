//! An engine without sockets: every request gets the exchange that a function makes up for it.

use super::{Engine, Event, Fetch, FetchId, Sink};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::request::Request;

/// Plays recorded exchanges. Everything has happened when `start` returns.
pub struct Replay<F> {
    answer: F,
    sink: Sink,
}

impl<F> std::fmt::Debug for Replay<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Replay").finish_non_exhaustive()
    }
}

impl<F: FnMut(&Request) -> Exchange> Replay<F> {
    pub fn new(answer: F, sink: Sink) -> Replay<F> {
        Replay { answer, sink }
    }
}

impl<F: FnMut(&Request) -> Exchange> Engine for Replay<F> {
    fn start(&mut self, fetch: Fetch) {
        let exchange = Box::new((self.answer)(&fetch.request));
        if exchange.response.is_some() {
            (self.sink)(fetch.id, Event::Head(exchange.clone()));
        }
        (self.sink)(fetch.id, Event::Done(exchange));
    }

    /// There is nothing left to cancel.
    fn cancel(&mut self, _: FetchId) {}
}
