//! The history: a field for a few words, and the recorded chains that have them all.

use crate::app::model::Model;
use crate::app::page::{Line, Role};
use crate::app::text_input::TextInput;
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::history::{Entry, ago};
use crate::domain::text;

use super::sheet::Sheet;

/// Wider than this the way from age to status would be long.
const WIDEST: usize = 110;
const TALLEST: usize = 26;

pub(super) fn render(
    model: &Model,
    (input, selected): (&TextInput, usize),
    entries: Option<&[Entry]>,
    sheet: &mut Sheet<'_, '_>,
) {
    let (field, list) = sheet.search("History", WIDEST, TALLEST);
    sheet.prompt(field, "/", input, count(input, entries));
    let entries = entries.unwrap_or_default();
    let width = list.width.into();
    sheet.list(list, entries.len(), selected, |at| {
        row(&entries[at], at == selected, model.now, width)
    });
}

/// How many chains have the words.
fn count(input: &TextInput, entries: Option<&[Entry]>) -> String {
    match entries {
        None => "reading… ".to_owned(),
        Some([]) if input.text().is_empty() => "nothing is recorded yet ".to_owned(),
        Some([]) => "nothing has these words ".to_owned(),
        Some(entries) => format!("{} ", counted(entries.len(), "chain")),
    }
}

/// One chain: when, what, and what it came to.
pub(super) fn row(entry: &Entry, selected: bool, now: i64, width: usize) -> Line {
    let mark = if selected { "▶ " } else { "  " };
    let age = format!("{:>6}  ", ago(entry.started_at, now));
    let mut tail = Line::default();
    match (entry.outcome.as_str(), entry.status) {
        ("final", Some(status)) => tail.push(Role::Status(status), format!("  {status}")),
        ("failed", _) => tail.push(Role::Severity(Severity::Error), "  ✖ failed"),
        (outcome, _) => tail.push(Role::Dim, format!("  {}", escape(outcome))),
    }
    let hops = counted(entry.hops as usize, "hop");
    tail.push(Role::Dim, format!("  {:<8}", hops));
    match entry.worst().filter(|worst| *worst > Severity::Hint) {
        Some(worst) => tail.push(Role::Severity(worst), format!(" {}", worst.badge())),
        None => tail.push(Role::Plain, "  "),
    }
    let room = width.saturating_sub(2 + text::width(&age) + text::width(&tail.text()));
    let request = escape(&format!("{} {}", entry.method, entry.url)).into_owned();
    let request = text::fit_middle(&request, room);
    let mut line = Line::of([(Role::Plain, mark.to_owned()), (Role::Dim, age)]);
    line.push(Role::Plain, text::pad(&request, room));
    line.spans.extend(tail.spans);
    line
}
