//! Findings under the line they belong to, with carets below the exact bytes.

use super::super::super::escape::columns;
use super::super::super::finding::{Anchor, FieldAnchor, Finding, Severity};
use super::super::super::http::field::{Field, Fields};
use super::super::Record;
use super::paint::{Page, Style};

/// The longest run of carets.
const CARETS: usize = 40;

/// Carets stand this far right at most; beyond, the finding stands without.
const RIGHTMOST: usize = 120;

/// The findings of a hop whose anchor is one of a kind.
pub(super) fn on<'a>(
    record: &'a Record<'_>,
    hop: usize,
    wanted: impl Fn(&Anchor) -> bool + 'a,
) -> impl Iterator<Item = &'a Finding> {
    record.findings.iter().filter(move |of| of.hop == Some(hop) && wanted(&of.anchor))
}

/// Whether the anchor names this very line of a section.
pub(super) fn is_on_line(anchor: &FieldAnchor, fields: &Fields, line: usize) -> bool {
    let mut of_name = fields.iter().enumerate().filter(|(_, field)| field.is(&anchor.name));
    of_name.nth(anchor.occurrence.saturating_sub(1)).is_some_and(|(index, _)| index == line)
}

/// Under a field line that is drawn at `indent`: carets below the bytes, then the message.
pub(super) fn under_field(of: &Finding, field: &Field, indent: usize, page: &mut Page) {
    let bytes = of.anchor.field().and_then(|(_, anchor)| anchor.bytes.clone());
    let columns = columns(&field.value, bytes.unwrap_or(0..field.value.len()));
    let start = field.name.chars().count() + 2 + columns.start;
    under(of, indent, start..start + columns.len(), page);
}

/// Under a line that is drawn at `indent`: carets below these columns.
pub(super) fn under(of: &Finding, indent: usize, columns: std::ops::Range<usize>, page: &mut Page) {
    if columns.start > RIGHTMOST {
        return plain(of, indent, page);
    }
    let carets = "^".repeat(columns.len().clamp(1, CARETS));
    let style = style(of.severity);
    let head = format!("{} {}", of.severity.badge(), of.rule);
    let indent = indent + columns.start;
    page.line(
        indent,
        &[
            (style, &carets),
            (Style::Plain, " "),
            (style, &head),
            (Style::Plain, &format!(": {}", of.message)),
        ],
    );
    fix(of, indent + carets.len() + 1, page);
}

/// Carets below the place in the request that a finding further down comes from.
pub(super) fn from(of: &Finding, indent: usize, columns: std::ops::Range<usize>, page: &mut Page) {
    if columns.start > RIGHTMOST {
        return;
    }
    let carets = "^".repeat(columns.len().clamp(1, CARETS));
    let text = format!(" decides this: {} below", of.rule);
    page.line(indent + columns.start, &[(style(of.severity), &carets), (Style::Dim, &text)]);
}

/// Without carets.
pub(super) fn plain(of: &Finding, indent: usize, page: &mut Page) {
    let head = format!("{} {}", of.severity.badge(), of.rule);
    page.line(indent, &[(style(of.severity), &head), (Style::Plain, &format!(": {}", of.message))]);
    fix(of, indent + 2, page);
}

fn fix(of: &Finding, indent: usize, page: &mut Page) {
    if !of.fix.is_empty() {
        page.line(indent, &[(Style::Dim, &format!("fix: {}", of.fix))]);
    }
}

fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => Style::Bad,
        Severity::Warning => Style::Warn,
        Severity::Info => Style::Notice,
        Severity::Hint => Style::Dim,
    }
}
