//! The jar against a table taken from RFC 6265bis (draft 20), section by section, each with what is to be sent and what not.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fmt::Write as _;

use hopstep::domain::cookie::jar::{Jar, Retrieval};
use url::Url;

/// 21 November 2026, noon UTC.
const NOW: i64 = 1_795_262_400;

/// Section, the URL that sets, its Set-Cookie lines, the URL that is asked for, and the Cookie field it gets.
type Row = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str);

/// Where rows about dates are set and asked for.
const EXPIRING: &str = "http://a.test/";

const TABLE: &[Row] = &[
    // dates
    (
        "5.1.1",
        "http://a.test/",
        &["a=1; Expires=Wed, 01 Dec 2026 00:00:00 GMT"],
        "http://a.test/",
        "a=1",
    ),
    (
        "5.1.1",
        "http://a.test/",
        &["a=1; Expires=Wed, 01-Dec-26 00:00:00 GMT"],
        "http://a.test/",
        "a=1",
    ),
    ("5.1.1", "http://a.test/", &["a=1; Expires=1 dec 2026 0:0:0"], "http://a.test/", "a=1"),
    (
        "5.1.1",
        "http://a.test/",
        &["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
        "http://a.test/",
        "",
    ),
    ("5.1.1", "http://a.test/", &["a=1; Expires=31-Dec-99 00:00:00"], "http://a.test/", ""),
    ("5.1.1", "http://a.test/", &["a=1; Expires=01 Jan 1600 00:00:00"], "http://a.test/", "a=1"),
    ("5.1.1", "http://a.test/", &["a=1; Expires=01 Jan 1970 24:00:00"], "http://a.test/", "a=1"),
    // dates, by every rule that the algorithm has (what expires in 1970 is gone; what is no date is of no account)
    ("5.1.1", EXPIRING, &["a=1; Expires=00:00:00 1970 Jan 1"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 JANUARY 1970 0:0:0"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1_jan_1970_00:00:00"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1th Jan 1970 00:00:00"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1970x 0:0:0z"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1970 00:00:00 2 Feb 2099 23:59:59"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 70 00:00:00"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 00 00:00:00"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=31 Dec 69 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=29 Feb 2024 00:00:00"], EXPIRING, ""),
    ("5.1.1", EXPIRING, &["a=1; Expires=30 Feb 2024 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=29 Feb 2023 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=0 Jan 1970 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=32 Jan 1970 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1970 00:60:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1970 00:00:60"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1970 00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1970"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 197000 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=Thu, Jan 1970 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 1970 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 00:00:00"], EXPIRING, "a=1"),
    ("5.1.1", EXPIRING, &["a=1; Expires=1 Jan 1601 00:00:00"], EXPIRING, ""),
    // host names
    ("5.1.2", "http://A.Test/", &["a=1; Domain=a.TEST"], "http://x.a.test/", "a=1"),
    (
        "5.1.2",
        "http://B\u{fc}cher.example.com/",
        &["a=1"],
        "http://xn--bcher-kva.example.com/",
        "a=1",
    ),
    ("5.1.2", "http://a.test/", &["a=1; Domain=b\u{fc}cher.test"], "http://a.test/", ""),
    // domain matching
    ("5.1.3", "http://x.a.test/", &["a=1; Domain=a.test"], "http://y.a.test/", "a=1"),
    ("5.1.3", "http://x.a.test/", &["a=1; Domain=a.test"], "http://ba.test/", ""),
    ("5.1.3", "http://a.test/", &["a=1; Domain=x.a.test"], "http://x.a.test/", ""),
    ("5.1.3", "http://127.0.0.1/", &["a=1; Domain=127.0.0.1"], "http://127.0.0.1/", "a=1"),
    ("5.1.3", "http://127.0.0.1/", &["a=1; Domain=0.0.1"], "http://127.0.0.1/", ""),
    ("5.1.3", "http://a.test/", &["a=1; Domain=a.test"], "http://a.test/", "a=1"),
    ("5.1.3", "http://x.a.test/", &["a=1; Domain=.test"], "http://y.test/", ""),
    ("5.1.3", "http://1.127.0.0.1.test/", &["a=1; Domain=127.0.0.1"], "http://127.0.0.1/", ""),
    ("5.1.3", "http://[::1]/", &["a=1"], "http://[::1]/", "a=1"),
    // paths
    ("5.1.4", "http://a.test/x/y", &["a=1"], "http://a.test/x/z", "a=1"),
    ("5.1.4", "http://a.test/x/y", &["a=1"], "http://a.test/x", "a=1"),
    ("5.1.4", "http://a.test/x/y", &["a=1"], "http://a.test/xy", ""),
    ("5.1.4", "http://a.test/", &["a=1; Path=/x/"], "http://a.test/x/y", "a=1"),
    ("5.1.4", "http://a.test/", &["a=1; Path=/x/"], "http://a.test/x", ""),
    ("5.1.4", "http://a.test/x", &["a=1"], "http://a.test/z", "a=1"),
    ("5.1.4", "http://a.test/x/y/", &["a=1"], "http://a.test/x/y/z", "a=1"),
    ("5.1.4", "http://a.test/x/y/", &["a=1"], "http://a.test/x/", ""),
    ("5.1.4", "http://a.test", &["a=1"], "http://a.test/z", "a=1"),
    ("5.1.4", "http://a.test/", &["a=1; Path=/x"], "http://a.test/x?y", "a=1"),
    ("5.1.4", "http://a.test/", &["a=1; Path=/x"], "http://a.test/X", ""),
    ("5.1.4", "http://a.test/", &["a=1; Path=/%78"], "http://a.test/x", ""),
    ("5.1.4", "http://a.test/x/y?q=/z/", &["a=1"], "http://a.test/x/", "a=1"),
    // prefixes: any case, and each of the conditions
    ("5.4.1", "http://a.test/", &["__Secure-a=1; Secure"], "https://a.test/", ""),
    ("5.4.1", "https://a.test/", &["__SECURE-a=1"], "https://a.test/", ""),
    (
        "5.4.1",
        "https://a.test/",
        &["__Secure-a=1; Secure; Path=/; Domain=a.test"],
        "https://x.a.test/",
        "__Secure-a=1",
    ),
    ("5.4.1", "https://a.test/", &["=__Secure-a=1; Secure"], "https://a.test/", ""),
    ("5.4.1", "https://a.test/", &["__Secur-a=1"], "https://a.test/", "__Secur-a=1"),
    ("5.4.2", "https://a.test/", &["__Host-a=1; Secure"], "https://a.test/", ""),
    (
        "5.4.2",
        "https://a.test/",
        &["__HOST-a=1; Secure; Domain=a.test; Path=/"],
        "https://a.test/",
        "",
    ),
    ("5.4.2", "http://a.test/", &["__Host-a=1; Secure; Path=/"], "https://a.test/", ""),
    ("5.4.2", "https://a.test/", &["__Host-a=1; Path=/"], "https://a.test/", ""),
    ("5.4.2", "https://a.test/", &["__Host-a=1; Secure; Path=/"], "https://x.a.test/", ""),
    ("5.4.2", "https://a.test/x", &["__host-a=1; Secure; Path=/"], "https://a.test/", "__host-a=1"),
    ("5.4.2", "https://a.test/", &["=__host-a; Secure; Path=/"], "https://a.test/", ""),
    // parsing
    ("5.6", "http://a.test/", &["  a = 1 ; x"], "http://a.test/", "a=1"),
    ("5.6", "http://a.test/", &["a=1=2"], "http://a.test/", "a=1=2"),
    ("5.6", "http://a.test/", &["alone"], "http://a.test/", "alone"),
    ("5.6", "http://a.test/", &["=alone"], "http://a.test/", "alone"),
    ("5.6", "http://a.test/", &["a=\"q q\""], "http://a.test/", "a=\"q q\""),
    ("5.6", "http://a.test/", &["="], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1\u{1}2"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1; Path=/x; Path=/"], "http://a.test/y", "a=1"),
    ("5.6", "http://a.test/", &[""], "http://a.test/", ""),
    ("5.6", "http://a.test/", &[";"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["; a=1"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a="], "http://a.test/", "a="),
    ("5.6", "http://a.test/", &["a=1;;;;Path=/;"], "http://a.test/", "a=1"),
    ("5.6", "http://a.test/", &["a=1; Odd; Odder=2"], "http://a.test/", "a=1"),
    ("5.6", "http://a.test/", &["a\t=\t1"], "http://a.test/", "a=1"),
    ("5.6", "http://a.test/", &["a=1\t2"], "http://a.test/", "a=1\t2"),
    ("5.6", "http://a.test/", &["a=1\r"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1\u{7f}"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1; Path=/\u{1}"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1, b=2"], "http://a.test/", "a=1, b=2"),
    ("5.6", "http://a.test/", &["\u{fc}=\u{e9}"], "http://a.test/", "\u{fc}=\u{e9}"),
    ("5.6", "http://a.test/", &["a=1; PATH=/x; path = / "], "http://a.test/", "a=1"),
    (
        "5.6.1",
        "http://a.test/",
        &["a=1; EXPIRES = Thu, 01 Jan 1970 00:00:00 GMT"],
        "http://a.test/",
        "",
    ),
    (
        "5.6.1",
        "http://a.test/",
        &["a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Expires=Wed, 01 Dec 2026 00:00:00 GMT"],
        "http://a.test/",
        "a=1",
    ),
    ("5.6.1", "http://a.test/", &["a=1; Expires="], "http://a.test/", "a=1"),
    ("5.6.1", "http://a.test/", &["a=1; Expires=never"], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=1"], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=0"], "http://a.test/", ""),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=-5"], "http://a.test/", ""),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=x"], "http://a.test/", "a=1"),
    (
        "5.6.2",
        "http://a.test/",
        &["a=1; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
        "http://a.test/",
        "a=1",
    ),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=+0"], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=0x"], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age="], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=99999999999999999999"], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=-99999999999999999999"], "http://a.test/", ""),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=0; Max-Age=60"], "http://a.test/", "a=1"),
    ("5.6.2", "http://a.test/", &["a=1; Max-Age=60; Max-Age=0"], "http://a.test/", ""),
    ("5.6.3", "http://a.test/", &["a=1; Domain=b.test; Domain=a.test"], "http://x.a.test/", "a=1"),
    ("5.6.3", "http://a.test/", &["a=1; Domain=a.test; Domain=b.test"], "http://a.test/", ""),
    ("5.6.3", "http://a.test/", &["a=1; Domain=..a.test"], "http://a.test/", ""),
    ("5.6.3", "http://a.test/", &["a=1; Domain=a.test."], "http://a.test/", ""),
    ("5.6.3", "http://a.test/", &["a=1; Domain"], "http://x.a.test/", ""),
    ("5.6.3", "http://x.a.test/", &["a=1; Domain=.a.test"], "http://y.a.test/", "a=1"),
    ("5.6.3", "http://a.test/", &["a=1; Domain="], "http://x.a.test/", ""),
    ("5.6.3", "http://a.test/", &["a=1; Domain=b.test"], "http://b.test/", ""),
    ("5.6.4", "http://a.test/x/y", &["a=1; Path=rel"], "http://a.test/x/", "a=1"),
    ("5.6.4", "http://a.test/x/y", &["a=1; Path="], "http://a.test/z", ""),
    ("5.6.4", "http://a.test/x/y", &["a=1; Path"], "http://a.test/x/", "a=1"),
    ("5.6.4", "http://a.test/", &["a=1; Path=/x y"], "http://a.test/x%20y", ""),
    ("5.6.5", "http://a.test/", &["a=1; SECURE"], "https://a.test/", ""),
    ("5.6.5", "https://a.test/", &["a=1; secure=x"], "https://a.test/", "a=1"),
    ("5.6.5", "https://a.test/", &["a=1; Secure"], "http://a.test/", ""),
    ("5.6.6", "http://a.test/", &["a=1; HttpOnly"], "http://a.test/", "a=1"),
    ("5.6.7", "https://a.test/", &["a=1; SameSite=None; Secure"], "https://a.test/", "a=1"),
    ("5.6.7", "https://a.test/", &["a=1; SameSite=None"], "https://a.test/", ""),
    ("5.6.7", "http://a.test/", &["a=1; SameSite=odd"], "http://a.test/", "a=1"),
    ("5.6.7", "http://a.test/", &["a=1; samesite=STRICT"], "http://a.test/", "a=1"),
    ("5.6.7", "http://a.test/", &["a=1; SameSite=Lax"], "http://a.test/", "a=1"),
    ("5.6.7", "https://a.test/", &["a=1; SameSite=None; SameSite=Lax"], "https://a.test/", "a=1"),
    ("5.6.7", "https://a.test/", &["a=1; SameSite"], "https://a.test/", "a=1"),
    // storing
    ("5.7", "http://a.test/", &["a=1", "a=2"], "http://a.test/", "a=2"),
    ("5.7", "http://a.test/", &["a=1", "a=2; Path=/x"], "http://a.test/x", "a=2; a=1"),
    ("5.7", "http://a.test/", &["a=1", "a=; Max-Age=0"], "http://a.test/", ""),
    ("5.7", "http://a.test/", &["a=1; Secure"], "https://a.test/", ""),
    ("5.7", "https://a.co.uk/", &["a=1; Domain=co.uk"], "https://b.co.uk/", ""),
    ("5.7", "https://com/", &["a=1; Domain=com"], "https://com/", "a=1"),
    ("5.7", "https://com/", &["a=1; Domain=com"], "https://x.com/", ""),
    ("5.7", "http://a.test/", &["a=1", "a=2; Domain=a.test"], "http://a.test/", "a=1; a=2"),
    ("5.7", "http://a.test/", &["a=1", "A=2"], "http://a.test/", "a=1; A=2"),
    ("5.7", "http://a.test/", &["=1", "b=2", "3"], "http://a.test/", "3; b=2"),
    ("5.7", "http://a.test/", &["a=1", "a=2; Max-Age=0; Path=/x"], "http://a.test/", "a=1"),
    ("5.7", "http://a.test/", &["a=1; Max-Age=0", "a=2"], "http://a.test/", "a=2"),
    ("5.7", "http://a.test/", &["a=1; HttpOnly", "a=2"], "http://a.test/", "a=2"),
    ("5.7", "https://a.github.io/", &["a=1; Domain=github.io"], "https://b.github.io/", ""),
    ("5.7", "https://a.b.kobe.jp/", &["a=1; Domain=b.kobe.jp"], "https://a.b.kobe.jp/", ""),
    ("5.7", "https://x.a.co.uk/", &["a=1; Domain=a.co.uk"], "https://y.a.co.uk/", "a=1"),
    // prefixes
    ("5.7", "https://a.test/", &["__Secure-a=1; Secure"], "https://a.test/", "__Secure-a=1"),
    ("5.7", "https://a.test/", &["__Secure-a=1"], "https://a.test/", ""),
    ("5.7", "https://a.test/", &["__Host-a=1; Secure; Path=/"], "https://a.test/", "__Host-a=1"),
    (
        "5.7",
        "https://a.test/",
        &["__Host-a=1; Secure; Path=/; Domain=a.test"],
        "https://a.test/",
        "",
    ),
    ("5.7", "https://a.test/", &["__Host-a=1; Secure; Path=/x"], "https://a.test/x", ""),
    ("5.7", "https://a.test/", &["__host-a=1"], "https://a.test/", ""),
    ("5.7", "https://a.test/", &["=__Host-a=1"], "https://a.test/", ""),
    // sending
    ("5.8.3", "http://a.test/", &["a=1"], "http://x.a.test/", ""),
    ("5.8.3", "http://a.test/", &["a=1"], "http://a.test:8080/", "a=1"),
    (
        "5.8.3",
        "http://a.test/x/",
        &["a=1; Path=/", "b=2", "c=3"],
        "http://a.test/x/",
        "b=2; c=3; a=1",
    ),
    ("5.8.3", "http://a.test/", &["a=1", "b=2", "a=3"], "http://a.test/", "a=3; b=2"),
    (
        "5.8.3",
        "http://a.test/x/y/",
        &["a=1; Path=/x", "b=2", "c=3; Path=/"],
        "http://a.test/x/y/",
        "b=2; a=1; c=3",
    ),
    ("5.8.3", "https://a.test/", &["a=1; Secure", "b=2"], "http://a.test/", "b=2"),
    ("5.8.3", "http://x.a.test/", &["a=1; Domain=a.test", "b=2"], "http://y.a.test/", "a=1"),
    ("5.8.3", "http://a.test/", &["a=1; HttpOnly"], "https://a.test/", "a=1"),
    ("5.8.3", "http://a.test/", &["a=1"], "http://A.TEST/", "a=1"),
];

#[test]
fn cookies_follow_the_standard_section_by_section() {
    let mut faults = String::new();
    for (section, set_at, lines, asked, expected) in TABLE {
        let mut jar = Jar::default();
        for line in *lines {
            let _ = jar.store(line.as_bytes(), &Url::parse(set_at).unwrap(), NOW);
        }
        let sent = sent(&jar, asked, NOW);
        if sent != *expected {
            let _ = writeln!(
                faults,
                "{section}: {lines:?} from {set_at}: {asked} gets {sent:?}, not {expected:?}"
            );
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// The Cookie field that a request at this time gets.
fn sent(jar: &Jar, asked: &str, now: i64) -> String {
    let url = Url::parse(asked).unwrap();
    let sent = jar.retrieve(&Retrieval::new(&url, now)).sent;
    let pairs = sent.iter().map(|cookie| String::from_utf8_lossy(&cookie.pair()).into_owned());
    pairs.collect::<Vec<_>>().join("; ")
}

/// The jar of one answer.
fn jar(url: &str, line: &str) -> Jar {
    let mut jar = Jar::default();
    let _ = jar.store(line.as_bytes(), &Url::parse(url).unwrap(), NOW);
    jar
}

/// A Secure cookie of https is not pushed aside from http (5.7, "leave secure cookies alone").
#[test]
fn a_plain_answer_does_not_replace_a_secure_cookie() {
    let (https, http) =
        (Url::parse("https://a.test/").unwrap(), Url::parse("http://a.test/").unwrap());
    let mut jar = Jar::default();
    jar.store(b"a=1; Secure", &https, NOW).unwrap();
    assert!(jar.store(b"a=2", &http, NOW).is_err());
    assert!(jar.store(b"a=2; Path=/x", &http, NOW).is_err());
    assert!(jar.store(b"a=2; Domain=a.test", &http, NOW).is_err());
    assert!(jar.store(b"b=2", &http, NOW).is_ok());
    assert!(jar.store(b"a=2", &https, NOW).is_ok());
    // of a path beside the Secure one's, it may be
    let mut jar = Jar::default();
    jar.store(b"a=1; Secure; Path=/login", &https, NOW).unwrap();
    assert!(jar.store(b"a=2; Path=/login/en", &http, NOW).is_err());
    assert!(jar.store(b"a=2; Path=/foo", &http, NOW).is_ok());
}

/// What has expired by the time of the request is not sent (5.8.3); nothing lives longer than 400 days (5.5).
#[test]
fn cookies_expire_when_their_time_is_over() {
    const DAY: i64 = 86_400;
    let url = "http://a.test/";
    for (line, lives) in [
        ("a=1; Max-Age=60", 60),
        ("a=1; Expires=Sun, 22 Nov 2026 12:00:00 GMT", DAY),
        ("a=1; Max-Age=60; Expires=Sun, 22 Nov 2026 12:00:00 GMT", 60),
        ("a=1; Max-Age=99999999", 400 * DAY),
        ("a=1; Max-Age=99999999999999999999", 400 * DAY),
        ("a=1; Expires=Wed, 01 Jan 2099 00:00:00 GMT", 400 * DAY),
    ] {
        let jar = jar(url, line);
        assert_eq!(sent(&jar, url, NOW + lives - 1), "a=1", "{line}");
        assert_eq!(sent(&jar, url, NOW + lives + 1), "", "{line}");
    }
    assert_eq!(sent(&jar(url, "a=1"), url, NOW + 4000 * DAY), "a=1", "lives with the session");
}

/// Name and value together have 4,096 bytes, an attribute 1,024; what is longer is refused, or not read (5.6).
#[test]
fn sizes_are_limited_to_the_byte() {
    let url = "http://a.test/x/y";
    let pair = |size: usize| format!("a={}", "v".repeat(size - 1));
    assert_eq!(sent(&jar(url, &pair(4096)), url, NOW).len(), 4097);
    assert_eq!(sent(&jar(url, &pair(4097)), url, NOW), "");
    let path = |size: usize| format!("a=1; Path=/{}", "p".repeat(size - 1));
    assert_eq!(sent(&jar(url, &path(1024)), url, NOW), "", "its path is another");
    assert_eq!(sent(&jar(url, &path(1025)), url, NOW), "a=1", "its path is not read");
}
