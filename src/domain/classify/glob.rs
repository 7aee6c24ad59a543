//! Glob: patterns with `*` for any bytes; letters match in either case.

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
        }
    }
}
