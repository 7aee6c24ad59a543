//! Nothing that a server or a user can put into a chain makes rules, diagnosis or exports panic.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::classify::diagnosis::{diagnose, explain};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::body::{BodyRecord, RequestBody};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head::ResponseHead;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Draft, FieldEdit};
use hopstep::domain::probe;
use hopstep::domain::rules;
use proptest::prelude::*;
use url::Url;

/// Pieces that rules look for, and pieces that nobody looks for.
const PIECES: [&str; 34] = [
    "https://",
    "http:",
    "//",
    "/",
    "\\",
    "@",
    ":",
    ":443",
    "?",
    "#",
    "%",
    "%2f",
    "%zz",
    "é",
    "\u{202e}",
    "next=",
    "url=https://b.test/",
    "token=",
    "eyJhbGciOiJIUzI1NiJ9.e30.x",
    "a.test",
    "b.test",
    "10.0.0.1",
    "[::1]",
    "javascript:",
    "{{x}}",
    "${x}",
    "<a href=",
    "content=0;url=",
    "max-age=",
    "sid=1; Path=/; Secure",
    "\r\n",
    ";jsessionid=",
    "..",
    " ",
];

const NAMES: [&str; 14] = [
    "Location",
    "Set-Cookie",
    "Server",
    "Cache-Control",
    "Content-Type",
    "Refresh",
    "Vary",
    "Content-Length",
    "Strict-Transport-Security",
    "WWW-Authenticate",
    "Link",
    "Access-Control-Allow-Origin",
    "Retry-After",
    "X-Redirect-By",
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        5 => prop::sample::select(&PIECES[..]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..6),
    ];
    prop::collection::vec(piece, 0..7).prop_map(|pieces| pieces.concat())
}

fn field() -> impl Strategy<Value = Field> {
    (prop::sample::select(&NAMES[..]), text()).prop_map(|(name, value)| Field::new(name, value))
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let status =
        prop::sample::select(&[200u16, 300, 301, 302, 303, 304, 307, 308, 401, 404, 503, 999][..]);
    let location = prop::option::weighted(0.8, text());
    let fields = prop::collection::vec(field(), 0..6);
    (status, location, fields, text(), any::<bool>()).prop_map(
        |(status, location, mut fields, body, early)| {
            fields.extend(location.map(|value| Field::new("Location", value)));
            let head = ResponseHead {
                status,
                fields: fields.into_iter().collect(),
                ..ResponseHead::default()
            };
            let body = BodyRecord {
                size: body.len() as u64,
                decoded_size: body.len() as u64,
                head: Bytes::from(body),
                ..BodyRecord::default()
            };
            Exchange { response: Some(head), body, answered_early: early, ..Exchange::default() }
        },
    )
}

fn draft() -> impl Strategy<Value = Draft> {
    let method = prop::sample::select(&["GET", "POST", "HEAD", "PUT", "OPTIONS", "X"][..]);
    let fields = prop::collection::vec(field(), 0..3);
    (method, text(), fields, prop::option::of(text())).prop_map(|(method, path, fields, body)| {
        let mut url = Url::parse("https://www.a.test/").unwrap();
        let joined = url.join(&String::from_utf8_lossy(&path));
        url = joined.ok().filter(|url| matches!(url.scheme(), "http" | "https")).unwrap_or(url);
        Draft {
            method: Method::parse(method).unwrap(),
            fields: fields.into_iter().map(FieldEdit::Set).collect(),
            content_type: body.is_some().then(|| "application/x-www-form-urlencoded".to_owned()),
            body: body.map(RequestBody::new),
            ..Draft::get(url)
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_chain_is_judged(draft in draft(), answers in prop::collection::vec(exchange(), 1..6), client in 0usize..21) {
        let names: Vec<&str> = Client::names().collect();
        let client = Client::named(names[client % names.len()]).unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        for answer in answers {
            if chain.send().is_none() {
                break;
            }
            chain.receive(answer, 0);
            let findings = rules::judge(&chain);
            let diagnosis = explain(&chain, &findings);
            prop_assert_eq!(diagnosis.remedies.len(), findings.len());
            prop_assert_eq!(diagnosis.hops.len(), chain.hops.len());
        }
        prop_assert!(!diagnose(&chain).sentence.is_empty());
        for hop in &chain.hops {
            let _ = probe::plans(hop);
        }
    }
}
