//! A client and any bytes as its Location: never a panic, and only http and https are ever followed.
//!
//! The first byte names the client, so that a run is one chain. What is said about it is for `judge.rs`: the rules ask every
//! client what it would do, which takes a hundred times as long.
#![no_main]

use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head::ResponseHead;
use hopstep::domain::http::request::Draft;
use url::Url;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(url) = Url::parse("https://user:pw@shop.test/a/b?c#d") else { return };
    let Some((&choice, location)) = data.split_first() else { return };
    let clients = Client::all();
    let client = clients[usize::from(choice) % clients.len()].clone();
    let draft = Draft::get(url);
    let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
    chain.send();
    let fields = [Field::new("Location", location)].into_iter().collect();
    let head = ResponseHead { status: 302, fields, ..ResponseHead::default() };
    chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
    if let Some(planned) = chain.ready() {
        assert!(matches!(planned.request.url.scheme(), "http" | "https"));
    }
});
