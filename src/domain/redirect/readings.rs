//! Readings: one Location as every client of the table reads it, each by its own dialect.

use url::{Position, Url};

use super::location;
use crate::domain::chain::Hop;
use crate::domain::client::Client;

/// What some clients make of a Location.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Where they go; `None` where they go nowhere.
    pub target: Option<String>,
    /// Their names, sorted.
    pub clients: Vec<&'static str>,
}

/// The readings of a hop's answer, the one that most clients share first, those who go nowhere last. Targets for which `same`
/// gives equal keys are one reading.
pub fn readings<K: PartialEq>(hop: &Hop, same: impl Fn(&Url, &str) -> K) -> Vec<Reading> {
    let Some(head) = &hop.exchange.response else { return Vec::new() };
    let mut found: Vec<(Option<K>, Reading)> = Vec::new();
    for client in Client::all() {
        let landing = location::landing(head, &hop.request, client).ok();
        let landing = landing.map(|landing| {
            let own = &landing.url[Position::BeforePath..Position::AfterQuery];
            let target = landing.exact_target.as_deref().unwrap_or(own);
            let text = format!("{}{target}", &landing.url[..Position::BeforePath]);
            (same(&landing.url, target), text)
        });
        let (key, target) = landing.unzip();
        match found.iter_mut().find(|(known, _)| *known == key) {
            Some((_, reading)) => reading.clients.push(&*client.name),
            None => found.push((key, Reading { target, clients: vec![&*client.name] })),
        }
    }
    let mut all: Vec<Reading> = found.into_iter().map(|(_, reading)| reading).collect();
    all.sort_by_key(|of| (of.target.is_none(), std::cmp::Reverse(of.clients.len())));
    all
}
