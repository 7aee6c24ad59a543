//! A recording: chains as a file has them, before they are judged. What the file lacks is said on the hop, never invented.

use std::time::Duration;

use time::OffsetDateTime;
use url::{Position, Url};

use crate::domain::chain::{Chain, Limits};
use crate::domain::client::Client;
use crate::domain::cookie::jar::Jar;
use crate::domain::http::body::RequestBody;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::method::Method;
use crate::domain::http::request::{Draft, FieldEdit, FieldSource, Request};
use crate::domain::probe::Probe;

/// One chain of a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Recording {
    /// What was asked for; made from the first request where the file does not say.
    pub draft: Draft,
    /// Whose rules decide, with the switches that the file names.
    pub client: Client,
    pub limits: Limits,
    pub started_at: OffsetDateTime,
    pub exchanges: Vec<Recorded>,
    /// What was asked beside the chain.
    pub probes: Vec<Probe>,
}

/// One exchange of a recording.
#[derive(Clone, PartialEq, Debug)]
pub struct Recorded {
    pub request: Request,
    /// The user had changed the request before it was sent.
    pub edited: bool,
    pub exchange: Exchange,
    /// The decoded body as far as the file has it; its place in a store goes to `exchange.body.id`.
    pub body: Vec<u8>,
}

impl Recording {
    /// The chain, judged from the start by this client's rules.
    pub fn chain(self, client: Client) -> Chain {
        let now = self.started_at.unix_timestamp();
        let mut chain = Chain::new(self.draft, client, self.limits, Jar::default(), now);
        for Recorded { request, edited, exchange, body: _ } in self.exchanges {
            chain.record(request, edited, exchange, now);
        }
        chain.probes = self.probes;
        chain
    }
}

/// A request as a file has it; the URL comes parsed and as it is written there.
pub(super) fn request(
    method: Method,
    (url, written): (Url, &str),
    fields: Fields,
    body: Option<RequestBody>,
) -> Request {
    let sources = fields.iter().map(source).collect();
    let mut request = Request { method, url, fields, sources, body, exact_target: None };
    let written = written.split('#').next().unwrap_or_default();
    let target = written.get(request.url[..Position::BeforePath].len()..).unwrap_or_default();
    let ascii = target.starts_with('/') && target.bytes().all(|byte| byte.is_ascii_graphic());
    if ascii && target != request.target() {
        request.exact_target = Some(target.to_owned());
    }
    request
}

/// What was asked for, as far as the first request tells.
pub(super) fn draft_of(first: &Request) -> Draft {
    let told = |field: &&Field| {
        !["host", "content-length", "cookie"].iter().any(|name| field.is(name))
            && !field.name.starts_with(':')
    };
    let cookies: Vec<String> = first.fields.all("Cookie").map(Field::text).collect();
    Draft {
        method: first.method.clone(),
        forced: !matches!(first.method.as_str(), "GET" | "POST" | "HEAD"),
        fields: first.fields.iter().filter(told).cloned().map(FieldEdit::Set).collect(),
        body: first.body.clone(),
        cookie: (!cookies.is_empty()).then(|| cookies.join("; ")),
        ..Draft::get(first.url.clone())
    }
}

/// `None` for what is no length of time.
pub(super) fn milliseconds(ms: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(ms / 1000.0).ok()
}

/// Fields that programs add by themselves.
const OWN: [&str; 14] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "accept-language",
    "referer",
    "origin",
    "connection",
    "upgrade-insecure-requests",
    "priority",
    "cache-control",
    "pragma",
    "dnt",
    "te",
];

/// Where a recorded line most likely came from.
fn source(field: &Field) -> FieldSource {
    let name = field.name.to_ascii_lowercase();
    match name.as_str() {
        "cookie" => FieldSource::Jar,
        "content-type" | "content-length" | "transfer-encoding" => FieldSource::Body,
        _ if OWN.contains(&name.as_str()) || name.starts_with("sec-") => FieldSource::Client,
        _ => FieldSource::User,
    }
}
