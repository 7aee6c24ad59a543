//! Markdown, for pull requests and job summaries.

use super::super::outcome::Outcome;
use super::{Summary, TOLD, way};
use crate::domain::export::markdown::{cell, code, plain};

/// The whole report.
pub(super) fn document(summary: &Summary, failing: &[Outcome]) -> String {
    let glyph = if summary.failing() == 0 { "✅" } else { "❌" };
    let mut lines = vec![format!("## {glyph} hopstep check: {}", plain(&summary.sentence()))];
    if !failing.is_empty() {
        lines.extend([
            String::new(),
            "| check | request | chain | place |".to_owned(),
            "|---|---|---|---|".to_owned(),
        ]);
        lines.extend(failing.iter().map(table_row));
    }
    for of in failing {
        lines.extend([String::new(), format!("### {}", plain(&of.title())), String::new()]);
        lines.extend(of.misses.iter().map(|miss| format!("- {}", plain(&miss.to_string()))));
        for flaw in &of.findings {
            lines.push(format!("- {}", plain(&flaw.to_string())));
            lines.push(format!("  - fix: {}", plain(&flaw.fix)));
        }
    }
    let more = summary.failing().saturating_sub(failing.len() as u64);
    if more > 0 {
        lines.extend([String::new(), format!("… and {more} more than the {TOLD} told here.")]);
    }
    lines.join("\n") + "\n"
}

fn table_row(of: &Outcome) -> String {
    let request = code(&format!("{} {}", of.method, of.url));
    let place = code(&format!("{}:{}", of.file, of.line));
    let cells = [plain(&of.title()), request, plain(&way(of)), place];
    format!("| {} |", cells.map(|text| cell(&text)).join(" | "))
}
