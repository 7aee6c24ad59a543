//! Two bodies held against each other: the first byte that differs, and the lines that do, pretty where the kind is known.
//!
//! Promises: bounded in time and memory whatever the bodies hold; every text went through `domain::escape`.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::lines::{self, Change};
use crate::domain::body_view::{self, Index, Read, View, Window};
use crate::domain::text;

/// A body to be compared.
pub struct Side<'a> {
    pub size: u64,
    /// The value of `Content-Type`.
    pub media_type: Option<&'a str>,
    pub read: Read<'a>,
}

impl std::fmt::Debug for Side<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "a body of {} bytes", self.size)
    }
}

/// What differs between two bodies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyDiff {
    /// How many bytes each has.
    pub sizes: (u64, u64),
    /// The offset of the first byte that differs; `None`: the bodies are the same.
    pub first: Option<u64>,
    /// How they were laid out.
    pub view: View,
    /// What differs, the first [`MOST_ROWS`] lines of it.
    pub rows: Vec<Row>,
    /// Lines that differ and are not among the rows.
    pub more: u64,
    /// Only the first [`COMPARED`] bytes were held against each other by lines.
    pub cut: bool,
}

/// One row of a comparison of bodies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    /// Where the rows that follow stand.
    Place(Place),
    /// A line of the left that became one of the right, or that only one side has.
    Changed { left: Option<String>, right: Option<String> },
}

/// A place in both bodies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Place {
    /// Lines, from 1, and the path there (`$.items[3].id`) where the view has one.
    Lines { left: u64, right: u64, path: Option<String> },
    /// The offset of a byte.
    Byte(u64),
}

/// How much of each body is compared by lines.
pub const COMPARED: u64 = 8 << 20;
/// The most changed lines of a body that are shown.
pub const MOST_ROWS: usize = 100;
/// How much of a changed line is kept.
const MOST_COLUMNS: usize = 300;
/// How much is kept of what two lines begin alike with.
const ALIKE_COLUMNS: usize = 40;
const BLOCK: usize = 256 * 1024;
/// Lines that are laid out at once.
const LINES: u64 = 512;
/// How far rows of bytes are compared from the first that differs on.
const BYTES: usize = 64 * 1024;
const HEX_ROWS: usize = 16;

/// Holds two bodies against each other.
pub fn compare(left: &Side<'_>, right: &Side<'_>) -> BodyDiff {
    let sizes = (left.size, right.size);
    let first = first_difference(left, right);
    let mut diff =
        BodyDiff { sizes, first, view: View::Text, rows: Vec::new(), more: 0, cut: false };
    let Some(first) = first else { return diff };
    diff.view = view(left, right);
    diff.cut = sizes.0.max(sizes.1) > COMPARED;
    if diff.view == View::Hex || first >= COMPARED {
        bytes(left, right, first, &mut diff);
    } else {
        by_lines(&Laid::of(left, diff.view), &Laid::of(right, diff.view), &mut diff);
    }
    diff
}

fn first_difference(left: &Side<'_>, right: &Side<'_>) -> Option<u64> {
    let mut at = 0;
    loop {
        let (a, b) = ((left.read)(at, BLOCK), (right.read)(at, BLOCK));
        let same = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        let length = a.len().max(b.len());
        if same < length {
            return Some(at + same as u64);
        }
        if length == 0 {
            return None;
        }
        at += length as u64;
    }
}

/// The view that suits both; what only one of them is, is text.
fn view(left: &Side<'_>, right: &Side<'_>) -> View {
    let of = |side: &Side<'_>| View::choose(side.media_type, &(side.read)(0, 1024));
    let views = [left, right].map(|side| (side.size > 0).then(|| of(side)));
    match views {
        [Some(left), Some(right)] if left == right => left,
        [Some(View::Hex), _] | [_, Some(View::Hex)] => View::Hex,
        [Some(view), None] | [None, Some(view)] => view,
        [Some(_), Some(_)] | [None, None] => View::Text,
    }
}

/// One side laid out: its index and a fingerprint of every line.
struct Laid<'a> {
    index: Index,
    read: Read<'a>,
    lines: Vec<u64>,
}

impl<'a> Laid<'a> {
    fn of(side: &Side<'a>, view: View) -> Laid<'a> {
        let charset = body_view::charset(side.media_type, &(side.read)(0, 1024));
        let mut index = Index::new(view, charset);
        while index.fed() < COMPARED {
            let block = (side.read)(index.fed(), BLOCK);
            if block.is_empty() {
                break;
            }
            index.feed(&block);
        }
        index.finish();
        let mut laid = Laid { index, read: side.read, lines: Vec::new() };
        let total = if side.size == 0 { 0 } else { laid.index.lines() };
        let mut from = 0;
        while from < total {
            let to = (from + LINES).min(total);
            let lines = laid.index.render(&Window::lines(from..to), laid.read);
            laid.lines.extend(lines.iter().map(|line| fingerprint(&line.text(), view)));
            from = to;
        }
        laid
    }

    fn text(&self, line: usize) -> Option<String> {
        let line = line as u64;
        let lines = self.index.render(&Window::lines(line..line + 1), self.read);
        let text = lines.first()?.text();
        // the indent says less than the path does
        Some(if self.index.view().folds() { text.trim_start().to_owned() } else { text })
    }

    fn path(&self, line: usize) -> Option<String> {
        self.index.path(line as u64, self.read).filter(|path| !path.is_empty())
    }
}

fn fingerprint(text: &str, view: View) -> u64 {
    let mut hasher = DefaultHasher::new();
    // that something follows is no difference of a value
    let text = if view == View::Json { text.trim_end_matches(',') } else { text };
    text.hash(&mut hasher);
    hasher.finish()
}

fn by_lines(left: &Laid<'_>, right: &Laid<'_>, diff: &mut BodyDiff) {
    let mut shown = 0;
    for change in lines::changes(&left.lines, &right.lines) {
        let Change { left: l, right: r } = change;
        let count = l.len().max(r.len());
        let room = count.min(MOST_ROWS - shown);
        diff.more += (count - room) as u64;
        if room == 0 {
            continue;
        }
        shown += room;
        let path = if r.is_empty() { left.path(l.start) } else { right.path(r.start) };
        let (at_l, at_r) = (l.start as u64 + 1, r.start as u64 + 1);
        diff.rows.push(Row::Place(Place::Lines { left: at_l, right: at_r, path }));
        for at in 0..room {
            let line = |laid: &Laid<'_>, lines: &std::ops::Range<usize>| {
                lines.clone().nth(at).and_then(|line| laid.text(line))
            };
            diff.rows.push(changed(line(left, &l), line(right, &r)));
        }
    }
}

/// The two lines, cut so that what differs first is in sight.
fn changed(left: Option<String>, right: Option<String>) -> Row {
    let alike = match (&left, &right) {
        (Some(left), Some(right)) => {
            let same = left.chars().zip(right.chars()).take_while(|(a, b)| a == b);
            same.map(|(a, _)| a.len_utf8()).sum()
        }
        (Some(_) | None, None) | (None, Some(_)) => 0,
    };
    let cut = |line: String| {
        let before = text::width(line.get(..alike).unwrap_or_default());
        let kept = match before > ALIKE_COLUMNS + 20 {
            true => format!("…{}", text::skip(&line, before - ALIKE_COLUMNS)),
            false => line,
        };
        text::fit(&kept, MOST_COLUMNS).into_owned()
    };
    Row::Changed { left: left.map(cut), right: right.map(cut) }
}

/// Bytes in a row.
const ROW: usize = 8;

/// Rows of bytes at the same offsets, those that differ.
fn bytes(left: &Side<'_>, right: &Side<'_>, first: u64, diff: &mut BodyDiff) {
    let from = first / ROW as u64 * ROW as u64;
    let (a, b) = ((left.read)(from, BYTES), (right.read)(from, BYTES));
    let row = |bytes: &[u8], at: u64| (!bytes.is_empty()).then(|| hex(bytes, at));
    let rows = |bytes: &[u8]| -> Vec<Vec<u8>> { bytes.chunks(ROW).map(<[u8]>::to_vec).collect() };
    let (a, b) = (rows(&a), rows(&b));
    let mut shown = 0;
    for at in 0..a.len().max(b.len()) {
        let side = |rows: &[Vec<u8>]| rows.get(at).cloned().unwrap_or_default();
        let (left, right) = (side(&a), side(&b));
        if left == right {
            continue;
        }
        if shown == HEX_ROWS {
            diff.more += 1;
            continue;
        }
        if shown == 0 {
            diff.rows.push(Row::Place(Place::Byte(first)));
        }
        shown += 1;
        let offset = from + (at * ROW) as u64;
        diff.rows.push(Row::Changed { left: row(&left, offset), right: row(&right, offset) });
    }
}

/// `00a0  6f 70 65 …`: narrow enough for two columns on 80.
fn hex(bytes: &[u8], offset: u64) -> String {
    let codes: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{offset:04x}  {}", codes.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diff(kind: &str, left: &[u8], right: &[u8]) -> BodyDiff {
        let read = |bytes: &'static [u8]| {
            move |start: u64, len: usize| -> Vec<u8> {
                bytes.iter().skip(start as usize).take(len).copied().collect()
            }
        };
        let leak = |bytes: &[u8]| -> &'static [u8] { Box::leak(bytes.to_vec().into_boxed_slice()) };
        let (l, r) = (read(leak(left)), read(leak(right)));
        let media_type = Some(kind);
        compare(
            &Side { size: left.len() as u64, media_type, read: &l },
            &Side { size: right.len() as u64, media_type, read: &r },
        )
    }

    fn shown(diff: &BodyDiff) -> Vec<String> {
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
        let row = |row: &Row| match row {
            Row::Place(Place::Lines { left, right, path }) => {
                format!("@{left},{right} {}", path.clone().unwrap_or_default())
            }
            Row::Place(Place::Byte(at)) => format!("@{at}"),
            Row::Changed { left, right } => format!("{} → {}", side(left), side(right)),
        };
        diff.rows.iter().map(row).collect()
    }

    #[test]
    fn json_on_one_line_differs_in_the_value_that_differs_and_says_where_it_is() {
        let left = br#"{"n":1,"items":[{"id":1},{"id":2,"gone":true}]}"#;
        let right = br#"{"n":1,"items":[{"id":1},{"id":3}]}"#;
        let diff = diff("application/json", left, right);
        assert_eq!((diff.view, diff.first), (View::Json, Some(31)));
        let want = ["@8,8 $.items[1].id", "\"id\": 2, → \"id\": 3", "\"gone\": true → –"];
        assert_eq!(shown(&diff), want);
    }

    #[test]
    fn the_same_bodies_do_not_differ_and_spacing_alone_is_no_line() {
        assert_eq!(diff("text/plain", b"a\nb", b"a\nb").first, None);
        let spaced = diff("application/json", b"[1, 2]", b"[1,2]");
        assert_eq!((spaced.first, spaced.rows.len()), (Some(3), 0));
    }

    #[test]
    fn bytes_that_are_no_text_are_compared_at_their_offsets() {
        let (left, mut right) = ([0u8; 64], [0u8; 64]);
        right[35] = 0x41;
        let diff = diff("application/octet-stream", &left, &right);
        assert_eq!(diff.rows.len(), 2);
        assert_eq!(diff.rows[0], Row::Place(Place::Byte(35)));
        let want = "0020  00 00 00 00 00 00 00 00 → 0020  00 00 00 41 00 00 00 00";
        assert_eq!(shown(&diff)[1], want);
    }

    #[test]
    fn hostile_lines_are_escaped_and_a_long_line_is_cut_around_what_differs() {
        let left = format!("{}\u{1b}[2J one {}", "x".repeat(500), "y".repeat(5000));
        let right = left.replace(" one ", " two ");
        let diff = diff("text/plain", left.as_bytes(), right.as_bytes());
        let Row::Changed { left: Some(line), .. } = &diff.rows[1] else { panic!("{diff:?}") };
        assert!(line.starts_with('…') && line.contains(" one ") && !line.contains('\u{1b}'));
        assert!(text::width(line) <= MOST_COLUMNS);
    }

    #[test]
    fn bodies_that_have_nothing_in_common_are_counted_beyond_the_rows_shown() {
        let text = |from: usize| {
            (from..from + 1000).map(|at| format!("{at}\n")).collect::<String>().into_bytes()
        };
        let diff = diff("text/plain", &text(0), &text(5000));
        let changed = diff.rows.iter().filter(|row| matches!(row, Row::Changed { .. })).count();
        assert_eq!((changed, changed as u64 + diff.more), (MOST_ROWS, 1000));
        assert!(
            !super::compare(
                &Side { size: 0, media_type: None, read: &|_, _| Vec::new() },
                &Side { size: 0, media_type: None, read: &|_, _| Vec::new() },
            )
            .cut
        );
    }
}
