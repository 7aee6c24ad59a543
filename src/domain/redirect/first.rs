//! The first request: what curl would send for the same options.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::domain::client::Client;
use crate::domain::cookie::jar::Jar;
use crate::domain::http::field::Field;
use crate::domain::http::request::{Credentials, Draft, FieldEdit, FieldSource, Request};
use crate::domain::netrc::Netrc;

use super::cookies::{self, CookieInput};
use super::lines::Lines;
use super::location;
use super::trail::Trail;

/// What is sent as User-Agent unless the user says otherwise.
pub(crate) const USER_AGENT: &str = concat!("hopstep/", env!("CARGO_PKG_VERSION"));

/// Above this many bytes of body curl asks for leave to send it, over HTTP/1.1 only (`lib/http.h`, EXPECT_100_THRESHOLD).
pub(crate) const EXPECT: u64 = 1024 * 1024;

/// The codings that hopstep decodes, in curl's order.
const ACCEPT_ENCODING: &str = "deflate, gzip, br, zstd";

/// The first request of a chain, and what the client carries from it.
pub(super) fn start(draft: &Draft, client: &Client, jar: &Jar, now: i64) -> (Request, Trail) {
    let mut lines = Lines::default();
    host(&mut lines, draft, client);
    authorization(&mut lines, draft);
    match draft.body {
        Some(_) => content_range(&mut lines, draft),
        None => range(&mut lines, draft),
    }
    defaults(&mut lines, draft);
    users_lines(&mut lines, draft);
    body_lines(&mut lines, draft);
    let given = location::userinfo_of(&draft.url);
    let trail = Trail {
        cookie_option: draft.cookie.clone().filter(|_| edits(draft, "Cookie").next().is_none()),
        asked: draft
            .netrc()
            .filter(|_| !has_netrc(&lines))
            .and_then(|file| file.asked(given.clone())),
        given,
        authority: typed_host(draft, client).filter(|typed| typed != host_of(&draft.url)),
        ..Trail::default()
    };
    let exact = draft.exact_target();
    let (first, previous) = (&draft.url, &draft.url);
    let input = CookieInput { draft, client, jar, now, first, previous, exact: exact.as_deref() };
    cookies::add(&mut lines, &draft.url, trail.cookie_option.as_deref(), &input);
    let (fields, sources) = lines.split();
    let request = Request {
        method: draft.method.clone(),
        url: draft.url.clone(),
        fields,
        sources,
        body: draft.body.clone(),
        exact_target: exact,
        written: draft.written().filter(|target| !target.is_ascii()).map(str::to_owned),
        http10: draft.http10,
    };
    (request, trail)
}

fn has_netrc(lines: &Lines<'_>) -> bool {
    lines.0.iter().any(|(_, source)| *source == FieldSource::Netrc)
}

/// Every `-H` for this name, in order.
fn edits<'a>(draft: &'a Draft, name: &'a str) -> impl Iterator<Item = &'a FieldEdit> {
    draft.fields.iter().filter(move |edit| edit.name().eq_ignore_ascii_case(name))
}

/// A Host the user wrote stands in place of the default; only the first counts.
fn host(lines: &mut Lines<'_>, draft: &Draft, client: &Client) {
    match edits(draft, "Host").next() {
        None => {
            let host = typed_host(draft, client);
            let host = host.unwrap_or_else(|| host_of(&draft.url).to_owned());
            lines.push("Host", host, FieldSource::Client);
        }
        Some(FieldEdit::Set(field)) => {
            lines.push("Host", field.value.clone(), FieldSource::User);
        }
        Some(FieldEdit::Empty(_)) => lines.push("Host", "", FieldSource::User),
        Some(FieldEdit::Remove(_)) => {}
    }
}

/// Host and port in the letters that were typed, where the client leaves those of a Location too.
fn typed_host(draft: &Draft, client: &Client) -> Option<String> {
    let normal = host_of(&draft.url);
    let host = typed_authority(draft).rsplit('@').next().unwrap_or_default();
    let name = host.len().min(normal.len());
    let written = host.get(..name).filter(|_| client.target.written_host.case)?;
    let same = normal.get(..name)?.eq_ignore_ascii_case(written);
    same.then(|| format!("{written}{}", &normal[name..]))
}

fn typed_authority(draft: &Draft) -> &str {
    let typed = draft.typed.trim();
    let after = typed.split_once("://").map_or(typed, |(_, after)| after);
    after.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

/// Host and port as the Host field has them.
pub(super) fn host_of(url: &url::Url) -> &str {
    &url[url::Position::BeforeHost..url::Position::AfterPort]
}

/// `-u` wins over the URL's userinfo; a bearer token over both; a line the user wrote over everything.
fn authorization(lines: &mut Lines<'_>, draft: &Draft) {
    if edits(draft, "Authorization").next().is_some() {
        return;
    }
    match &draft.credentials {
        Some(Credentials::Bearer(token)) => {
            lines.push("Authorization", format!("Bearer {token}"), FieldSource::Credentials);
        }
        Some(Credentials::Basic { user, password }) => {
            let value = basic(user.as_bytes(), password.as_bytes());
            lines.push("Authorization", value, FieldSource::Credentials);
        }
        None => {
            let (given, empty) = (location::userinfo_of(&draft.url), empty_userinfo(draft));
            let found = |netrc: &Netrc| netrc.credentials(&draft.url, given.as_ref());
            let found = draft.netrc().filter(|_| empty.is_none()).and_then(found);
            let found = found.map(|found| (found, FieldSource::Netrc));
            let given = given.clone().or(empty).map(|given| (given, FieldSource::Userinfo));
            if let Some((pair, source)) = found.or(given) {
                lines.push("Authorization", basic(&pair.user, &pair.password), source);
            }
        }
    }
}

/// An empty name, typed with an empty password or none: the URL standard drops them, curl says them (`lib/url.c`).
fn empty_userinfo(draft: &Draft) -> Option<location::Userinfo> {
    let (given, _) = typed_authority(draft).rsplit_once('@')?;
    matches!(given, "" | ":").then(location::Userinfo::default)
}

/// The value of a Basic Authorization (RFC 7617 §2).
pub(super) fn basic(user: &[u8], password: &[u8]) -> String {
    format!("Basic {}", BASE64.encode([user, b":", password].concat()))
}

fn defaults(lines: &mut Lines<'_>, draft: &Draft) {
    let agent = draft.user_agent.as_deref();
    let agent_source = agent.map_or(FieldSource::Client, |_| FieldSource::User);
    let encodings = draft.compressed.then_some(ACCEPT_ENCODING);
    let defaults = [
        (
            "User-Agent",
            Some(agent.unwrap_or(USER_AGENT)).filter(|agent| !agent.is_empty()),
            agent_source,
        ),
        ("Accept", Some("*/*"), FieldSource::Client),
        ("Accept-Encoding", encodings, FieldSource::Client),
        ("Referer", draft.referer.as_deref().filter(|url| !url.is_empty()), FieldSource::User),
    ];
    for (name, value, source) in defaults {
        if let Some(value) = value.filter(|_| edits(draft, name).next().is_none()) {
            lines.push(name, value, source);
        }
    }
}

fn users_lines(lines: &mut Lines<'_>, draft: &Draft) {
    for edit in &draft.fields {
        match edit {
            _ if edit.name().eq_ignore_ascii_case("Host") => {}
            FieldEdit::Set(Field { name, value }) => {
                lines.push(name, value.clone(), FieldSource::User);
            }
            FieldEdit::Empty(name) => lines.push(name, "", FieldSource::User),
            FieldEdit::Remove(_) => {}
        }
    }
}

/// What `-r` says of a body (`lib/http.c`, Curl_http_range); of a form it says nothing.
fn content_range(lines: &mut Lines<'_>, draft: &Draft) {
    let (Some(range), Some(body)) = (&draft.range, &draft.body) else { return };
    let form = draft.content_type.as_deref().is_some_and(|of| of.starts_with("multipart/"));
    if form || edits(draft, "Content-Range").next().is_some() {
        return;
    }
    let size = if body.streamed { "-1".to_owned() } else { body.len().to_string() };
    // a Range of the user's keeps curl from writing the line anew: it stays when the body goes
    let stays = edits(draft, "Range").next().is_some();
    let source = if stays { FieldSource::User } else { FieldSource::Body };
    lines.push("Content-Range", format!("bytes {range}/{size}"), source);
}

/// A request without the body that the first one had is for the range that the body was said to be.
pub(super) fn range(lines: &mut Lines<'_>, draft: &Draft) {
    let Some(range) = &draft.range else { return };
    if edits(draft, "Range").next().is_none() && !lines.has("Range") {
        lines.insert("Range", format!("bytes={range}"), FieldSource::User);
    }
}

fn body_lines(lines: &mut Lines<'_>, draft: &Draft) {
    let Some(body) = &draft.body else { return };
    let free = |name| edits(draft, name).next().is_none();
    // without a length beforehand (RFC 9112 §6.1) curl sends chunks, whatever Content-Length the user wrote (`lib/http.c`,
    // Curl_http_body)
    let unmeasured = body.streamed || body.unmeasured;
    if unmeasured && free("Transfer-Encoding") {
        lines.push("Transfer-Encoding", "chunked", FieldSource::Body);
    }
    if !unmeasured && free("Content-Length") && !chunked(draft) {
        lines.push("Content-Length", body.len().to_string(), FieldSource::Body);
    }
    let media_type = draft.content_type.as_deref();
    if let Some(value) = media_type.filter(|_| edits(draft, "Content-Type").next().is_none()) {
        lines.push("Content-Type", value, FieldSource::Body);
    }
    // `lib/http.c`, addexpect, of 8.x: more than the threshold, or a length that nobody knows. 7.88 measures `-d` and `-F` alike, and
    // asks for every `-T` that is not empty
    let unknown = unmeasured || (draft.upload && chunked(draft));
    let large = unknown || body.len() > EXPECT;
    if large && free("Expect") && !draft.http10 {
        lines.push("Expect", "100-continue", FieldSource::Body);
    }
}

/// The user frames the body in chunks by hand.
fn chunked(draft: &Draft) -> bool {
    edits(draft, "Transfer-Encoding").any(|edit| match edit {
        FieldEdit::Set(field) => field.is_chunked(),
        FieldEdit::Empty(_) | FieldEdit::Remove(_) => false,
    })
}
