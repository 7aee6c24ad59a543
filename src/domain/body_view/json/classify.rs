//! What kind each of 64 bytes of JSON is: quotes, backslashes, structural characters, white space, one bit a byte.
//!
//! On x86-64 by SSE2, which every such machine has, three times as fast as what the compiler makes of the portable form;
//! the only unsafe code of the domain, and a test holds both forms against each other.

/// How many bytes are looked at together.
pub(super) const BLOCK: usize = 64;

/// One bit a byte, the first byte lowest.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Bits {
    pub(super) quotes: u64,
    pub(super) backslashes: u64,
    /// `{ } [ ] : ,`
    pub(super) operators: u64,
    /// Space, tab, LF, CR.
    pub(super) spaces: u64,
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[expect(
    unsafe_code,
    reason = "needs SSE2, which this build is only compiled with where the target has it"
)]
#[inline]
pub(super) fn classify(block: &[u8; BLOCK]) -> Bits {
    // SAFETY: the cfg above is the very condition
    unsafe { sse2(block) }
}

#[cfg(not(all(target_arch = "x86_64", target_feature = "sse2")))]
#[inline]
pub(super) fn classify(block: &[u8; BLOCK]) -> Bits {
    portable(block)
}

#[cfg(all(target_arch = "x86_64", target_feature = "sse2"))]
#[target_feature(enable = "sse2")]
#[inline]
fn sse2(block: &[u8; BLOCK]) -> Bits {
    use std::arch::x86_64::{
        _mm_cmpeq_epi8, _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };
    let is = |bytes, character: u8| _mm_cmpeq_epi8(bytes, _mm_set1_epi8(character.cast_signed()));
    let mask = |bytes| u64::from(_mm_movemask_epi8(bytes).cast_unsigned());
    let mut bits = Bits::default();
    let (lanes, _) = block.as_chunks::<16>();
    for (lane, shift) in lanes.iter().zip((0..).step_by(16)) {
        let both = u128::from_le_bytes(*lane);
        let bytes = _mm_set_epi64x((both >> 64) as i64, both as i64);
        // `[` and `{`, `]` and `}` differ in one bit
        let folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        let brackets = _mm_or_si128(is(folded, b'{'), is(folded, b'}'));
        let marks = _mm_or_si128(is(bytes, b':'), is(bytes, b','));
        let blanks = _mm_or_si128(is(bytes, b' '), is(bytes, b'\n'));
        let rare = _mm_or_si128(is(bytes, b'\t'), is(bytes, b'\r'));
        bits.quotes |= mask(is(bytes, b'"')) << shift;
        bits.backslashes |= mask(is(bytes, b'\\')) << shift;
        bits.operators |= mask(_mm_or_si128(brackets, marks)) << shift;
        bits.spaces |= mask(_mm_or_si128(blanks, rare)) << shift;
    }
    bits
}

/// One pass that the compiler turns into vector code on any machine, then eight bytes at once into bits.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
fn portable(block: &[u8; BLOCK]) -> Bits {
    let kinds = block.map(kinds);
    let mut bits = Bits::default();
    let (words, _) = kinds.as_chunks::<8>();
    for (word, shift) in words.iter().zip((0..).step_by(8)) {
        let kinds = u64::from_le_bytes(*word);
        bits.quotes |= gather(kinds) << shift;
        bits.backslashes |= gather(kinds >> 1) << shift;
        bits.operators |= gather(kinds >> 2) << shift;
        bits.spaces |= gather(kinds >> 3) << shift;
    }
    bits
}

/// One bit for each kind, in the order of [`Bits`].
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
fn kinds(byte: u8) -> u8 {
    let folded = byte | 0x20;
    let operator = (folded == b'{') | (folded == b'}') | (byte == b':') | (byte == b',');
    let space = (byte == b' ') | (byte == b'\n') | (byte == b'\t') | (byte == b'\r');
    u8::from(byte == b'"')
        | u8::from(byte == b'\\') << 1
        | u8::from(operator) << 2
        | u8::from(space) << 3
}

/// The lowest bits of eight bytes, side by side.
#[cfg(any(test, not(all(target_arch = "x86_64", target_feature = "sse2"))))]
fn gather(bytes: u64) -> u64 {
    (bytes & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn every_byte_gets_its_bits(bytes in prop::collection::vec(any::<u8>(), BLOCK)) {
            let block: [u8; BLOCK] = bytes.clone().try_into().unwrap();
            let bits = classify(&block);
            for (at, byte) in bytes.iter().enumerate() {
                let set = |mask: u64| mask >> at & 1 == 1;
                prop_assert_eq!(set(bits.quotes), *byte == b'"');
                prop_assert_eq!(set(bits.backslashes), *byte == b'\\');
                prop_assert_eq!(set(bits.operators), b"{}[]:,".contains(byte));
                prop_assert_eq!(set(bits.spaces), b" \t\n\r".contains(byte));
            }
        }

        #[test]
        fn both_ways_agree(bytes in prop::collection::vec(any::<u8>(), BLOCK)) {
            let block: [u8; BLOCK] = bytes.try_into().unwrap();
            prop_assert_eq!(classify(&block), portable(&block));
        }
    }
}
