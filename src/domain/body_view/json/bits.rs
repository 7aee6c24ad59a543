//! Where the tokens of JSON start, 64 bytes at once, one bit a byte.
//!
//! The bit tricks are those of simdjson (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).

use super::classify::{BLOCK, classify};

/// What goes over from one block to the next.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(super) struct Carry {
    /// The next byte is escaped by a backslash.
    pub(super) escaped: bool,
    /// The next byte is inside a string.
    pub(super) in_string: bool,
    /// The last byte was part of a bare word.
    pub(super) in_bare: bool,
}

/// The bits where tokens start: operators, opening quotes, first bytes of bare words. `length` bytes of the block count.
#[inline(always)]
pub(super) fn token_starts(block: &[u8; BLOCK], length: usize, carry: &mut Carry) -> u64 {
    let bits = classify(block);
    let (escaped, escapes) = escaped(bits.backslashes, carry.escaped);
    let quotes = bits.quotes & !escaped;
    let in_string = parity(quotes) ^ if carry.in_string { u64::MAX } else { 0 };
    let bare = !(bits.spaces | bits.operators | quotes | in_string);
    let bare_starts = bare & !(bare << 1 | u64::from(carry.in_bare));
    let last = length - 1;
    *carry = Carry {
        escaped: escapes >> last & 1 == 1,
        in_string: in_string >> last & 1 == 1,
        in_bare: bare >> last & 1 == 1,
    };
    let starts = bits.operators & !in_string | quotes & in_string | bare_starts;
    starts & (u64::MAX >> (BLOCK - length))
}

/// Which bytes are escaped by a backslash before them, and which backslashes do so.
fn escaped(backslashes: u64, first: bool) -> (u64, u64) {
    const ODD: u64 = 0xaaaa_aaaa_aaaa_aaaa;
    let first = u64::from(first);
    if backslashes == 0 {
        return (first, 0);
    }
    let potential = backslashes & !first;
    let terminal = ((potential << 1 | ODD).wrapping_sub(potential)) ^ ODD;
    (terminal ^ (backslashes | first), terminal & backslashes)
}

/// Each bit is the parity of the bits up to it: set from an opening quote to before the closing one.
fn parity(quotes: u64) -> u64 {
    let mut bits = quotes;
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn block(text: &str) -> [u8; BLOCK] {
        let mut block = [b' '; BLOCK];
        block[..text.len()].copy_from_slice(text.as_bytes());
        block
    }

    #[test]
    fn tokens_start_at_operators_strings_and_bare_words() {
        let text = r#"{"a\"b,":[12, true],"\\":null}"#;
        let starts = token_starts(&block(text), text.len(), &mut Carry::default());
        let seen: String =
            (0..text.len()).map(|at| if starts >> at & 1 == 1 { '^' } else { ' ' }).collect();
        assert_eq!(seen.trim_end(), "^^      ^^^ ^ ^   ^^^   ^^   ^".trim_end(), "{text}");
    }

    proptest! {
        #[test]
        fn the_carry_is_the_same_wherever_the_bytes_are_cut(bytes in prop::collection::vec(prop::sample::select(b"\"\\ ,a".to_vec()), 1..64), at in 0usize..64) {
            let at = at.min(bytes.len() - 1);
            let fill = |part: &[u8]| { let mut block = [0; BLOCK]; block[..part.len()].copy_from_slice(part); block };
            let mut whole = Carry::default();
            let starts = token_starts(&fill(&bytes), bytes.len(), &mut whole);
            let mut parts = Carry::default();
            let mut cut = 0;
            if at > 0 {
                cut = token_starts(&fill(&bytes[..at]), at, &mut parts);
            }
            cut |= token_starts(&fill(&bytes[at..]), bytes.len() - at, &mut parts) << at;
            prop_assert_eq!((starts, whole), (cut, parts));
        }
    }
}
