//! curl's requests, field by field: the expectations were recorded from curl 7.88.1 against a loopback listener.

use bytes::Bytes;

use super::*;
use crate::domain::chain::{Chain, Limits};
use crate::domain::http::body::RequestBody;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::Field;
use crate::domain::http::head_parser::parse_response;
use crate::domain::http::method::Method;
use crate::domain::http::request::{Credentials, FieldEdit, FieldSource};

fn draft(url: &str) -> Draft {
    let mut draft = Draft::get(Url::parse(url).unwrap());
    draft.user_agent = Some("ua".to_owned());
    draft
}

fn post(url: &str, body: &str) -> Draft {
    let mut draft = draft(url);
    draft.method = Method::POST;
    draft.body = Some(RequestBody::new(body.as_bytes().to_vec()));
    draft.content_type = Some("application/x-www-form-urlencoded".to_owned());
    draft
}

fn set(name: &str, value: &str) -> FieldEdit {
    FieldEdit::Set(Field::new(name, value))
}

/// Method, target and header section as text.
fn text(request: &Request) -> String {
    let mut out = format!("{} {}", request.method, request.target());
    for field in &request.fields {
        out += &format!("\n{}: {}", field.name, field.text());
    }
    out
}

/// The requests of a chain that gets these redirects (status, Location, further lines), then a 200.
fn walk(draft: Draft, client: &str, answers: &[(u16, &str)]) -> Chain {
    let client = Client::named(client).unwrap();
    let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
    for (status, location) in answers.iter().chain([&(200, "")]) {
        let Some(_) = chain.send() else { break };
        let raw = format!("HTTP/1.1 {status} X\r\nLocation: {location}\r\n\r\n");
        let response = parse_response(Bytes::from(raw));
        chain.receive(Exchange { response, ..Exchange::default() }, 0);
    }
    chain
}

fn requests(chain: &Chain) -> Vec<String> {
    chain.hops.iter().map(|hop| text(&hop.request)).collect()
}

#[test]
fn the_first_request_has_curls_order() {
    let mut draft = post("http://a.test/x", "a=b");
    draft.credentials = Some(Credentials::Basic { user: "a".to_owned(), password: "b".to_owned() });
    draft.referer = Some("http://r/".to_owned());
    draft.cookie = Some("k=v".to_owned());
    draft.compressed = true;
    draft.fields = vec![set("X-A", "1"), set("X-B", "2")];
    let (request, _) = start(&draft, &Client::named("curl").unwrap(), &Jar::default(), 0);
    let expected = "POST /x\nHost: a.test\nAuthorization: Basic YTpi\nUser-Agent: ua\nAccept: */*\n\
        Accept-Encoding: deflate, gzip, br, zstd\nReferer: http://r/\nCookie: k=v\nX-A: 1\nX-B: 2\n\
        Content-Length: 3\nContent-Type: application/x-www-form-urlencoded";
    assert_eq!(text(&request), expected);
    assert_eq!(request.sources.len(), request.fields.len());
    assert_eq!(request.sources[1], FieldSource::Credentials);
    assert_eq!(request.sources[2], FieldSource::User);
    assert_eq!(request.sources[10], FieldSource::Body);
}

#[test]
fn fields_of_the_user_replace_empty_and_remove_defaults() {
    let mut draft = post("http://a.test/x", "x");
    draft.fields = vec![
        set("Host", "first"),
        set("Host", "second"),
        FieldEdit::Empty("Content-Type".to_owned()),
        FieldEdit::Remove("User-Agent".to_owned()),
        set("Accept", "1"),
        set("Accept", "2"),
        FieldEdit::Empty("X-E".to_owned()),
    ];
    let (request, _) = start(&draft, &Client::named("curl").unwrap(), &Jar::default(), 0);
    let expected =
        "POST /x\nHost: first\nContent-Type: \nAccept: 1\nAccept: 2\nX-E: \nContent-Length: 1";
    assert_eq!(text(&request), expected);
}

#[test]
fn userinfo_becomes_basic_unless_credentials_are_given() {
    let curl = Client::named("curl").unwrap();
    let mut draft = draft("http://c%40:d@a.test/");
    let (request, _) = start(&draft, &curl, &Jar::default(), 0);
    assert_eq!(request.fields.text("Authorization").as_deref(), Some("Basic Y0A6ZA=="));
    assert_eq!(request.fields.text("Host").as_deref(), Some("a.test"));
    draft.credentials = Some(Credentials::Bearer("TOK".to_owned()));
    let (request, _) = start(&draft, &curl, &Jar::default(), 0);
    assert_eq!(request.fields.text("Authorization").as_deref(), Some("Bearer TOK"));
}

#[test]
fn credentials_cookies_and_host_come_back_with_the_first_host() {
    let mut draft = post("http://a.test/x", "a=b");
    draft.credentials = Some(Credentials::Basic { user: "u".to_owned(), password: "p".to_owned() });
    draft.fields = vec![set("X-0", "0"), set("Cookie", "c=1"), set("Host", "h"), set("X", "1")];
    let chain = walk(draft, "curl", &[(302, "http://b.test/mid"), (302, "http://a.test/end")]);
    let expected = [
        "POST /x\nHost: h\nAuthorization: Basic dTpw\nUser-Agent: ua\nAccept: */*\nX-0: 0\nCookie: c=1\nX: 1\n\
         Content-Length: 3\nContent-Type: application/x-www-form-urlencoded",
        "GET /mid\nHost: b.test\nUser-Agent: ua\nAccept: */*\nX-0: 0\nX: 1",
        "GET /end\nHost: h\nAuthorization: Basic dTpw\nUser-Agent: ua\nAccept: */*\nX-0: 0\nCookie: c=1\nX: 1",
    ];
    assert_eq!(requests(&chain), expected);
    let removed = |name: &str| Change::HeaderRemoved { name: name.to_owned() };
    let added = |name: &str| Change::HeaderAdded { name: name.to_owned() };
    let method = Change::Method { from: "POST".to_owned(), to: "GET".to_owned() };
    let dropped = Change::BodyDropped { size: 3 };
    let first =
        [method, dropped, removed("Authorization"), removed("Cookie"), removed("Content-Type")];
    assert_eq!(chain.hops[1].changes, first);
    assert_eq!(chain.hops[2].changes, [added("Authorization"), added("Cookie")]);
}

#[test]
fn a_forced_post_goes_on_without_its_body_and_stays_so() {
    let mut draft = post("http://a.test/x", "a=b");
    draft.forced = true;
    let chain = walk(draft, "curl", &[(302, "/mid"), (307, "/end")]);
    let bare = "Host: a.test\nUser-Agent: ua\nAccept: */*";
    assert_eq!(requests(&chain)[1..], [format!("POST /mid\n{bare}"), format!("POST /end\n{bare}")]);
}

#[test]
fn a_307_keeps_method_body_and_its_fields() {
    let chain = walk(post("http://a.test/x", "a=b"), "curl", &[(307, "/end")]);
    let requests = requests(&chain);
    assert_eq!(requests[1], requests[0].replacen("/x", "/end", 1));
    assert!(chain.hops[1].changes.is_empty());
}

#[test]
fn a_cookie_option_goes_to_every_host_behind_the_jars_cookies() {
    let mut draft = draft("http://a.test/x");
    draft.cookie = Some("k=v".to_owned());
    let curl = Client::named("curl").unwrap();
    let limits = Limits { cookies: Some(true), ..Limits::default() };
    let mut chain = Chain::new(draft, curl, limits, Jar::default(), 0);
    for answer in [
        "HTTP/1.1 302 X\r\nLocation: http://b.test/mid\r\nSet-Cookie: sid=1\r\nSet-Cookie: k=jar\r\n\r\n",
        "HTTP/1.1 302 X\r\nLocation: http://a.test/end\r\nSet-Cookie: o=2\r\n\r\n",
        "HTTP/1.1 200 X\r\n\r\n",
    ] {
        chain.send().unwrap();
        let response = parse_response(Bytes::from(answer));
        chain.receive(Exchange { response, ..Exchange::default() }, 0);
    }
    let cookies: Vec<_> = chain.hops.iter().map(|hop| hop.request.fields.text("Cookie")).collect();
    let expected = ["k=v", "k=v", "sid=1; k=jar; k=v"].map(|text| Some(text.to_owned()));
    assert_eq!(cookies, expected);
    assert_eq!(chain.hops[2].cookies.sent.len(), 2);
    assert_eq!(chain.hops[2].cookies.withheld[0].reason, "it belongs to b.test alone");
    assert_eq!(chain.hops[0].cookies.stored.len(), 2);
}

#[test]
fn the_users_limit_replaces_the_clients() {
    let curl = Client::named("curl").unwrap();
    let limits = Limits { max_hops: Some(1), ..Limits::default() };
    let mut chain = Chain::new(draft("http://a.test/"), curl, limits, Jar::default(), 0);
    for path in ["/1", "/2"] {
        chain.send().unwrap();
        let raw = format!("HTTP/1.1 302 X\r\nLocation: {path}\r\n\r\n");
        let response = parse_response(Bytes::from(raw));
        chain.receive(Exchange { response, ..Exchange::default() }, 0);
    }
    assert_eq!(chain.ending(), Some(crate::domain::chain::Ending::Stopped(StopReason::MaxHops)));
}

#[test]
fn endings_are_told_apart() {
    use crate::domain::chain::Ending;
    for (location, ending) in [
        ("javascript:alert(1)", Ending::Stopped(StopReason::UnsupportedScheme)),
        ("http://[::1/x", Ending::Stopped(StopReason::InvalidLocation)),
        ("", Ending::Final),
    ] {
        let chain = walk(draft("http://a.test/"), "curl", &[(302, location)]);
        assert_eq!(chain.ending(), Some(ending), "{location}");
    }
}

#[test]
fn every_reading_of_a_location_is_kept() {
    let chain = walk(draft("http://a.test/dir/x"), "curl", &[(302, "/\\b.test/y")]);
    let resolution = chain.hops[0].resolution.as_ref().unwrap();
    assert_eq!(resolution.location, b"/\\b.test/y");
    assert_eq!(resolution.whatwg.as_ref().map(Url::as_str), Some("http://b.test/y"));
    assert_eq!(resolution.rfc3986.as_deref(), Some("http://a.test/\\b.test/y"));
    assert_eq!(resolution.target.as_ref().map(|url| url.host_str()), Some(Some("a.test")));
    assert_eq!(chain.hops[1].request.target(), "/\\b.test/y");
}

#[test]
fn another_client_takes_over_with_the_cookies_seen_before() {
    let curl = Client::named("curl").unwrap();
    let mut chain = Chain::new(draft("http://a.test/"), curl, Limits::default(), Jar::default(), 0);
    chain.send().unwrap();
    let raw = "HTTP/1.1 302 X\r\nLocation: /next\r\nSet-Cookie: sid=1\r\n\r\n";
    let response = parse_response(Bytes::from(raw));
    chain.receive(Exchange { response, ..Exchange::default() }, 0);
    assert!(!chain.ready().unwrap().request.fields.contains("Cookie"));
    chain.choose(Client::named("requests").unwrap(), 0);
    assert_eq!(chain.ready().unwrap().request.fields.text("Cookie").as_deref(), Some("sid=1"));
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    fn redirected(location: &[u8]) -> Hop {
        let raw = [b"HTTP/1.1 302 X\r\nLocation: ", location, b"\r\n\r\n"].concat();
        let mut chain = walk(draft("http://a.test/dir/x?q#f"), "curl", &[]);
        let mut hop = chain.hops.remove(0);
        hop.exchange.response = parse_response(Bytes::from(raw));
        hop
    }

    fn odd_location() -> impl Strategy<Value = Vec<u8>> {
        let part = prop_oneof![
            Just(b"http:".to_vec()),
            Just(b"//".to_vec()),
            Just(b"\\".to_vec()),
            Just(b"@".to_vec()),
            Just(b":".to_vec()),
            Just(b"[::1]".to_vec()),
            Just(b"..".to_vec()),
            Just(b"/".to_vec()),
            Just(b"%2e".to_vec()),
            Just(b"?".to_vec()),
            Just(b"#".to_vec()),
            "[a-z0-9.]{1,8}".prop_map(String::into_bytes),
            prop::collection::vec(any::<u8>(), 0..4),
        ];
        prop::collection::vec(part, 0..8).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn every_client_survives_every_location(location in odd_location()) {
            let hop = redirected(&location);
            let (draft, jar) = (draft("http://a.test/dir/x?q#f"), Jar::default());
            let hops = [hop];
            let attempt = Attempt { draft: &draft, hops: &hops, jar: &jar, now: 0 };
            for client in Client::all() {
                let action = next(&attempt, client);
                prop_assert_eq!(&decide(&attempt, client).1, &action);
                if let Action::Follow(follow) = action {
                    prop_assert!(matches!(follow.request.url.scheme(), "http" | "https"));
                    prop_assert!(follow.request.target().starts_with('/'));
                    prop_assert!(!follow.request.target().contains(['\r', '\n', '\0']));
                }
            }
        }

        #[test]
        fn the_whatwg_reading_is_that_of_the_crate_url(location in "[!-~]{0,24}") {
            let hops = [redirected(location.as_bytes())];
            let (draft, jar) = (draft("http://a.test/"), Jar::default());
            let attempt = Attempt { draft: &draft, hops: &hops, jar: &jar, now: 0 };
            if let (Some(resolution), _) = decide(&attempt, &Client::named("curl").unwrap()) {
                prop_assert_eq!(resolution.whatwg, hops[0].request.url.join(&location).ok());
            }
        }
    }
}
