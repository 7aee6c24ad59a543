//! Which lines of two texts differ, over fingerprints of the lines.
//!
//! Lines that both have exactly once are the fixed points (patience diff); between them the longest common run decides.
//! Promises: time and memory are bounded whatever the texts hold; where a bound is met a stretch counts as changed as a whole.

use std::collections::HashMap;
use std::ops::Range;

/// A stretch of lines that differs: these of the left stand for those of the right. Either may be empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Change {
    pub left: Range<usize>,
    pub right: Range<usize>,
}

/// Beyond so many lines of both sides together no fixed points are looked for.
const MOST_LINES: usize = 800_000;
/// Between two fixed points at most so many pairs of lines are looked at.
const MOST_PAIRS: usize = 1 << 18;

/// The changes that make the right of the left, in order.
pub(super) fn changes(left: &[u64], right: &[u64]) -> Vec<Change> {
    let mut changes = Vec::new();
    let (left_end, right_end) = (left.len(), right.len());
    between((left, 0..left_end), (right, 0..right_end), true, &mut changes);
    changes
}

type Part<'a> = (&'a [u64], Range<usize>);

fn between((left, l): Part<'_>, (right, r): Part<'_>, anchored: bool, out: &mut Vec<Change>) {
    let (l, r) = trimmed((left, l), (right, r));
    if l.is_empty() && r.is_empty() {
        return;
    }
    if l.is_empty() || r.is_empty() {
        return push(out, l, r);
    }
    let fixed = match anchored && l.len() + r.len() <= MOST_LINES {
        true => anchors((left, l.clone()), (right, r.clone())),
        false => Vec::new(),
    };
    if fixed.is_empty() {
        return common_run((left, l), (right, r), out);
    }
    let (mut from_l, mut from_r) = (l.start, r.start);
    for (at_l, at_r) in fixed.into_iter().chain([(l.end, r.end)]) {
        // lines that are not alone in the whole may be alone here, once
        let again = at_l - from_l < l.len() / 2;
        between((left, from_l..at_l), (right, from_r..at_r), again, out);
        (from_l, from_r) = (at_l + 1, at_r + 1);
    }
}

/// Without the lines at both ends that are the same.
fn trimmed((left, l): Part<'_>, (right, r): Part<'_>) -> (Range<usize>, Range<usize>) {
    let (of_l, of_r) = (&left[l.clone()], &right[r.clone()]);
    let before = of_l.iter().zip(of_r).take_while(|(a, b)| a == b).count();
    let (of_l, of_r) = (&of_l[before..], &of_r[before..]);
    let after = of_l.iter().rev().zip(of_r.iter().rev()).take_while(|(a, b)| a == b).count();
    (l.start + before..l.end - after, r.start + before..r.end - after)
}

/// Lines that each side has once, as far as they stand in the same order.
fn anchors((left, l): Part<'_>, (right, r): Part<'_>) -> Vec<(usize, usize)> {
    let mut seen: HashMap<u64, (u32, u32, usize)> = HashMap::with_capacity(r.len());
    for at in r {
        let entry = seen.entry(right[at]).or_insert((0, 0, at));
        entry.1 = entry.1.saturating_add(1);
    }
    for at in l.clone() {
        if let Some(entry) = seen.get_mut(&left[at]) {
            entry.0 = entry.0.saturating_add(1);
        }
    }
    let once = l.filter_map(|at| match seen.get(&left[at]) {
        Some((1, 1, there)) => Some((at, *there)),
        Some(_) | None => None,
    });
    longest_rising(&once.collect::<Vec<_>>())
}

/// The longest run of pairs whose right sides rise, as their left sides do.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (at, (_, right)) in pairs.iter().enumerate() {
        let place = tails.partition_point(|tail| pairs[*tail].1 < *right);
        before.push(place.checked_sub(1).map(|place| tails[place]));
        match tails.get_mut(place) {
            Some(tail) => *tail = at,
            None => tails.push(at),
        }
    }
    let mut run = Vec::with_capacity(tails.len());
    let mut next = tails.last().copied();
    while let Some(at) = next {
        run.push(pairs[at]);
        next = before[at];
    }
    run.reverse();
    run
}

/// By the longest common subsequence of a stretch that is small enough, else as a whole.
fn common_run((left, l): Part<'_>, (right, r): Part<'_>, out: &mut Vec<Change>) {
    let (rows, columns) = (l.len(), r.len());
    if rows.saturating_mul(columns) > MOST_PAIRS {
        return push(out, l, r);
    }
    let width = columns + 1;
    let mut length = vec![0u32; (rows + 1) * width];
    for a in (0..rows).rev() {
        for b in (0..columns).rev() {
            length[a * width + b] = match left[l.start + a] == right[r.start + b] {
                true => length[(a + 1) * width + b + 1] + 1,
                false => length[(a + 1) * width + b].max(length[a * width + b + 1]),
            };
        }
    }
    let (mut a, mut b) = (0, 0);
    while a < rows || b < columns {
        let (from_a, from_b) = (a, b);
        while (a < rows || b < columns)
            && !(a < rows && b < columns && left[l.start + a] == right[r.start + b])
        {
            let down = a < rows
                && (b == columns || length[(a + 1) * width + b] >= length[a * width + b + 1]);
            if down { a += 1 } else { b += 1 }
        }
        push(out, l.start + from_a..l.start + a, r.start + from_b..r.start + b);
        while a < rows && b < columns && left[l.start + a] == right[r.start + b] {
            (a, b) = (a + 1, b + 1);
        }
    }
}

/// Adds a change; one that follows at once on the one before is part of it.
fn push(out: &mut Vec<Change>, left: Range<usize>, right: Range<usize>) {
    if left.is_empty() && right.is_empty() {
        return;
    }
    match out.last_mut() {
        Some(last) if last.left.end == left.start && last.right.end == right.start => {
            (last.left.end, last.right.end) = (left.end, right.end);
        }
        Some(_) | None => out.push(Change { left, right }),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(left: &str, right: &str) -> Vec<(Range<usize>, Range<usize>)> {
        let lines = |text: &str| text.bytes().map(u64::from).collect::<Vec<_>>();
        let found = changes(&lines(left), &lines(right));
        found.into_iter().map(|change| (change.left, change.right)).collect()
    }

    #[test]
    fn what_is_the_same_has_no_changes_and_what_is_not_is_named() {
        assert_eq!(of("abc", "abc"), []);
        assert_eq!(of("abc", "axc"), [(1..2, 1..2)]);
        assert_eq!(of("abc", "abxc"), [(2..2, 2..3)]);
        assert_eq!(of("abcd", "ad"), [(1..3, 1..1)]);
        assert_eq!(of("", "ab"), [(0..0, 0..2)]);
        assert_eq!(of("a{b}c{d}", "a{b}{x}c{d}"), [(4..4, 4..7)]);
        assert_eq!(of("xaaay", "xaaz"), [(3..5, 3..4)]);
    }

    #[test]
    fn a_stretch_that_is_too_large_is_changed_as_a_whole() {
        let left = vec![1; 2000];
        let right: Vec<u64> = (0..2000).map(|at| 2 + at % 2).collect();
        assert_eq!(changes(&left, &right), [Change { left: 0..2000, right: 0..2000 }]);
    }

    proptest! {
        #[test]
        fn the_changes_make_the_right_of_the_left(
            left in proptest::collection::vec(0u64..6, 0..60),
            right in proptest::collection::vec(0u64..6, 0..60),
        ) {
            let (mut made, mut at) = (Vec::new(), 0);
            for change in changes(&left, &right) {
                made.extend_from_slice(&left[at..change.left.start]);
                prop_assert_eq!(made.len(), change.right.start);
                made.extend_from_slice(&right[change.right]);
                at = change.left.end;
            }
            made.extend_from_slice(&left[at..]);
            prop_assert_eq!(made, right);
        }
    }
}
