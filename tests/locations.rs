//! Where a Location leads agrees with the WHATWG URL test data (web-platform-tests, `url/resources/urltestdata.json`, as the
//! `url` crate 2.5.8 carries it); the raw bytes stay what they were.
//!
//! Of its 819 rows, 669 are here: all with a base of http or https, and the absolute ones, on a base that takes no part. Left out:
//! 106 with another base, where no redirect comes from, 36 that the crate itself lists as failing, 8 that need no base to be no URL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fmt::Write as _;

use hopstep::domain::chain::{Chain, Limits};
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Fields;
use hopstep::domain::http::head::ResponseHead;
use hopstep::domain::http::request::Draft;
use url::Url;

/// Base, input, and the URL it leads to; `None`: it is no URL.
type Row = (String, String, Option<String>);

#[test]
fn locations_lead_where_the_url_standard_says() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("data/urls.json")).unwrap();
    let (mut faults, mut count) = (String::new(), 0);
    for (base, input, expected) in &rows {
        // an empty Location is no redirect at all, which is no matter of URLs
        if input.trim_matches(|c: char| c <= ' ').is_empty() {
            continue;
        }
        let chain = redirected("browser", base, input);
        let resolution = chain.hops[0].resolution.as_ref().unwrap();
        assert_eq!(resolution.location, input.as_bytes());
        assert_eq!(chain.hops[0].location(), Some(input.as_bytes()));
        let led = resolution.whatwg.as_ref().map(Url::to_string);
        count += 1;
        if led != *expected {
            let _ = writeln!(faults, "{base} + {input:?}: {led:?}, not {expected:?}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert!(count > 660, "{count}");
}

/// The clients whose own reading of a Location is not the URL standard's.
const LENIENT: [&str; 5] = ["curl", "wget", "requests", "go", "java"];

#[test]
fn the_url_standard_reads_alike_whoever_follows() {
    let rows: Vec<Row> = serde_json::from_str(include_str!("data/urls.json")).unwrap();
    for (base, input, expected) in &rows {
        for client in LENIENT {
            let chain = redirected(client, base, input);
            let resolution = chain.hops[0].resolution.as_ref().unwrap();
            let led = resolution.whatwg.as_ref().map(Url::to_string);
            assert_eq!(led, *expected, "{client}: {base} + {input:?}");
        }
    }
}

#[test]
fn a_whole_url_leads_to_the_same_place_from_its_own_host_and_from_another() {
    let tails = [
        "",
        "/",
        "/a/../b",
        "/./a",
        "//b.test/x",
        "/\\b.test",
        "/a\\b?c\\d",
        "?q",
        "#f",
        "/a?b#c d",
        "/%2e%2e/a",
        "/a b ",
        "/ü?ü#ü",
        "/\ta",
        "/a%zz",
        "/..;/a",
        "/a;b",
        "/{a}|b^",
        "/'\"<>`",
        "?a#b#c",
        "/http://c.test/",
        "/a?/../b",
        "\\a",
    ];
    for host in [
        "http://a.test",
        "http://a.test:8080",
        "https://a.test",
        "http://[::1]",
        "http://A.test",
        "http://a.test:80",
    ] {
        for (tail, client) in tails.iter().flat_map(|tail| LENIENT.map(|client| (tail, client))) {
            let location = format!("{host}{tail}");
            let target = |base: &str| {
                let chain = redirected(client, base, &location);
                chain.hops[0].resolution.as_ref().unwrap().target.clone()
            };
            let own = target(&format!("{host}/some/page?with#all"));
            assert_eq!(own, target("http://elsewhere.test/"), "{client}: {location:?}");
        }
    }
}

/// The chain of this client, which was at this URL and got this Location.
fn redirected(client: &str, base: &str, location: &str) -> Chain {
    let draft = Draft::get(Url::parse(base).unwrap());
    let client = Client::named(client).unwrap();
    let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
    chain.send();
    let mut fields = Fields::new();
    fields.push("Location", location.as_bytes());
    let head = ResponseHead { status: 302, fields, ..ResponseHead::default() };
    chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
    chain
}
