//! Plays a scenario over real sockets: the chain's requests go out through the engine, and what counts is what the server saw.

use std::sync::Arc;
use std::time::Duration;

use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::request::{FieldSource, Request};
use hopstep::domain::http::settings::{ConnectTo, Settings};
use hopstep::fetch::{BodyStore, Engine as _, Event, Fetch, FetchId, Local};

use crate::play::{self, NOW, Played, Sent};
use crate::record::{Outcome, Scenario};
use crate::world::{Seen, World};

/// Names that the measuring server had at its first address, and at its second.
pub(crate) const FIRST: [&str; 4] = ["hop.test", "hop.test.", "www.hop.test", "custom.test"];
pub(crate) const SECOND: [&str; 3] = ["other.test", "127.0.77.2", "xn--bcher-kva.test"];

/// Servers and an engine that reaches them by every name of the measurement.
pub(crate) struct Wire {
    world: World,
    engine: Local,
    next: u64,
}

impl Wire {
    pub(crate) fn start() -> Wire {
        let world = World::start();
        let settings = Settings { connect_to: routes(&world), ..Settings::default() };
        let engine = Local::new(settings, Arc::new(BodyStore::new())).unwrap();
        Wire { world, engine, next: 1 }
    }

    pub(crate) fn play(&mut self, name: &str, scenario: &Scenario, outcome: &Outcome) -> Played {
        self.world.play(&answers(scenario));
        let (mut chain, at_limit) = play::chain(name, scenario, outcome);
        let mut urls = Vec::new();
        while let Some(request) = chain.send() {
            if play::origin(&request.url).is_none() {
                chain.receive(play::unreachable(), NOW);
                break;
            }
            urls.push(request.url.clone());
            let exchange = self.fetch(request);
            chain.receive(exchange, NOW);
            if urls.len() >= play::BOUND {
                break;
            }
        }
        let seen = self.world.seen();
        // what did not arrive is missing from the comparison
        let sent = seen.iter().zip(&chain.hops).map(|(seen, hop)| self.sent(seen, &hop.request));
        let requests = sent.collect();
        Played::of(requests, &chain, at_limit)
    }

    fn fetch(&mut self, request: Request) -> Exchange {
        let id = FetchId(self.next);
        self.next += 1;
        self.engine.start(Fetch { id, request, limit: Some(Duration::from_secs(60)) });
        loop {
            match self.engine.next(None) {
                Some((of, Event::Done(exchange))) if of == id => return *exchange,
                Some(_) => {}
                None => panic!("the engine is idle"),
            }
        }
    }

    /// What the server saw, at the origin it was meant for if it arrived at that one's address.
    fn sent(&self, seen: &Seen, planned: &Request) -> Sent {
        let [first, _, second] = &self.world.origins;
        let meant = play::origin(&planned.url).unwrap_or_default();
        let address = if meant.contains("127.0.77.1") { first } else { second };
        let origin = if *address == seen.origin { meant } else { seen.origin.clone() };
        let fields = seen.fields.iter().map(|(name, value)| Field::new(name, value.clone()));
        let request = Request {
            fields: fields.collect(),
            sources: vec![FieldSource::User; seen.fields.len()],
            ..planned.clone()
        };
        let target = String::from_utf8_lossy(&seen.target).into_owned();
        Sent::seen((origin, seen.method.clone(), target), seen.body.len() as u64, request)
    }
}

/// Heads that the engine takes for no HTTP: a NUL, and a CR that ends no line (RFC 9112 §2.2). Clients that read on are
/// played in memory only.
const REFUSED: [&str; 2] = ["loc.nul", "loc.cr"];

/// Whether a scenario can be played here: without TLS, and without answers that wait for credentials.
pub(crate) fn plays(scenario: &Scenario) -> bool {
    let text = scenario.responses.concat() + &scenario.url;
    let refused = REFUSED.contains(&scenario.id.as_str());
    !refused && !scenario.challenge_last && !text.to_ascii_lowercase().contains("https:")
}

fn routes(world: &World) -> Vec<ConnectTo> {
    let [first, _, second] = &world.origins;
    let to = |host: &&str, origin: &String| {
        let (address, port) = origin["http://".len()..].rsplit_once(':').unwrap();
        ConnectTo {
            host: Some((*host).to_owned()),
            port: None,
            to_host: Some(address.to_owned()),
            to_port: Some(port.parse().unwrap()),
        }
    };
    FIRST
        .iter()
        .map(|host| to(host, first))
        .chain(SECOND.iter().map(|host| to(host, second)))
        .collect()
}

/// The answers in turn, each closing its connection.
pub(crate) fn answers(scenario: &Scenario) -> Vec<Vec<u8>> {
    let count = if scenario.endless.is_some() { play::BOUND } else { scenario.responses.len() };
    let mut target = "/x".to_owned();
    (0..count)
        .map(|n| {
            let raw = play::scripted(scenario, n, &target);
            // the only scenario whose answers depend on the target
            target = if target == "/x" { "/y".to_owned() } else { "/x".to_owned() };
            closing(&raw)
        })
        .collect()
}

fn closing(raw: &[u8]) -> Vec<u8> {
    let Some(line) = raw.iter().position(|byte| *byte == b'\n') else { return raw.to_vec() };
    let bare = line == 0 || raw[line - 1] != b'\r';
    let field: &[u8] = if bare { b"Connection: close\n" } else { b"Connection: close\r\n" };
    [&raw[..=line], field, &raw[line + 1..]].concat()
}
