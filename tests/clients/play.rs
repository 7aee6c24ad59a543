//! Plays a scenario through the chain machine, as a given client.

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Ending, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::client::policy::{JarUse, Refusal};
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::body::{BodyRecord, RequestBody};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::{Failure, FailureKind};
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head_parser::parse_response;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Credentials, Draft, FieldEdit, Request};
use hopstep::domain::http::timing::Phase;
use hopstep::domain::redirect::StopReason;
use url::Url;

use crate::record::{Outcome, Scenario, Seen};

/// The time of the measurement, in seconds since the Unix epoch.
pub(crate) const NOW: i64 = 1_795_200_000;
/// Field names that the measurement does not have.
const UNRECORDED: [&str; 3] = ["expect", "user-agent", "accept"];
/// More requests than any client sends.
pub(crate) const BOUND: usize = 200;

/// What our function made of a scenario.
#[derive(Debug)]
pub(crate) struct Played {
    pub(crate) requests: Vec<Sent>,
    /// How it ended, for the reader of a difference.
    pub(crate) ending: String,
    /// The client would have handed out a response, not an error.
    pub(crate) ended_well: bool,
}

/// A request as it would go out, in the words of the measurement.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    origin: String,
    method: String,
    pub(crate) target: String,
    body: u64,
    request: Request,
}

impl Played {
    pub(crate) fn of(requests: Vec<Sent>, chain: &Chain, at_limit: Refusal) -> Played {
        let ending = chain.ending();
        let ended_well = match ending {
            Some(Ending::Final) => true,
            Some(Ending::Stopped(StopReason::MaxHops)) => at_limit == Refusal::Final,
            Some(Ending::Failed(FailureKind::Body)) => true,
            Some(Ending::Stopped(_) | Ending::Failed(_)) | None => false,
        };
        Played { requests, ending: format!("{ending:?}"), ended_well }
    }

    /// The first three and the last.
    pub(crate) fn cut(&self) -> Vec<Sent> {
        let last = self.requests.len().saturating_sub(1).max(3);
        self.requests.iter().take(3).chain(self.requests.get(last)).cloned().collect()
    }
}

/// The chain of this client, ready to begin, and what the client does at its limit.
pub(crate) fn chain(name: &str, scenario: &Scenario, outcome: &Outcome) -> (Chain, Refusal) {
    let client = client(name);
    let at_limit = client.limit.at_limit;
    let cookies = jar_is_on(&client, scenario).then_some(true);
    let limits = Limits { follow_loops: true, cookies, ..Limits::default() };
    let draft = draft(name, scenario, &outcome.without_challenges()[0]);
    (Chain::new(draft, client, limits, Jar::default(), NOW), at_limit)
}

/// Where a client has no jar, the scenario could not switch it on.
pub(crate) fn jar_is_on(client: &Client, scenario: &Scenario) -> bool {
    scenario.cookie_jar && client.cookies.jar != JarUse::Absent
}

pub(crate) fn play(name: &str, scenario: &Scenario, outcome: &Outcome) -> Played {
    let (mut chain, at_limit) = chain(name, scenario, outcome);
    let mut requests = Vec::new();
    while let Some(request) = chain.send() {
        if origin(&request.url).is_none() {
            chain.receive(unreachable(), NOW);
            break;
        }
        let answer = answer(scenario, requests.len(), &request);
        requests.push(Sent::of(request));
        chain.receive(exchange(&answer), NOW);
        if requests.len() >= BOUND {
            break;
        }
    }
    Played::of(requests, &chain, at_limit)
}

/// The client of a measured name: switches of curl's follow it.
pub(crate) fn client(name: &str) -> Client {
    let mut words = name.split(' ');
    let mut client = Client::named(words.next().unwrap()).unwrap();
    for switch in words {
        match switch {
            "--post301" => client.keep_post(301),
            "--post302" => client.keep_post(302),
            "--post303" => client.keep_post(303),
            "--location-trusted" => client.location_trusted(),
            other => assert_eq!(other, "-X"),
        }
    }
    client
}

/// The request of the scenario, as far as this client could be told to send it.
pub(crate) fn draft(name: &str, scenario: &Scenario, first: &Seen) -> Draft {
    let mut url = Url::parse(&scenario.url).unwrap();
    if !first.headers.contains_key("authorization") {
        url.set_username("").unwrap();
        url.set_password(None).unwrap();
    }
    let mut draft = Draft::get(url);
    draft.method = Method::parse(&scenario.method).unwrap();
    // how curl was run: -d, -T, -I, else -X
    draft.forced = (scenario.stream && scenario.method != "PUT")
        || name.contains("-X")
        || !["GET", "HEAD", "POST", "PUT"].contains(&scenario.method.as_str());
    draft.body = scenario.body.as_ref().map(|body| RequestBody {
        streamed: scenario.stream,
        ..RequestBody::new(Bytes::from(body.clone()))
    });
    draft.fields = scenario
        .headers
        .iter()
        .filter_map(|(name, _)| Some((name, first.headers.get(&name.to_lowercase())?)))
        .flat_map(|(name, values)| {
            values.iter().map(|value| FieldEdit::Set(Field::new(name.clone(), value.clone())))
        })
        .collect();
    if !scenario.headers.iter().any(|(name, _)| name == "Referer") {
        draft.referer = first.headers.get("referer").map(|values| values[0].clone());
    }
    let auth = scenario.auth.as_ref().filter(|_| first.headers.contains_key("authorization"));
    draft.credentials = auth.map(|(user, password)| Credentials::Basic {
        user: user.clone(),
        password: password.clone(),
    });
    draft
}

/// What the server answers to the nth request (from 0).
fn answer(scenario: &Scenario, n: usize, request: &Request) -> Vec<u8> {
    let last = scenario.endless.is_none() && n >= scenario.responses.len();
    if last && scenario.challenge_last && !request.fields.contains("Authorization") {
        return b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 0\r\n\r\n"
            .to_vec();
    }
    scripted(scenario, n, request.target())
}

/// The answers that wait for nothing.
pub(crate) fn scripted(scenario: &Scenario, n: usize, target: &str) -> Vec<u8> {
    let redirect = |status: u16, to: String| {
        format!("HTTP/1.1 {status} X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
    };
    match (&scenario.endless, scenario.id.as_str()) {
        (Some(_), "lp.self") => redirect(302, "/loop".into()),
        (Some(_), "lp.two") if target == "/x" => redirect(302, "/y".into()),
        (Some(_), "lp.two") => redirect(302, "/x".into()),
        (Some(_), "lp.chain") => redirect(302, format!("/c{}", n + 1)),
        (Some(_), "lp.frag") => redirect(302, format!("/loop#{n}")),
        (Some(_), "lp.post307") => redirect(307, "/loop".into()),
        (Some(_), other) => panic!("no answers for {other}"),
        (None, _) => match scenario.responses.get(n) {
            Some(raw) => raw.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect(),
            None => b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone".to_vec(),
        },
    }
}

fn exchange(raw: &[u8]) -> Exchange {
    let end = raw.windows(4).position(|w| w == b"\r\n\r\n").map(|at| at + 4);
    let end = end
        .or_else(|| raw.windows(2).position(|w| w == b"\n\n").map(|at| at + 2))
        .unwrap_or(raw.len());
    let head = parse_response(Bytes::copy_from_slice(&raw[..end])).unwrap();
    let coded = head.fields.contains("Content-Encoding");
    let promised = head.fields.text("Content-Length").and_then(|text| text.parse().ok());
    let short = promised.is_some_and(|promised: usize| raw.len() - end < promised);
    let encodings = if coded { vec!["gzip".to_owned()] } else { Vec::new() };
    let body = BodyRecord { encodings, ..BodyRecord::default() };
    let failure = (coded || short).then(|| Failure {
        kind: FailureKind::Body,
        phase: Phase::Receive,
        message: "the body broke off".to_owned(),
        cause: String::new(),
        hint: String::new(),
    });
    Exchange { response: Some(head), body, failure, ..Exchange::default() }
}

pub(crate) fn unreachable() -> Exchange {
    let failure = Failure {
        kind: FailureKind::Dns,
        phase: Phase::Dns,
        message: "no such host".to_owned(),
        cause: String::new(),
        hint: String::new(),
    };
    Exchange { failure: Some(failure), ..Exchange::default() }
}

impl Sent {
    fn of(request: Request) -> Sent {
        Sent {
            origin: origin(&request.url).unwrap_or_default(),
            method: request.method.to_string(),
            target: request.target().to_owned(),
            body: request.body_len(),
            request,
        }
    }

    /// What a server saw: origin, method and target, the size of the body, and the lines in a request.
    pub(crate) fn seen(line: (String, String, String), body: u64, request: Request) -> Sent {
        let (origin, method, target) = line;
        Sent { origin, method, target, body, request }
    }

    /// What differs from the request the server saw.
    pub(crate) fn difference(
        &self,
        seen: &Seen,
        first: &Seen,
        scenario: &Scenario,
    ) -> Option<String> {
        let theirs = (&seen.origin, &seen.method, seen.target.clone());
        let ours = (&self.origin, &self.method, wire(&self.target));
        if ours != theirs {
            return Some(format!("{ours:?}, measured {theirs:?}"));
        }
        // some clients send another body than the scenario's: it is there or not
        if (self.body > 0) != (seen.body > 0) && scenario.body.as_deref() != Some("") {
            return Some(format!("body of {} bytes, measured {}", self.body, seen.body));
        }
        let given = scenario.headers.iter().map(|(name, _)| name.to_lowercase());
        let always = ["host", "authorization", "cookie", "referer"].map(str::to_owned);
        for name in given.chain(always) {
            let ours: Vec<String> = self.request.fields.all(&name).map(latin1).collect();
            let theirs = seen.headers.get(&name).cloned().unwrap_or_default();
            let was_sent = first.headers.contains_key(&name)
                || self.request.fields.contains(&name)
                || !theirs.is_empty();
            if !UNRECORDED.contains(&name.as_str()) && was_sent && ours != theirs {
                return Some(format!("{name} {ours:?}, measured {theirs:?}"));
            }
        }
        None
    }
}

/// A field value in the measurement's form: each byte one character.
fn latin1(field: &Field) -> String {
    field.value.iter().copied().map(char::from).collect()
}

/// A target in the measurement's form: each byte one character.
fn wire(target: &str) -> String {
    match target.is_ascii() {
        true => target.to_owned(),
        false => target.bytes().map(char::from).collect(),
    }
}

/// The address at which the measuring server met this URL; `None` where the name does not resolve.
pub(crate) fn origin(url: &Url) -> Option<String> {
    let host = match url.host_str().unwrap_or_default() {
        "hop.test" | "hop.test." | "www.hop.test" | "custom.test" => "127.0.77.1",
        "other.test" | "127.0.77.2" | "xn--bcher-kva.test" => "127.0.77.2",
        _ => return None,
    };
    Some(format!("{}://{host}:{}", url.scheme(), url.port_or_known_default().unwrap_or(0)))
}
