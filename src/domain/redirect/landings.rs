//! Landings: what many clients do with one response, each reading of its Location made once.
//!
//! Finding out where a client lands takes most of the time of a decision, and clients that read a Location alike land in
//! the same place.

use crate::domain::client::Client;
use crate::domain::http::request::Request;

use super::location::{self, Landing};
use super::{Attempt, Halt, step};

/// Clients and which of them read a Location alike.
#[derive(Clone, Debug)]
pub(crate) struct Readers {
    /// With the number of its reading.
    clients: Vec<(Client, usize)>,
    readings: usize,
}

impl Readers {
    pub(crate) fn of(clients: Vec<Client>) -> Readers {
        let mut known: Vec<Client> = Vec::new();
        let mut read = Vec::new();
        for client in clients {
            let at = known.iter().position(|other| reads_alike(other, &client));
            if at.is_none() {
                known.push(client.clone());
            }
            read.push((client, at.unwrap_or(known.len() - 1)));
        }
        Readers { clients: read, readings: known.len() }
    }

    pub(crate) fn clients(&self) -> impl Iterator<Item = &Client> {
        self.clients.iter().map(|(client, _)| client)
    }

    /// The same readers, each client changed in what has nothing to do with its reading.
    pub(crate) fn each(&self, change: impl Fn(Client) -> Client) -> Readers {
        let change = |(client, reading): &(Client, usize)| (change(client.clone()), *reading);
        Readers { clients: self.clients.iter().map(change).collect(), readings: self.readings }
    }

    /// The request that each client would send after the last response of the attempt, or why it sends none.
    pub(crate) fn requests(&self, attempt: &Attempt<'_>) -> Vec<(&Client, Result<Request, Halt>)> {
        let mut known: Vec<Option<Result<Landing, Halt>>> = vec![None; self.readings];
        let decide = |(client, reading): &'_ (Client, usize)| {
            let known = known.get_mut(*reading);
            let land = || match known {
                Some(known) => known.get_or_insert_with(|| landing(attempt, client)).clone(),
                None => landing(attempt, client),
            };
            step(attempt, client, land).map(|(request, _)| request)
        };
        let requests: Vec<_> = self.clients.iter().map(decide).collect();
        self.clients().zip(requests).collect()
    }
}

fn landing(attempt: &Attempt<'_>, client: &Client) -> Result<Landing, Halt> {
    let hop = attempt.hops.last().ok_or(Halt::Final)?;
    let head = hop.exchange.response.as_ref().ok_or(Halt::Final)?;
    location::landing(head, &hop.request, client)
}

/// Whether everything agrees that [`location::landing`] asks a client.
fn reads_alike(a: &Client, b: &Client) -> bool {
    let (strict, other) = (&a.strictness, &b.strictness);
    a.location == b.location
        && a.missing_location == b.missing_location
        && (strict.folded, strict.nul, strict.cr) == (other.folded, other.nul, other.cr)
        && strict.misses_spaced_location == other.misses_spaced_location
        && strict.misses_empty_location == other.misses_empty_location
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::chain::{Chain, Limits};
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::head_parser::parse_response;
    use crate::domain::http::request::Draft;
    use crate::domain::redirect::{Action, next};

    #[test]
    fn each_client_does_what_it_does_alone() {
        for location in ["/y", "http:/y", "//b.test\\x", "", "a b%zz", "https://u:p@b.test:99999/"]
        {
            let draft = Draft::get(Url::parse("http://a.test/x?y").unwrap());
            let curl = Client::named("curl").unwrap();
            let mut chain = Chain::new(draft, curl, Limits::default(), Jar::default(), 0);
            chain.send();
            let answer = format!("HTTP/1.1 302 X\r\nLocation: {location}\r\n\r\n");
            let response = parse_response(Bytes::from(answer));
            chain.receive(Exchange { response, ..Exchange::default() }, 0);
            let hops = &chain.hops[..1];
            let attempt = Attempt { draft: &chain.draft, hops, jar: &chain.jar, now: 0 };
            let readers = Readers::of(Client::all().to_vec());
            assert!(readers.readings < Client::all().len());
            let together = readers.requests(&attempt);
            let names: BTreeSet<&str> = together.iter().map(|(of, _)| of.name.as_str()).collect();
            assert_eq!(names.len(), Client::all().len());
            for (client, request) in together {
                let alone = match next(&attempt, client) {
                    Action::Follow(follow) => Ok(follow.request),
                    Action::Final => Err(Halt::Final),
                    Action::Stop(reason) => Err(Halt::Stop(reason)),
                };
                assert_eq!(request, alone, "{} at {location:?}", client.name);
            }
        }
    }
}
