//! Requests and responses of a hop.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::super::chain::Hop;
use super::super::super::http::body::BodyRecord;
use super::super::super::http::connection::{Certificate, Connection, Proxy, Tls, Tunnel};
use super::super::super::http::field::{Field, Fields, decode};
use super::super::super::http::head::{Deviation, ResponseHead};
use super::super::super::http::timing::Timing;
use super::super::Record;
use super::body;

/// The request: as it went on the wire, or as it was planned when nothing went out.
pub(super) fn request(record: &Record<'_>, hop: &Hop) -> Value {
    let sent = hop.exchange.sent.as_ref();
    let method = sent.map_or(&hop.request.method, |sent| &sent.method);
    json!({
        "method": method.as_str(),
        "url": hop.request.display_url(),
        "http_version": sent.map(|sent| sent.version.as_str()),
        "headers": headers(sent.map_or(&hop.request.fields, |sent| &sent.fields)),
        "body": body::request(hop.request.body.as_ref(), record.show_body),
    })
}

/// The final response; `null` when there was none.
pub(super) fn response(record: &Record<'_>, hop: &Hop) -> Value {
    let Some(head) = &hop.exchange.response else { return Value::Null };
    json!({
        "status": status(head),
        "reason": head.reason,
        "http_version": head.version.as_str(),
        "headers": headers(&head.fields),
        "informational": hop.exchange.informational.iter().map(bare).collect::<Vec<_>>(),
        "body": body::response(record, &hop.exchange.body, &head.fields),
        "trailers": headers(&hop.exchange.trailers),
        "chunks": chunks(&hop.exchange.body),
        "answered_early": hop.exchange.answered_early,
        "deviations": deviations(head),
        "raw": raw(head),
    })
}

/// The interim responses that no final one followed; `null` where [`response`] has them.
pub(super) fn informational(hop: &Hop) -> Value {
    match hop.exchange.response {
        Some(_) => Value::Null,
        None => hop.exchange.informational.iter().map(bare).collect(),
    }
}

/// A head without a body: an interim response, a proxy's answer to CONNECT.
fn bare(head: &ResponseHead) -> Value {
    json!({
        "status": status(head),
        "reason": head.reason,
        "headers": headers(&head.fields),
        "deviations": deviations(head),
        "raw": raw(head),
    })
}

/// The head's bytes in base64, where the rest does not give them back; `null` where it does, and for HTTP/2.
fn raw(head: &ResponseHead) -> Option<String> {
    let odd = head.deviations.iter().any(|of| !of.is_behind());
    let undecoded = |field: &Field| std::str::from_utf8(&field.value).is_err();
    let lost = !head.raw.is_empty() && (odd || head.fields.iter().any(undecoded));
    lost.then(|| STANDARD.encode(&head.raw))
}

/// `null` where the start line names none.
fn status(head: &ResponseHead) -> Option<u16> {
    Some(head.status).filter(|status| (100..1000).contains(status))
}

/// Size and extension of each chunk that is on record; `null` where the body was not chunked.
fn chunks(of: &BodyRecord) -> Value {
    if of.chunks.is_empty() {
        return Value::Null;
    }
    of.chunks.iter().map(|chunk| json!([chunk.size, decode(&chunk.extension)])).collect()
}

/// Name and value of each line; a value that is not UTF-8 is decoded byte by byte.
pub(super) fn headers(fields: &Fields) -> Vec<Value> {
    fields.iter().map(|field| json!([field.name, field.text()])).collect()
}

/// Departures from RFC 9112; `header` is the index of the line in `headers`. A line that is no field is given as `line`,
/// with the index of the header it stands `before`; so is a start line that is none, before nothing.
fn deviations(head: &ResponseHead) -> Vec<Value> {
    let one = |deviation: &Deviation| {
        let stray = deviation.stray.and_then(|at| head.strays.get(at));
        json!({
            "message": deviation.kind.sentence(),
            "header": deviation.field,
            "line": match stray {
                Some(stray) => Some(decode(&stray.bytes)),
                None => head.odd_start().filter(|_| deviation.is_at_start()),
            },
            "before": stray.map(|stray| stray.before),
        })
    };
    head.deviations.iter().map(one).collect()
}

pub(super) fn connection(of: &Connection) -> Value {
    json!({
        "remote_addr": of.remote_addr,
        "local_addr": of.local_addr,
        "reused": of.reused,
        "proxy": of.proxy.as_deref().map(proxy),
        "tunnel": of.tunnel.as_deref().map(tunnel),
        "tls": of.tls.as_deref().map(tls),
    })
}

fn proxy(of: &Proxy) -> Value {
    json!({
        "url": of.url,
        "source": of.source,
        "preproxy": of.pre,
        "tls": of.tls.as_deref().map(tls),
    })
}

/// CONNECT, and what the proxy answered.
fn tunnel(of: &Tunnel) -> Value {
    json!({
        "target": of.request.target,
        "headers": headers(&of.request.fields),
        "response": of.response.as_ref().map(bare),
    })
}

fn tls(of: &Tls) -> Value {
    let certificates: Vec<Value> = of.certificates.iter().map(certificate).collect();
    json!({
        "version": of.version,
        "cipher": of.cipher,
        "group": of.group,
        "alpn": of.alpn,
        "verified": of.verify_error.is_none() && !of.certificates.is_empty(),
        "error": of.verify_error,
        "certificates": certificates,
    })
}

fn certificate(of: &Certificate) -> Value {
    json!({
        "subject": of.subject,
        "issuer": of.issuer,
        "not_before": of.not_before,
        "not_after": of.not_after,
        "names": of.names,
        "sha256": of.sha256,
    })
}

/// Milliseconds, to the microsecond.
pub(super) fn timing(of: &Timing) -> Value {
    let ms = |duration: std::time::Duration| duration.as_micros() as f64 / 1000.0;
    json!({
        "dns_ms": of.dns.map(ms),
        "connect_ms": of.connect.map(ms),
        "tls_ms": of.tls.map(ms),
        "wait_ms": of.wait.map(ms),
        "receive_ms": of.receive.map(ms),
        "total_ms": ms(of.total),
    })
}
