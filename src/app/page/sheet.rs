//! A sheet: the lines of a page while they are written. Values wrap under themselves, findings stand below the bytes they mean.

use std::borrow::Cow;
use std::ops::Range;

use crate::domain::escape::escape;
use crate::domain::finding::{Finding, Severity};
use crate::domain::text;

use super::laid::{Laid, Row};
use super::{Line, Role, Span, prose};

/// Lines of a width.
#[derive(Debug)]
pub struct Sheet {
    width: usize,
    lines: Vec<Line>,
}

/// A finding on a line: the whole line, or bytes of its value.
#[derive(Clone, Debug)]
pub struct Mark<'a> {
    /// Index into the session's findings.
    pub index: usize,
    pub finding: &'a Finding,
    pub bytes: Option<Range<usize>>,
}

/// Less room than this beside carets is no room for a sentence.
const LEAST: usize = 30;

impl Sheet {
    pub fn new(width: u16) -> Sheet {
        Sheet { width: usize::from(width).max(8), lines: Vec::new() }
    }

    pub fn finish(self) -> Vec<Line> {
        self.lines
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn line(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// An empty line, unless the sheet starts here or has one.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| !line.spans.is_empty()) {
            self.lines.push(Line::default());
        }
    }

    pub fn heading(&mut self, text: &str) {
        self.gap();
        self.lines.push(Line::of([(Role::Strong, text.to_owned())]));
    }

    /// A paragraph of several roles, every line indented. The texts are display-safe.
    pub fn prose(&mut self, indent: usize, texts: &[(Role, impl AsRef<str>)]) {
        self.hang(indent, indent, texts, None);
    }

    /// A paragraph whose first line stands out by so many columns.
    pub fn hanging(&mut self, indent: usize, texts: &[(Role, impl AsRef<str>)]) {
        self.hang(0, indent, texts, None);
    }

    /// A label with a paragraph hanging beside it.
    pub fn labelled(&mut self, label: &str, column: usize, texts: &[(Role, impl AsRef<str>)]) {
        let label = text::pad(label, column);
        let room = self.width.saturating_sub(column);
        for (at, line) in prose::flow(texts, room, room).into_iter().enumerate() {
            let lead = if at == 0 { label.clone() } else { " ".repeat(column) };
            let mut out = Line::of([(Role::Dim, lead)]);
            out.spans.extend(line.spans);
            self.lines.push(out);
        }
    }

    /// A line of a message: its lead (`Location: `), the raw value, and the findings on it.
    pub fn value(&mut self, lead: Line, role: Role, value: &[u8], marks: &[Mark<'_>]) {
        let lead_width = text::width(&lead.text());
        let indent = if lead_width * 2 <= self.width { lead_width } else { 2 };
        let reach = marks.iter().filter_map(|mark| Some(mark.bytes.as_ref()?.end)).max();
        let first = self.width.saturating_sub(lead_width);
        let laid = Laid::of(value, first, self.width.saturating_sub(indent), reach.unwrap_or(0));
        let mut lead = Some(lead);
        let last = laid.rows.len() - 1;
        for (at, row) in laid.rows.iter().enumerate() {
            let start = if at == 0 { lead_width } else { indent };
            let mut line = lead.take().unwrap_or_else(|| spaces(indent));
            line.spans.extend(row.spans(role));
            if at == last && laid.cut > 0 {
                line.push(Role::Dim, format!("… {} more bytes", laid.cut));
            }
            self.lines.push(line);
            for mark in marks {
                self.carets(mark, row, start, laid.rows.get(at + 1));
            }
            if at == last {
                self.whole_line(marks, start + row.width());
            }
        }
    }

    /// Goes on at the end of the last line of a value, where it fits; carets below it stay where they are.
    pub fn append(&mut self, role: Role, text: &str) {
        let last = self.lines.iter_mut().rev().find(|line| line.finding.is_none());
        if let Some(line) =
            last.filter(|line| text::width(&line.text()) + text::width(text) <= self.width)
        {
            line.push(role, text);
        }
    }

    /// A finding without a place of its own on the page.
    pub fn finding(&mut self, index: usize, finding: &Finding) {
        self.hang(1, 3, &sentence(finding), Some(index));
        if let Some(fix) = fix(finding) {
            self.hang(3, 3, &fix, Some(index));
        }
    }

    /// A remark on the line above.
    pub fn note(&mut self, severity: Severity, note: &str) {
        let role = Role::Severity(severity);
        let badge = format!("{} ", severity.badge());
        self.hang(1, 3, &[(role, badge.as_str()), (Role::Plain, note)], None);
    }

    /// Carets below the bytes of a mark in this row, and the sentence below its last row.
    fn carets(&mut self, mark: &Mark<'_>, row: &Row, start: usize, next: Option<&Row>) {
        let Some(bytes) = &mark.bytes else { return };
        let Some(columns) = row.columns(bytes) else { return };
        let carets = "^".repeat(columns.len());
        let mut line = spaces(start + columns.start);
        line.push(Role::Caret(mark.finding.severity), carets);
        line.finding = Some(mark.index);
        let end = start + columns.end + 1;
        let goes_on = next.is_some_and(|next| next.columns(bytes).is_some());
        self.lines.push(line);
        if goes_on {
            return;
        }
        match self.width.checked_sub(end).filter(|room| *room >= LEAST) {
            Some(room) => self.beside(end, room, mark),
            None => self.finding(mark.index, mark.finding),
        }
    }

    /// The sentence beside the carets that were written last, hanging under itself.
    fn beside(&mut self, column: usize, room: usize, mark: &Mark<'_>) {
        let lines = prose::flow(&sentence(mark.finding), room, room);
        let fix = fix(mark.finding).map(|fix| prose::flow(&fix, room, room));
        for (at, line) in lines.into_iter().chain(fix.into_iter().flatten()).enumerate() {
            if at == 0 {
                if let Some(carets) = self.lines.last_mut() {
                    carets.push(Role::Plain, " ");
                    carets.spans.extend(line.spans);
                }
                continue;
            }
            let mut out = spaces(column);
            out.spans.extend(line.spans);
            out.finding = Some(mark.index);
            self.lines.push(out);
        }
    }

    /// The findings that mean the whole line, below a mark under all of it.
    fn whole_line(&mut self, marks: &[Mark<'_>], width: usize) {
        let whole = || marks.iter().filter(|mark| mark.bytes.is_none());
        let Some(worst) = whole().map(|mark| mark.finding.severity).max() else { return };
        let width = width.clamp(1, self.width);
        let mut line = Line::of([(Role::Caret(worst), "~".repeat(width))]);
        line.finding = whole().next().map(|mark| mark.index);
        self.lines.push(line);
        for mark in whole() {
            self.finding(mark.index, mark.finding);
        }
    }

    fn hang(
        &mut self,
        first: usize,
        rest: usize,
        texts: &[(Role, impl AsRef<str>)],
        finding: Option<usize>,
    ) {
        let rooms = [first, rest].map(|indent| self.width.saturating_sub(indent));
        for (at, line) in prose::flow(texts, rooms[0], rooms[1]).into_iter().enumerate() {
            let mut out = spaces(if at == 0 { first } else { rest });
            out.spans.extend(line.spans);
            out.finding = finding;
            self.lines.push(out);
        }
    }
}

/// A finding in one sentence: badge, rule and what it is about.
fn sentence(finding: &Finding) -> Vec<(Role, Cow<'_, str>)> {
    let role = Role::Severity(finding.severity);
    let lead = format!("{} {}: ", finding.severity.badge(), finding.rule);
    vec![(role, lead.into()), (Role::Plain, escape(&finding.message))]
}

/// What to do about a finding, where the rule says so.
fn fix(finding: &Finding) -> Option<[(Role, Cow<'_, str>); 2]> {
    let has = !finding.fix.is_empty();
    has.then(|| [(Role::Strong, "fix: ".into()), (Role::Plain, escape(&finding.fix))])
}

fn spaces(count: usize) -> Line {
    match count {
        0 => Line::default(),
        _ => {
            Line { spans: vec![Span { text: " ".repeat(count), role: Role::Plain }], finding: None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::Anchor;

    fn drawn(value: &str, bytes: Option<Range<usize>>, width: u16) -> Vec<String> {
        let finding = Finding {
            rule: "location-scheme-typo",
            severity: Severity::Error,
            hop: Some(1),
            anchor: Anchor::location(),
            source: None,
            cause: None,
            message: "no colon after \"http\"".to_owned(),
            fix: String::new(),
        };
        let mut sheet = Sheet::new(width);
        let lead = Line::of([(Role::Name, "Location: ".to_owned())]);
        let marks = [Mark { index: 0, finding: &finding, bytes }];
        sheet.value(lead, Role::Plain, value.as_bytes(), &marks);
        sheet.finish().iter().map(Line::text).collect()
    }

    #[test]
    fn carets_stand_below_the_exact_bytes_with_the_sentence_beside() {
        let lines = drawn("http//www.example.re/x", Some(0..6), 80);
        assert_eq!(lines[0], "Location: http//www.example.re/x");
        assert_eq!(lines[1], "          ^^^^^^ ✖ location-scheme-typo: no colon after \"http\"");
    }

    #[test]
    fn a_mark_on_a_wrapped_value_has_carets_on_both_rows_and_one_sentence() {
        let lines = drawn("http//www.example.re/x", Some(4..14), 20);
        let expected = [
            "Location: http//www.",
            "              ^^^^^^",
            "          example.re",
            "          ^^^^",
            " ✖",
            "   location-scheme-t",
            "   ypo: no colon",
            "   after \"http\"",
            "          /x",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn a_finding_on_the_whole_line_marks_all_of_it() {
        let lines = drawn("/x", None, 60);
        assert_eq!(lines[1], "~~~~~~~~~~~~");
        assert_eq!(lines[2], " ✖ location-scheme-typo: no colon after \"http\"");
    }
}
