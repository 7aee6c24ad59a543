//! Parameters: the names and values of a query, fragment or form body, and where they stand.

use std::ops::Range;

use crate::domain::http::field::decode;
use crate::domain::http::percent::percent_decode;

/// One `name=value`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Param {
    /// Decoded: `+` and percent-encoding undone once.
    pub name: String,
    /// Decoded: `+` and percent-encoding undone once.
    pub value: String,
    pub place: Place,
    /// The bytes of `name=value`.
    pub at: Range<usize>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    Query,
    Fragment,
    Body,
}

impl Param {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The parameters in this range of the raw bytes. Parts without `=` have an empty value; in a fragment they are none.
pub fn params(raw: &[u8], range: Range<usize>, place: Place, all: &mut Vec<Param>) {
    let mut start = range.start;
    for part in raw.get(range).unwrap_or_default().split(|&byte| byte == b'&') {
        let at = start..start + part.len();
        start = at.end + 1;
        let equals = part.iter().position(|&byte| byte == b'=');
        if part.is_empty() || place == Place::Fragment && equals.is_none() {
            continue;
        }
        let (name, value) = match equals {
            Some(equals) => (&part[..equals], &part[equals + 1..]),
            None => (part, &[] as &[u8]),
        };
        all.push(Param { name: form_decode(name), value: form_decode(value), place, at });
    }
}

fn form_decode(bytes: &[u8]) -> String {
    if !bytes.iter().any(|byte| matches!(byte, b'+' | b'%')) {
        return decode(bytes);
    }
    let spaced: Vec<u8> = bytes.iter().map(|&b| if b == b'+' { b' ' } else { b }).collect();
    decode(&percent_decode(&spaced))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_know_their_place() {
        let raw = b"/x?a=1&&b=%2Fc+d&e";
        let mut all = Vec::new();
        params(raw, 3..raw.len(), Place::Query, &mut all);
        let seen: Vec<_> = all.iter().map(|p| (p.name.as_str(), p.value.as_str())).collect();
        assert_eq!(seen, [("a", "1"), ("b", "/c d"), ("e", "")]);
        assert_eq!(&raw[all[1].at.clone()], b"b=%2Fc+d");
    }
}
