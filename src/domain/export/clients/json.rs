//! The document `hopstep.clients/1` (`assets/clients.schema.json`).
//!
//! Promises: what does not apply is `null`, never absent; fields are only ever added.

use serde_json::{Value, json};

use super::super::super::chain::{Chain, Hop};
use super::super::super::client::difference::{Departure, Difference};
use super::super::super::client::survey::{Behaviour, Extent};
use super::super::super::http::field::decode;
use super::super::super::http::request::Request;
use super::super::json::{error, outcome, pretty, timestamp};
use super::Report;

/// The schema's name.
const SCHEMA: &str = "hopstep.clients/1";

pub(super) fn document(report: &Report<'_>) -> String {
    let disagreement = report.disagreement();
    let value = json!({
        "schema": SCHEMA,
        "client": report.leader,
        "started_at": timestamp(report.started_at),
        "dry_run": report.extent == Extent::LeaderOnly,
        "requests_sent": report.sent,
        "groups": report.behaviours.iter().map(|of| group(report, of)).collect::<Vec<_>>(),
        "disagreement": {
            "going_on": disagreement.going_on,
            "method": disagreement.method,
            "body": disagreement.body,
            "destination": disagreement.destination,
            "credentials": disagreement.credentials,
        },
    });
    pretty(&value)
}

fn group(report: &Report<'_>, of: &Behaviour) -> Value {
    let hops = of.chain.hops.iter().zip(&of.path);
    json!({
        "clients": of.clients,
        "outcome": ending(&of.chain),
        "hops": hops.map(|(hop, number)| self::hop(hop, *number)).collect::<Vec<_>>(),
        "not_sent": of.chain.ready().map(|planned| request(&planned.request)),
        "differences": report.departures(of).iter().flat_map(departure).collect::<Vec<_>>(),
    })
}

/// As in the trace document; `unknown` where the next request was not sent.
fn ending(chain: &Chain) -> Value {
    match chain.ready() {
        Some(_) => json!({ "kind": "unknown", "reason": null }),
        None => outcome(chain),
    }
}

/// `request_number` tells which requests groups share.
fn hop(of: &Hop, number: usize) -> Value {
    json!({
        "index": of.index,
        "request_number": number,
        "request": request(&of.request),
        "status": of.status(),
        "location": of.location().map(decode),
        "error": of.exchange.failure.as_ref().map(error),
    })
}

fn request(of: &Request) -> Value {
    json!({
        "method": of.method.as_str(),
        "url": of.display_url(),
        "body_size": of.body_len(),
        "headers": of.fields.iter().map(|field| json!([field.name, decode(&field.value)])).collect::<Vec<_>>(),
    })
}

fn departure(of: &Departure) -> Vec<Value> {
    of.differences.iter().map(|difference| entry(of.hop, difference)).collect()
}

fn entry(hop: usize, of: &Difference) -> Value {
    let (name, other, own) = match of {
        Difference::Ends(_) | Difference::GoesOn => (None, Value::Null, Value::Null),
        Difference::Method { other, own } => (None, json!(other), json!(own)),
        Difference::Body { other, own } => (None, json!(other), json!(own)),
        Difference::Destination(url) => (None, Value::Null, json!(url)),
        Difference::FieldAdded(name)
        | Difference::FieldMissing(name)
        | Difference::FieldOther(name) => (Some(name), Value::Null, Value::Null),
    };
    json!({ "hop": hop, "kind": of.id(), "name": name, "other": other, "own": own })
}
