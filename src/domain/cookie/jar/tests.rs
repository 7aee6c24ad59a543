//! The jar against RFC 6265bis, case by case.

use proptest::prelude::*;

use super::*;

fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

fn field(jar: &Jar, at: &str) -> String {
    let at = url(at);
    let answer = jar.retrieve(&Retrieval::new(&at, 100));
    let pairs: Vec<Vec<u8>> = answer.sent.iter().map(|cookie| cookie.pair()).collect();
    String::from_utf8(pairs.join(&b"; "[..])).unwrap()
}

/// URL that sets, Set-Cookie, URL that asks, Cookie field.
const SENT: &[(&str, &str, &str, &str)] = &[
    ("http://a.test/", "a=1", "http://a.test/x", "a=1"),
    ("http://a.test/", "a=1", "http://b.a.test/", ""),
    ("http://a.test/", "a=1; Domain=a.test", "http://b.a.test/", "a=1"),
    ("http://b.a.test/", "a=1; Domain=.a.test", "http://a.test/", "a=1"),
    ("http://a.test/x/y", "a=1", "http://a.test/x/z", "a=1"),
    ("http://a.test/x/y", "a=1", "http://a.test/", ""),
    ("http://a.test/", "a=1; Path=/x", "http://a.test/xy", ""),
    ("http://a.test/", "a=1; Path=/x", "http://a.test/x/y", "a=1"),
    ("http://a.test/", "a=1; Path=relative", "http://a.test/y", "a=1"),
    ("https://a.test/", "a=1; Secure", "https://a.test/", "a=1"),
    ("https://a.test/", "a=1; Secure", "http://a.test/", ""),
    ("http://a.test:1/", "a=1", "http://a.test:2/", "a=1"),
    ("http://127.0.0.1/", "a=1; Domain=127.0.0.1", "http://127.0.0.1/", "a=1"),
    ("http://a.test/", "a=1; Max-Age=10", "http://a.test/", "a=1"),
    ("http://a.test/", "a=1; Max-Age=0", "http://a.test/", ""),
    ("http://a.test/", "a=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT", "http://a.test/", ""),
    ("http://a.test/", "token", "http://a.test/", "token"),
    ("https://a.test/", "__Host-a=1; Secure; Path=/", "https://a.test/", "__Host-a=1"),
];

#[test]
fn cookies_go_where_they_belong() {
    for (from, set, to, sent) in SENT {
        let mut jar = Jar::default();
        let stored = jar.store(set.as_bytes(), &url(from), 100);
        assert!(stored.is_ok() || stored == Err(Refusal::Expired), "{set}");
        assert_eq!(field(&jar, to), *sent, "{set} from {from} to {to}");
    }
}

#[test]
fn refused_cookies_say_why() {
    let refused: &[(&str, &str, &str)] = &[
        ("http://a.test/", "a=1; Domain=b.test", "Domain=b.test does not cover a.test"),
        ("http://a.test/", "a=1; Domain=test", "test is a public suffix"),
        ("http://a.co.uk/", "a=1; Domain=co.uk", "co.uk is a public suffix"),
        ("http://127.0.0.1/", "a=1; Domain=0.0.1", "Domain=0.0.1 does not cover 127.0.0.1"),
        ("http://a.test/", "a=1; Secure", "a Secure cookie can't be set over http"),
        ("https://a.test/", "a=1; SameSite=None", "SameSite=None needs Secure"),
        ("https://a.test/", "__Secure-a=1", "a name with __Secure- needs Secure"),
        (
            "https://a.test/",
            "__Host-a=1; Secure",
            "a name with __Host- needs Secure and Path=/, and no Domain",
        ),
        (
            "https://a.test/",
            "__host-a=1; Secure; Path=/; Domain=a.test",
            "a name with __Host- needs Secure and Path=/, and no Domain",
        ),
        (
            "https://a.test/",
            "=__Secure-a",
            "it has no name, and its value looks like a prefixed name",
        ),
        ("https://a.test/", "a=\x01", "it holds a control character"),
    ];
    for (from, set, reason) in refused {
        let refusal = Jar::default().store(set.as_bytes(), &url(from), 100).unwrap_err();
        assert_eq!(refusal.to_string(), *reason, "{set} from {from}");
    }
}

#[test]
fn a_plain_cookie_can_not_stand_in_for_a_secure_one() {
    let mut jar = Jar::default();
    jar.store(b"sid=1; Secure", &url("https://a.test/"), 0).unwrap();
    assert_eq!(jar.store(b"sid=2", &url("http://a.test/"), 0), Err(Refusal::ShadowsSecure));
}

#[test]
fn a_second_cookie_of_that_name_replaces_the_first_and_keeps_its_age() {
    let mut jar = Jar::default();
    let from = url("http://a.test/");
    assert_eq!(jar.store(b"a=1", &from, 0), Ok(StoreEffect::New));
    assert_eq!(jar.store(b"b=1", &from, 0), Ok(StoreEffect::New));
    assert_eq!(jar.store(b"a=2", &from, 0), Ok(StoreEffect::Replaced));
    assert_eq!(field(&jar, "http://a.test/"), "a=2; b=1");
    assert_eq!(jar.store(b"a=; Max-Age=0", &from, 0), Ok(StoreEffect::Deleted));
    assert_eq!(field(&jar, "http://a.test/"), "b=1");
    assert_eq!(jar.store(b"a=; Max-Age=0", &from, 0), Err(Refusal::Expired));
}

#[test]
fn curl_takes_names_alike_but_for_their_case() {
    let mut jar = Jar::default();
    let from = url("http://localhost/d/x");
    let reading = Reading { path: None, same_site: false, as_curl: true };
    jar.store_as(b"a=1", &from, 0, reading).unwrap();
    assert_eq!(jar.store_as(b"A=2", &from, 0, reading), Ok(StoreEffect::Replaced));
    jar.store_as(b"b=3; Domain=localhost; Max-Age=100000000", &from, 0, reading).unwrap();
    let below = jar.iter().map(|cookie| (cookie.host_only, cookie.expires)).collect::<Vec<_>>();
    assert_eq!(below, [(true, None), (false, Some(100_000_000))]);
    assert!(jar.iter().all(|cookie| cookie.path == "/d" && cookie.written_path == "/d/"));
}

#[test]
fn longer_paths_come_first() {
    let mut jar = Jar::default();
    jar.store(b"a=1; Path=/", &url("http://a.test/"), 0).unwrap();
    jar.store(b"b=2; Path=/x", &url("http://a.test/"), 0).unwrap();
    assert_eq!(field(&jar, "http://a.test/x/y"), "b=2; a=1");
}

#[test]
fn a_cookie_that_stays_behind_says_why() {
    let mut jar = Jar::default();
    jar.store(b"a=1", &url("http://a.test/"), 0).unwrap();
    jar.store(b"b=1; Secure", &url("https://b.test/"), 0).unwrap();
    let at = url("http://b.test/");
    let reasons: Vec<String> = jar
        .retrieve(&Retrieval::new(&at, 0))
        .withheld
        .iter()
        .map(|(_, reason)| reason.to_string())
        .collect();
    assert_eq!(
        reasons,
        ["it belongs to a.test alone", "it is Secure, and this request goes over http"]
    );
}

proptest! {
    #[test]
    fn a_secure_cookie_never_goes_over_http(sets in prop::collection::vec("[ab]=[0-9](; ?(Secure|Path=/|Domain=a.test|SameSite=None|Max-Age=9)){0,4}", 0..6)) {
        let mut jar = Jar::default();
        for set in &sets {
            for from in ["https://a.test/", "http://a.test/", "https://b.a.test/x/"] {
                let _ = jar.store(set.as_bytes(), &url(from), 0);
            }
        }
        for at in ["http://a.test/", "http://b.a.test/x/y"] {
            let at = url(at);
            prop_assert!(jar.retrieve(&Retrieval::new(&at, 0)).sent.iter().all(|cookie| !cookie.secure));
        }
    }
}
