//! Scenario: a redirect world as told by one file of `assets/lab/`.
//!
//! ```toml
//! order = 20                                   # its place in the tour
//! title = "A checkout that loses the order"
//! lesson = "…"                                 # what the user should learn, one to three sentences
//! [request]                                    # what to start with
//! method = "POST"
//! url = "http://shop.test/checkout"
//! form = "item=42"                             # or json, or body
//! [[routes]]                                   # what the servers answer, see `Route`
//! url = "http://shop.test/checkout"
//! status = 308
//! fields = [["Location", "https://shop.test/checkout"]]
//! [expect]                                     # held by tests/lab.rs
//! hops = ["POST 308 http://shop.test/checkout", "…"]
//! findings = [{ rule = "post-rewritten-to-get", hop = 2 }]
//! ending = "final"
//! cause = "the redirect helper of …"            # the likeliest, in the words of the diagnosis; may be absent
//! ```

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, de};
use url::Url;

use crate::domain::chain::{Chain, Limits};
use crate::domain::client::Client;
use crate::domain::cookie::jar::Jar;
use crate::domain::http::body::RequestBody;
use crate::domain::http::field::Field;
use crate::domain::http::method::Method;
use crate::domain::http::request::{Credentials, Draft, FieldEdit};

use super::route::Route;

/// The files of `assets/lab/`: name without extension, text.
pub const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/lab_files.rs"));

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// One redirect world with its lesson.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// The file's name; what `hopstep demo` takes.
    #[serde(skip)]
    pub id: String,
    /// The place in the tour, ascending.
    pub order: u32,
    pub title: String,
    /// What the user should learn, in one to three sentences.
    pub lesson: String,
    pub request: Start,
    /// Hosts that are not ordinary.
    #[serde(default)]
    pub servers: Vec<Server>,
    pub routes: Vec<Route>,
    pub expect: Expect,
}

/// The request that a scenario starts with.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    #[serde(default = "get", deserialize_with = "method")]
    pub method: Method,
    /// The method is written as `-X` although it would do without, and so repeated on every hop.
    #[serde(default)]
    pub forced: bool,
    pub url: Url,
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    /// A body as `-d` sends it.
    pub form: Option<String>,
    /// A body as `--json` sends it.
    pub json: Option<String>,
    /// A body without a media type of its own.
    pub body: Option<String>,
    /// `user:password`, as `-u`.
    pub user: Option<String>,
    /// As `--oauth2-bearer`.
    pub bearer: Option<String>,
    /// Whose rules decide (`--as`).
    #[serde(default = "curl")]
    pub client: String,
    #[serde(default)]
    pub cookies: Cookies,
}

/// Whether Set-Cookie is remembered between hops (`--cookies`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Cookies {
    /// As the client does by default.
    #[default]
    Auto,
    On,
    Off,
}

/// A host that is not ordinary.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub host: String,
    #[serde(default)]
    pub certificate: Certificate,
    /// It speaks HTTP/2, and nothing else, over TLS.
    #[serde(default)]
    pub http2: bool,
}

/// What an https host shows for itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certificate {
    /// Signed by the lab's authority, for this name, valid now.
    #[default]
    Good,
    /// It ran out years ago.
    Expired,
    /// It is for another name.
    WrongHost,
    /// It is signed by itself.
    SelfSigned,
}

/// What must be seen when the scenario is played to the end.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// `METHOD STATUS URL` per hop; the status is `-` where no response came.
    pub hops: Vec<String>,
    /// The exact set of findings.
    #[serde(default)]
    pub findings: Vec<ExpectedFinding>,
    /// `final`, `stopped: REASON` or `failed: KIND`.
    pub ending: String,
    /// What the scenario was built to show: the diagnosis' first cause, in its words.
    pub cause: Option<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedFinding {
    pub rule: String,
    /// From 1; absent when it is about the whole chain.
    pub hop: Option<usize>,
}

/// Every scenario, in the order of the tour.
pub fn all() -> &'static [Scenario] {
    static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
        // tests/lab.rs holds that every file parses
        let mut all: Vec<_> =
            FILES.iter().filter_map(|(id, text)| Scenario::parse(id, text).ok()).collect();
        all.sort_by_key(|scenario| scenario.order);
        all
    });
    &ALL
}

impl Scenario {
    /// The scenario of this id.
    pub fn named(id: &str) -> Option<&'static Scenario> {
        all().iter().find(|scenario| scenario.id == id)
    }

    /// Reads a scenario from the text of its file.
    pub fn parse(id: &str, text: &str) -> Result<Scenario, Box<toml::de::Error>> {
        let mut scenario: Scenario = toml::from_str(text)?;
        scenario.id = id.to_owned();
        Ok(scenario)
    }

    /// The chain to play, ready to send its first request. `now` is in seconds since the Unix epoch.
    ///
    /// `None` when there is no client of the scenario's name.
    pub fn chain(&self, now: i64) -> Option<Chain> {
        let client = Client::named(&self.request.client)?;
        Some(Chain::new(self.draft(), client, self.limits(), Jar::default(), now))
    }

    /// The bounds of the run, with the choice about cookies.
    pub fn limits(&self) -> Limits {
        let cookies = match self.request.cookies {
            Cookies::Auto => None,
            Cookies::On => Some(true),
            Cookies::Off => Some(false),
        };
        Limits { cookies, ..Limits::default() }
    }

    /// The request to start with, as a user would have entered it.
    pub fn draft(&self) -> Draft {
        let start = &self.request;
        let mut fields: Vec<_> =
            start.fields.iter().map(|(name, value)| edit(name, value)).collect();
        if start.json.is_some()
            && !start.fields.iter().any(|(name, _)| name.eq_ignore_ascii_case("accept"))
        {
            // curl's --json asks for JSON too (docs/cmdline-opts/json.md)
            fields.push(edit("Accept", JSON));
        }
        Draft {
            method: start.method.clone(),
            forced: start.is_forced(),
            fields,
            body: start.payload().map(|(text, _)| RequestBody::new(text.to_owned())),
            content_type: start.payload().and_then(|(_, kind)| kind).map(str::to_owned),
            credentials: start.credentials(),
            ..Draft::get(start.url.clone())
        }
    }
}

impl Start {
    /// The body and the media type that goes with it.
    pub fn payload(&self) -> Option<(&str, Option<&'static str>)> {
        let form = self.form.as_deref().map(|text| (text, Some(FORM)));
        let json = self.json.as_deref().map(|text| (text, Some(JSON)));
        form.or(json).or(self.body.as_deref().map(|text| (text, None)))
    }

    /// Whether curl's user would have to write `-X` (product.md section 2).
    pub fn is_forced(&self) -> bool {
        self.forced || ![Method::GET, Method::POST, Method::HEAD].contains(&self.method)
    }

    fn credentials(&self) -> Option<Credentials> {
        let basic = self.user.as_deref().map(|user| {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            Credentials::Basic { user: user.to_owned(), password: password.to_owned() }
        });
        basic.or(self.bearer.clone().map(Credentials::Bearer))
    }
}

impl fmt::Display for ExpectedFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hop {
            Some(hop) => write!(f, "{} on hop {hop}", self.rule),
            None => write!(f, "{} on the chain", self.rule),
        }
    }
}

fn edit(name: &str, value: &str) -> FieldEdit {
    FieldEdit::Set(Field::new(name, value))
}

fn get() -> Method {
    Method::GET
}

fn curl() -> String {
    "curl".to_owned()
}

fn method<'de, D: Deserializer<'de>>(from: D) -> Result<Method, D::Error> {
    let name = String::deserialize(from)?;
    Method::parse(&name).ok_or_else(|| de::Error::custom(format!("{name:?} is no method")))
}
