//! Heads of an exchange from what was recorded, or from what was parsed of HTTP/2, whose bytes are not.

use bytes::Bytes;

use super::recorder::Record;
use super::request::is_http1_only;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{RequestHead, ResponseHead, Version};
use crate::domain::http::head_parser::{parse_request, parse_response};
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

/// A head of HTTP/2: names in lower case, duplicates grouped.
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
