//! Findings and their anchors.

use serde_json::{Map, Value, json};

use super::super::super::finding::{Anchor, Finding};
use super::super::super::rules;
use super::super::Record;

/// The findings that stand on this hop; `None`: those about the whole chain.
pub(super) fn findings(record: &Record<'_>, hop: Option<usize>) -> Vec<Value> {
    record.findings.iter().filter(|of| of.hop == hop).map(finding).collect()
}

/// All findings, each with its hop.
pub(in super::super) fn findings_with_hop(record: &Record<'_>) -> Vec<Value> {
    let with_hop = |of: &Finding| {
        let mut value = finding(of);
        if let Value::Object(object) = &mut value {
            object.insert("hop".to_owned(), json!(of.hop));
        }
        value
    };
    record.findings.iter().map(with_hop).collect()
}

fn finding(of: &Finding) -> Value {
    let rule = rules::by_id(of.rule);
    json!({
        "rule": of.rule,
        "severity": of.severity.id(),
        "message": of.message,
        "anchor": anchor(&of.anchor),
        "fix": of.fix,
        "effort": rule.map(|rule| rule.fix.effort.id()),
        "references": rule.map_or(&[][..], |rule| rule.references),
    })
}

/// `header`, `occurrence`, `start` and `end` are absent where the whole part is meant.
fn anchor(of: &Anchor) -> Value {
    let mut object = Map::from_iter([("part".to_owned(), json!(of.part()))]);
    let mut range = None;
    match of {
        Anchor::Header(field) | Anchor::RequestHeader(field) => {
            object.insert("header".to_owned(), json!(field.name));
            object.insert("occurrence".to_owned(), json!(field.occurrence));
            range = field.bytes.clone();
        }
        Anchor::Body(bytes) => range = bytes.clone(),
        Anchor::StatusLine
        | Anchor::RequestLine
        | Anchor::Step
        | Anchor::Tls
        | Anchor::Timing
        | Anchor::Chain => {}
    }
    if let Some(range) = range {
        object.insert("start".to_owned(), json!(range.start));
        object.insert("end".to_owned(), json!(range.end));
    }
    Value::Object(object)
}
