//! What two values have in common: the rest of them is marked.

use crate::app::page::{Line, Role};
use crate::domain::text;

/// How two values begin and end alike, in bytes.
pub(super) struct Common {
    prefix: usize,
    suffix: usize,
    /// They have at least half of the shorter one in common.
    alike: bool,
}

impl Common {
    pub(super) fn of(left: &str, right: &str) -> Common {
        let same = |(a, b): &(char, char)| a == b;
        let length = |(a, _): (char, char)| a.len_utf8();
        let prefix: usize = left.chars().zip(right.chars()).take_while(same).map(length).sum();
        let shorter = left.len().min(right.len());
        let (left, right) = (&left[prefix..], &right[prefix..]);
        let suffix: usize =
            left.chars().rev().zip(right.chars().rev()).take_while(same).map(length).sum();
        Common { prefix, suffix, alike: (prefix + suffix) * 2 >= shorter }
    }

    /// The value with what is its own marked; a long beginning that both have gives way to that.
    pub(super) fn marked(&self, value: &str, role: Role, room: usize) -> Line {
        let (start, end) = (self.prefix, value.len() - self.suffix);
        // values that have little in common are not marked letter by letter
        if !self.alike {
            return Line::of([(role, value.to_owned())]);
        }
        let mut before = value[..start].to_owned();
        let kept = room / 3;
        if text::width(value) > room && text::width(&before) > kept {
            let skipped = text::width(&before) - kept.saturating_sub(1);
            before = format!("…{}", text::skip(&before, skipped));
        }
        let mut line = Line::of([(role, before)]);
        line.push(Role::Found, &value[start..end]);
        line.push(role, &value[end..]);
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(left: &str, right: &str, room: usize) -> Vec<String> {
        let line = Common::of(left, right).marked(left, Role::Removed, room);
        line.spans.into_iter().map(|span| span.text).collect()
    }

    #[test]
    fn only_the_bytes_that_differ_are_marked() {
        assert_eq!(parts("/orders/17?a=1", "/orders/23?a=1", 40), ["/orders/", "17", "?a=1"]);
        assert_eq!(parts("aa", "aaa", 40), ["aa", "", ""]);
        assert_eq!(parts("GET", "POST", 40), ["GET"]);
        assert_eq!(parts("x", "–", 40), ["x"]);
    }

    #[test]
    fn a_long_beginning_gives_way_to_what_differs() {
        let long = "https://shop.test/".repeat(5);
        let shown = parts(&format!("{long}17"), &format!("{long}23"), 30);
        assert!(shown[0].starts_with('…') && text::width(&shown[0]) <= 10, "{shown:?}");
        assert_eq!(shown[1], "17");
    }
}
