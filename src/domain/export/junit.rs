//! JUnit XML: one test case a hop, as CI servers show them.
//!
//! A finding at or above `--fail-on` (errors, when nothing is set) is a failure of its hop, a stop is a failure and a failed
//! hop an error; what is milder goes to `system-out`. Findings on the whole chain are a case of their own.
//! Promises: well-formed XML 1.0 whatever a server sends; what can't be seen is escaped before it is written.

use crate::domain::redirect::fault;
use std::fmt::Write as _;
use std::time::Duration;

use super::super::chain::{Chain, Ending, Hop, Verdict};
use super::super::escape::escape;
use super::super::finding::Finding;
use super::{Record, json, words};

/// The whole report.
pub fn document(record: &Record<'_>) -> String {
    let chain = record.chain;
    let mut cases: Vec<Case> = chain.hops.iter().map(|hop| of_hop(record, hop)).collect();
    cases.extend(of_chain(record));
    let name = chain.hops.first().map_or_else(String::new, words::asked);
    let suite = Suite {
        name: &name,
        timestamp: Some(json::timestamp(record.started_at)),
        time: chain.elapsed(),
        cases,
    };
    suites("hopstep trace", &[suite])
}

/// A group of cases.
#[derive(Debug)]
pub(crate) struct Suite<'a> {
    pub(crate) name: &'a str,
    /// RFC 3339.
    pub(crate) timestamp: Option<String>,
    pub(crate) time: Duration,
    pub(crate) cases: Vec<Case>,
}

/// One case. Its texts are not escaped yet.
#[derive(Debug, Default)]
pub(crate) struct Case {
    pub(crate) class: String,
    pub(crate) name: String,
    pub(crate) time: Duration,
    pub(crate) faults: Vec<Fault>,
    /// Printed below it whether it passes or not.
    pub(crate) output: Vec<String>,
    pub(crate) skipped: bool,
}

/// Why a case does not pass.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The program could not find out, rather than found a fault.
    pub(crate) error: bool,
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) detail: String,
}

/// The report over some groups.
pub(crate) fn suites(name: &str, suites: &[Suite<'_>]) -> String {
    let cases = suites.iter().flat_map(|suite| &suite.cases);
    let time: Duration = suites.iter().map(|suite| suite.time).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = write!(out, "<testsuites name=\"{}\"", attribute(name));
    let _ = writeln!(out, "{} time=\"{:.6}\">", counts(cases), time.as_secs_f64());
    for of in suites {
        suite(of, &mut out);
    }
    out.push_str("</testsuites>\n");
    out
}

fn suite(of: &Suite<'_>, out: &mut String) {
    let skipped = of.cases.iter().filter(|case| case.skipped).count();
    let _ = write!(out, "  <testsuite name=\"{}\"", attribute(of.name));
    let _ = write!(out, "{} skipped=\"{skipped}\"", counts(of.cases.iter()));
    let _ = write!(out, " time=\"{:.6}\"", of.time.as_secs_f64());
    if let Some(timestamp) = &of.timestamp {
        // the schema of CI servers has no room for a zone
        let local = timestamp.split('.').next().unwrap_or_default();
        let _ = write!(out, " timestamp=\"{local}\"");
    }
    out.push_str(">\n");
    for of in &of.cases {
        case(of, out);
    }
    out.push_str("  </testsuite>\n");
}

/// ` tests="3" failures="1" errors="0"`
fn counts<'a>(cases: impl Iterator<Item = &'a Case>) -> String {
    let (mut tests, mut failures, mut errors) = (0, 0, 0);
    for case in cases {
        tests += 1;
        failures += usize::from(case.faults.first().is_some_and(|fault| !fault.error));
        errors += usize::from(case.faults.first().is_some_and(|fault| fault.error));
    }
    format!(" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
}

/// One case; its first fault decides what it counts as, the others are told in the detail of it.
pub(crate) fn case(of: &Case, out: &mut String) {
    let (name, class) = (attribute(&of.name), attribute(&of.class));
    let _ = write!(out, "    <testcase name=\"{name}\" classname=\"{class}\"");
    let _ = write!(out, " time=\"{:.6}\"", of.time.as_secs_f64());
    if of.faults.is_empty() && of.output.is_empty() && !of.skipped {
        return out.push_str("/>\n");
    }
    out.push_str(">\n");
    if of.skipped {
        out.push_str("      <skipped/>\n");
    }
    if let Some((first, more)) = of.faults.split_first() {
        fault(first, more, out);
    }
    if !of.output.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", text(&of.output.join("\n")));
    }
    out.push_str("    </testcase>\n");
}

fn fault(first: &Fault, more: &[Fault], out: &mut String) {
    let name = if first.error { "error" } else { "failure" };
    let (message, kind) = (attribute(&first.message), attribute(&first.kind));
    let _ = write!(out, "      <{name} message=\"{message}\" type=\"{kind}\">");
    let mut lines = vec![first.detail.clone()];
    for fault in more {
        lines.push(format!("{}: {}", fault.kind, fault.message));
        lines.push(fault.detail.clone());
    }
    lines.retain(|line| !line.is_empty());
    let _ = writeln!(out, "{}</{name}>", text(&lines.join("\n")));
}

fn of_hop(record: &Record<'_>, hop: &Hop) -> Case {
    let on_hop = || record.findings.iter().filter(|of| of.hop == Some(hop.index));
    let mut faults: Vec<Fault> = Vec::new();
    if let Some(failure) = &hop.exchange.failure {
        faults.push(Fault {
            error: true,
            kind: failure.kind.id().to_owned(),
            message: failure.message.clone(),
            detail: [failure.cause.as_str(), &failure.hint].join("\n").trim().to_owned(),
        });
    }
    if let Verdict::Stop(reason) = hop.verdict {
        faults.push(Fault {
            error: false,
            kind: reason.id().to_owned(),
            message: fault::stops(reason, Some(hop)).into_owned(),
            detail: String::new(),
        });
    }
    faults.extend(on_hop().filter(|of| record.fails(of.severity)).map(of_finding));
    let mut output = vec![format!(
        "{} in {}",
        words::answer(hop),
        words::milliseconds(hop.exchange.timing.total)
    )];
    output.extend(on_hop().filter(|of| !record.fails(of.severity)).map(line));
    Case {
        class: record.chain.client.name.clone(),
        name: format!("hop {}: {}", hop.index, words::asked(hop)),
        time: hop.exchange.timing.total,
        faults,
        output,
        ..Case::default()
    }
}

/// The findings on the whole chain; none where there are none.
fn of_chain(record: &Record<'_>) -> Option<Case> {
    let whole: Vec<&Finding> = record.findings.iter().filter(|of| of.hop.is_none()).collect();
    if whole.is_empty() && !unfinished(record.chain) {
        return None;
    }
    let (failing, milder): (Vec<&Finding>, Vec<&Finding>) =
        whole.into_iter().partition(|of| record.fails(of.severity));
    let ending = words::ending(record.chain);
    let mut faults: Vec<Fault> = failing.into_iter().map(of_finding).collect();
    if unfinished(record.chain) {
        let (kind, message) = ("unfinished".to_owned(), ending.clone());
        faults.push(Fault { error: true, kind, message, detail: String::new() });
    }
    Some(Case {
        class: record.chain.client.name.clone(),
        name: format!("chain: {ending}"),
        faults,
        output: milder.into_iter().map(line).collect(),
        ..Case::default()
    })
}

fn unfinished(chain: &Chain) -> bool {
    match chain.ending() {
        Some(Ending::Final | Ending::Stopped(_) | Ending::Failed(_)) => false,
        None => true,
    }
}

/// A finding as a failure.
pub(crate) fn of_finding(of: &Finding) -> Fault {
    let (kind, message) = (of.rule.to_owned(), of.message.clone());
    let detail = if of.fix.is_empty() { String::new() } else { format!("fix: {}", of.fix) };
    Fault { error: false, kind, message, detail }
}

fn line(of: &Finding) -> String {
    format!("{} {}: {}", of.severity.id(), of.rule, of.message)
}

/// A value between double quotes.
pub(crate) fn attribute(value: &str) -> String {
    markup(&escape(value)).replace('"', "&quot;")
}

/// Text between tags; its line breaks stay.
pub(crate) fn text(value: &str) -> String {
    let lines: Vec<String> = value.split('\n').map(|line| markup(&escape(line))).collect();
    lines.join("\n")
}

fn markup(safe: &str) -> String {
    safe.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
