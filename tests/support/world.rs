//! Worlds: small stories in TOML, read from `tests/cases/` and played through the pure domain.
//!
//! ```toml
//! client = "curl"
//! request = { method = "POST", target = "https://a.example/", body = "a=1", fields = [["Accept", "*/*"]] }
//! [[responses]]
//! status = 302
//! fields = [["Location", "/b"]]
//! [expect]
//! findings = [{ rule = "post-rewritten-to-get", hop = 1 }]
//! ```
//!
//! The responses are given in order, one a hop. When they run out the chain stays paused.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Ending, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::finding::{Anchor, Finding};
use hopstep::domain::http::body::{BodyRecord, RequestBody};
use hopstep::domain::http::connection::{Certificate, Tls};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::{Failure, FailureKind};
use hopstep::domain::http::field::{Field, Fields};
use hopstep::domain::http::head::{Deviation, DeviationKind, RequestHead, ResponseHead, Version};
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Credentials, Draft, FieldEdit, Request};
use hopstep::domain::http::timing::{Phase, Timing};
use hopstep::domain::policy::Policy;
use serde::Deserialize;

/// Seconds since the Unix epoch at which every world plays: 21 November 2026, noon UTC.
pub(crate) const NOW: i64 = 1_795_262_400;

/// A world: who asks, what is answered, what is to be seen.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct World {
    #[serde(default = "curl")]
    pub(crate) client: String,
    /// The first request.
    pub(crate) request: Ask,
    #[serde(default)]
    pub(crate) responses: Vec<Answer>,
    #[serde(default)]
    pub(crate) expect: Expect,
    /// `--max-hops`
    pub(crate) max_hops: Option<u32>,
    /// `--loop follow`
    #[serde(default)]
    pub(crate) follow_loops: bool,
    /// `--cookies on|off`
    pub(crate) cookies: Option<bool>,
    /// `--location-trusted`
    #[serde(default)]
    pub(crate) location_trusted: bool,
    /// Why the case exists, for readers.
    #[serde(default)]
    pub(crate) note: String,
    /// Hosts that the policy trusts.
    #[serde(default)]
    pub(crate) trusted: Vec<String>,
    /// The path below `tests/cases/`, for messages.
    #[serde(skip)]
    pub(crate) path: PathBuf,
}

/// The first request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Ask {
    #[serde(default = "get")]
    pub(crate) method: String,
    pub(crate) target: String,
    /// `-H`, in order.
    #[serde(default)]
    pub(crate) fields: Vec<Line>,
    pub(crate) body: Option<String>,
    /// How many times the body's text is repeated.
    #[serde(default = "one")]
    pub(crate) body_times: usize,
    /// The media type that goes with the body.
    #[serde(rename = "type")]
    pub(crate) content_type: Option<String>,
    /// `-X`
    #[serde(default)]
    pub(crate) forced: bool,
    /// `-u user:password`
    pub(crate) user: Option<String>,
    /// `--oauth2-bearer`
    pub(crate) bearer: Option<String>,
    /// `-b 'k=v'`
    pub(crate) cookie: Option<String>,
}

/// One response, or the failure in its place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Answer {
    /// 0 with a failure and no response.
    #[serde(default)]
    pub(crate) status: u16,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) fields: Vec<Line>,
    #[serde(default)]
    pub(crate) body: String,
    /// How many times the body's text is repeated.
    #[serde(default = "one")]
    pub(crate) body_times: usize,
    /// What can't be played over plain sockets.
    #[serde(default)]
    pub(crate) facts: Option<Facts>,
}

/// `["Name", "value"]`, or `["Name", "value", "latin-1"]` for a value of single bytes.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Line {
    Text(String, String),
    Coded(String, String, String),
}

/// Facts about an exchange beside its messages.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Facts {
    /// A failure's kind: `dns`, `connect`, `tls`, …
    pub(crate) failure: Option<String>,
    pub(crate) message: String,
    pub(crate) wait_ms: Option<u64>,
    pub(crate) total_ms: Option<u64>,
    pub(crate) tls_version: Option<String>,
    pub(crate) tls_error: Option<String>,
    pub(crate) tls_names: Vec<String>,
    /// The peer's address.
    pub(crate) remote: Option<String>,
    /// Kinds of departures from RFC 9112, each with the name of the field it stands on or an empty text.
    pub(crate) deviations: Vec<(String, String)>,
    /// The body broke off.
    pub(crate) cut: bool,
}

/// What is to be seen. What is left out is not looked at, except that findings are the whole list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expect {
    pub(crate) targets: Option<Vec<String>>,
    pub(crate) methods: Option<Vec<String>>,
    pub(crate) findings: Option<Vec<Expected>>,
    /// Only findings of these rules count.
    pub(crate) only: Option<Vec<String>>,
    /// No finding is worse than this.
    pub(crate) at_most: Option<String>,
    /// `final`, a stop reason, a failure kind, or `paused`.
    pub(crate) ending: Option<String>,
    /// Each step's changes in words: `method POST GET`, `body-dropped`, `header-removed Name`, …
    pub(crate) changes: Option<Vec<Vec<String>>>,
    /// The intent of each hop; `""` where it is no redirect.
    pub(crate) intents: Option<Vec<String>>,
    /// The issuer of each hop; `""` where none is recognised.
    pub(crate) issuers: Option<Vec<String>>,
    /// A part of the diagnosis' most likely cause.
    pub(crate) cause: Option<String>,
    /// A part of the diagnosis' sentence.
    pub(crate) sentence: Option<String>,
}

/// One finding; what is left out is not looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) rule: String,
    /// Absent for a finding on the chain.
    pub(crate) hop: Option<usize>,
    pub(crate) severity: Option<String>,
    /// The anchor's part.
    pub(crate) part: Option<String>,
    pub(crate) header: Option<String>,
    pub(crate) occurrence: Option<usize>,
    pub(crate) start: Option<usize>,
    pub(crate) end: Option<usize>,
    /// The very text that the anchor marks in a field value.
    pub(crate) marks: Option<String>,
    /// A part of the message.
    pub(crate) says: Option<String>,
    /// A part of the fix.
    pub(crate) fix: Option<String>,
}

impl World {
    pub(crate) fn read(path: &Path) -> World {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        let mut world: World =
            toml::from_str(&text).unwrap_or_else(|error| panic!("{path:?}: {error}"));
        world.path = path.strip_prefix(root()).unwrap_or(path).to_owned();
        world
    }

    /// Every world below this folder of `tests/cases/`, by path.
    pub(crate) fn all(folder: &str) -> Vec<World> {
        let mut paths = Vec::new();
        collect(&root().join(folder), &mut paths);
        paths.sort();
        paths.iter().map(|path| World::read(path)).collect()
    }

    /// Nothing in it needs more than plain answers.
    pub(crate) fn is_playable(&self) -> bool {
        self.responses.iter().all(|answer| answer.facts.is_none() && answer.status >= 200)
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy { trusted: self.trusted.clone(), ..Policy::default() }
    }

    /// The request as the user wrote it.
    pub(crate) fn draft(&self) -> Draft {
        let ask = &self.request;
        let url = ask.target.parse().unwrap_or_else(|error| panic!("{}: {error}", ask.target));
        Draft {
            method: Method::parse(&ask.method).expect("a method"),
            forced: ask.forced,
            typed: ask.target.clone(),
            fields: ask.fields.iter().map(|line| FieldEdit::Set(line.field())).collect(),
            body: ask.body.as_ref().map(|body| RequestBody::new(body.repeat(ask.body_times))),
            content_type: ask.content_type.clone(),
            credentials: self.credentials(),
            cookie: ask.cookie.clone(),
            ..Draft::get(url)
        }
    }

    pub(crate) fn client(&self) -> Client {
        let known = Client::named(&self.client);
        let mut client = known.unwrap_or_else(|| panic!("no client {}", self.client));
        if self.location_trusted {
            client.location_trusted();
        }
        client
    }

    /// Plays the world to its end through the pure domain.
    pub(crate) fn play(&self) -> Chain {
        let limits = Limits {
            max_hops: self.max_hops,
            follow_loops: self.follow_loops,
            cookies: self.cookies,
        };
        let mut chain = Chain::new(self.draft(), self.client(), limits, Jar::default(), NOW);
        for answer in &self.responses {
            let Some(request) = chain.send() else {
                panic!("{:?}: the chain ended before all responses were given", self.path)
            };
            chain.receive(answer.exchange(&request), NOW);
        }
        chain
    }

    fn credentials(&self) -> Option<Credentials> {
        let basic = self.request.user.as_ref().map(|pair| {
            let (user, password) = pair.split_once(':').unwrap_or((pair, ""));
            Credentials::Basic { user: user.to_owned(), password: password.to_owned() }
        });
        basic.or_else(|| self.request.bearer.clone().map(Credentials::Bearer))
    }
}

impl Answer {
    /// The record that an engine would have made of this answer.
    pub(crate) fn exchange(&self, request: &Request) -> Exchange {
        let facts = self.facts.clone().unwrap_or_default();
        let fields: Fields = self.fields.iter().map(Line::field).collect();
        let body = Bytes::from(self.body.repeat(self.body_times));
        let ms = |ms: Option<u64>| ms.map(Duration::from_millis);
        let mut exchange = Exchange {
            sent: Some(sent(request)),
            response: (self.status > 0).then(|| self.head(&facts, fields)),
            body: BodyRecord {
                size: body.len() as u64,
                decoded_size: body.len() as u64,
                complete: !facts.cut,
                head: body.slice(..body.len().min(BodyRecord::HEAD)),
                ..BodyRecord::default()
            },
            timing: Timing {
                wait: ms(facts.wait_ms),
                total: ms(facts.total_ms.or(facts.wait_ms)).unwrap_or_default(),
                ..Timing::default()
            },
            failure: facts.failure.as_deref().map(|kind| failure(kind, &facts.message)),
            ..Exchange::default()
        };
        exchange.connection.remote_addr =
            facts.remote.as_deref().map(|addr| addr.parse().expect("an address"));
        exchange.connection.tls = (request.url.scheme() == "https").then(|| tls(&facts));
        exchange
    }

    fn head(&self, facts: &Facts, fields: Fields) -> ResponseHead {
        let deviations = facts.deviations.iter().map(|(kind, name)| Deviation {
            kind: deviation(kind),
            field: fields.iter().position(|field| field.is(name)),
            at: 0..0,
        });
        ResponseHead {
            version: Version::Http11,
            status: self.status,
            reason: self.reason.clone(),
            deviations: deviations.collect(),
            fields,
            raw: Bytes::new(),
        }
    }
}

impl Line {
    pub(crate) fn field(&self) -> Field {
        match self {
            Line::Text(name, value) => Field::new(name, value.as_bytes()),
            Line::Coded(name, value, coding) => {
                assert_eq!(coding, "latin-1");
                let bytes: Option<Vec<u8>> =
                    value.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect();
                Field::new(name, bytes.expect("a value of single bytes"))
            }
        }
    }
}

impl Expected {
    /// Whether this finding is meant; `value` reads a field of the hop that it is anchored to.
    pub(crate) fn fits(&self, finding: &Finding, chain: &Chain) -> bool {
        let field = match &finding.anchor {
            Anchor::Header(field) | Anchor::RequestHeader(field) => Some(field),
            _ => None,
        };
        let body = match &finding.anchor {
            Anchor::Body(range) => range.clone(),
            _ => None,
        };
        let bytes = field.and_then(|field| field.bytes.clone()).or(body);
        let is =
            |want: &Option<String>, have: &str| want.as_deref().is_none_or(|want| want == have);
        let has = |want: &Option<String>, have: &str| {
            want.as_deref().is_none_or(|want| have.contains(want))
        };
        self.rule == finding.rule
            && self.hop == finding.hop
            && is(&self.severity, finding.severity.id())
            && is(&self.part, finding.anchor.part())
            && is(&self.header, field.map_or("", |field| &field.name))
            && self.occurrence.is_none_or(|n| field.is_some_and(|field| field.occurrence == n))
            && self.start.is_none_or(|start| bytes.as_ref().is_some_and(|b| b.start == start))
            && self.end.is_none_or(|end| bytes.as_ref().is_some_and(|b| b.end == end))
            && self.marks.as_ref().is_none_or(|marks| marked(finding, chain) == Some(marks.clone()))
            && has(&self.says, &finding.message)
            && has(&self.fix, &finding.fix)
    }
}

/// The text that a finding's anchor marks.
pub(crate) fn marked(finding: &Finding, chain: &Chain) -> Option<String> {
    let hop = chain.hops.get(finding.hop?.checked_sub(1)?)?;
    let (value, bytes) = match &finding.anchor {
        Anchor::Header(at) => (
            hop.exchange.fields().all(&at.name).nth(at.occurrence - 1)?.value.clone(),
            at.bytes.clone(),
        ),
        Anchor::RequestHeader(at) => (
            hop.request.fields.all(&at.name).nth(at.occurrence - 1)?.value.clone(),
            at.bytes.clone(),
        ),
        Anchor::Body(range) => (hop.exchange.body.head.to_vec(), range.clone()),
        _ => return None,
    };
    let bytes = bytes.unwrap_or(0..value.len());
    Some(hopstep::domain::http::field::decode(value.get(bytes)?))
}

/// The ending in one word.
pub(crate) fn ending(chain: &Chain) -> &'static str {
    match chain.ending() {
        None => "paused",
        Some(Ending::Final) => "final",
        Some(Ending::Stopped(reason)) => reason.id(),
        Some(Ending::Failed(kind)) => kind.id(),
    }
}

fn sent(request: &Request) -> RequestHead {
    RequestHead {
        method: request.method.clone(),
        target: request.target().to_owned(),
        version: Version::Http11,
        fields: request.fields.clone(),
        raw: Bytes::new(),
    }
}

fn tls(facts: &Facts) -> Tls {
    Tls {
        version: Some(facts.tls_version.clone().unwrap_or_else(|| "TLSv1.3".to_owned())),
        verify_error: facts.tls_error.clone(),
        certificates: vec![Certificate {
            names: facts.tls_names.clone(),
            ..Certificate::default()
        }],
        ..Tls::default()
    }
}

fn failure(kind: &str, message: &str) -> Failure {
    const KINDS: [(FailureKind, Phase); 8] = [
        (FailureKind::Dns, Phase::Dns),
        (FailureKind::Connect, Phase::Connect),
        (FailureKind::Tls, Phase::Tls),
        (FailureKind::Proxy, Phase::Connect),
        (FailureKind::Timeout, Phase::Wait),
        (FailureKind::Protocol, Phase::Wait),
        (FailureKind::Body, Phase::Receive),
        (FailureKind::Cancelled, Phase::Wait),
    ];
    let (kind, phase) = KINDS.into_iter().find(|(k, _)| k.id() == kind).expect("a failure kind");
    Failure { kind, phase, message: message.to_owned(), cause: String::new(), hint: String::new() }
}

fn deviation(kind: &str) -> DeviationKind {
    match kind {
        "folded-line" => DeviationKind::FoldedLine,
        "bare-cr" => DeviationKind::BareCr,
        "bare-lf" => DeviationKind::BareLf,
        "both-lengths" => DeviationKind::BothLengths,
        "differing-lengths" => DeviationKind::DifferingLengths,
        "extra-bytes" => DeviationKind::ExtraBytes,
        other => panic!("no deviation {other}"),
    }
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn curl() -> String {
    "curl".to_owned()
}

fn get() -> String {
    "GET".to_owned()
}

fn one() -> usize {
    1
}
