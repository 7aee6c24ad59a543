//! Drives the engine from a test.

use std::sync::Arc;
use std::time::Duration;

use hopstep::domain::http::body::Bodies;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{FieldSource, Request};
use hopstep::domain::http::settings::Settings;
use hopstep::fetch::{BodyStore, Engine, Event, Fetch, FetchId, Local};

/// A GET with the fields curl would send.
pub(crate) fn get(url: &str) -> Request {
    let url = url::Url::parse(url).unwrap();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let host = format!("{}{port}", url.host_str().unwrap());
    let fields: Vec<Field> =
        vec![Field::new("Host", host), Field::new("User-Agent", "t"), Field::new("Accept", "*/*")];
    let sources = vec![FieldSource::Client; fields.len()];
    let fields = fields.into_iter().collect();
    Request {
        method: Method::GET,
        url,
        fields,
        sources,
        body: None,
        exact_target: None,
        written: None,
        http10: false,
    }
}

/// A local engine with its store.
pub(crate) struct Run {
    pub(crate) engine: Local,
    pub(crate) store: Arc<BodyStore>,
    next: u64,
}

impl Run {
    pub(crate) fn new(settings: Settings) -> Run {
        let store = Arc::new(BodyStore::new());
        Run { engine: Local::new(settings, Arc::clone(&store)).unwrap(), store, next: 0 }
    }

    /// Starts a fetch under the next id.
    pub(crate) fn start(&mut self, fetch: Fetch) -> FetchId {
        self.next += 1;
        let id = FetchId(self.next);
        self.engine.start(Fetch { id, ..fetch });
        id
    }

    pub(crate) fn done(&mut self, id: FetchId) -> Exchange {
        loop {
            match self.engine.next(Some(Duration::from_secs(60))) {
                Some((at, Event::Done(exchange))) if at == id => return *exchange,
                Some(_) => {}
                None => panic!("the fetch did not end"),
            }
        }
    }

    pub(crate) fn fetch(&mut self, request: Request) -> Exchange {
        let id = self.start(Fetch::new(FetchId(0), request));
        self.done(id)
    }

    pub(crate) fn get(&mut self, url: &str) -> Exchange {
        self.fetch(get(url))
    }

    pub(crate) fn body(&self, exchange: &Exchange) -> Vec<u8> {
        self.store.read(exchange.body.id, 0, usize::MAX)
    }
}

pub(crate) fn failure(exchange: &Exchange) -> (FailureKind, &str) {
    let failure = exchange.failure.as_ref().expect("a failure");
    (failure.kind, failure.message.as_str())
}
