//! Heads of an exchange from what was recorded of its bytes; from what a library made of HTTP/2 where they were not seen.

use bytes::Bytes;
use url::Position;

use super::recorder::Record;
use super::request::is_http1_only;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{RequestHead, ResponseHead, Version};
use crate::domain::http::head_parser::{parse_request, parse_response};
use crate::domain::http::method::is_token_byte;
use crate::domain::http::request::Request;

/// The request head as it went out; `None` when nothing was written.
pub(super) fn sent(record: &Record, request: &Request) -> Option<RequestHead> {
    if record.http2 {
        let seen = record.seen.as_ref()?;
        let planned = || seen.is_blind().then(|| http2_request(record, request));
        return seen.request().map(|(head, _)| head).or_else(planned);
    }
    let raw = record.sent.head();
    match is_planned(&raw, request) {
        true => Some(RequestHead {
            method: request.method.clone(),
            target: request.target().to_owned(),
            version: if request.http10 { Version::Http10 } else { Version::Http11 },
            fields: request.fields.clone(),
            raw,
        }),
        false => parse_request(raw),
    }
}

/// The bytes are those of the planned request, and nothing in them reads otherwise than it was meant.
fn is_planned(raw: &[u8], request: &Request) -> bool {
    let mut rest = raw;
    let mut follows = |part: &[u8]| match rest.strip_prefix(part) {
        Some(after) => {
            rest = after;
            true
        }
        None => false,
    };
    let (method, target) = (request.method.as_str(), request.target());
    [method, " ", target, version_of(request)].iter().all(|part| follows(part.as_bytes()))
        && request.fields.iter().all(|Field { name, value }| {
            let colon: &[u8] = if value.is_empty() { b":" } else { b": " };
            reads_as_meant(name, value)
                && [name.as_bytes(), colon, value, b"\r\n"].into_iter().all(&mut follows)
        })
        && follows(b"\r\n")
        && rest.is_empty()
}

/// How a request line ends.
pub(super) fn version_of(request: &Request) -> &'static str {
    if request.http10 { " HTTP/1.0\r\n" } else { " HTTP/1.1\r\n" }
}

/// No space around the value, and no byte in the name that is not for names.
fn reads_as_meant(name: &str, value: &[u8]) -> bool {
    let blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    !name.is_empty()
        && name.bytes().all(is_token_byte)
        && !blank(value.first())
        && !blank(value.last())
}

/// HTTP/2 has lower-case names, and no fields of one connection.
fn http2_request(record: &Record, request: &Request) -> RequestHead {
    let kept = request.fields.iter().chain(&record.forwarded).filter(|field| !is_http1_only(field));
    RequestHead {
        method: request.method.clone(),
        target: request.target().to_owned(),
        version: Version::Http2,
        fields: kept.map(|f| Field::new(f.name.to_ascii_lowercase(), f.value.clone())).collect(),
        raw: Bytes::new(),
    }
}

/// The final head, whole or as far as it came, deviations noted.
pub(super) fn received(record: &Record) -> Option<ResponseHead> {
    match &record.seen {
        Some(seen) => seen.head(),
        None if record.http2 => None,
        None => parse_response(record.received.head()),
    }
}

pub(super) fn informational(record: &Record) -> Vec<ResponseHead> {
    match &record.seen {
        Some(seen) => seen.informational(),
        None => record.received.interim().iter().cloned().filter_map(parse_response).collect(),
    }
}

/// HTTP/2 sends no Host: another `:authority` than the URL's would not be seen in the head.
pub(super) fn authority(record: &Record, request: &Request) -> Option<String> {
    let (_, authority) = record.seen.as_ref()?.request()?;
    let own = &request.url[Position::BeforeHost..Position::AfterPort];
    let authority = authority.filter(|other| other != own)?;
    Some(format!(
        "The request named {authority} as its :authority, which HTTP/2 has instead of Host."
    ))
}

/// A head of HTTP/2 as the library has it: names in lower case, duplicates grouped.
pub(super) fn of_http2(parts: &http::response::Parts) -> ResponseHead {
    ResponseHead {
        version: Version::Http2,
        status: parts.status.as_u16(),
        fields: fields(&parts.headers),
        ..ResponseHead::default()
    }
}

pub(super) fn fields(map: &http::HeaderMap) -> Fields {
    map.iter().map(|(name, value)| Field::new(name.as_str(), value.as_bytes())).collect()
}
