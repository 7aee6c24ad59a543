//! The nearest of some names to one that was mistyped, and how that is said.

/// The name that is fewest changes away; `None` when none is near.
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (typed.chars().count() / 3).max(1) + 1;
    let near = names.into_iter().map(|name| (changes(typed, name), name));
    // a name of two letters is not near to every other of two letters
    near.filter(|(changes, name)| *changes <= most && *changes <= name.chars().count().div_ceil(3))
        .min()
        .map(|near| near.1)
}

/// ` (did you mean "hops"?)`, or nothing where no name is near.
pub fn hint<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, names).map(|near| format!(" (did you mean {near:?}?)")).unwrap_or_default()
}

/// `there is no action "stpe"`, with the nearest name or, where none is near, all that there are.
pub fn none_of(what: &str, typed: &str, names: &[&str]) -> String {
    match nearest(typed, names.iter().copied()) {
        Some(near) => format!("there is no {what} {typed:?}; did you mean {near:?}?"),
        None => format!("there is no {what} {typed:?}; there are {}", names.join(", ")),
    }
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

    const NAMES: [&str; 3] = ["step", "continue", "resend"];

    #[test]
    fn a_mistyped_name_finds_its_neighbour() {
        assert_eq!(nearest("stpe", NAMES), Some("step"));
        assert_eq!(nearest("contine", NAMES), Some("continue"));
        assert_eq!(nearest("zzzz", NAMES), None);
        assert_eq!(nearest("", NAMES), None);
        assert_eq!(nearest("xx", ["up", "to"]), None);
    }

    #[test]
    fn a_hint_names_the_neighbour_or_nothing() {
        assert_eq!(hint("hop", ["hops", "status"]), " (did you mean \"hops\"?)");
        assert_eq!(hint("zebra", ["hops", "status"]), "");
    }

    #[test]
    fn where_no_name_is_near_all_are_listed() {
        assert_eq!(
            none_of("action", "stpe", &NAMES),
            "there is no action \"stpe\"; did you mean \"step\"?"
        );
        assert_eq!(
            none_of("action", "zzzz", &NAMES),
            "there is no action \"zzzz\"; there are step, continue, resend"
        );
    }
}
