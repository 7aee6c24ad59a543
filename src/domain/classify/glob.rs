//! Glob: patterns with `*` for any bytes; letters match in either case.

use crate::domain::scan;

/// Which pairs of neighbouring characters a text has, one bit of 256 for each; letters in either case are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Pairs([u64; 4]);

impl Pairs {
    pub(crate) fn of(text: &[u8]) -> Pairs {
        let (mut pairs, mut bytes) = (Pairs::default(), text.iter());
        let Some(mut one) = bytes.next() else { return pairs };
        for other in bytes {
            pairs.add(*one, *other);
            one = other;
        }
        pairs
    }

    /// Those of each text that matches the pattern.
    pub(crate) const fn of_pattern(pattern: &[u8]) -> Pairs {
        let (mut pairs, mut at) = (Pairs([0; 4]), 1);
        while at < pattern.len() {
            let (one, other) = (pattern[at - 1], pattern[at]);
            if one != b'*' && other != b'*' {
                pairs.add(one, other);
            }
            at += 1;
        }
        pairs
    }

    /// All of these are there.
    #[inline]
    pub(crate) const fn has(&self, pairs: &Pairs) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, pairs.0);
        (e & !a) | (f & !b) | (g & !c) | (h & !d) == 0
    }

    #[inline]
    const fn add(&mut self, one: u8, other: u8) {
        const CASE: u8 = 0x20;
        let bit = (one | CASE).wrapping_mul(37).wrapping_add(other | CASE);
        self.0[(bit / 64) as usize] |= 1 << (bit % 64);
    }
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
    let cases = |byte: u8| (byte.to_ascii_lowercase(), byte.to_ascii_uppercase());
    let (first, second) = match *needle {
        [] => return Some(0),
        [only] => return scan::find_either(cases(only), text),
        [first, second, ..] => (cases(first), cases(second)),
    };
    let last = text.len().checked_sub(needle.len())?;
    let mut at = 0;
    loop {
        at += scan::find_pair(first, second, text.get(at..last + 2)?)?;
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
            let (written, own) =
                (Pairs::of_pattern(pattern.as_bytes()), Pairs::of(text.as_bytes()));
            assert!(!expected || own.has(&written), "{pattern} {text}");
        }
    }
}
