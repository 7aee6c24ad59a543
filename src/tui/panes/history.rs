//! The history: a field for a few words, and the recorded chains that have them all.

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{Line, Role, badge, units};
use crate::app::text_input::TextInput;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::history::{Entry, ago};
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

use super::{field, overlay};

/// Wider than this the way from age to status would be long.
const WIDEST: usize = 110;

pub fn render(
    model: &Model,
    (input, selected, entries): (&TextInput, usize, Option<&[Entry]>),
    room: Area,
    canvas: &mut Canvas<'_>,
) {
    let width = WIDEST.min(usize::from(room.width).saturating_sub(4));
    let height = usize::from(room.height).saturating_sub(2).min(26);
    let inner = overlay::open("History", width, height, room, canvas);
    let field = Area { height: 1.min(inner.height), ..inner };
    prompt(input, entries, field, canvas);
    let list =
        Area { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner };
    let entries = entries.unwrap_or_default();
    let last = entries.len().saturating_sub(list.height.into());
    let first = selected.saturating_sub(usize::from(list.height) / 2).min(last);
    for (y, (at, entry)) in (list.y..list.bottom()).zip(entries.iter().enumerate().skip(first)) {
        let area = Area { y, height: 1, ..list };
        canvas.listed(area, at);
        canvas.line(area, &row(entry, at == selected, model.now, area.width.into()));
        if at == selected {
            canvas.highlight(area, Part::Selected);
        }
    }
}

fn prompt(input: &TextInput, entries: Option<&[Entry]>, area: Area, canvas: &mut Canvas<'_>) {
    let shown = escape(input.text());
    canvas.text(area, Role::Key, "/");
    let field = Area { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
    field::render(input, Role::Strong, (field, true), canvas);
    let count = match entries {
        None => "reading… ".to_owned(),
        Some([]) if input.text().is_empty() => "nothing is recorded yet ".to_owned(),
        Some([]) => "nothing has these words ".to_owned(),
        Some(entries) => format!("{} ", units::count(entries.len(), "chain")),
    };
    if text::width(&shown) + text::width(&count) + 4 < area.width.into() {
        canvas.right(area, &Line::of([(Role::Dim, count)]));
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
    let hops = units::count(entry.hops as usize, "hop");
    tail.push(Role::Dim, format!("  {:<8}", hops));
    match entry.worst().filter(|worst| *worst > Severity::Hint) {
        Some(worst) => tail.push(Role::Severity(worst), format!(" {}", badge(worst))),
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
