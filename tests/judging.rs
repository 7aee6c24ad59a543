//! Nothing that a server or a user can put into a chain makes rules, intents, issuers, diagnosis, variants, comparisons,
//! redaction or exports panic, and what documents say of it is JSON where it should be.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::time::Duration;

use bytes::Bytes;
use hopstep::domain::baseline::Baseline;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::classify;
use hopstep::domain::classify::diagnosis::{diagnose, explain, judged};
use hopstep::domain::client::Client;
use hopstep::domain::client::comparison::after;
use hopstep::domain::client::prediction::predict;
use hopstep::domain::comparison::compare;
use hopstep::domain::comparison::hosts::Hosts;
use hopstep::domain::comparison::review::review;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::evidence::Aside;
use hopstep::domain::export::{Format, Record, document};
use hopstep::domain::finding::Finding;
use hopstep::domain::http::body::{Bodies, BodyId};
use hopstep::domain::http::body::{BodyRecord, RequestBody};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head::ResponseHead;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::origin::same_origin;
use hopstep::domain::http::request::{Draft, FieldEdit};
use hopstep::domain::http::settings::Settings;
use hopstep::domain::policy::Policy;
use hopstep::domain::probe;
use hopstep::domain::redact::Redactor;
use hopstep::domain::rules;
use hopstep::domain::secret::Names;
use hopstep::domain::variant::Variant;
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

/// A chain with these answers, as far as it goes.
fn play(draft: Draft, answers: &[Exchange], client: usize) -> Chain {
    let names: Vec<&str> = Client::names().collect();
    let client = Client::named(names[client % names.len()]).unwrap();
    let chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
    answered(chain, answers)
}

fn answered(mut chain: Chain, answers: &[Exchange]) -> Chain {
    for answer in answers {
        if chain.send().is_none() {
            break;
        }
        chain.receive(answer.clone(), 0);
    }
    chain
}

/// A policy that switches on what needs one.
fn strict() -> Policy {
    Policy {
        redirects: 1,
        slow_hop: Duration::ZERO,
        allowed_sites: Some(vec!["a.test".to_owned()]),
        trusted: vec!["b.test".to_owned()],
        ..Policy::default()
    }
}

struct Heads<'a>(&'a Chain);

impl Bodies for Heads<'_> {
    fn read(&self, _: BodyId, from: u64, most: usize) -> Vec<u8> {
        let head = self.0.hops.first().map(|hop| hop.exchange.body.head.to_vec());
        head.unwrap_or_default().into_iter().skip(from as usize).take(most).collect()
    }
}

fn documents(chain: &Chain, findings: &[Finding]) -> Vec<(Format, String)> {
    let settings = Settings::default();
    let bodies = Heads(chain);
    let record = Record {
        chain,
        findings,
        diagnosis: None,
        started_at: time::OffsetDateTime::UNIX_EPOCH,
        bodies: &bodies,
        show_body: 100,
        settings: &settings,
        fail_on: None,
    };
    Format::ALL.iter().map(|(_, format)| (*format, document(*format, &record, false))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn any_chain_is_judged(draft in draft(), answers in prop::collection::vec(exchange(), 1..6), client in 0usize..21) {
        for most in 1..=answers.len() {
            let chain = play(draft.clone(), &answers[..most], client);
            let findings = rules::judge(&chain);
            let diagnosis = explain(&chain, &findings);
            prop_assert_eq!(diagnosis.remedies.len(), findings.len());
            prop_assert_eq!(diagnosis.hops.len(), chain.hops.len());
        }
        let chain = play(draft, &answers, client);
        prop_assert!(!diagnose(&chain).sentence.is_empty());
        prop_assert_eq!(classify::intents(&chain).len(), chain.hops.len());
        for hop in &chain.hops {
            let _ = classify::issuer(hop);
        }
    }

    /// By a strict policy, with a baseline that differs and with every probe answered.
    #[test]
    fn any_chain_is_judged_by_probes_policy_and_baseline(
        draft in draft(), answers in prop::collection::vec(exchange(), 1..4), other in exchange(), client in 0usize..21
    ) {
        let mut chain = play(draft.clone(), &answers, client);
        let policy = strict();
        let baseline = Baseline::of(&play(draft, std::slice::from_ref(&other), client));
        let plans: Vec<_> = chain.hops.iter().flat_map(probe::plans).collect();
        let _ = (probe::told(&plans), probe::carried(&plans));
        chain.probes = plans.into_iter().map(|plan| plan.answered(other.clone())).collect();
        let aside = Aside { policy: &policy, baseline: Some(&baseline) };
        let (findings, diagnosis) = judged(&chain, aside);
        prop_assert_eq!(diagnosis.remedies.len(), findings.len());
        for hop in &chain.hops {
            for plan in probe::plans(hop) {
                prop_assert!(same_origin(&plan.request.url, &hop.request.url), "{}", plan.request.url);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// Every export, of the chain as it is and without its secrets; JSON is JSON.
    #[test]
    fn any_chain_is_exported(draft in draft(), answers in prop::collection::vec(exchange(), 1..5), client in 0usize..21) {
        let chain = play(draft, &answers, client);
        let findings = rules::judge(&chain);
        let redactor = Redactor::of(&chain, Names::default());
        let (masked, masked_findings) = (redactor.chain(&chain), redactor.findings(&findings));
        for (chain, findings) in [(&chain, &findings), (&masked, &masked_findings)] {
            for (format, text) in documents(chain, findings) {
                let of_json = matches!(format, Format::Json | Format::Har | Format::Sarif);
                if of_json || format == Format::Ndjson {
                    let lines: Vec<&str> = if of_json { vec![&text] } else { text.lines().collect() };
                    for line in lines {
                        let read = serde_json::from_str::<serde_json::Value>(line);
                        prop_assert!(read.is_ok(), "{:?}: {:?} in {}", format, read, line);
                    }
                }
                if chain.hops.is_empty() { continue }
                if let (Format::Json, Ok(stored)) = (format, Baseline::read(&text)) {
                    prop_assert_eq!(stored.hops.len(), chain.hops.len());
                }
            }
        }
    }

    /// Every variant, played on the same answers, and where it parts; what every client would do.
    #[test]
    fn any_chain_is_varied_and_compared(draft in draft(), answers in prop::collection::vec(exchange(), 1..4), client in 0usize..21) {
        let chain = play(draft, &answers, client);
        for variant in Variant::ALL {
            let other = answered(variant.of(&chain, Some("other"), 0), &answers);
            prop_assert!(!diagnose(&other).sentence.is_empty());
            let _ = compare(&chain, &other).answers_part();
            let _ = review(&chain, &other, &Hosts::default());
        }
        for hop in 0..=chain.hops.len() {
            let groups = after(&chain, hop, Client::all(), 0);
            let count: usize = groups.iter().map(|group| group.clients.len()).sum();
            prop_assert!(count == 0 || count == Client::all().len());
        }
        for client in Client::all() {
            let _ = predict(&chain, client, 0);
        }
    }
}
