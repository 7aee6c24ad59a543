//! Requests and responses as HAR has them.

use serde_json::{Map, Value, json};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::super::super::chain::Hop;
use super::super::super::cookie::set_cookie::{Expiry, SetCookie};
use super::super::super::http::body::RequestBody;
use super::super::super::http::field::{Fields, decode};
use super::super::super::http::head::Version;
use super::super::{Record, json, words};

/// The request as it went out, or as it was planned.
pub(super) fn request(record: &Record<'_>, hop: &Hop) -> Value {
    let sent = hop.exchange.sent.as_ref();
    let fields = sent.map_or(&hop.request.fields, |sent| &sent.fields);
    let method = sent.map_or(&hop.request.method, |sent| &sent.method);
    let Value::Object(mut request) = json!({
        "method": method.as_str(),
        "url": words::uri(&hop.request),
        "httpVersion": sent.map_or("", |sent| version(sent.version)),
        "cookies": sent_cookies(fields),
        "headers": headers(fields),
        "queryString": query(hop),
        "headersSize": sent.map_or(-1, |sent| size(sent.raw.len())),
        "bodySize": hop.request.body_len(),
    }) else {
        return Value::Null;
    };
    if let Some(body) = &hop.request.body {
        request.insert("postData".to_owned(), post_data(body, fields, record.show_body));
    }
    Value::Object(request)
}

/// The response; status 0 where there was none, as browsers write it.
pub(super) fn response(record: &Record<'_>, hop: &Hop) -> Value {
    let exchange = &hop.exchange;
    let head = exchange.response.as_ref();
    let Value::Object(mut response) = json!({
        "status": head.map_or(0, |head| head.status),
        "statusText": head.map_or("", |head| &head.reason),
        "httpVersion": head.map_or("", |head| version(head.version)),
        "cookies": set_cookies(record, exchange.fields()),
        "headers": headers(exchange.fields()),
        "content": content(record, hop),
        "redirectURL": hop.location().map(decode).unwrap_or_default(),
        "headersSize": head.map_or(-1, |head| size(head.raw.len())),
        "bodySize": head.map_or(-1, |_| i64::try_from(exchange.body.size).unwrap_or(-1)),
    }) else {
        return Value::Null;
    };
    if let Some(failure) = &exchange.failure {
        let error = format!("{}: {}", failure.kind.id(), failure.message);
        response.insert("_error".to_owned(), json!(error));
    }
    Value::Object(response)
}

fn content(record: &Record<'_>, hop: &Hop) -> Value {
    let body = &hop.exchange.body;
    let media_type = hop.exchange.fields().text("Content-Type");
    let shown = usize::try_from(record.show_body.min(body.decoded_size)).unwrap_or(usize::MAX);
    let mut content = Map::new();
    content.insert("size".to_owned(), json!(body.decoded_size));
    if !body.encodings.is_empty() {
        let saved = i128::from(body.decoded_size) - i128::from(body.size);
        content.insert("compression".to_owned(), json!(i64::try_from(saved).unwrap_or_default()));
    }
    let unknown = || "x-unknown".to_owned();
    content.insert("mimeType".to_owned(), json!(media_type.clone().unwrap_or_else(unknown)));
    if shown > 0 {
        let bytes = record.bodies.read(body.id, 0, shown);
        let cut = (bytes.len() as u64) < body.decoded_size;
        text(json::content(&bytes, cut, media_type.as_deref()), &mut content);
        if cut {
            let comment = format!("only the first {} bytes", bytes.len());
            content.insert("comment".to_owned(), json!(comment));
        }
    }
    Value::Object(content)
}

fn post_data(body: &RequestBody, fields: &Fields, show: u64) -> Value {
    let shown = usize::try_from(show).unwrap_or(usize::MAX).min(body.bytes.len());
    let cut = shown < body.bytes.len();
    let media_type = fields.text("Content-Type").unwrap_or_default();
    let mut data = Map::from_iter([("mimeType".to_owned(), json!(media_type))]);
    text(json::content(&body.bytes[..shown], cut, None), &mut data);
    if cut {
        data.insert("comment".to_owned(), json!(format!("only the first {shown} bytes")));
    }
    Value::Object(data)
}

/// HAR names the coding beside the text.
fn text((coding, text): (&'static str, String), into: &mut Map<String, Value>) {
    into.insert("text".to_owned(), json!(text));
    if coding == "base64" {
        into.insert("encoding".to_owned(), json!("base64"));
    }
}

fn version(of: Version) -> &'static str {
    match of {
        Version::Http10 => "HTTP/1.0",
        Version::Http11 => "HTTP/1.1",
        Version::Http2 => "HTTP/2",
    }
}

/// HTTP/2 has no size in bytes that would mean anything.
fn size(raw: usize) -> i64 {
    if raw == 0 { -1 } else { i64::try_from(raw).unwrap_or(-1) }
}

fn headers(fields: &Fields) -> Vec<Value> {
    fields.iter().map(|field| json!({ "name": field.name, "value": field.text() })).collect()
}

fn query(hop: &Hop) -> Vec<Value> {
    let pairs = hop.request.url.query_pairs();
    pairs.map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn sent_cookies(fields: &Fields) -> Vec<Value> {
    let lines: Vec<String> = fields.all("Cookie").map(|field| field.text()).collect();
    let pairs = lines.iter().flat_map(|line| line.split(';')).map(str::trim);
    pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            json!({ "name": name, "value": value })
        })
        .collect()
}

fn set_cookies(record: &Record<'_>, fields: &Fields) -> Vec<Value> {
    let lines = fields.all("Set-Cookie").filter_map(|field| SetCookie::parse(&field.value).ok());
    lines.map(|of| cookie(&of, record.started_at)).collect()
}

fn cookie(of: &SetCookie, now: OffsetDateTime) -> Value {
    let mut cookie = Map::new();
    cookie.insert("name".to_owned(), json!(decode(&of.name)));
    cookie.insert("value".to_owned(), json!(decode(&of.value)));
    cookie.extend(of.path.as_ref().map(|path| ("path".to_owned(), json!(path))));
    cookie.extend(of.domain.as_ref().map(|domain| ("domain".to_owned(), json!(domain))));
    let at = match of.expiry {
        Expiry::Session => None,
        Expiry::MaxAge(seconds) => now.checked_add(Duration::seconds(seconds)),
        Expiry::At(seconds) => OffsetDateTime::from_unix_timestamp(seconds).ok(),
    };
    let at = at.and_then(|at| at.format(&Rfc3339).ok());
    cookie.extend(at.map(|at| ("expires".to_owned(), json!(at))));
    cookie.insert("httpOnly".to_owned(), json!(of.http_only));
    cookie.insert("secure".to_owned(), json!(of.secure));
    Value::Object(cookie)
}
