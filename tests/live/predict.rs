//! The same chain in memory, and what differs.

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::body::RequestBody;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head_parser::parse_response;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Credentials, Draft, FieldEdit, Request};
use url::Url;

use crate::generate::Trial;
use crate::world::{LAST, Seen, World};

/// The fields that are compared, beside those of the trial.
const COMPARED: [&str; 5] = ["Host", "Authorization", "Cookie", "Referer", "Content-Type"];

/// The requests this client would send, by its parameters alone.
pub(crate) fn predict(client: &str, trial: &Trial, world: &World, seen: &[Seen]) -> Vec<Request> {
    let client = Client::named(client).unwrap();
    let limits = Limits { follow_loops: true, ..Limits::default() };
    let mut chain = Chain::new(draft(trial, seen.first()), client, limits, Jar::default(), 0);
    let mut requests: Vec<Request> = Vec::new();
    while let Some(request) = chain.send() {
        let origin = origin(&request.url);
        if !world.origins.contains(&origin) {
            break;
        }
        let answer = trial.answers.get(requests.len()).map_or(LAST, Vec::as_slice);
        requests.push(request);
        let response = parse_response(Bytes::copy_from_slice(answer));
        chain.receive(Exchange { response, ..Exchange::default() }, 0);
    }
    requests
}

fn origin(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    format!("{}://{host}:{}", url.scheme(), url.port_or_known_default().unwrap_or(0))
}

/// The trial as a draft; fields that the client did not send at first are left out.
fn draft(trial: &Trial, first: Option<&Seen>) -> Draft {
    let mut draft = Draft::get(Url::parse(&trial.url).unwrap());
    draft.method = Method::parse(&trial.method).unwrap();
    draft.forced = !["GET", "HEAD", "POST", "PUT"].contains(&trial.method.as_str());
    draft.body = trial.body.as_ref().map(|body| RequestBody::new(body.as_bytes().to_vec()));
    let sent = |name: &str| first.is_none_or(|first| !first.values(name).is_empty());
    draft.fields = trial
        .fields
        .iter()
        .filter(|(name, _)| sent(name))
        .map(|(name, value)| FieldEdit::Set(Field::new(name.clone(), value.clone())))
        .collect();
    draft.credentials = trial.credentials.as_ref().map(|(user, password)| Credentials::Basic {
        user: user.clone(),
        password: password.clone(),
    });
    draft
}

/// The first thing in which the requests differ.
pub(crate) fn difference(seen: &[Seen], predicted: &[Request]) -> Option<String> {
    for (index, (seen, request)) in seen.iter().zip(predicted).enumerate() {
        let theirs = (&seen.origin, &seen.method, &seen.target, seen.body.len() as u64);
        let (origin, method) = (origin(&request.url), request.method.to_string());
        let target = request.target().as_bytes().to_vec();
        if theirs != (&origin, &method, &target, request.body_len()) {
            let text = String::from_utf8_lossy(&target);
            let (theirs, size) = (String::from_utf8_lossy(&seen.target), seen.body.len());
            return Some(format!(
                "request {}: {origin} {method} {text} +{}, seen {} {} {theirs} +{size}",
                index + 1,
                request.body_len(),
                seen.origin,
                seen.method,
            ));
        }
        let extra = ["X-Api-Key", "Proxy-Authorization", "Content-Language"];
        for name in COMPARED.iter().chain(&extra).filter(|name| **name != "Referer" || index > 0) {
            let ours: Vec<&[u8]> =
                request.fields.all(name).map(|field| field.value.as_slice()).collect();
            if ours != seen.values(name) {
                let (ours, theirs) = (show(&ours), show(&seen.values(name)));
                return Some(format!("request {}: {name} {ours:?}, seen {theirs:?}", index + 1));
            }
        }
    }
    (seen.len() != predicted.len()).then(|| {
        let seen: Vec<_> =
            seen.iter().map(|seen| String::from_utf8_lossy(&seen.target).into_owned()).collect();
        let predicted: Vec<&str> = predicted.iter().map(Request::target).collect();
        format!("requests {predicted:?}, seen {seen:?}")
    })
}

fn show(values: &[&[u8]]) -> Vec<String> {
    values.iter().map(|value| String::from_utf8_lossy(value).into_owned()).collect()
}
