//! Heads of an exchange from what was recorded, or from what the library parsed where there is no record.

use bytes::Bytes;

use super::recorder::Record;
use super::request::is_http1_only;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{RequestHead, ResponseHead, Version};
use crate::domain::http::head_parser::{parse_request, parse_response};
use crate::domain::http::method::Method;
use crate::domain::http::request::Request;

/// The request head as it went out; `None` when nothing was written.
pub(super) fn sent(record: &Record, request: &Request) -> Option<RequestHead> {
    if record.http2 {
        return Some(http2_request(record, request));
    }
    parse_request(record.sent.head())
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
    if record.http2 { None } else { parse_response(record.received.head()) }
}

pub(super) fn informational(record: &Record) -> Vec<ResponseHead> {
    record.received.interim().iter().cloned().filter_map(parse_response).collect()
}

/// The head as the library parsed it: names in lower case, duplicates grouped.
pub(super) fn from_library(parts: &http::response::Parts) -> ResponseHead {
    let version = match parts.version {
        http::Version::HTTP_2 => Version::Http2,
        http::Version::HTTP_10 => Version::Http10,
        _ => Version::Http11,
    };
    let reason = match version {
        Version::Http2 => "",
        Version::Http10 | Version::Http11 => parts.status.canonical_reason().unwrap_or_default(),
    };
    ResponseHead {
        version,
        status: parts.status.as_u16(),
        reason: reason.to_owned(),
        fields: fields(&parts.headers),
        ..ResponseHead::default()
    }
}

pub(super) fn fields(map: &http::HeaderMap) -> Fields {
    map.iter().map(|(name, value)| Field::new(name.as_str(), value.as_bytes())).collect()
}

/// How the request that went out differs from the one that was planned, one sentence each.
pub(super) fn differences(sent: &RequestHead, request: &Request) -> Vec<String> {
    let mut notes = Vec::new();
    let absolute = sent.target.starts_with("http://");
    if !absolute && sent.target != request.target() {
        let (target, planned) = (&sent.target, request.target());
        notes.push(format!(
            "The request target went out as {target}, not as {planned}: the URL library rewrites it."
        ));
    }
    let with_proxy = |field: &&Field| absolute && field.is("Proxy-Authorization");
    for field in sent.fields.iter().filter(|field| !with_proxy(field)) {
        if !request.fields.contains(&field.name) {
            notes.push(format!("The HTTP library added {}: {}.", field.name, field.text()));
        }
    }
    let http2 = sent.version == Version::Http2;
    for field in request.fields.iter().filter(|field| !http2 || !is_http1_only(field)) {
        if !sent.fields.contains(&field.name) {
            notes.push(format!("{} was not sent: the HTTP library leaves it out.", field.name));
        }
    }
    notes
}

/// Notes bytes that came after the end of the body, as far as they were seen.
pub(super) fn extra_bytes(record: &Record, request: &Request, exchange: &mut Exchange) {
    let after = record.received.after().len() as u64;
    let Some(head) = exchange.response.as_mut().filter(|head| !head.raw.is_empty()) else { return };
    let bodiless = request.method == Method::HEAD || matches!(head.status, 204 | 304);
    let chunked = head.fields.contains("Transfer-Encoding");
    let announced = head.fields.text("Content-Length").and_then(|text| text.parse::<u64>().ok());
    let end = match announced {
        _ if bodiless => 0,
        Some(length) if !chunked => length,
        Some(_) | None => return,
    };
    if after > end && head.status != 101 {
        head.note_extra_bytes();
    }
}
