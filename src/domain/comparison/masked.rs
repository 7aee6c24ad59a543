//! Values of which one is the other with its secrets masked.
//!
//! A run of two or more `*` stands for anything, so that a token of today is none other than the masked one of yesterday.

use super::Difference;

/// Whether the two values are the same but for masked secrets.
pub(super) fn alike(difference: &Difference) -> bool {
    match (&difference.left, &difference.right) {
        (Some(left), Some(right)) => stands_for(left, right) || stands_for(right, left),
        _ => false,
    }
}

/// Whether `masked` is `plain` with some of it masked.
fn stands_for(masked: &str, plain: &str) -> bool {
    let mut parts = pieces(masked).into_iter();
    let Some(mut rest) = parts.next().and_then(|first| plain.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        let found = match parts.peek() {
            // the last piece stands at the end
            None => rest.strip_suffix(part).map(str::len),
            Some(_) => rest.find(part),
        };
        let Some(at) = found else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    true
}

/// What stands between the runs of stars.
fn pieces(masked: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), masked);
    while let Some(at) = rest.find("**") {
        let (before, stars) = rest.split_at(at);
        pieces.push(before);
        rest = stars.trim_start_matches('*');
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_of_stars_stands_for_any_secret() {
        assert!(stands_for("sid=******; Path=/", "sid=a-longer-one; Path=/"));
        assert!(stands_for("/a?t=****&u=**", "/a?t=x&u=yz"));
        assert!(stands_for("******", "secret"));
        assert!(stands_for("same", "same"));
    }

    #[test]
    fn what_is_not_masked_still_counts() {
        assert!(!stands_for("sid=******; Path=/", "sid=abcdef; Path=/x"));
        assert!(!stands_for("sid=******; Path=/", "uid=abcdef; Path=/"));
        assert!(!stands_for("text/*", "text/html"));
        assert!(!stands_for("", "x"));
        assert!(!stands_for("a**bb", "ab"));
    }
}
