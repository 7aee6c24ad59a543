//! `ndjson`: one object a line, as it happens: `start`, each `hop`, `end`. For pipes and log collectors.

use std::ops::Range;

use serde_json::{Value, json};

use super::super::chain::Hop;
use super::super::classify::diagnosis::Diagnosis;
use super::Record;
use super::json;

/// Every line.
pub fn document(record: &Record<'_>) -> String {
    start(record) + &hops(record, 0..record.chain.hops.len()) + &end(record)
}

/// The first line.
pub fn start(record: &Record<'_>) -> String {
    json::compact(&json!({
        "type": "start",
        "schema": json::SCHEMA,
        "client": record.chain.client.name,
        "started_at": json::timestamp(record.started_at),
        "given": json::given(record.chain, record.show_body),
    }))
}

/// Hops (from 0) whose heads and bodies are in, with the findings known by now.
pub fn hops(record: &Record<'_>, wanted: Range<usize>) -> String {
    let verdict = record.verdict();
    let hops = record.chain.hops.get(wanted).unwrap_or_default();
    hops.iter().map(|of| hop(record, of, &verdict)).collect()
}

fn hop(record: &Record<'_>, of: &Hop, verdict: &Diagnosis) -> String {
    let Value::Object(hop) = json::hop(record, of, verdict) else { return String::new() };
    let mut object = serde_json::Map::from_iter([("type".to_owned(), json!("hop"))]);
    object.extend(hop);
    json::compact(&Value::Object(object))
}

/// The last line: outcome, diagnosis, and all findings, each with its hop.
pub fn end(record: &Record<'_>) -> String {
    let verdict = record.verdict();
    json::compact(&json!({
        "type": "end",
        "outcome": json::outcome(record.chain),
        "findings": json::findings_with_hop(record, &verdict),
        "summary": json::summary(&verdict),
        "diagnosis": json::causes(&verdict),
        "probes": json::probes(record.chain),
    }))
}
