//! Cookies of the next request: the jar's, the user's, and how they mix.

use std::borrow::Cow;

use url::{Host, Url};

use crate::domain::chain::Hop;
use crate::domain::client::Client;
use crate::domain::client::policy::{JarUse, Mix};
use crate::domain::cookie::jar::{Cookie, Jar, Reading, Retrieval};
use crate::domain::cookie::set_cookie::SetCookie;
use crate::domain::cookie::{CookieLog, CookieNote, CookiePair, StoredCookie};
use crate::domain::http::field::decode;
use crate::domain::http::origin::{is_this_machine, same_origin};
use crate::domain::http::request::{Draft, FieldEdit, FieldSource};

use super::lines::Lines;

/// What decides which cookies go along.
#[derive(Clone, Copy, Debug)]
pub(super) struct CookieInput<'a> {
    pub draft: &'a Draft,
    pub client: &'a Client,
    pub jar: &'a Jar,
    pub now: i64,
    pub first: &'a Url,
    pub previous: &'a Url,
    /// The target that is sent, where the URL has another.
    pub exact: Option<&'a str>,
}

/// Whether the client remembers cookies at all.
pub(crate) fn uses_jar(client: &Client) -> bool {
    match client.cookies.jar {
        JarUse::Absent | JarUse::Off => false,
        JarUse::On | JarUse::Asked | JarUse::SameOrigin => true,
    }
}

/// What the jar may be asked for by this client.
fn retrieval<'a>(
    client: &Client,
    (url, path): (&'a Url, Option<&'a str>),
    now: i64,
) -> Retrieval<'a> {
    Retrieval {
        url,
        path,
        now,
        host_only_to_subdomains: client.cookies.host_only_to_subdomains,
        secure_over_http: client.cookies.secure_over_http
            || (client.cookies.secure_on_this_machine && is_this_machine(url)),
        set_within_path: client.cookies.set_within_path,
        long_names_first: client.cookies.long_names_first,
        newest_first: client.cookies.newest_first,
        path_by_characters: client.cookies.path_by_characters,
        by_port: client.cookies.by_port,
    }
}

/// Takes the jar's cookies and those given by option out of the lines, so that they can be made anew.
pub(super) fn remove(lines: &mut Lines<'_>, option: Option<&str>) {
    lines.drop_where(|field, source| {
        field.is("Cookie")
            && (source == FieldSource::Jar
                || (source == FieldSource::User
                    && option.is_some_and(|o| o.as_bytes() == field.value)))
    });
}

/// Adds the Cookie line, or lines, for this URL. `option` is what `-b 'k=v'` gave.
pub(super) fn add(lines: &mut Lines<'_>, url: &Url, option: Option<&str>, input: &CookieInput<'_>) {
    let jar = from_jar(url, input);
    if let Some(option) = option.filter(|option| !option.is_empty()) {
        let (source, value) = match jar.is_empty() {
            true => (FieldSource::User, option.as_bytes().to_vec()),
            false => (FieldSource::Jar, join(&jar, option.as_bytes())),
        };
        return lines.insert("Cookie", value, source);
    }
    if jar.is_empty() {
        return;
    }
    let Some(users) = lines.0.iter().find(|(field, _)| field.is("Cookie")) else {
        return lines.insert("Cookie", jar, FieldSource::Jar);
    };
    let users = &users.0.value;
    let rules = &input.client.cookies;
    let asked = rules.mix_asked.filter(|_| rules.jar == JarUse::Asked);
    let mixed = match asked.unwrap_or(rules.mix) {
        Mix::FieldOnly => return,
        Mix::TwoLines => return lines.insert("Cookie", jar, FieldSource::Jar),
        Mix::JarOnly => jar,
        Mix::FieldFirst => join(users, &jar),
        Mix::JarFirst => join(&jar, users),
        Mix::JarOverrides => overridden(users, &jar),
    };
    lines.drop_where(|field, _| field.is("Cookie"));
    lines.insert("Cookie", mixed, FieldSource::Jar);
}

fn from_jar(url: &Url, input: &CookieInput<'_>) -> Vec<u8> {
    let client = input.client;
    let open = match client.cookies.jar {
        JarUse::Absent | JarUse::Off => false,
        JarUse::On | JarUse::Asked => true,
        JarUse::SameOrigin => same_origin(input.first, url) && same_origin(input.previous, url),
    };
    let address = matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)));
    if !open || (address && client.cookies.names_only) {
        return Vec::new();
    }
    let url = known_as(url, input.draft, client);
    let path = input.exact.map(path_of);
    let found = input.jar.retrieve(&retrieval(client, (&url, path), input.now));
    let pairs: Vec<Vec<u8>> = found.sent.iter().map(|cookie| cookie.pair()).collect();
    pairs.join(&b"; "[..])
}

fn path_of(target: &str) -> &str {
    target.split('?').next().unwrap_or_default()
}

/// This URL as the client's jar knows it.
fn known_as<'a>(url: &'a Url, draft: &Draft, client: &Client) -> Cow<'a, Url> {
    let mut hosts = draft.fields.iter().filter(|edit| edit.name().eq_ignore_ascii_case("Host"));
    let Some(FieldEdit::Set(field)) = hosts.next().filter(|_| client.cookies.by_host_field) else {
        return Cow::Borrowed(url);
    };
    let text = field.text();
    let host = match text.trim() {
        bracketed if bracketed.starts_with('[') => bracketed.split_inclusive(']').next(),
        plain => plain.split(':').next(),
    };
    let mut named = url.clone();
    match named.set_host(host.filter(|host| !host.is_empty())) {
        Ok(()) => Cow::Owned(named),
        Err(_) => Cow::Borrowed(url),
    }
}

fn join(first: &[u8], second: &[u8]) -> Vec<u8> {
    [first, second].join(&b"; "[..])
}

/// The user's cookies but for those the jar has too, then the jar's.
fn overridden(users: &[u8], jar: &[u8]) -> Vec<u8> {
    let known: Vec<&[u8]> = jar.split(|&byte| byte == b';').map(name).collect();
    let mut kept: Vec<&[u8]> = users
        .split(|&byte| byte == b';')
        .filter(|pair| !known.contains(&name(pair)))
        .map(<[u8]>::trim_ascii)
        .collect();
    kept.push(jar);
    kept.join(&b"; "[..])
}

fn name(pair: &[u8]) -> &[u8] {
    pair.split(|&byte| byte == b'=').next().unwrap_or_default().trim_ascii()
}

/// What happened to cookies at the last hop, and the jar after it. The jar learns also for clients that do not use
/// it, so that another client can take over; the log tells only what this client did.
pub(crate) fn take(
    hop: &Hop,
    (client, draft): (&Client, &Draft),
    jar: &mut Jar,
    now: i64,
) -> CookieLog {
    let url = &*known_as(&hop.request.url, draft, client);
    let path = hop.request.exact_target.as_deref().map(path_of);
    let question = retrieval(client, (url, path), now);
    let mut log = if uses_jar(client) { sent(hop, jar, &question) } else { CookieLog::default() };
    let reading =
        Reading { path, same_site: client.cookies.same_site, as_curl: client.cookies.as_curl };
    for field in hop.exchange.fields().all("Set-Cookie") {
        let name = SetCookie::name_of(reading.from_name(&field.value));
        match jar.store_as(&field.value, url, now, reading) {
            Ok(effect) => log.stored.push(StoredCookie { name, effect }),
            Err(refusal) => log.rejected.push(CookieNote { name, reason: refusal.to_string() }),
        }
    }
    if uses_jar(client) { log } else { CookieLog::default() }
}

/// What of the jar went along with the request.
fn sent(hop: &Hop, jar: &Jar, question: &Retrieval<'_>) -> CookieLog {
    let found = jar.retrieve(question);
    let field: Vec<u8> =
        hop.request.fields.all("Cookie").flat_map(|f| [&f.value, &b";"[..]].concat()).collect();
    let pairs: Vec<&[u8]> = field.split(|&byte| byte == b';').map(<[u8]>::trim_ascii).collect();
    let (sent, kept): (Vec<&Cookie>, Vec<&Cookie>) =
        found.sent.iter().copied().partition(|cookie| pairs.contains(&cookie.pair().as_slice()));
    let note = |cookie: &Cookie, reason: String| CookieNote { name: decode(&cookie.name), reason };
    let withheld = found.withheld.iter().map(|(cookie, why)| note(cookie, why.to_string()));
    let kept = kept.into_iter().map(|cookie| note(cookie, KEPT.to_owned()));
    CookieLog {
        sent: sent.into_iter().map(pair).collect(),
        withheld: withheld.chain(kept).collect(),
        ..CookieLog::default()
    }
}

/// Why a cookie that matches stayed behind all the same.
const KEPT: &str = "this client sends the Cookie it was given, or none to this origin";

fn pair(cookie: &Cookie) -> CookiePair {
    CookiePair { name: decode(&cookie.name), value: decode(&cookie.value) }
}
