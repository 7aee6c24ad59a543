//! `ndjson`: one object a line, as it happens: `start`, each `hop`, `end`. For pipes and log collectors.

use serde_json::{Value, json};

use super::super::chain::Hop;
use super::super::classify;
use super::Record;
use super::json;

/// Every line.
pub fn document(record: &Record<'_>) -> String {
    let hops: String = record.chain.hops.iter().map(|of| hop(record, of)).collect();
    start(record) + &hops + &end(record)
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

/// A hop whose head and body are in, with the findings known by now.
pub fn hop(record: &Record<'_>, of: &Hop) -> String {
    let mut intents = classify::intents(record.chain).into_iter();
    let intent = intents.nth(of.index - 1).flatten();
    let Value::Object(hop) = json::hop(record, of, intent.as_ref()) else { return String::new() };
    let mut object = serde_json::Map::from_iter([("type".to_owned(), json!("hop"))]);
    object.extend(hop);
    json::compact(&Value::Object(object))
}

/// The last line: outcome, diagnosis, and all findings, each with its hop.
pub fn end(record: &Record<'_>) -> String {
    json::compact(&json!({
        "type": "end",
        "outcome": json::outcome(record.chain),
        "findings": json::findings_with_hop(record),
        "diagnosis": json::diagnosis(record),
    }))
}
