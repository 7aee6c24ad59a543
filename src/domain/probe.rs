//! Probe: an extra request beside the chain, sent only when asked for, and what came back.
//!
//! Which probes make sense for a hop is decided here; sending them is not.

use super::chain::Hop;
use super::evidence::is_redirect_status;
use super::http::exchange::Exchange;
use super::http::field::Field;
use super::http::method::Method;
use super::http::request::{FieldSource, Request};

/// The host that belongs to nobody (RFC 6761 §6.4).
pub const CANARY: &str = "hopstep-canary.invalid";

/// One probe of one hop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Probe {
    /// The hop (from 1) whose request was varied.
    pub hop: usize,
    pub kind: ProbeKind,
    pub request: Request,
    pub exchange: Exchange,
}

/// What a probe varies.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum ProbeKind {
    /// The same URL with HEAD instead of GET, or GET instead of HEAD.
    OtherMethod,
    /// The very same request.
    Again,
    /// The same request, past the caches.
    PastCaches,
    /// Another path that nobody has heard of.
    OtherPath,
    /// The preflight that a browser would send first (Fetch, CORS-preflight fetch).
    Preflight,
    /// Another value of this field, or none.
    Field(String),
    /// Another host in this field.
    HostField(String),
    /// The canary's URL in this parameter.
    Parameter(String),
}

impl ProbeKind {
    /// The name in documents, and the field or parameter that is meant.
    pub fn id(&self) -> (&'static str, Option<&str>) {
        match self {
            ProbeKind::OtherMethod => ("other-method", None),
            ProbeKind::Again => ("again", None),
            ProbeKind::PastCaches => ("past-caches", None),
            ProbeKind::OtherPath => ("other-path", None),
            ProbeKind::Preflight => ("preflight", None),
            ProbeKind::Field(name) => ("field", Some(name)),
            ProbeKind::HostField(name) => ("host-field", Some(name)),
            ProbeKind::Parameter(name) => ("parameter", Some(name)),
        }
    }

    /// The kind of this name.
    pub fn named(id: &str, name: Option<&str>) -> Option<ProbeKind> {
        let name = || name.map(str::to_owned);
        match id {
            "other-method" => Some(ProbeKind::OtherMethod),
            "again" => Some(ProbeKind::Again),
            "past-caches" => Some(ProbeKind::PastCaches),
            "other-path" => Some(ProbeKind::OtherPath),
            "preflight" => Some(ProbeKind::Preflight),
            "field" => name().map(ProbeKind::Field),
            "host-field" => name().map(ProbeKind::HostField),
            "parameter" => name().map(ProbeKind::Parameter),
            _ => None,
        }
    }
}

/// A probe that could be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProbePlan {
    /// The hop (from 1) that it is about.
    pub hop: usize,
    pub kind: ProbeKind,
    pub request: Request,
    /// What it will send, in a few words.
    pub says: String,
}

impl ProbePlan {
    /// The probe, with what came back.
    pub fn answered(&self, exchange: Exchange) -> Probe {
        let (hop, kind, request) = (self.hop, self.kind.clone(), self.request.clone());
        Probe { hop, kind, request, exchange }
    }
}

/// The probes that can tell something about this hop. **Invariant:** all of them go to the hop's own origin, none has a body,
/// and none has another method than GET, HEAD or (for a preflight) OPTIONS.
///
/// A hop whose request had a body or another method is not probed: that could do something a second time.
pub fn plans(hop: &Hop) -> Vec<ProbePlan> {
    let request = &hop.request;
    let safe = request.method == Method::GET || request.method == Method::HEAD;
    let Some(status) = hop.status().filter(|_| safe && request.body_len() == 0) else {
        return Vec::new();
    };
    let mut plans = Plans { hop: hop.index, request, all: Vec::new() };
    plans.repeats(status);
    if is_redirect_status(status) && hop.location().is_some() {
        plans.negotiation();
        plans.hosts();
        plans.parameters();
        plans.path();
    }
    plans.preflight();
    plans.all
}

/// What these probes send, a line each; equal ones in a row are counted.
pub fn told(plans: &[ProbePlan]) -> Vec<String> {
    let same = plans.chunk_by(|a, b| a.says == b.says);
    let line = |of: &[ProbePlan]| match of {
        [one] => one.says.clone(),
        [first, ..] => format!("{}, {} times", first.says, of.len()),
        [] => String::new(),
    };
    same.map(line).collect()
}

/// The credentials that go along with these probes, by field name.
pub fn carried(plans: &[ProbePlan]) -> Vec<String> {
    const NAMES: [&str; 3] = ["Authorization", "Cookie", "Proxy-Authorization"];
    let fields = plans.first().map(|plan| &plan.request.fields);
    let own = |name: &&str| fields.is_some_and(|fields| fields.contains(name));
    NAMES.iter().filter(|name| own(name)).map(|name| (*name).to_owned()).collect()
}

/// Collects the probes of one hop.
struct Plans<'a> {
    hop: usize,
    request: &'a Request,
    all: Vec<ProbePlan>,
}

impl Plans<'_> {
    fn add(&mut self, kind: ProbeKind, request: Request, says: impl Into<String>) {
        let request = Request { body: None, ..request };
        self.all.push(ProbePlan { hop: self.hop, kind, request, says: says.into() });
    }

    /// The same again, and with the other of GET and HEAD.
    fn repeats(&mut self, status: u16) {
        let same = self.request.clone();
        for _ in 0..2 {
            self.add(ProbeKind::Again, same.clone(), "the same request again");
        }
        if is_redirect_status(status) {
            let request = with_field(&same, "Cache-Control", "no-cache");
            let says = "the same request with Cache-Control: no-cache";
            self.add(ProbeKind::PastCaches, request, says);
        }
        let method = if same.method == Method::GET { Method::HEAD } else { Method::GET };
        let says = format!("the same URL with {method}");
        self.add(ProbeKind::OtherMethod, Request { method, ..same }, says);
    }

    /// The fields that an answer is most often negotiated by.
    fn negotiation(&mut self) {
        for (name, value) in NEGOTIATED {
            let own = self.request.fields.text(name);
            let value = if own.as_deref() == Some(value.0) { value.1 } else { value.0 };
            let request = with_field(self.request, name, value);
            self.add(ProbeKind::Field(name.to_owned()), request, format!("{name}: {value}"));
        }
        if self.request.fields.contains("Cookie") {
            let request = without_field(self.request, "Cookie");
            self.add(ProbeKind::Field("Cookie".to_owned()), request, "the same without Cookie");
        }
    }

    /// The fields that a server may take its own host from.
    fn hosts(&mut self) {
        let forwarded = format!("host={CANARY}");
        for (name, value) in [
            ("X-Forwarded-Host", CANARY),
            ("X-Host", CANARY),
            ("Forwarded", &*forwarded),
            ("Host", CANARY),
        ] {
            let request = with_field(self.request, name, value);
            self.add(ProbeKind::HostField(name.to_owned()), request, format!("{name}: {value}"));
        }
    }

    /// The canary, written in several ways, in place of each parameter that holds a URL.
    fn parameters(&mut self) {
        let pairs: Vec<(String, String)> = self
            .request
            .url
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let steers = |value: &str| {
            value.starts_with('/') || value.starts_with("http:") || value.starts_with("https:")
        };
        let steering = pairs.iter().enumerate().filter(|(_, (_, value))| steers(value));
        for (at, (name, _)) in steering.take(PARAMETERS) {
            for form in ["https://", "//", "/\\", "https:/"] {
                let canary = format!("{form}{CANARY}/");
                let pair = |(own, (name, value)): (usize, &(String, String))| {
                    let value = if own == at { &canary } else { value };
                    (name.clone(), value.clone())
                };
                let mut url = self.request.url.clone();
                let varied: Vec<_> = pairs.iter().enumerate().map(pair).collect();
                url.query_pairs_mut().clear().extend_pairs(varied);
                let request =
                    Request { url, exact_target: None, written: None, ..self.request.clone() };
                let says = format!("{canary} in the parameter {name}");
                self.add(ProbeKind::Parameter(name.clone()), request, says);
            }
        }
    }

    /// A neighbour that does not exist, to see whether everything leads to the same place.
    fn path(&mut self) {
        let mut url = self.request.url.clone();
        if url.path() == "/" {
            return;
        }
        url.set_path(UNKNOWN_PATH);
        url.set_query(None);
        let request = Request { url, exact_target: None, written: None, ..self.request.clone() };
        self.add(ProbeKind::OtherPath, request, format!("the path {UNKNOWN_PATH}"));
    }

    /// Where the user plays a page of another origin.
    fn preflight(&mut self) {
        if !self.request.fields.contains("Origin") {
            return;
        }
        let mut request = self.request.clone();
        for name in ["Cookie", "Authorization"] {
            request = without_field(&request, name);
        }
        let asked = request.method.to_string();
        let request = with_field(&request, "Access-Control-Request-Method", &asked);
        let request = Request { method: Method::OPTIONS, ..request };
        self.add(ProbeKind::Preflight, request, "the preflight of a browser (OPTIONS)");
    }
}

/// How many parameters are tried.
const PARAMETERS: usize = 3;

/// A path that no server has.
const UNKNOWN_PATH: &str = "/hopstep-no-such-path";

/// A field, and two values for it: the second where the first is what was sent.
const NEGOTIATED: [(&str, (&str, &str)); 4] = [
    ("Accept-Language", ("fr", "ja")),
    ("Accept", ("application/json", "text/html")),
    ("User-Agent", ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "Mozilla/5.0 (X11)")),
    ("Origin", ("https://hopstep-canary.invalid", "https://other.hopstep-canary.invalid")),
];

/// The line of this name says something else, in its place; where there is none it comes last.
fn with_field(request: &Request, name: &str, value: &str) -> Request {
    let mut lines: Vec<(Field, FieldSource)> =
        request.sourced().map(|(field, source)| (field.clone(), source)).collect();
    let line = (Field::new(name, value), FieldSource::Client);
    match lines.iter().position(|(field, _)| field.is(name)) {
        Some(at) => {
            lines[at] = line;
            let mut place = 0;
            lines.retain(|(field, _)| {
                place += 1;
                place - 1 == at || !field.is(name)
            });
        }
        None => lines.push(line),
    }
    of_lines(request, lines)
}

fn without_field(request: &Request, name: &str) -> Request {
    let own = request.sourced().filter(|(field, _)| !field.is(name));
    let lines = own.map(|(field, source)| (field.clone(), source)).collect();
    of_lines(request, lines)
}

fn of_lines(request: &Request, lines: Vec<(Field, FieldSource)>) -> Request {
    let (fields, sources): (Vec<Field>, Vec<FieldSource>) = lines.into_iter().unzip();
    Request { fields: fields.into_iter().collect(), sources, ..request.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chain::{Chain, Limits};
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::body::RequestBody;
    use crate::domain::http::head::ResponseHead;
    use crate::domain::http::origin::same_origin;
    use crate::domain::http::request::{Draft, FieldEdit};

    fn hop(fields: &[(&str, &str)]) -> Hop {
        let url = "https://a.test/out?url=https%3A%2F%2Fb.test%2F&x=1".parse().unwrap();
        let mut draft = Draft::get(url);
        let own = fields.iter().map(|(name, value)| FieldEdit::Set(Field::new(*name, *value)));
        draft.fields = own.collect();
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        chain.send();
        let mut head = ResponseHead { status: 302, ..ResponseHead::default() };
        head.fields.push("Location", "https://b.test/");
        chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
        chain.hops.remove(0)
    }

    #[test]
    fn probes_stay_with_the_origin_and_carry_no_body() {
        let hop = hop(&[]);
        let plans = plans(&hop);
        assert!(plans.iter().all(|plan| same_origin(&plan.request.url, &hop.request.url)));
        assert!(plans.iter().all(|plan| plan.request.body.is_none()));
        let tried = |canary: &str| {
            plans.iter().any(|plan| {
                plan.kind == ProbeKind::Parameter("url".to_owned())
                    && plan.request.url.as_str().contains(&format!("url={canary}&x=1"))
            })
        };
        assert!(tried("https%3A%2F%2Fhopstep-canary.invalid%2F"));
        assert!(tried("%2F%5Chopstep-canary.invalid%2F"));
    }

    #[test]
    fn a_field_is_replaced_in_its_place_and_never_doubled() {
        let hop = hop(&[("Accept-Language", "fr"), ("Origin", "https://c.test")]);
        for plan in plans(&hop) {
            let fields = &plan.request.fields;
            assert_eq!(fields.len(), plan.request.sources.len());
            assert!(
                ["Host", "Accept", "Accept-Language"].iter().all(|n| fields.all(n).count() <= 1)
            );
            assert_eq!(fields.iter().next().map(|first| first.is("Host")), Some(true));
        }
        let languages = plans(&hop);
        let language =
            languages.iter().find(|p| p.kind == ProbeKind::Field("Accept-Language".into()));
        assert_eq!(language.unwrap().request.fields.text("Accept-Language").as_deref(), Some("ja"));
        let preflight = languages.iter().find(|plan| plan.kind == ProbeKind::Preflight).unwrap();
        assert_eq!(preflight.request.method, Method::OPTIONS);
    }

    #[test]
    fn what_could_do_something_twice_is_not_probed() {
        let mut posted = hop(&[]);
        posted.request.method = Method::POST;
        assert!(plans(&posted).is_empty());
        let mut body = hop(&[]);
        body.request.body = Some(RequestBody::new(b"x".to_vec()));
        assert!(plans(&body).is_empty());
    }

    #[test]
    fn equal_probes_are_told_once() {
        let lines = told(&plans(&hop(&[])));
        assert_eq!(lines[0], "the same request again, 2 times");
    }
}
