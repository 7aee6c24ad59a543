//! Two texts as a reviewer reads them: a unified diff.

use std::ops::Range;

/// Lines around a change.
const CONTEXT: usize = 3;

/// More lines than this are not aligned one by one.
const MOST: usize = 4000;

/// The difference, with file names on top; empty when there is none.
pub fn unified(name: &str, before: &str, after: &str) -> String {
    if before == after {
        return String::new();
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let edits = edits(&old, &new);
    let mut out = format!("--- {name}\n+++ {name} (seen now)\n");
    let changed: Vec<usize> = (0..edits.len()).filter(|at| edits[*at].0 != ' ').collect();
    let mut at = 0;
    while let Some(&first) = changed.get(at) {
        let mut last = first;
        while let Some(&next) = changed.get(at + 1).filter(|next| **next <= last + 2 * CONTEXT + 1)
        {
            last = next;
            at += 1;
        }
        at += 1;
        hunk(
            &edits,
            first.saturating_sub(CONTEXT)..(last + CONTEXT + 1).min(edits.len()),
            &mut out,
        );
    }
    out
}

/// A line with its mark: kept, taken away, added.
type Edit<'a> = (char, &'a str);

fn hunk(edits: &[Edit<'_>], range: Range<usize>, out: &mut String) {
    let count = |range: Range<usize>, other: char| {
        edits[range].iter().filter(|(mark, _)| *mark != other).count()
    };
    let (old, new) = (count(range.clone(), '+'), count(range.clone(), '-'));
    let (old_start, new_start) = (count(0..range.start, '+') + 1, count(0..range.start, '-') + 1);
    out.push_str(&format!("@@ -{old_start},{old} +{new_start},{new} @@\n"));
    for (mark, line) in &edits[range] {
        out.push_str(&format!("{mark}{line}\n"));
    }
}

/// The longest common subsequence, between what both begin and end with.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<Edit<'a>> {
    let same = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let rest = old.len().min(new.len()) - same;
    let tail =
        old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(o, n)| o == n).count();
    let (middle_old, middle_new) = (&old[same..old.len() - tail], &new[same..new.len() - tail]);
    let mut all: Vec<Edit<'a>> = old[..same].iter().map(|line| (' ', *line)).collect();
    if middle_old.len().max(middle_new.len()) > MOST {
        all.extend(middle_old.iter().map(|line| ('-', *line)));
        all.extend(middle_new.iter().map(|line| ('+', *line)));
    } else {
        aligned(middle_old, middle_new, &mut all);
    }
    all.extend(old[old.len() - tail..].iter().map(|line| (' ', *line)));
    all
}

fn aligned<'a>(old: &[&'a str], new: &[&'a str], all: &mut Vec<Edit<'a>>) {
    let width = new.len() + 1;
    let mut longest = vec![0u16; (old.len() + 1) * width];
    for (i, old_line) in old.iter().enumerate().rev() {
        for (j, new_line) in new.iter().enumerate().rev() {
            longest[i * width + j] = match old_line == new_line {
                true => longest[(i + 1) * width + j + 1] + 1,
                false => longest[(i + 1) * width + j].max(longest[i * width + j + 1]),
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        let both = i < old.len() && j < new.len() && old[i] == new[j];
        let take = i < old.len()
            && (j == new.len() || longest[(i + 1) * width + j] >= longest[i * width + j + 1]);
        if both {
            all.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if take {
            all.push(('-', old[i]));
            i += 1;
        } else {
            all.push(('+', new[j]));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_stands_between_its_neighbours() {
        let before = "a\nb\nc\nd\ne\nf\ng\nh\n";
        let after = "a\nb\nc\nd\nE\nf\ng\nh\ni\n";
        assert_eq!(
            unified("s", before, after),
            "--- s\n+++ s (seen now)\n@@ -2,7 +2,8 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n+i\n"
        );
        assert_eq!(unified("s", before, before), "");
    }
}
