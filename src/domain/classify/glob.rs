//! Glob: patterns with `*` for any bytes; letters match in either case.

use memchr::memmem::Finder;

/// A pattern that is used many times: split at its stars once.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pattern {
    pub(crate) text: &'static str,
    parts: Vec<&'static [u8]>,
}

impl Pattern {
    pub(crate) fn new(text: &'static str) -> Pattern {
        Pattern { text, parts: text.split('*').map(str::as_bytes).collect() }
    }

    /// The whole text matches.
    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        matches_parts(self.parts.iter().copied(), text)
    }
}

/// A pattern for pages: its parts are sought by searchers made once.
#[derive(Clone, Debug)]
pub(crate) struct PagePattern {
    first: Vec<u8>,
    middle: Vec<Finder<'static>>,
    /// `None` where the pattern has no star.
    last: Option<Vec<u8>>,
}

impl PagePattern {
    pub(crate) fn new(text: &str) -> PagePattern {
        let mut parts = text.split('*').map(|part| part.to_ascii_lowercase().into_bytes());
        let first = parts.next().unwrap_or_default();
        let last = parts.next_back();
        let middle = parts.map(|part| Finder::new(&part).into_owned()).collect();
        PagePattern { first, middle, last }
    }

    /// The whole page matches; its letters are in lower case.
    pub(crate) fn matches(&self, page: &[u8]) -> bool {
        let Some(mut rest) = page.strip_prefix(self.first.as_slice()) else { return false };
        for part in &self.middle {
            let Some(at) = part.find(rest) else { return false };
            rest = &rest[at + part.needle().len()..];
        }
        self.last.as_ref().map_or(rest.is_empty(), |last| rest.ends_with(last))
    }
}

/// The whole text matches the pattern.
pub(crate) fn matches(pattern: &str, text: &[u8]) -> bool {
    matches_parts(pattern.split('*').map(str::as_bytes), text)
}

fn matches_parts<'a>(mut parts: impl Iterator<Item = &'a [u8]>, text: &[u8]) -> bool {
    let first = parts.next().unwrap_or_default();
    if !text.get(..first.len()).is_some_and(|start| start.eq_ignore_ascii_case(first)) {
        return false;
    }
    let mut rest = &text[first.len()..];
    let mut last: Option<&[u8]> = None;
    for part in parts {
        if let Some(middle) = last {
            match find(rest, middle) {
                Some(at) => rest = &rest[at + middle.len()..],
                None => return false,
            }
        }
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(end) => {
            rest.len() >= end.len() && rest[rest.len() - end.len()..].eq_ignore_ascii_case(end)
        }
    }
}

/// Where the needle stands, letters in either case.
pub(crate) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    let Some(first) = needle.first() else { return Some(0) };
    let last = text.len().checked_sub(needle.len())?;
    let (low, high) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(low, high, &text[..=last])
        .find(|&at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
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
            let page = text.to_ascii_lowercase();
            let found = PagePattern::new(pattern).matches(page.as_bytes());
            assert_eq!(found, expected, "{pattern} on the page {text}");
        }
    }
}
