//! Site: one origin of the lab with its routes.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::route::Route;
use super::scenario::{Certificate, Scenario};
use super::wire::Incoming;

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scheme {
    Http,
    Https,
}

/// One scheme and host, and everything it answers.
#[derive(Debug)]
pub(crate) struct Site {
    pub(crate) scheme: Scheme,
    pub(crate) host: String,
    pub(crate) show: Show,
    routes: Vec<Route>,
    /// How often the URL of each route with a `visit` condition was asked for.
    visits: Mutex<HashMap<String, usize>>,
}

/// How an https host presents itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Show {
    pub(crate) certificate: Certificate,
    /// HTTP/2 instead of HTTP/1.1.
    pub(crate) http2: bool,
}

/// The origins of these scenarios, each with the routes of all of them.
pub(crate) fn sites(scenarios: &[Scenario]) -> Vec<Site> {
    let mut sites: Vec<Site> = Vec::new();
    for route in scenarios.iter().flat_map(|scenario| &scenario.routes) {
        let (scheme, host) = (route.url.scheme, route.url.host());
        match sites.iter_mut().find(|site| site.scheme == scheme && site.host == host) {
            Some(site) => site.routes.push(route.clone()),
            None => sites.push(Site::new(route.clone(), show(scenarios, host))),
        }
    }
    for site in &mut sites {
        // an exact place goes before a wildcard, whichever scenario comes first
        site.routes.sort_by_key(|route| route.url.target.ends_with('*'));
    }
    sites
}

impl Site {
    fn new(route: Route, show: Show) -> Site {
        Site {
            scheme: route.url.scheme,
            host: route.url.host().to_owned(),
            show,
            routes: vec![route],
            visits: Mutex::default(),
        }
    }

    /// The route that answers this request; counts the visit.
    pub(crate) fn route(&self, request: &Incoming) -> Option<&Route> {
        let visit = self.count(request);
        self.routes.iter().find(|route| route.answers(request, visit))
    }

    /// Which visit this is, from 1; only URLs that ask for it are counted, so the map is bounded by the scenario.
    fn count(&self, request: &Incoming) -> usize {
        let counted =
            |route: &&Route| route.when.visit.is_some() && route.url.covers(request.target());
        let Some(route) = self.routes.iter().find(counted) else { return 0 };
        let mut visits = self.visits.lock().unwrap_or_else(PoisonError::into_inner);
        let visit = visits.entry(route.url.target.clone()).or_default();
        *visit += 1;
        *visit
    }
}

impl Scheme {
    pub fn parse(name: &str) -> Option<Scheme> {
        match name {
            "http" => Some(Scheme::Http),
            "https" => Some(Scheme::Https),
            _ => None,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

fn show(scenarios: &[Scenario], host: &str) -> Show {
    let mut servers = scenarios.iter().flat_map(|scenario| &scenario.servers);
    servers.find(|server| server.host == host).map_or(Show::default(), |server| Show {
        certificate: server.certificate,
        http2: server.http2,
    })
}
