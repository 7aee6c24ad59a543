//! Scan: where a byte stands, in texts as short as a head or a page that a server sends with a redirect.
//!
//! memchr is faster on long texts, but first asks the processor what it can do. On a virtual machine each such question is a
//! trap, and the nine of them take longer than all the searching of a short chain.

/// So many are looked at together, in one register of every 64-bit processor.
const BLOCK: usize = 16;

/// Where the byte stands first.
pub(crate) fn find(byte: u8, text: &[u8]) -> Option<usize> {
    find_by(text, |own| own == byte)
}

/// Where a byte stands first that is one of two.
pub(crate) fn find_either((one, other): (u8, u8), text: &[u8]) -> Option<usize> {
    find_by(text, |own| own == one || own == other)
}

/// Where two bytes stand first, one behind the other, each of them one of two.
pub(crate) fn find_pair(first: (u8, u8), second: (u8, u8), text: &[u8]) -> Option<usize> {
    let is = |of: (u8, u8), byte: u8| byte == of.0 || byte == of.1;
    let rest = text.get(1..)?;
    let blocks = text.as_chunks::<BLOCK>().0.iter().zip(rest.as_chunks::<BLOCK>().0);
    // all of them at once, as below
    let block = blocks.map(|(own, next)| {
        let pairs = own.iter().zip(next);
        pairs.fold(false, |hit, (&one, &other)| hit | is(first, one) & is(second, other))
    });
    let start = block.take_while(|hit| !hit).count() * BLOCK;
    let mut pairs = text[start..].windows(2);
    pairs.position(|pair| is(first, pair[0]) && is(second, pair[1])).map(|inside| start + inside)
}

/// Every place where the byte stands, in order.
pub(crate) fn places(byte: u8, text: &[u8]) -> impl Iterator<Item = usize> {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let tail = text.len() - rest.len();
    let inside = move |(at, block): (usize, &[u8; BLOCK])| {
        let is = block.iter().enumerate().map(|(at, &own)| u64::from(own == byte) << at);
        bits(is.fold(0, |all, one| all | one)).map(move |inside| at * BLOCK + inside)
    };
    let whole = blocks.iter().enumerate().filter(move |(_, block)| has(block, |own| own == byte));
    let last = rest.iter().enumerate().filter(move |&(_, &own)| own == byte);
    whole.flat_map(inside).chain(last.map(move |(at, _)| tail + at))
}

/// Which bits are set, from the lowest on.
pub(crate) fn bits(word: u64) -> impl Iterator<Item = usize> {
    let mut rest = word;
    std::iter::from_fn(move || {
        let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
        rest &= rest - 1;
        Some(bit)
    })
}

/// Where the needle stands first.
pub(crate) fn find_text(needle: &[u8], text: &[u8]) -> Option<usize> {
    let Some(&first) = needle.first() else { return Some(0) };
    places(first, text).find(|&at| text[at..].starts_with(needle))
}

fn find_by(text: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, rest) = text.as_chunks::<BLOCK>();
    let start = match blocks.iter().position(|block| has(block, &is)) {
        Some(block) => block * BLOCK,
        None if text.last_chunk().is_some_and(|end| !has(end, &is)) => return None,
        None => text.len() - rest.len(),
    };
    text[start..].iter().position(|&byte| is(byte)).map(|inside| start + inside)
}

/// Not `any`, which stops at the first: looking at all of them at once is quicker.
#[inline]
fn has(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> bool {
    block.iter().fold(false, |hit, &byte| hit | is(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_is_found_wherever_it_stands() {
        for length in 0..70 {
            let mut text = vec![b'.'; length];
            assert_eq!(find(b'x', &text), None);
            for at in 0..length {
                text[at] = b'x';
                assert_eq!(find(b'x', &text), Some(at));
                assert_eq!(find_either((b'y', b'x'), &text), Some(at));
                text[at] = b'.';
            }
        }
        assert_eq!(find_text(b"-END", b"--- -EN -END"), Some(8));
        for length in 2..70 {
            for at in 0..length - 1 {
                let mut text = vec![b'x'; length];
                text[at + 1] = b'Y';
                assert_eq!(find_pair((b'X', b'x'), (b'y', b'Y'), &text), Some(at));
                assert_eq!(find_pair((b'Y', b'y'), (b'y', b'Y'), &text), None);
            }
        }
        let text = [b"x".repeat(20), b".".repeat(20), b"x".to_vec()].concat();
        assert_eq!(
            places(b'x', &text).collect::<Vec<_>>(),
            (0..20).chain([40]).collect::<Vec<_>>()
        );
    }
}
