//! How long it takes to judge a chain of 20 hops. The promise is under 1 ms for the whole: findings, intents, issuers and
//! diagnosis, which is what `diagnosis_of_20_hops` and `hard_chain_of_20_hops` measure; the others measure parts of it.

use std::fmt::Write as _;

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::classify::diagnosis::diagnose;
use hopstep::domain::classify::{intents, issuer};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::body::RequestBody;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::{Field, Fields};
use hopstep::domain::http::head::ResponseHead;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Draft, FieldEdit};
use hopstep::domain::rules::judge;

fn main() {
    // the tables are read once per run
    let _ = judge(&chain(2));
    divan::main();
}

#[divan::bench]
fn findings_of_20_hops(bencher: divan::Bencher<'_, '_>) {
    let chain = chain(20);
    bencher.bench_local(|| judge(&chain));
}

#[divan::bench]
fn diagnosis_of_20_hops(bencher: divan::Bencher<'_, '_>) {
    let chain = chain(20);
    bencher.bench_local(|| diagnose(&chain));
}

#[divan::bench]
fn intents_and_issuers_of_20_hops(bencher: divan::Bencher<'_, '_>) {
    let chain = chain(20);
    bencher.bench_local(|| (intents(&chain), chain.hops.iter().map(issuer).count()));
}

/// A POST with credentials whose every target is written otherwise: each hop is asked of every client.
#[divan::bench]
fn hard_chain_of_20_hops(bencher: divan::Bencher<'_, '_>) {
    let chain = hard_chain(20);
    assert_eq!(chain.hops.len(), 20);
    bencher.bench_local(|| diagnose(&chain));
}

fn hard_chain(hops: usize) -> Chain {
    let url = "https://www.example.com/0?q=tea&page=2";
    let mut draft = Draft::get(url.parse().unwrap_or_else(|_| unreachable!()));
    draft.method = Method::POST;
    draft.body = Some(RequestBody::new("item=teapot&quantity=1"));
    draft.fields.push(FieldEdit::Set(Field::new("Authorization", "Bearer 8f3c1a77e0b24d55")));
    let client = Client::named("curl").unwrap_or_default();
    let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
    for at in 1..=hops {
        let Some(_) = chain.send() else { break };
        let mut exchange = exchange(at, at == hops);
        if let Some(head) = exchange.response.as_mut().filter(|_| at < hops) {
            head.status = 307;
            head.fields.remove("Location");
            head.fields.push("Location", format!("/{}{at}?q=a b%2F", "x/".repeat(at)));
        }
        chain.receive(exchange, 0);
    }
    chain
}

/// Redirects as they are met: cookies, caching, a default page, parameters.
fn chain(hops: usize) -> Chain {
    let url = "https://www.example.com/0?q=tea&page=2";
    let draft = Draft::get(url.parse().unwrap_or_else(|_| unreachable!()));
    let client = Client::named("curl").unwrap_or_default();
    let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
    for at in 1..=hops {
        let Some(_) = chain.send() else { break };
        chain.receive(exchange(at, at == hops), 0);
    }
    chain
}

fn exchange(at: usize, last: bool) -> Exchange {
    let mut fields = Fields::new();
    fields.push("Server", "nginx/1.24.0");
    fields.push("Date", "Sat, 21 Nov 2026 12:00:00 GMT");
    fields.push("Content-Type", "text/html; charset=utf-8");
    fields.push("Cache-Control", "private, max-age=0");
    fields.push("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    fields.push("Set-Cookie", "sid=8f3c1a77e0b24d558f3c1a77e0b24d55; Path=/; Secure; HttpOnly");
    fields.push("Vary", "Accept-Encoding, Cookie");
    if !last {
        fields.push(
            "Location",
            format!("https://www.example.com/{at}?q=tea&page=2&next=%2Faccount%2F{at}"),
        );
    }
    let mut page = "<html><head><title>302 Found</title></head><body>\n".to_owned();
    for row in 0..10 {
        let _ = writeln!(page, "<p class=\"row\">This page has moved, row {row}.</p>");
    }
    let mut exchange = Exchange::default();
    let status = if last { 200 } else { 302 };
    exchange.response = Some(ResponseHead { status, fields, ..ResponseHead::default() });
    exchange.body.decoded_size = page.len() as u64;
    exchange.body.head = Bytes::from(page);
    exchange
}
