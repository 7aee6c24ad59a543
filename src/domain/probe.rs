//! Probe: an extra request beside the chain, sent only when asked for, and what came back.
//!
//! Which probes make sense for a hop is decided here; sending them is not.

use super::http::body::RequestBody;
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
    /// Another value of this field.
    Field(String),
    /// Another host in this field.
    HostField(String),
    /// The canary's URL in this parameter.
    Parameter(String),
}

/// A probe that could be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProbePlan {
    pub kind: ProbeKind,
    pub request: Request,
    /// What it will send, in one sentence.
    pub says: String,
}

/// The probes that can tell something about the hop that sent this request. All of them go to the hop's own origin, none has a body.
pub fn plans(request: &Request) -> Vec<ProbePlan> {
    let request = bodiless(request);
    if !matches!(request.method.as_str(), "GET" | "HEAD") {
        return Vec::new();
    }
    let mut plans = Vec::new();
    let other = if request.method == Method::GET { Method::HEAD } else { Method::GET };
    plans.push(ProbePlan {
        kind: ProbeKind::OtherMethod,
        says: format!("the same URL with {other}"),
        request: Request { method: other, ..request.clone() },
    });
    for _ in 0..2 {
        let says = "the same request again".to_owned();
        plans.push(ProbePlan { kind: ProbeKind::Again, request: request.clone(), says });
    }
    plans.push(ProbePlan {
        kind: ProbeKind::PastCaches,
        says: "the same request with Cache-Control: no-cache".to_owned(),
        request: with_field(&request, "Cache-Control", "no-cache"),
    });
    for (name, value) in [("Accept-Language", "fr"), ("Accept", "application/json")] {
        plans.push(ProbePlan {
            kind: ProbeKind::Field(name.to_owned()),
            says: format!("the same URL with {name}: {value}"),
            request: with_field(&request, name, value),
        });
    }
    for name in ["X-Forwarded-Host", "X-Host"] {
        plans.push(ProbePlan {
            kind: ProbeKind::HostField(name.to_owned()),
            says: format!("the same URL with {name}: {CANARY}"),
            request: with_field(&request, name, CANARY),
        });
    }
    plans.extend(parameter_plans(&request));
    plans
}

/// The canary in place of each parameter that holds a URL.
fn parameter_plans(request: &Request) -> Vec<ProbePlan> {
    let pairs: Vec<(String, String)> = request
        .url
        .query_pairs()
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    let steering = pairs.iter().enumerate().filter(|(_, (_, value))| {
        value.starts_with('/') || value.starts_with("http:") || value.starts_with("https:")
    });
    steering
        .take(4)
        .map(|(at, (name, _))| {
            let mut url = request.url.clone();
            let canary = format!("https://{CANARY}/");
            url.query_pairs_mut().clear().extend_pairs(
                pairs
                    .iter()
                    .enumerate()
                    .map(|(own, (name, value))| (name, if own == at { &canary } else { value })),
            );
            ProbePlan {
                kind: ProbeKind::Parameter(name.clone()),
                says: format!("the same URL with {canary} in {name}"),
                request: Request { url, exact_target: None, ..request.clone() },
            }
        })
        .collect()
}

fn bodiless(request: &Request) -> Request {
    let mut request = request.clone();
    if request.body.as_ref().is_some_and(RequestBody::is_empty) {
        request.body = None;
    }
    request
}

fn with_field(request: &Request, name: &str, value: &str) -> Request {
    let mut lines: Vec<(Field, FieldSource)> = request
        .sourced()
        .filter(|(field, _)| !field.is(name))
        .map(|(field, source)| (field.clone(), source))
        .collect();
    lines.push((Field::new(name, value), FieldSource::Client));
    let (fields, sources): (Vec<Field>, Vec<FieldSource>) = lines.into_iter().unzip();
    Request { fields: fields.into_iter().collect(), sources, ..request.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::origin::same_origin;
    use crate::domain::http::request::Draft;
    use crate::domain::redirect;

    #[test]
    fn probes_stay_with_the_origin_and_carry_no_body() {
        let url = "https://a.test/out?url=https%3A%2F%2Fb.test%2F&x=1".parse().unwrap();
        let client = Client::named("curl").unwrap();
        let (request, _) = redirect::start(&Draft::get(url), &client, &Jar::default(), 0);
        let plans = plans(&request);
        assert!(plans.iter().all(|plan| same_origin(&plan.request.url, &request.url)));
        assert!(plans.iter().all(|plan| plan.request.body.is_none()));
        assert!(plans.iter().any(|plan| {
            plan.kind == ProbeKind::Parameter("url".to_owned())
                && plan
                    .request
                    .url
                    .as_str()
                    .contains("url=https%3A%2F%2Fhopstep-canary.invalid%2F&x=1")
        }));
    }
}
