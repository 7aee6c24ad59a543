//! Glob: patterns with `*` for any bytes; letters match in either case.

use super::table::Text;
use crate::domain::scan;

/// A pattern for texts most of which it does not match: a glance at their pairs of characters tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pattern {
    text: Text,
    pairs: u64,
}

impl Pattern {
    pub(crate) const fn new(text: Text) -> Pattern {
        Pattern { text, pairs: pairs(text.bytes()) }
    }

    /// The whole text matches.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        matches(self.text.get(), text)
    }

    pub(crate) fn text(&self) -> &'static str {
        self.text.get()
    }

    /// Those that must be among the [`pairs`] of a text that matches.
    pub(crate) const fn pairs(&self) -> u64 {
        self.pairs
    }
}

/// One bit of 64 for each two neighbouring characters but stars; letters in either case are the same.
pub(crate) const fn pairs(text: &[u8]) -> u64 {
    const CASE: u8 = 0x20;
    let (mut all, mut rest) = (0, text);
    while let [one, after @ ..] = rest {
        if let [other, ..] = after
            && *one != b'*'
            && *other != b'*'
        {
            all |= 1 << ((*one | CASE).wrapping_mul(37).wrapping_add(*other | CASE) % 64);
        }
        rest = after;
    }
    all
}

/// The whole text matches the pattern.
pub(crate) fn matches(pattern: &str, text: &[u8]) -> bool {
    let (first, mut parts) = cut(pattern.as_bytes());
    if !text.get(..first.len()).is_some_and(|start| start.eq_ignore_ascii_case(first)) {
        return false;
    }
    let mut rest = &text[first.len()..];
    while let Some(pattern) = parts {
        let part;
        (part, parts) = cut(pattern);
        if parts.is_none() {
            let end = rest.len().checked_sub(part.len()).and_then(|start| rest.get(start..));
            return end.is_some_and(|end| end.eq_ignore_ascii_case(part));
        }
        match find(rest, part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.is_empty()
}

/// What stands before the first star, and what stands behind it.
fn cut(pattern: &[u8]) -> (&[u8], Option<&[u8]>) {
    match pattern.iter().position(|byte| *byte == b'*') {
        Some(star) => (&pattern[..star], Some(&pattern[star + 1..])),
        None => (pattern, None),
    }
}

/// Where the needle stands, letters in either case.
pub(crate) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    let Some(first) = needle.first() else { return Some(0) };
    let last = text.len().checked_sub(needle.len())?;
    let cases = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let mut at = 0;
    loop {
        at += scan::find_either(cases, text.get(at..=last)?)?;
        if text[at..at + needle.len()].eq_ignore_ascii_case(needle) {
            return Some(at);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, text, expected) in [
            ("nginx*", "nginx/1.2", true),
            ("nginx", "Nginx", true),
            ("nginx", "nginx/1", false),
            ("*<center>*</center>*", "<CENTER>x</CENTER>!", true),
            ("*a*b", "xxayyb", true),
            ("*a*b", "xxbyya", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
        ] {
            assert_eq!(matches(pattern, text.as_bytes()), expected, "{pattern} {text}");
            let (written, own) = (pairs(pattern.as_bytes()), pairs(text.as_bytes()));
            assert!(!expected || written & !own == 0, "{pattern} {text}");
        }
    }
}
