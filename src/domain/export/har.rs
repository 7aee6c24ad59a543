//! HAR 1.2 (HTTP Archive): the chain as one page, for the network panels of browsers and for HAR viewers.
//!
//! Promises: every member that HAR demands is there, `-1` where it is not known; bodies that are not text are in base64; the
//! text holds no control, bidi or invisible character except as `\u` escapes. What HAR has no member for stands in comments
//! and in `_error`, the name that browsers use.

mod message;

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::super::chain::Hop;
use super::super::http::timing::Timing;
use super::super::redirect::Change;
use super::{Record, json, words};

const PAGE: &str = "chain";

/// The whole archive, with a line break at its end.
pub fn document(record: &Record<'_>) -> String {
    let chain = record.chain;
    let mut start = Duration::ZERO;
    let mut entries = Vec::with_capacity(chain.hops.len());
    for hop in &chain.hops {
        entries.push(entry(record, hop, start));
        start += hop.exchange.timing.held();
    }
    let page = json!({
        "startedDateTime": json::timestamp(record.started_at),
        "id": PAGE,
        "title": chain.hops.first().map_or_else(String::new, words::asked),
        "pageTimings": { "onContentLoad": -1, "onLoad": -1 },
        "comment": format!("{}{} as {}", words::ending(chain), words::redirects(chain), chain.client.name),
    });
    json::pretty(&json!({
        "log": {
            "version": "1.2",
            "creator": { "name": "hopstep", "version": env!("CARGO_PKG_VERSION") },
            "pages": [page],
            "entries": entries,
        }
    }))
}

fn entry(record: &Record<'_>, hop: &Hop, start: Duration) -> Value {
    let timing = &hop.exchange.timing;
    let connection = &hop.exchange.connection;
    let Value::Object(mut entry) = json!({
        "pageref": PAGE,
        "startedDateTime": json::timestamp(record.started_at + start),
        "time": milliseconds(timing.total),
        "request": message::request(record, hop),
        "response": message::response(record, hop),
        "cache": {},
        "timings": timings(timing),
    }) else {
        return Value::Null;
    };
    if let Some(address) = connection.remote_addr {
        entry.insert("serverIPAddress".to_owned(), json!(address.ip()));
    }
    // the port on this side tells the connections of a chain apart
    if let Some(address) = connection.local_addr {
        entry.insert("connection".to_owned(), json!(address.port().to_string()));
    }
    comment(record, hop, &mut entry);
    Value::Object(entry)
}

/// What changed on the way to this request, and what the rules say.
fn comment(record: &Record<'_>, hop: &Hop, entry: &mut Map<String, Value>) {
    let changes: Vec<String> = hop.changes.iter().map(|of: &Change| words::change(of)).collect();
    let mut lines = Vec::new();
    if !changes.is_empty() {
        lines.push(changes.join(", "));
    }
    let findings = record.findings.iter().filter(|of| of.hop == Some(hop.index));
    lines.extend(findings.map(|of| format!("{} {}: {}", of.severity.id(), of.rule, of.message)));
    lines.extend(hop.exchange.notes.iter().cloned());
    if !lines.is_empty() {
        entry.insert("comment".to_owned(), json!(lines.join("\n")));
    }
}

/// `connect` includes `ssl`, as HAR has it; what no phase accounts for is `blocked`.
fn timings(timing: &Timing) -> Value {
    let ms = |phase: Option<Duration>| phase.map_or(-1.0, milliseconds);
    let tls = timing.tls.unwrap_or_default();
    let phases: Duration = timing.phases().map(|(_, duration)| duration).sum();
    json!({
        "blocked": milliseconds(timing.total.saturating_sub(phases)),
        "dns": ms(timing.dns),
        "connect": ms(timing.connect.map(|tcp| tcp + tls)),
        "ssl": ms(timing.tls),
        "send": 0,
        "wait": milliseconds(timing.wait.unwrap_or_default()),
        "receive": milliseconds(timing.receive.unwrap_or_default()),
    })
}

/// To the microsecond.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}
