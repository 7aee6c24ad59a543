//! A chain of three hops, held against what suites say of it.

use super::{Known, outcome};
use crate::domain::chain::Chain;
use crate::domain::check::before::Before;
use crate::domain::check::outcome::{Outcome, State};
use crate::domain::check::suite;
use crate::domain::check::suite::tests::with_setup;
use crate::domain::cookie::jar::Jar;
use crate::domain::http::body::{Bodies, BodyId};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::ResponseHead;
use crate::domain::policy::Policy;

struct Body;

impl Bodies for Body {
    fn read(&self, _: BodyId, _: u64, _: usize) -> Vec<u8> {
        br#"{"order": {"id": 17, "items": ["teapot"]}}"#.to_vec()
    }
}

/// Three answers: to https, to the order, the order.
const ANSWERS: [(u16, &[(&str, &str)]); 3] = [
    (308, &[("Location", "https://shop.test/checkout")]),
    (
        303,
        &[
            ("Location", "/orders/17"),
            ("Set-Cookie", "sid=8f3c; Path=/; Secure; HttpOnly"),
            ("Cache-Control", "no-store"),
        ],
    ),
    (200, &[("Content-Type", "application/json; charset=utf-8")]),
];

fn held(expect: &str) -> Outcome {
    let text = format!(
        "[[check]]\nname = \"order\"\nurl = \"http://shop.test/checkout\"\nform = \"a=b\"\n\
         fail-on = \"never\"\n[check.expect]\n{expect}"
    );
    with_setup(None, |setup| {
        let row = suite::parse("s.toml", &text, setup).unwrap().remove(0);
        let client = crate::domain::client::Client::clone(&row.client);
        let mut chain = Chain::new(row.draft.clone(), client, row.limits, Jar::default(), 0);
        for (status, fields) in ANSWERS {
            chain.send().unwrap();
            let fields: Fields =
                fields.iter().map(|(name, value)| Field::new(*name, *value)).collect();
            let head = ResponseHead { status, fields, ..ResponseHead::default() };
            chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
        }
        let known = Known {
            bodies: &Body,
            policy: &Policy::default(),
            before: &Before::default(),
            brief: false,
        };
        outcome(&row, 1, &chain, known)
    })
}

#[test]
fn what_is_as_stated_holds() {
    let outcome = held(
        r#"
        hops = 3
        status = "2xx"
        url = "/orders/17"
        media-type = "application/json"
        body = { contains = "teapot", lacks = "coffee" }
        json = { "order.id" = 17, "order.items[0]" = { matches = "^tea" }, "order.x" = { absent = true } }
        cookies = { sid = { secure = true, http-only = true, path = "/" }, old = false }
        ending = ["final", "loop"]
        rules = { deny = ["redirect-loop"], allow = ["post-rewritten-to-get"] }
        [[check.expect.hop]]
        method = "POST"
        target = "https://shop.test/checkout"
        [[check.expect.hop]]
        status = [302, 303]
        location = "/orders/17"
        headers = { Cache-Control = "no-store", X-Debug = false }
        [[check.expect.hop]]
        method = "GET"
        sent = { Content-Type = false }
        "#,
    );
    assert_eq!(outcome.misses, vec![]);
    assert_eq!(outcome.state, State::Held);
    assert_eq!(outcome.redirects(), 2);
}

#[test]
fn what_is_not_names_hop_field_expected_and_seen() {
    for (expect, message) in [
        ("hops = 2", "chain: hops: expected 2, seen 3 (308, 303, 200)"),
        ("status = 404", "hop 3: status: expected 404, seen 200"),
        ("url = \"/x\"", "hop 3: url: expected /x, seen https://shop.test/orders/17"),
        (
            "media-type = \"text/html\"",
            "hop 3: media type: expected text/html, seen application/json",
        ),
        ("json = { \"order.id\" = \"17\" }", "hop 3: JSON order.id: expected \"17\", seen 17"),
        (
            "json = { \"order.id\" = { contains = \"8\" } }",
            "hop 3: JSON order.id: expected text with \"8\", seen 17",
        ),
        ("ending = \"loop\"", "hop 3: ending: expected loop, seen final"),
        (
            "cookies = { sid = { http-only = false } }",
            "chain: cookie sid: expected no HttpOnly, seen HttpOnly",
        ),
        ("cookies = { sid = false }", "chain: cookie sid: expected absent, seen 8f3c"),
        (
            "cookies = { sid = { same-site = \"Lax\" } }",
            "chain: cookie sid: expected SameSite=Lax, seen no SameSite",
        ),
        ("headers = { Vary = true }", "hop 3: header Vary: expected present, seen nothing"),
        (
            "hop = [{ location = \"/y\" }]",
            "hop 1: Location: expected /y, seen https://shop.test/checkout",
        ),
        ("hop = [{ at = 2, status = 302 }]", "hop 2: status: expected 302, seen 303"),
        ("hop = [{ at = 3, method = \"POST\" }]", "hop 3: method: expected POST, seen GET"),
        ("hop = [{ at = 4 }]", "hop 4: hop: expected a hop, seen the end after hop 3"),
        (
            "hop = [{ at = 2, sent = { Cookie = true } }]",
            "hop 2: sent header Cookie: expected present, seen nothing",
        ),
        (
            "body = { contains = \"coffee\" }",
            "hop 3: body: expected text with \"coffee\", seen {\"order\"",
        ),
    ] {
        let outcome = held(expect);
        assert_eq!((outcome.state, outcome.misses.len()), (State::Failed, 1), "{outcome:?}");
        let seen = outcome.misses[0].to_string();
        assert!(seen.starts_with(message), "{seen}");
    }
}

#[test]
fn rules_speak_of_what_is_not_stated() {
    let outcome = held("rules = { deny = [\"hsts-missing-or-weak-on-hop\"] }");
    assert_eq!(outcome.findings[0].rule, "hsts-missing-or-weak-on-hop");
    assert_eq!(outcome.state, State::Failed);
}
