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
    /// The name of the client that decided on it, where the file says.
    pub client: Option<String>,
    pub exchange: Exchange,
    /// The decoded body as far as the file has it; its place in a store goes to `exchange.body.id`.
    pub body: Vec<u8>,
}

impl Recording {
    /// The chain, judged from the start by this client's rules. Where that is the client of the file, a hop that was sent
    /// as another one is judged as that one's.
    pub fn chain(self, client: Client) -> Chain {
        let now = self.started_at.unix_timestamp();
        let own = client == self.client;
        let mut chain = Chain::new(self.draft, client.clone(), self.limits, Jar::default(), now);
        for Recorded { request, edited, client: by, exchange, body: _ } in self.exchanges {
            if let Some(by) = by.filter(|by| own && *by != chain.client.name) {
                let other =
                    if by == client.name { Some(client.clone()) } else { Client::named(&by) };
                other.into_iter().for_each(|other| chain.choose(other, now));
            }
            chain.record(request, edited, exchange, now);
        }
        if chain.client.name != client.name {
            chain.choose(client, now);
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
    let (exact_target, as_typed) = (None, None);
    let mut request = Request {
        method,
        url,
        fields,
        sources,
        body,
        exact_target,
        written: as_typed,
        http10: false,
    };
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::domain::http::head_parser::parse_response;

    #[test]
    fn a_hop_that_was_sent_as_another_client_is_judged_as_that_one() {
        let curl = Client::named("curl").unwrap();
        let draft = Draft::get(Url::parse("http://a.test/x").unwrap());
        let limits = Limits::default();
        let mut chain = Chain::new(draft.clone(), curl.clone(), limits, Jar::default(), 0);
        let mut exchanges = Vec::new();
        for (by, answer) in [
            ("curl", "HTTP/1.1 302 X\r\nLocation: /y\r\n\r\n"),
            ("go", "HTTP/1.1 302 X\r\nLocation: /z\r\n\r\n"),
            ("curl", "HTTP/1.1 200 X\r\n\r\n"),
        ] {
            chain.choose(Client::named(by).unwrap(), 0);
            let request = chain.send().unwrap();
            let exchange =
                Exchange { response: parse_response(Bytes::from(answer)), ..Exchange::default() };
            chain.receive(exchange.clone(), 0);
            let client = Some(by.to_owned());
            exchanges.push(Recorded { request, edited: false, client, exchange, body: Vec::new() });
        }
        let recording = Recording {
            draft,
            client: curl.clone(),
            limits,
            started_at: OffsetDateTime::UNIX_EPOCH,
            exchanges,
            probes: Vec::new(),
        };
        let opened = recording.clone().chain(curl.clone());
        let clients: Vec<&str> = opened.hops.iter().map(|hop| hop.client.as_str()).collect();
        assert_eq!(clients, ["curl", "go", "curl"]);
        assert_eq!(opened.client, chain.client);
        let opened = recording.chain(Client::named("wget").unwrap());
        assert!(opened.hops.iter().all(|hop| hop.client == "wget"));
    }
}
