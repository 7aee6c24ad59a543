//! Plain: chains of which no rule has an error to tell, seen at a glance, so that a map of 100,000 rows need not ask 88 rules
//! about each.
//!
//! **Invariant:** where [`is_plain`] says yes, no rule of the catalogue says error by the default policy. It may say no to any
//! chain: then the rules are asked.

use url::Url;

use crate::domain::chain::{Chain, Ending, Hop};
use crate::domain::evidence::is_redirect_status;
use crate::domain::http::field::Fields;
use crate::domain::http::method::Method;
use crate::domain::http::request::{FieldSource, Request};

/// More hops than this are looked at.
const HOPS: usize = 3;

/// Longer addresses than this are looked at.
const ADDRESS: usize = 512;

/// Response fields that no rule holds against a plain redirect.
const FIELDS: &[&str] = &[
    "accept-ranges",
    "age",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "date",
    "etag",
    "keep-alive",
    "last-modified",
    "location",
    "server",
    "vary",
    "x-cache",
    "x-request-id",
];

/// Parts of paths that can have a meaning: sign-in, consent, maintenance, sessions, templates, files for programs.
const MEANINGS: &[&str] = &[
    "204",
    "account",
    "api",
    "auth",
    "busy",
    "canonical",
    "captive",
    "cas",
    "check",
    "cmp",
    "connect",
    "consent",
    "cookie",
    "detect",
    "down",
    "gdpr",
    "gen_",
    "generate",
    "graphql",
    "guest",
    "hotspot",
    "kindle",
    "log",
    "mainten",
    "nan",
    "ncsi",
    "network",
    "none",
    "null",
    "outage",
    "portal",
    "queue",
    "rest",
    "rpc",
    "sess",
    "sign",
    "sorry",
    "sso",
    "success",
    "unavail",
    "undefined",
    "user",
    "waiting",
    "wifi",
    "wp-",
];

/// Words with which a body can lead elsewhere.
const LEADS: &[&str] = &["href", "http-equiv", "location", "<script", "<form", "action="];

/// Whether no rule has an error to tell of this chain.
pub(super) fn is_plain(chain: &Chain) -> bool {
    let Some((last, redirects)) = chain.hops.split_last() else { return false };
    chain.ending() == Some(Ending::Final)
        && chain.hops.len() <= HOPS
        && chain.hops.iter().all(is_plain_hop)
        && redirects.iter().zip(chain.hops.iter().skip(1)).all(|(hop, next)| leads_to(hop, next))
        && last.status().is_some_and(|status| (200..300).contains(&status))
        && !last.exchange.fields().contains("Location")
        && distinct(chain)
}

fn is_plain_hop(hop: &Hop) -> bool {
    let exchange = &hop.exchange;
    let Some(head) = &exchange.response else { return false };
    exchange.failure.is_none()
        && exchange.informational.is_empty()
        && head.deviations.is_empty()
        && is_plain_request(&hop.request)
        && fields_are_plain(&head.fields)
        && hop.cookies.sent.is_empty()
}

fn is_plain_request(request: &Request) -> bool {
    let own = |source: &FieldSource| *source == FieldSource::Client;
    request.method == Method::GET
        && request.body.is_none()
        && request.exact_target.is_none()
        && request.sources.iter().all(own)
        && is_plain_url(&request.url)
}

/// `http://host/words`, without anything that can carry a meaning.
fn is_plain_url(url: &Url) -> bool {
    url.scheme() == "http"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.as_str().len() <= ADDRESS
        && is_plain_path(url.path())
}

fn is_plain_path(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte);
    path.starts_with('/')
        && !path.contains("//")
        && path.bytes().all(plain)
        && !MEANINGS.iter().any(|word| contains(path.as_bytes(), word.as_bytes()))
}

fn fields_are_plain(fields: &Fields) -> bool {
    let mut locations = 0;
    fields.iter().all(|field| {
        locations += usize::from(field.is("Location"));
        FIELDS.iter().any(|known| field.is(known)) && field.value.is_ascii()
    }) && locations <= 1
}

/// A redirect within the host whose Location is the next address, written plainly.
fn leads_to(hop: &Hop, next: &Hop) -> bool {
    let (from, to) = (&hop.request.url, &next.request.url);
    let same_host = from.host_str() == to.host_str() && from.port() == to.port();
    let location = hop.location().unwrap_or_default();
    let written = location == to.path().as_bytes() || location == to.as_str().as_bytes();
    let body = &hop.exchange.body;
    let quiet = body.complete
        && body.decoded_size as usize <= body.head.len()
        && !LEADS.iter().any(|word| contains(&body.head, word.as_bytes()));
    hop.status().is_some_and(is_redirect_status) && same_host && written && quiet
}

fn distinct(chain: &Chain) -> bool {
    let urls = || chain.hops.iter().map(|hop| hop.request.url.as_str());
    urls().enumerate().all(|(at, url)| urls().skip(at + 1).all(|other| other != url))
}

/// Whether the bytes hold this lower-case word, in whatever case.
fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else { return true };
    let starts = bytes.iter().enumerate().filter(|(_, byte)| byte.to_ascii_lowercase() == *first);
    let mut found = starts.filter_map(|(at, _)| bytes.get(at..at + word.len()));
    found.any(|found| found.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::chain::Limits;
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::finding::Severity;
    use crate::domain::http::body::BodyRecord;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::head::ResponseHead;
    use crate::domain::http::request::Draft;
    use crate::domain::rules;

    fn chain(client: &str, paths: &[&str], status: u16) -> Chain {
        let url = format!("http://a.example.com{}", paths[0]);
        let client = Client::named(client).unwrap();
        let draft = Draft::get(Url::parse(&url).unwrap());
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        for next in paths.iter().skip(1).map(Some).chain([None]) {
            if chain.send().is_none() {
                break;
            }
            let mut fields = Fields::new();
            fields.push("Server", "nginx");
            fields.push("Content-Length", "0");
            if let Some(next) = next {
                fields.push("Location", *next);
            }
            let status = if next.is_some() { status } else { 200 };
            let head = ResponseHead { status, fields, ..ResponseHead::default() };
            let body = BodyRecord { complete: true, ..BodyRecord::default() };
            chain.receive(Exchange { response: Some(head), body, ..Exchange::default() }, 0);
        }
        chain
    }

    /// Every word that the tables of intents and issuers know, as a segment, and some that are plain.
    fn words() -> Vec<String> {
        let tables = [
            include_str!("../../../../assets/intents.toml"),
            include_str!("../../../../assets/issuers.toml"),
        ];
        let quoted = tables.iter().flat_map(|table| table.split('"').skip(1).step_by(2));
        let mut all: Vec<String> = quoted
            .map(|word| word.trim_start_matches('/').to_owned())
            .filter(|word| word.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.".contains(&b)))
            .collect();
        all.extend(["new/1", "index.html", "en/about", "x"].map(str::to_owned));
        all
    }

    #[test]
    fn no_rule_has_an_error_to_tell_of_a_plain_chain() {
        let mut plain = 0;
        for word in words() {
            let (target, under) = (format!("/{word}"), format!("/{word}/next"));
            for status in [301, 302, 303, 307, 308] {
                for paths in
                    [&["/old/1", &target][..], &["/old/1", &under, &target], &[&target, "/new"]]
                {
                    let chain = chain("curl", paths, status);
                    if is_plain(&chain) {
                        plain += 1;
                        let findings = rules::judge(&chain);
                        let error = findings.iter().find(|of| of.severity == Severity::Error);
                        assert_eq!(error, None, "{paths:?} {status}");
                    }
                }
            }
        }
        assert!(plain > 500, "{plain}");
    }

    #[test]
    fn every_client_is_plain_alike() {
        for client in Client::names() {
            let chain = chain(client, &["/old/1", "/new/1"], 301);
            if is_plain(&chain) {
                let findings = rules::judge(&chain);
                assert!(findings.iter().all(|of| of.severity < Severity::Error), "{client}");
            }
        }
    }

    #[test]
    fn what_can_mean_something_is_looked_at() {
        assert!(is_plain(&chain("curl", &["/old/1", "/new/1"], 301)));
        for paths in [
            &["/old", "/login"][..],
            &["/old", "/new?x=1"],
            &["/old", "//b.test/x"],
            &["/a", "/b", "/c", "/d"],
        ] {
            assert!(!is_plain(&chain("curl", paths, 301)), "{paths:?}");
        }
    }
}
