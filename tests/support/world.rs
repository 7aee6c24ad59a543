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

#![allow(dead_code, reason = "each test program uses its own part")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod expect;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use hopstep::domain::baseline::Baseline;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::evidence::Aside;
use hopstep::domain::finding::Finding;
use hopstep::domain::http::body::{BodyRecord, RequestBody};
use hopstep::domain::http::connection::{Certificate, Tls};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::{Failure, FailureKind};
use hopstep::domain::http::field::{Field, Fields};
use hopstep::domain::http::head::{Deviation, DeviationKind, RequestHead, ResponseHead, Version};
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Credentials, Draft, FieldEdit, Request};
use hopstep::domain::http::request_text;
use hopstep::domain::http::timing::{Phase, Timing};
use hopstep::domain::policy::Policy;
use hopstep::domain::probe::{Probe, ProbeKind};
use hopstep::domain::rules;
use hopstep::domain::secret::Names;
use serde::Deserialize;

#[allow(unused_imports, reason = "not every test asks for all of it")]
pub(crate) use expect::{Expect, Expected, ending, marked};

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
    /// `--post301`, `--post302`, `--post303`
    #[serde(default)]
    pub(crate) keep_post: Vec<u16>,
    /// Why the case exists, for readers.
    #[serde(default)]
    pub(crate) note: String,
    /// Hosts that the policy trusts.
    #[serde(default)]
    pub(crate) trusted: Vec<String>,
    /// Headers that the policy calls secret.
    #[serde(default)]
    pub(crate) secret_headers: Vec<String>,
    /// The sites that the policy allows; absent: any.
    pub(crate) allowed_sites: Option<Vec<String>>,
    /// Status and target of each hop the last time; an empty target is none.
    pub(crate) baseline: Option<Vec<(u16, String)>>,
    #[serde(default)]
    pub(crate) probes: Vec<Probed>,
    /// What the user writes in the place of the request after a hop (from 1).
    #[serde(default)]
    pub(crate) edits: Vec<Edited>,
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

/// A request as the editor holds it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Edited {
    pub(crate) after: usize,
    pub(crate) request: String,
}

/// A probe and its answer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Probed {
    pub(crate) hop: usize,
    /// `other-method`, `again`, `past-caches`, or `field`, `host-field`, `parameter` with a name after a space.
    pub(crate) kind: String,
    pub(crate) answer: Answer,
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
    pub(crate) receive_ms: Option<u64>,
    pub(crate) total_ms: Option<u64>,
    pub(crate) tls_version: Option<String>,
    pub(crate) tls_error: Option<String>,
    pub(crate) tls_names: Vec<String>,
    /// The peer's address.
    pub(crate) remote: Option<String>,
    /// Kinds of departures from RFC 9112, each with the name of the field it stands on or an empty text.
    pub(crate) deviations: Vec<(String, String)>,
    /// The answer began before the request's body was sent.
    pub(crate) early: bool,
    /// The body broke off.
    pub(crate) cut: bool,
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
        self.edits.is_empty()
            && self.responses.iter().all(|answer| answer.facts.is_none() && answer.status >= 200)
    }

    pub(crate) fn policy(&self) -> Policy {
        Policy {
            trusted: self.trusted.clone(),
            secrets: Names::new(&[], &self.secret_headers),
            allowed_sites: self.allowed_sites.clone(),
            ..Policy::default()
        }
    }

    /// What the rules say about the chain that this world has led to.
    pub(crate) fn judge(&self, chain: &Chain) -> Vec<Finding> {
        let policy = self.policy();
        let baseline = self.baseline.as_ref().map(|hops| Baseline {
            hops: hops
                .iter()
                .map(|(status, target)| (*status, (!target.is_empty()).then(|| target.clone())))
                .collect(),
        });
        let aside = Aside { policy: &policy, baseline: baseline.as_ref() };
        rules::judge_with(chain, aside)
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
        self.keep_post.iter().for_each(|&status| client.keep_post(status));
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
            ..Limits::default()
        };
        let mut chain = Chain::new(self.draft(), self.client(), limits, Jar::default(), NOW);
        for answer in &self.responses {
            let Some(request) = chain.send() else {
                panic!("{:?}: the chain ended before all responses were given", self.path)
            };
            chain.receive(answer.exchange(&request), NOW);
            let edit = self.edits.iter().find(|edit| edit.after == chain.hops.len());
            if let (Some(edit), Some(planned)) = (edit, chain.ready()) {
                let edited = request_text::read(&edit.request, &planned.request);
                chain.edit(edited.expect("a request"));
            }
        }
        chain.probes = self.probes.iter().map(|probe| probe.played(&chain)).collect();
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
                receive: ms(facts.receive_ms),
                total: ms(facts.total_ms.or(facts.wait_ms)).unwrap_or_default(),
                ..Timing::default()
            },
            failure: facts.failure.as_deref().map(|kind| failure(kind, &facts.message)),
            ..Exchange::default()
        };
        exchange.answered_early = facts.early;
        exchange.connection.remote_addr =
            facts.remote.as_deref().map(|addr| addr.parse().expect("an address"));
        exchange.connection.tls = (request.url.scheme() == "https").then(|| tls(&facts).into());
        exchange
    }

    fn head(&self, facts: &Facts, fields: Fields) -> ResponseHead {
        let deviations = facts.deviations.iter().map(|(kind, name)| Deviation {
            kind: deviation(kind),
            field: fields.iter().position(|field| field.is(name)),
            stray: None,
            at: 0..0,
        });
        ResponseHead {
            version: Version::Http11,
            status: self.status,
            reason: self.reason.clone(),
            deviations: deviations.collect(),
            fields,
            ..ResponseHead::default()
        }
    }
}

impl Probed {
    fn played(&self, chain: &Chain) -> Probe {
        let mut request = chain.hops[self.hop - 1].request.clone();
        let (kind, name) = self
            .kind
            .split_once(' ')
            .map_or((&*self.kind, None), |(kind, name)| (kind, Some(name)));
        let kind = ProbeKind::named(kind, name).unwrap_or_else(|| panic!("no probe {kind}"));
        match &kind {
            ProbeKind::OtherMethod if request.method == Method::GET => {
                request.method = Method::HEAD
            }
            ProbeKind::OtherMethod => request.method = Method::GET,
            ProbeKind::Preflight => request.method = Method::OPTIONS,
            _ => {}
        }
        let exchange = self.answer.exchange(&request);
        Probe { hop: self.hop, kind, request, exchange }
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
