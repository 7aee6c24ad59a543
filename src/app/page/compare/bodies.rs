//! The bodies of two hops side by side: the lines that differ, with the bytes that do marked.

use super::common::Common;
use super::{Columns, units};
use crate::app::compared::{Compared, Place};
use crate::app::page::{Line, Role};
use crate::domain::comparison::bodies::{self, BodyDiff, COMPARED, Row};
use crate::domain::comparison::{Comparison, Pair};
use crate::domain::escape::escape;

/// Which bodies of this pair are meant; `None` where a side has no such hop.
pub(super) fn place(pair: &Pair, sent: bool) -> Option<Place> {
    Some(Place { hops: (pair.left?, pair.right?), sent })
}

/// Said where nothing else differs: that the bodies do.
pub(super) fn summary(comparison: &Comparison, compared: &Compared) -> Option<Line> {
    if comparison.parted.is_some() {
        return None;
    }
    let differs = |pair: &&Pair| {
        let found = place(pair, false).and_then(|place| compared.of(place));
        matches!(found, Some(Ok(diff)) if diff.first.is_some())
    };
    let hops: Vec<usize> =
        comparison.pairs.iter().filter(differs).filter_map(|pair| pair.right).collect();
    let text = match hops.as_slice() {
        [] => return None,
        [hop] => format!("The body of hop {hop} differs"),
        [first, ..] => format!("The bodies of {} hops differ, hop {first} first", hops.len()),
    };
    Some(Line::of([(Role::Strong, text)]))
}

/// What differs in the bodies of this pair.
pub(super) fn lines(pair: &Pair, compared: &Compared, columns: &Columns) -> Vec<Line> {
    let mut lines = Vec::new();
    for sent in [true, false] {
        let what = if sent { "request body" } else { "body" };
        match place(pair, sent).and_then(|place| compared.of(place)) {
            None => {}
            Some(Err(())) => lines.push(note(&format!("{what}: comparing …"))),
            Some(Ok(diff)) if diff.first.is_some() => differing(diff, what, columns, &mut lines),
            Some(Ok(_)) => {}
        }
    }
    lines
}

fn differing(diff: &BodyDiff, what: &str, columns: &Columns, lines: &mut Vec<Line>) {
    let (left, right) = diff.sizes;
    let size = |size: u64| format!("    {what}: {}", units::bytes(size));
    let roles = if left == right { [Role::Plain; 2] } else { [Role::Removed, Role::Added] };
    lines.push(columns.row(' ', (roles[0], size(left)), (roles[1], size(right))));
    lines.extend(diff.rows.iter().flat_map(|of| row(of, columns)));
    if diff.rows.is_empty() {
        let at = diff.first.unwrap_or_default();
        lines.push(note(&format!("  the same but for white space, from byte {at} on")));
    }
    if diff.more > 0 {
        lines.push(note(&format!("  … and {} more lines differ", diff.more)));
    }
    if diff.cut {
        let most = units::bytes(COMPARED);
        lines.push(note(&format!("  lines are compared in the first {most} of each body")));
    }
}

/// A line across both columns.
fn note(text: &str) -> Line {
    Line::of([(Role::Dim, format!("      {text}"))])
}

/// Below so many columns a side the two lines stand one below the other.
const NARROW: usize = 26;

fn row(row: &Row, columns: &Columns) -> Vec<Line> {
    let (left, right) = match row {
        Row::Place(place) => return vec![note(&format!("  {}", place_text(place)))],
        Row::Changed { left, right } => (left.as_deref(), right.as_deref()),
    };
    let common = Common::of(left.unwrap_or_default(), right.unwrap_or_default());
    let narrow = columns.width < NARROW;
    let room = if narrow { columns.width * 2 } else { columns.width.saturating_sub(6) };
    let side = |value: Option<&str>, sign: &str, role: Role| {
        let Some(value) = value else { return Line::default() };
        let mut line = Line::of([(role, format!("    {sign} "))]);
        let marked = match left.is_some() && right.is_some() {
            true => common.marked(value, role, room),
            false => Line::of([(role, value.to_owned())]),
        };
        line.spans.extend(marked.spans);
        line
    };
    let (left, right) = (side(left, "−", Role::Removed), side(right, "+", Role::Added));
    match narrow {
        true => [left, right].into_iter().filter(|line| !line.spans.is_empty()).collect(),
        false => vec![columns.beside(' ', left, right)],
    }
}

fn place_text(place: &bodies::Place) -> String {
    match place {
        bodies::Place::Byte(at) => format!("from byte {at} on"),
        bodies::Place::Lines { left, right, path } => {
            let numbers = match left == right {
                true => format!("line {left}"),
                false => format!("line {left} → {right}"),
            };
            match path {
                Some(path) => format!("{numbers} · {}", escape(path)),
                None => numbers,
            }
        }
    }
}
