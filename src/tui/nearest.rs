//! The nearest of some names to one that was mistyped.

/// The name that is fewest changes away; `None` when none is near.
pub fn nearest<'a>(typed: &str, names: &[&'a str]) -> Option<&'a str> {
    let most = (typed.chars().count() / 3).max(1) + 1;
    let near = names.iter().map(|name| (changes(typed, name), *name));
    near.filter(|(changes, _)| *changes <= most)
        .min_by_key(|(changes, _)| *changes)
        .map(|near| near.1)
}

/// Letters put in, left out, replaced, or swapped with the next (optimal string alignment).
fn changes(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) =
        (one.chars().take(64).collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (at, letter) in one.iter().enumerate() {
        let before = &rows[at];
        let mut row = vec![at + 1];
        for (column, wanted) in other.iter().enumerate() {
            let replaced = before[column] + usize::from(letter != wanted);
            let mut least = replaced.min(before[column + 1] + 1).min(row[column] + 1);
            let swapped =
                at > 0 && column > 0 && one[at - 1] == *wanted && other[column - 1] == *letter;
            if swapped {
                least = least.min(rows[at - 1][column - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistyped_name_finds_its_neighbour() {
        let names = ["step", "continue", "resend"];
        assert_eq!(nearest("stpe", &names), Some("step"));
        assert_eq!(nearest("contine", &names), Some("continue"));
        assert_eq!(nearest("zzzz", &names), None);
        assert_eq!(nearest("", &names), None);
    }
}
