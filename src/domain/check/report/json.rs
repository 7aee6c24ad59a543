//! `hopstep.check/1`: one object a row and a summary, as a document or a line each; `assets/check.schema.json` describes it.

use serde_json::{Value, json};

use super::super::outcome::Outcome;
use super::Summary;
use crate::domain::export::json::{compact, timestamp};

/// The schema's name.
const SCHEMA: &str = "hopstep.check/1";

/// A row of the document, with what stands before it.
pub(super) fn row(outcome: &Outcome, first: bool) -> String {
    let line = compact(&value(outcome));
    let before = if first { start() } else { ",\n".to_owned() };
    format!("{before}    {}", line.trim_end())
}

fn start() -> String {
    format!("{{\n  \"schema\": \"{SCHEMA}\",\n  \"checks\": [\n")
}

/// The end of the document.
pub(super) fn end(summary: &Summary, nothing: bool) -> String {
    let before = if nothing { start() } else { "\n".to_owned() };
    format!("{before}  ],\n  \"summary\": {}\n}}\n", compact(&numbers(summary)).trim_end())
}

/// `{"type": "check", …}`
pub(super) fn line(outcome: &Outcome) -> String {
    typed("check", value(outcome))
}

/// `{"type": "end", …}`
pub(super) fn last_line(summary: &Summary) -> String {
    typed("end", numbers(summary))
}

fn typed(kind: &str, value: Value) -> String {
    let mut object = serde_json::Map::from_iter([("type".to_owned(), json!(kind))]);
    if kind == "end" {
        object.insert("schema".to_owned(), json!(SCHEMA));
    }
    if let Value::Object(members) = value {
        object.extend(members);
    }
    compact(&Value::Object(object))
}

fn value(outcome: &Outcome) -> Value {
    // plain data: it always has a JSON form
    serde_json::to_value(outcome).unwrap_or_default()
}

fn numbers(of: &Summary) -> Value {
    json!({
        "started_at": timestamp(of.started_at),
        "seconds": (of.seconds * 1000.0).round() / 1000.0,
        "planned": of.planned,
        "rows": of.rows(),
        "held": of.held,
        "failed": of.failed,
        "broken": of.broken,
        "skipped": of.skipped,
        "hops": of.hops,
        "redirects": of.redirects,
        "interrupted": of.interrupted,
    })
}
