//! Findings and their anchors.

use serde_json::{Map, Value, json};

use super::super::super::classify::diagnosis::{Diagnosis, Remedy};
use super::super::super::finding::{Anchor, Finding, Source};
use super::super::super::rules;
use super::super::Record;
use super::diagnosis;

/// The findings that stand on this hop; `None`: those about the whole chain.
pub(super) fn findings(record: &Record<'_>, hop: Option<usize>, verdict: &Diagnosis) -> Vec<Value> {
    let with_remedy = record.findings.iter().zip(remedies(verdict));
    let here = with_remedy.filter(|(of, _)| of.hop == hop);
    here.map(|(of, remedy)| finding(of, remedy)).collect()
}

/// All findings, each with its hop.
pub(in super::super) fn findings_with_hop(record: &Record<'_>, verdict: &Diagnosis) -> Vec<Value> {
    let with_hop = |(of, remedy): (&Finding, Option<&Remedy>)| {
        let mut value = finding(of, remedy);
        if let Value::Object(object) = &mut value {
            object.insert("hop".to_owned(), json!(of.hop));
        }
        value
    };
    record.findings.iter().zip(remedies(verdict)).map(with_hop).collect()
}

/// The remedies finding by finding, and then none.
fn remedies(verdict: &Diagnosis) -> impl Iterator<Item = Option<&Remedy>> {
    verdict.remedies.iter().map(Some).chain(std::iter::repeat(None))
}

fn finding(of: &Finding, remedy: Option<&Remedy>) -> Value {
    let rule = rules::by_id(of.rule);
    json!({
        "rule": of.rule,
        "severity": of.severity.id(),
        "message": of.message,
        "anchor": anchor(&of.anchor),
        "source": of.source.as_ref().map(source),
        "fix": of.fix,
        "remedy": remedy.map(diagnosis::remedy),
        "effort": rule.map(|rule| rule.fix.effort.id()),
        "references": rule.map_or(&[][..], |rule| rule.references),
    })
}

/// The place in the hop's own request that it comes from.
fn source(of: &Source) -> Value {
    match of {
        Source::Target(at) => json!({ "part": "request-line", "start": at.start, "end": at.end }),
        Source::Header(field) => anchor(&Anchor::RequestHeader(field.clone())),
        Source::Body(at) => json!({ "part": "request-body", "start": at.start, "end": at.end }),
    }
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
