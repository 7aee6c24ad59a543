//! Bytes in a Location that no URI may hold (RFC 3986 §2), and what kind of mistake they tell of.

use std::ops::Range;

use super::reference::Reference;

/// One such place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Illegal {
    pub kind: Fault,
    pub at: Range<usize>,
}

/// The kinds of mistake.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// 00 to 1F, or 7F.
    Control,
    /// The whole value stands in quotes or angle brackets.
    Wrapping,
    /// `&amp;` or a numeric character reference.
    Entity,
    /// A space or a delimiter that no part of a URI may hold.
    Illegal,
    /// A character that browsers leave alone in queries and fragments.
    Tolerated,
}

/// Every such place in order; runs of one kind are one place.
pub fn faults(location: &Reference<'_>) -> Vec<Illegal> {
    let raw = location.raw;
    let mut all: Vec<Illegal> = Vec::new();
    if is_wrapped(raw) {
        all.push(Illegal { kind: Fault::Wrapping, at: 0..raw.len() });
    }
    let tail = location.path.end;
    for (at, &byte) in raw.iter().enumerate() {
        let kind = match byte {
            0..=0x1f | 0x7f => Fault::Control,
            b'|' | b'^' | b'{' | b'}' | b'`' | b'\\' if at >= tail => Fault::Tolerated,
            b' ' | b'<' | b'>' | b'"' | b'`' | b'{' | b'}' | b'|' | b'^' | b'\\' => Fault::Illegal,
            b'&' => match entity(&raw[at..]) {
                Some(length) => {
                    all.push(Illegal { kind: Fault::Entity, at: at..at + length });
                    continue;
                }
                None => continue,
            },
            _ => continue,
        };
        match all.last_mut() {
            Some(last) if last.kind == kind && last.at.end == at => last.at.end = at + 1,
            _ => all.push(Illegal { kind, at: at..at + 1 }),
        }
    }
    all
}

fn is_wrapped(raw: &[u8]) -> bool {
    matches!(raw, [b'"', .., b'"'] | [b'\'', .., b'\''] | [b'<', .., b'>'])
}

/// The length of the character reference that starts here.
fn entity(raw: &[u8]) -> Option<usize> {
    const NAMED: [&[u8]; 5] = [b"&amp;", b"&lt;", b"&gt;", b"&quot;", b"&apos;"];
    if let Some(name) = NAMED.iter().find(|name| raw.starts_with(name)) {
        return Some(name.len());
    }
    let digits = raw.strip_prefix(b"&#")?;
    let end = digits.iter().take(8).position(|&byte| byte == b';')?;
    let number = digits[..end].strip_prefix(b"x").unwrap_or(&digits[..end]);
    let hex = number.iter().all(u8::is_ascii_hexdigit) && !number.is_empty();
    hex.then_some(end + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(raw: &str) -> Vec<(Fault, Range<usize>)> {
        faults(&Reference::of(raw.as_bytes())).into_iter().map(|f| (f.kind, f.at)).collect()
    }

    #[test]
    fn a_run_of_bytes_is_one_place() {
        assert_eq!(kinds("/a  b c"), [(Fault::Illegal, 2..4), (Fault::Illegal, 5..6)]);
        assert_eq!(kinds("/a%20b"), []);
    }

    #[test]
    fn queries_are_read_with_more_patience() {
        assert_eq!(kinds("/a?b={c}"), [(Fault::Tolerated, 5..6), (Fault::Tolerated, 7..8)]);
        assert_eq!(kinds("/{a}?b c").last().cloned(), Some((Fault::Illegal, 6..7)));
    }

    #[test]
    fn entities_are_told_from_fragments() {
        assert_eq!(kinds("/?a=1&amp;b=2"), [(Fault::Entity, 5..10)]);
        assert_eq!(kinds("/?a=1&#38;b"), [(Fault::Entity, 5..10)]);
        assert_eq!(kinds("/?a=1&#results"), []);
    }
}
