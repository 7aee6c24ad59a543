//! SARIF 2.1.0: the findings with the help of their rules, for code scanning.
//!
//! Promises: every rule that is named stands in the driver's list with its documentation, causes, fix and references; braces
//! and brackets of a server are no placeholders and no links; the text holds nothing invisible except as `\u` escapes.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::chain::{Chain, Ending, Hop};
use super::super::escape::escape;
use super::super::finding::{FieldAnchor, Finding, Severity};
use super::super::rules::{self, Rule};
use super::{Record, json, words};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The whole log, with a line break at its end.
pub fn document(record: &Record<'_>) -> String {
    let chain = record.chain;
    let ids: BTreeSet<&str> = record.findings.iter().map(|of| of.rule).collect();
    let results: Vec<Value> = record.findings.iter().map(|of| result(record, of, &ids)).collect();
    let good = matches!(chain.ending(), Some(Ending::Final));
    let mut invocation = json!({
        "executionSuccessful": good,
        "startTimeUtc": json::timestamp(record.started_at),
    });
    if !good {
        let note = json!({ "level": "error", "message": message(&words::ending(chain)) });
        invocation["toolExecutionNotifications"] = json!([note]);
    }
    log(&ids, results, invocation)
}

/// The log around some results. `ids` are the rules that the results name.
pub(crate) fn log(ids: &BTreeSet<&str>, results: Vec<Value>, invocation: Value) -> String {
    let rules: Vec<Value> = ids.iter().map(|id| descriptor(id)).collect();
    json::pretty(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {
                "driver": {
                    "name": "hopstep",
                    "version": env!("CARGO_PKG_VERSION"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules,
                },
            },
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    }))
}

/// The text of a message: what SARIF would read as a placeholder or a link is none (§3.11.5, §3.11.6).
pub(crate) fn message(text: &str) -> Value {
    let text = escape(text).replace('{', "{{").replace('}', "}}");
    match text.contains("](") {
        true => json!({ "text": text.replace('[', "\\[").replace(']', "\\]") }),
        false => json!({ "text": text }),
    }
}

/// SARIF's name of a severity.
pub(crate) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "note",
    }
}

/// Where a rule stands in the driver's list.
pub(crate) fn index(ids: &BTreeSet<&str>, id: &str) -> usize {
    ids.range(..id).count()
}

fn result(record: &Record<'_>, of: &Finding, ids: &BTreeSet<&str>) -> Value {
    let hop = of.hop.and_then(|n| record.chain.hops.get(n.checked_sub(1)?));
    let uri = hop.or(record.chain.hops.first()).map(|hop| words::uri(&hop.request));
    let mut location = json!({ "logicalLocations": [logical(of)] });
    if let Some(uri) = uri {
        location["physicalLocation"] = json!({ "artifactLocation": { "uri": uri } });
    }
    let mut result = json!({
        "ruleId": of.rule,
        "ruleIndex": index(ids, of.rule),
        "level": level(of.severity),
        "message": message(&told(of)),
        "locations": [location],
        "partialFingerprints": { "hopstep/v1": fingerprint(record.chain, of) },
    });
    if let Some(hop) = hop {
        exchange(hop, &mut result);
    }
    result
}

/// What is wrong, and what to do about it.
pub(crate) fn told(of: &Finding) -> String {
    match of.fix.is_empty() {
        true => of.message.clone(),
        false => format!("{}. Fix: {}", of.message.trim_end_matches('.'), of.fix),
    }
}

/// `hop 2/header Location`
pub(crate) fn logical(of: &Finding) -> Value {
    let hop = of.hop.map_or_else(|| "chain".to_owned(), |n| format!("hop {n}"));
    let part = of.anchor.part();
    let name = match of.anchor.field() {
        Some((_, field)) => format!("{part} {}", field_line(field)),
        None => part.to_owned(),
    };
    json!({ "name": name, "fullyQualifiedName": format!("{hop}/{name}"), "kind": "element" })
}

fn field_line(field: &FieldAnchor) -> String {
    match field.occurrence {
        1 => field.name.clone(),
        n => format!("{} ({n})", field.name),
    }
}

/// The same for the same fault in the next run: nothing that changes from run to run is in it.
fn fingerprint(chain: &Chain, of: &Finding) -> String {
    let first = chain.hops.first();
    let asked = first.map_or_else(String::new, |hop| {
        format!("{} {}", hop.request.method, hop.request.display_url())
    });
    let at = logical(of);
    let place = at["fullyQualifiedName"].as_str().unwrap_or_default();
    format!("{}|{asked}|{place}", of.rule)
}

/// The exchange that the finding is about.
fn exchange(hop: &Hop, result: &mut Value) {
    result["webRequest"] = json!({
        "protocol": "HTTP",
        "method": hop.request.method.as_str(),
        "target": words::uri(&hop.request),
    });
    if let Some(head) = &hop.exchange.response {
        let mut headers = Map::new();
        if let Some(location) = hop.exchange.fields().text("Location") {
            headers.insert("Location".to_owned(), json!(location));
        }
        result["webResponse"] = json!({
            "protocol": "HTTP",
            "version": head.version.as_str(),
            "statusCode": head.status,
            "reasonPhrase": head.reason,
            "headers": headers,
        });
    }
}

/// A rule with all there is to know about it; an id that is no rule's stands for itself.
fn descriptor(id: &str) -> Value {
    let Some(rule) = rules::by_id(id) else { return json!({ "id": id }) };
    json!({
        "id": rule.id,
        "shortDescription": { "text": rule.summary() },
        "fullDescription": { "text": rule.summary() },
        "help": { "text": help(rule), "markdown": help(rule) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": ["http", "redirect", rule.group.id()], "problem.severity": problem(rule.severity) },
    })
}

/// GitHub's scale.
fn problem(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint => "recommendation",
    }
}

/// The documentation in Markdown, which reads as plain text too.
fn help(rule: &Rule) -> String {
    let mut text: Vec<String> = rule.doc_lines().map(str::to_owned).collect();
    if !rule.causes.is_empty() {
        text.extend([String::new(), "## Causes".to_owned()]);
        text.extend(rule.causes.iter().map(|of| format!("- {}: {}", of.likelihood.id(), of.text)));
    }
    text.extend([String::new(), format!("## Fix ({})", rule.fix.effort.id())]);
    text.push(rule.fix.text.to_owned());
    if !rule.references.is_empty() {
        text.extend([String::new(), "## References".to_owned()]);
        text.extend(rule.references.iter().map(|of| format!("- {of}")));
    }
    text.join("\n")
}
