//! Annotations of GitHub Actions: workflow commands that mark the line of a file.

use super::super::outcome::Outcome;
use super::Summary;
use crate::domain::escape::escape;

/// How many are written: GitHub shows few of them, and all are in the text.
const MOST: usize = 50;

/// One command a fault, then the run in numbers.
pub(super) fn document(summary: &Summary, failing: &[Outcome]) -> String {
    let mut lines = Vec::new();
    for of in failing {
        let place = format!("file={},line={}", property(&of.file), of.line);
        let title = property(&of.title());
        lines.extend(
            of.faults().map(|fault| format!("::error {place},title={title}::{}", data(&fault))),
        );
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("::warning::{more} more faults are in the report"));
    }
    let kind = if summary.failing() == 0 { "notice" } else { "error" };
    lines.push(format!("::{kind} title=hopstep check::{}", data(&summary.sentence())));
    lines.join("\n") + "\n"
}

/// The text of a command (actions/toolkit, `command.ts`, `escapeData`).
fn data(text: &str) -> String {
    escape(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command (`escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
