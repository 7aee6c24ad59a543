//! The jar against a table taken from RFC 6265bis (draft 20), section by section, each with what is to be sent and what not.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fmt::Write as _;

use hopstep::domain::cookie::jar::{Jar, Retrieval};
use url::Url;

/// 21 November 2026, noon UTC.
const NOW: i64 = 1_795_262_400;

/// Section, the URL that sets, its Set-Cookie lines, the URL that is asked for, and the Cookie field it gets.
type Row = (&'static str, &'static str, &'static [&'static str], &'static str, &'static str);

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
    // host names
    ("5.1.2", "http://A.Test/", &["a=1; Domain=a.TEST"], "http://x.a.test/", "a=1"),
    (
        "5.1.2",
        "http://B\u{fc}cher.example.com/",
        &["a=1"],
        "http://xn--bcher-kva.example.com/",
        "a=1",
    ),
    // domain matching
    ("5.1.3", "http://x.a.test/", &["a=1; Domain=a.test"], "http://y.a.test/", "a=1"),
    ("5.1.3", "http://x.a.test/", &["a=1; Domain=a.test"], "http://ba.test/", ""),
    ("5.1.3", "http://a.test/", &["a=1; Domain=x.a.test"], "http://x.a.test/", ""),
    ("5.1.3", "http://127.0.0.1/", &["a=1; Domain=127.0.0.1"], "http://127.0.0.1/", "a=1"),
    ("5.1.3", "http://127.0.0.1/", &["a=1; Domain=0.0.1"], "http://127.0.0.1/", ""),
    // paths
    ("5.1.4", "http://a.test/x/y", &["a=1"], "http://a.test/x/z", "a=1"),
    ("5.1.4", "http://a.test/x/y", &["a=1"], "http://a.test/x", "a=1"),
    ("5.1.4", "http://a.test/x/y", &["a=1"], "http://a.test/xy", ""),
    ("5.1.4", "http://a.test/", &["a=1; Path=/x/"], "http://a.test/x/y", "a=1"),
    ("5.1.4", "http://a.test/", &["a=1; Path=/x/"], "http://a.test/x", ""),
    ("5.1.4", "http://a.test/x", &["a=1"], "http://a.test/z", "a=1"),
    // parsing
    ("5.6", "http://a.test/", &["  a = 1 ; x"], "http://a.test/", "a=1"),
    ("5.6", "http://a.test/", &["a=1=2"], "http://a.test/", "a=1=2"),
    ("5.6", "http://a.test/", &["alone"], "http://a.test/", "alone"),
    ("5.6", "http://a.test/", &["=alone"], "http://a.test/", "alone"),
    ("5.6", "http://a.test/", &["a=\"q q\""], "http://a.test/", "a=\"q q\""),
    ("5.6", "http://a.test/", &["="], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1\u{1}2"], "http://a.test/", ""),
    ("5.6", "http://a.test/", &["a=1; Path=/x; Path=/"], "http://a.test/y", "a=1"),
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
    ("5.6.3", "http://x.a.test/", &["a=1; Domain=.a.test"], "http://y.a.test/", "a=1"),
    ("5.6.3", "http://a.test/", &["a=1; Domain="], "http://x.a.test/", ""),
    ("5.6.3", "http://a.test/", &["a=1; Domain=b.test"], "http://b.test/", ""),
    ("5.6.4", "http://a.test/x/y", &["a=1; Path=rel"], "http://a.test/x/", "a=1"),
    ("5.6.4", "http://a.test/x/y", &["a=1; Path="], "http://a.test/z", ""),
    ("5.6.5", "https://a.test/", &["a=1; secure=x"], "https://a.test/", "a=1"),
    ("5.6.5", "https://a.test/", &["a=1; Secure"], "http://a.test/", ""),
    ("5.6.6", "http://a.test/", &["a=1; HttpOnly"], "http://a.test/", "a=1"),
    ("5.6.7", "https://a.test/", &["a=1; SameSite=None; Secure"], "https://a.test/", "a=1"),
    ("5.6.7", "https://a.test/", &["a=1; SameSite=None"], "https://a.test/", ""),
    ("5.6.7", "http://a.test/", &["a=1; SameSite=odd"], "http://a.test/", "a=1"),
    // storing
    ("5.7", "http://a.test/", &["a=1", "a=2"], "http://a.test/", "a=2"),
    ("5.7", "http://a.test/", &["a=1", "a=2; Path=/x"], "http://a.test/x", "a=2; a=1"),
    ("5.7", "http://a.test/", &["a=1", "a=; Max-Age=0"], "http://a.test/", ""),
    ("5.7", "http://a.test/", &["a=1; Secure"], "https://a.test/", ""),
    ("5.7", "https://a.co.uk/", &["a=1; Domain=co.uk"], "https://b.co.uk/", ""),
    ("5.7", "https://com/", &["a=1; Domain=com"], "https://com/", "a=1"),
    ("5.7", "https://com/", &["a=1; Domain=com"], "https://x.com/", ""),
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
];

#[test]
fn cookies_follow_the_standard_section_by_section() {
    let mut faults = String::new();
    for (section, set_at, lines, asked, expected) in TABLE {
        let mut jar = Jar::default();
        for line in *lines {
            let _ = jar.store(line.as_bytes(), &Url::parse(set_at).unwrap(), NOW);
        }
        let url = Url::parse(asked).unwrap();
        let question = Retrieval {
            url: &url,
            now: NOW,
            host_only_to_subdomains: false,
            secure_over_http: false,
            set_within_path: false,
            long_names_first: false,
            by_port: false,
            newest_first: false,
            path_by_characters: false,
        };
        let pairs: Vec<String> = jar
            .retrieve(&question)
            .sent
            .iter()
            .map(|cookie| String::from_utf8_lossy(&cookie.pair()).into_owned())
            .collect();
        let sent = pairs.join("; ");
        if sent != *expected {
            let _ = writeln!(
                faults,
                "{section}: {lines:?} from {set_at}: {asked} gets {sent:?}, not {expected:?}"
            );
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// A Secure cookie of https is not pushed aside from http (5.7, "leave secure cookies alone").
#[test]
fn a_plain_answer_does_not_replace_a_secure_cookie() {
    let (https, http) =
        (Url::parse("https://a.test/").unwrap(), Url::parse("http://a.test/").unwrap());
    let mut jar = Jar::default();
    jar.store(b"a=1; Secure", &https, NOW).unwrap();
    assert!(jar.store(b"a=2", &http, NOW).is_err());
    assert!(jar.store(b"b=2", &http, NOW).is_ok());
}
