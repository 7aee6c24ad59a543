//! Any bytes as a Location, for every client: never a panic, and only http and https are ever followed.
#![no_main]

use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head::ResponseHead;
use hopstep::domain::http::request::Draft;
use hopstep::domain::rules;
use url::Url;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(url) = Url::parse("https://user:pw@shop.test/a/b?c#d") else { return };
    for name in Client::names() {
        let Some(client) = Client::named(name) else { continue };
        let draft = Draft::get(url.clone());
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        chain.send();
        let fields = [Field::new("Location", data)].into_iter().collect();
        let head = ResponseHead { status: 302, fields, ..ResponseHead::default() };
        chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
        if let Some(planned) = chain.ready() {
            assert!(matches!(planned.request.url.scheme(), "http" | "https"));
        }
        let _ = rules::judge(&chain);
    }
});
