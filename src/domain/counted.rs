//! A number and what is counted.

/// `1 hop`, `2 hops`.
pub fn counted(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_thing_is_no_several() {
        assert_eq!([0, 1, 2].map(|n| counted(n, "hop")), ["0 hops", "1 hop", "2 hops"]);
    }
}
