//! A tape: exchanges recorded earlier, and what a replay answers from them.

use std::collections::HashMap;
use std::sync::Arc;

use super::BodyStore;
use crate::domain::chain::Chain;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::method::Method;
use crate::domain::http::request::Request;
use crate::domain::http::timing::Phase;

/// Recorded exchanges by method and URL, and the store that their bodies are in.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    pub store: Arc<BodyStore>,
    exchanges: HashMap<(Method, String), Vec<Exchange>>,
}

impl Tape {
    /// The exchanges of these chains, in their order.
    pub fn of<'a>(store: Arc<BodyStore>, chains: impl IntoIterator<Item = &'a Chain>) -> Tape {
        let mut exchanges: HashMap<_, Vec<Exchange>> = HashMap::new();
        for hop in chains.into_iter().flat_map(|chain| &chain.hops) {
            exchanges.entry(key(&hop.request)).or_default().push(Exchange::clone(&hop.exchange));
        }
        Tape { store, exchanges }
    }

    /// A function that answers the nth such request with the nth recorded response; the last answers all further ones.
    pub fn player(&self) -> impl FnMut(&Request) -> Exchange + Send + use<> {
        let exchanges = self.exchanges.clone();
        let mut played: HashMap<(Method, String), usize> = HashMap::new();
        move |request| {
            let key = key(request);
            let recorded = exchanges.get(&key).map_or(&[][..], Vec::as_slice);
            let nth = played.entry(key).or_default();
            let exchange = recorded.get(*nth).or(recorded.last());
            *nth += 1;
            exchange.cloned().unwrap_or_else(|| unrecorded(request))
        }
    }
}

fn key(request: &Request) -> (Method, String) {
    (request.method.clone(), request.display_url())
}

fn unrecorded(request: &Request) -> Exchange {
    let failure = Failure {
        kind: FailureKind::Connect,
        phase: Phase::Connect,
        message: format!("the file has no answer to {} {}", request.method, request.display_url()),
        cause: String::new(),
        hint: "nothing is sent for an opened file: hopstep URL runs it on the network".to_owned(),
    };
    Exchange { failure: Some(failure), ..Exchange::default() }
}
