//! Any bytes as the head of a redirect: the next request is planned and every rule judges the chain, without a panic.
#![no_main]

use bytes::Bytes;
use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::head_parser::parse_response;
use hopstep::domain::http::request::Draft;
use hopstep::domain::rules;
use url::Url;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(url) = Url::parse("https://user:pw@shop.test/a/b?c#d") else { return };
    let Some(client) = Client::all().first() else { return };
    let Some(head) = parse_response(Bytes::copy_from_slice(data)) else { return };
    let draft = Draft::get(url);
    let mut chain = Chain::new(draft, client.clone(), Limits::default(), Jar::default(), 0);
    chain.send();
    chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
    let _ = chain.ready();
    let _ = rules::judge(&chain);
});
