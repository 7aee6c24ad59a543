//! The clients pane: what every client would do at one hop. Promise: under 2 ms, so that it can follow the cursor.

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::{Client, comparison};
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::body::RequestBody;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head_parser::parse_response;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::{Draft, FieldEdit};
use url::Url;

fn main() {
    divan::main();
}

/// A checkout: a POST with a form, credentials and cookies, redirected to another host.
fn checkout() -> Option<Chain> {
    let mut draft = Draft::get(Url::parse("https://shop.test/checkout?step=2").ok()?);
    draft.method = Method::POST;
    draft.body = Some(RequestBody::new("card=4111&amount=42"));
    draft.fields = [("Authorization", "Bearer token"), ("Cookie", "a=b"), ("X-Api-Key", "k")]
        .map(|(name, value)| FieldEdit::Set(Field::new(name, value)))
        .to_vec();
    let curl = Client::named("curl")?;
    let mut chain = Chain::new(draft, curl, Limits::default(), Jar::default(), 0);
    chain.send()?;
    let raw = "HTTP/1.1 302 Found\r\nLocation: https://pay.test/next?order=1\r\nSet-Cookie: sid=1; Secure\r\n\r\n";
    let response = parse_response(Bytes::from(raw));
    chain.receive(Exchange { response, ..Exchange::default() }, 0);
    Some(chain)
}

#[divan::bench]
fn all_clients_at_one_hop(bencher: divan::Bencher) {
    let chain = checkout();
    let clients = Client::all();
    bencher.bench(|| chain.as_ref().map(|chain| comparison::after(chain, 1, clients, 0)));
}

#[divan::bench]
fn one_client_from_its_file() -> Option<Client> {
    Client::named(divan::black_box("curl"))
}
