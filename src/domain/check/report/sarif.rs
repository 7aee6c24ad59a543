//! SARIF 2.1.0: every fault at the line of the file that states it, with the help of its rule, for code scanning.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::outcome::Outcome;
use super::Summary;
use crate::domain::export::json::timestamp;
use crate::domain::export::sarif::{level, log, message};
use crate::domain::finding::Severity;

/// The id under which faults of expectations stand.
const EXPECTATION: &str = "expectation-not-held";

/// The results of a row; the rules they name are added to `ids`.
pub(super) fn results(of: &Outcome, ids: &mut BTreeSet<&'static str>) -> Vec<Value> {
    let misses = of.misses.iter().map(|miss| {
        ids.insert(EXPECTATION);
        let place = format!("{} {}", hop(miss.hop), miss.field);
        result(of, (EXPECTATION, Severity::Error), &miss.to_string(), &place)
    });
    let mut all: Vec<Value> = misses.collect();
    for flaw in &of.findings {
        let Some(rule) = flaw.rule() else { continue };
        ids.insert(rule);
        let text = format!("{flaw}. Fix: {}", flaw.fix);
        all.push(result(of, (rule, flaw.severity()), &text, &hop(flaw.hop)));
    }
    all
}

/// The whole log, with a line break at its end.
pub(super) fn document(of: &Summary, ids: &BTreeSet<&str>, results: Vec<Value>) -> String {
    let mut invocation = json!({
        "executionSuccessful": !of.interrupted,
        "startTimeUtc": timestamp(of.started_at),
    });
    let note = json!({ "level": "note", "message": message(&of.sentence()) });
    invocation["toolExecutionNotifications"] = json!([note]);
    log(ids, results, invocation)
}

fn result(of: &Outcome, (rule, severity): (&str, Severity), text: &str, place: &str) -> Value {
    let text = format!("{}: {text}", of.title());
    json!({
        "ruleId": rule,
        "level": level(severity),
        "message": message(&text),
        "locations": [{
            "physicalLocation": {
                "artifactLocation": { "uri": uri(&of.file) },
                "region": { "startLine": of.line },
            },
            "logicalLocations": [{ "name": place, "kind": "element" }],
        }],
        "partialFingerprints": {
            "hopstep/v1": format!("{rule}|{}|{} {}|{place}", of.title(), of.method, of.url),
        },
    })
}

fn hop(hop: Option<usize>) -> String {
    hop.map_or_else(|| "chain".to_owned(), |hop| format!("hop {hop}"))
}

/// A path of a file as a reference (RFC 3986 §4.2).
fn uri(path: &str) -> String {
    if path.starts_with("http://") || path.starts_with("https://") {
        return path.to_owned();
    }
    let mut out = String::new();
    for byte in path.trim_start_matches("./").bytes() {
        match byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}
