//! One hostile case: a server, a request, what must come out.

use std::io::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use hopstep::domain::http::body::{Bodies, RequestBody};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::head::DeviationKind;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::settings::{Settings, VersionPreference};
use hopstep::fetch::{Fetch, FetchId};

use crate::http2;
use crate::run::{Run, get};
use crate::server::{Peer, Server};
use crate::tls::{self, Identity};

/// Every case ends within this time, whatever its server does.
const PATIENCE: Duration = Duration::from_secs(90);

/// The limit (`-m`) of a case that names none: what ends only then is not what was expected.
pub(crate) const LIMIT: Duration = Duration::from_secs(45);

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) serve: Box<dyn Fn() -> SocketAddr + Send + Sync>,
    pub(crate) method: Method,
    pub(crate) body: usize,
    pub(crate) limit: Option<Duration>,
    pub(crate) settings: Settings,
    pub(crate) scheme: &'static str,
    pub(crate) status: Option<u16>,
    pub(crate) failure: Option<FailureKind>,
    pub(crate) words: &'static str,
    pub(crate) kept: Option<Vec<u8>>,
    pub(crate) truncated: bool,
    /// A field of the response that is on record.
    pub(crate) field: Option<(&'static str, &'static str)>,
    /// What is noted of its lines.
    pub(crate) deviation: Option<DeviationKind>,
    /// What a server writes that does nothing else.
    answer: Option<Answer>,
}

/// An answer without further acts of its server.
#[derive(Clone)]
enum Answer {
    Text(Vec<u8>),
    Frames(Vec<u8>),
}

impl Case {
    fn new(name: &'static str, serve: impl Fn() -> SocketAddr + Send + Sync + 'static) -> Case {
        Case {
            name,
            serve: Box::new(serve),
            method: Method::GET,
            body: 0,
            limit: None,
            settings: Settings::default(),
            scheme: "http",
            status: None,
            failure: None,
            words: "",
            kept: None,
            truncated: false,
            field: None,
            deviation: None,
            answer: None,
        }
    }

    /// The server reads the request, writes this, closes.
    pub(crate) fn closing(name: &'static str, answer: impl Into<Vec<u8>>) -> Case {
        let answer = answer.into();
        let kept = Some(Answer::Text(answer.clone()));
        Case { answer: kept, ..Case::new(name, move || Server::closing(answer.clone()).addr) }
    }

    /// The server answers the request with these HTTP/2 frames.
    pub(crate) fn framed(name: &'static str, frames: Vec<u8>) -> Case {
        let answer = Some(Answer::Frames(frames.clone()));
        let serve = move || {
            let frames = frames.clone();
            Server::new(move |peer| http2::serve(&mut peer.stream, &frames)).addr
        };
        Case { answer, ..Case::new(name, serve) }.over_http2()
    }

    /// The same answer from a TLS server, where that is all the server does. A limit that is soon over could fall into the
    /// handshake.
    pub(crate) fn secured(self) -> Option<Case> {
        let answer = self.answer.clone().filter(|_| self.limit.is_none())?;
        let serve = move || {
            let answer = answer.clone();
            let mut config = Identity::self_signed("a.test").config();
            if let Answer::Frames(_) = &answer {
                config.alpn_protocols = vec![b"h2".to_vec()];
            }
            tls::serve(config, move |stream| match &answer {
                Answer::Frames(frames) => http2::serve(stream, frames),
                Answer::Text(answer) => {
                    tls::read_head(stream);
                    let _ = stream.write_all(answer);
                    stream.conn.send_close_notify();
                    let _ = stream.flush();
                }
            })
        };
        let version = Settings::default().version;
        let settings = Settings { version, ..self.settings };
        Some(Case { serve: Box::new(serve), settings, ..self }.over_tls())
    }

    /// The server does this on every connection.
    pub(crate) fn doing(
        name: &'static str,
        act: impl Fn(&mut Peer) + Clone + Send + Sync + 'static,
    ) -> Case {
        Case::new(name, move || Server::new(act.clone()).addr)
    }

    /// The server is at this address.
    pub(crate) fn at(
        name: &'static str,
        serve: impl Fn() -> SocketAddr + Send + Sync + 'static,
    ) -> Case {
        Case::new(name, serve)
    }

    /// A response with this status is recorded.
    pub(crate) fn status(self, status: u16) -> Case {
        Case { status: Some(status), ..self }
    }

    /// The hop fails like this, and this is part of what is said.
    pub(crate) fn fails(self, kind: FailureKind, words: &'static str) -> Case {
        Case { failure: Some(kind), words, ..self }
    }

    /// This line of the response is on record.
    pub(crate) fn shows(self, name: &'static str, value: &'static str) -> Case {
        Case { field: Some((name, value)), ..self }
    }

    /// This is noted of a line of the response.
    pub(crate) fn noting(self, deviation: DeviationKind) -> Case {
        Case { deviation: Some(deviation), ..self }
    }

    /// These are the bytes of the body that are kept.
    pub(crate) fn keeps(self, kept: impl Into<Vec<u8>>) -> Case {
        Case { kept: Some(kept.into()), ..self }
    }

    /// Only so much of the body is kept.
    pub(crate) fn truncated_at(self, most: u64) -> Case {
        let settings = Settings { max_body: most, ..self.settings };
        Case { truncated: true, settings, ..self }
    }

    pub(crate) fn limit(self, millis: u64) -> Case {
        Case { limit: Some(Duration::from_millis(millis)), ..self }
    }

    pub(crate) fn method(self, method: Method) -> Case {
        Case { method, ..self }
    }

    /// A POST with a body of this size.
    pub(crate) fn posting(self, size: usize) -> Case {
        Case { method: Method::POST, body: size, ..self }
    }

    pub(crate) fn over_tls(self) -> Case {
        let settings = Settings { insecure: true, ..self.settings };
        Case { scheme: "https", settings, ..self }
    }

    pub(crate) fn over_http2(self) -> Case {
        let version = VersionPreference::Http2PriorKnowledge;
        Case { settings: Settings { version, ..self.settings }, ..self }
    }

    /// Plays it; the error says what was not as it must be.
    pub(crate) fn play(&self) -> Result<(), String> {
        let addr = (self.serve)();
        let begun = Instant::now();
        let mut run = Run::new(self.settings.clone());
        let mut request = get(&format!("{}://{addr}/x", self.scheme));
        request.method = self.method.clone();
        if self.body > 0 {
            request.fields.push("Content-Length", self.body.to_string());
            request.body = Some(RequestBody::new(vec![b'p'; self.body]));
        }
        let id = run.start(Fetch {
            limit: Some(self.limit.unwrap_or(LIMIT)),
            ..Fetch::new(FetchId(0), request)
        });
        let exchange = run.done(id);
        if begun.elapsed() > PATIENCE {
            return Err(format!("took {:?}", begun.elapsed()));
        }
        self.judge(&run, &exchange)
    }

    fn judge(&self, run: &Run, exchange: &Exchange) -> Result<(), String> {
        let failure = exchange.failure.as_ref();
        if exchange.status() != self.status || failure.map(|failure| failure.kind) != self.failure {
            return Err(format!("{:?} {failure:?}", exchange.status()));
        }
        let said =
            failure.map_or_else(|| exchange.notes.join(" "), |failure| failure.message.clone());
        if !said.contains(self.words) {
            return Err(format!("says {said:?}, not {:?}", self.words));
        }
        let head = exchange.response.as_ref();
        let shown = |(name, value)| exchange.fields().all(name).any(|field| field.text() == value);
        if !self.field.is_none_or(shown) {
            return Err(format!("shows {head:?}, not {:?}", self.field));
        }
        let noted =
            |kind| head.is_some_and(|head| head.deviations.iter().any(|of| of.kind == kind));
        if !self.deviation.is_none_or(noted) {
            return Err(format!("notes {head:?}, not {:?}", self.deviation));
        }
        let stored = run.store.len(exchange.body.id);
        let body = &exchange.body;
        if body.truncated != self.truncated || body.decoded_size != stored {
            return Err(format!("{body:?} with {stored} bytes stored"));
        }
        let kept = run.store.read(body.id, 0, 1 << 20);
        match &self.kept {
            Some(want) if *want != kept => {
                Err(format!("keeps {:?}", String::from_utf8_lossy(&kept)))
            }
            _ if !kept.starts_with(&body.head) => Err("the head of the body differs".to_owned()),
            _ => Ok(()),
        }
    }
}
