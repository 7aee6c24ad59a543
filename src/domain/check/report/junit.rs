//! JUnit XML: one test case a row.

use std::time::Duration;

use super::super::outcome::{Outcome, State};
use super::{Summary, way};
use crate::domain::export::json::timestamp;
use crate::domain::export::junit::{Case, Fault, attribute, case};

/// One case.
pub(super) fn row(of: &Outcome) -> String {
    let error = of.state == State::Broken;
    let misses = of.misses.iter().map(|miss| Fault {
        error,
        kind: miss.field.clone(),
        message: miss.to_string(),
        detail: String::new(),
    });
    let flaws = of.findings.iter().map(|flaw| Fault {
        error,
        kind: flaw.rule.clone(),
        message: flaw.to_string(),
        detail: format!("fix: {}", flaw.fix),
    });
    // Jenkins's schema has no room for file and line
    let mut output = vec![format!("{}:{}", of.file, of.line)];
    output.extend(of.note.iter().map(|note| format!("skipped: {note}")));
    if !of.hops.is_empty() {
        output.push(format!("{} {}: {}", of.method, of.url, way(of)));
    }
    let case_of = Case {
        class: of.file.clone(),
        name: of.title(),
        time: Duration::try_from_secs_f64(of.time_ms / 1000.0).unwrap_or_default(),
        faults: misses.chain(flaws).collect(),
        output,
        skipped: of.state == State::Skipped,
    };
    let mut out = String::new();
    case(&case_of, &mut out);
    out
}

/// What stands before and after the cases.
pub(super) fn around(of: &Summary) -> (String, String) {
    let counts =
        format!("tests=\"{}\" failures=\"{}\" errors=\"{}\"", of.rows(), of.failed, of.broken);
    let time = format!("time=\"{:.6}\"", of.seconds);
    let started = timestamp(of.started_at);
    let before = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"hopstep check\" {counts} {time}>\n  \
         <testsuite name=\"{}\" {counts} skipped=\"{}\" {time} timestamp=\"{}\">\n",
        attribute("hopstep check"),
        of.skipped,
        started.split('.').next().unwrap_or_default(),
    );
    (before, "  </testsuite>\n</testsuites>\n".to_owned())
}
