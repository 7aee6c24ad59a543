//! The Huffman code of HPACK (RFC 7541 §5.2, appendix B).
//!
//! The code is canonical: how long each symbol's code is says all of it.

use super::HpackError;

/// Bits of the code of each byte, and of the end of the string.
pub(super) const LENGTHS: [u8; 257] = [
    13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
    28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6, 5, 5,
    5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
    7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6, 15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6,
    6, 5, 6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22,
    23, 23, 23, 23, 23, 24, 23, 24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22,
    21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20,
    22, 22, 22, 23, 22, 22, 23, 26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19,
    21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22,
    22, 25, 25, 24, 24, 26, 23, 26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
];

const SHORTEST: usize = 5;
const LONGEST: usize = 30;
const END: u16 = 256;

/// The codes of one length: the first of them, the first past them, and where their symbols stand in [`SYMBOLS`]. Codes stand at
/// the top of [`LONGEST`] bits.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) first: u32,
    past: u32,
    symbols: usize,
}

pub(super) const ROWS: [Row; LONGEST + 1] = rows();

/// By length, then by value: the order of their codes.
pub(super) const SYMBOLS: [u16; 257] = symbols();

/// Appends what these bytes mean.
pub(super) fn decode(bytes: &[u8], into: &mut Vec<u8>) -> Result<(), HpackError> {
    let mut rest = bytes.iter();
    // the bits that wait stand at the top
    let (mut waiting, mut count) = (0u64, 0usize);
    loop {
        while count <= 56 {
            let Some(&byte) = rest.next() else { break };
            waiting |= u64::from(byte) << (56 - count);
            count += 8;
        }
        let code = (waiting >> (64 - LONGEST)) as u32;
        let length = (SHORTEST..=LONGEST).find(|&length| code < ROWS[length].past);
        let Some(length) = length.filter(|&length| length <= count) else {
            // less than a byte of the end's code pads the last byte
            let padding =
                count < 8 && waiting == !(u64::MAX.checked_shr(count as u32).unwrap_or(0));
            return if padding { Ok(()) } else { Err(HpackError::Huffman) };
        };
        let row = ROWS[length];
        let symbol = SYMBOLS[row.symbols + ((code - row.first) >> (LONGEST - length)) as usize];
        match u8::try_from(symbol) {
            Ok(byte) => into.push(byte),
            Err(_) => return Err(HpackError::Huffman),
        }
        waiting <<= length;
        count -= length;
    }
}

const fn rows() -> [Row; LONGEST + 1] {
    let mut rows = [Row { first: 0, past: 0, symbols: 0 }; LONGEST + 1];
    let (mut length, mut code, mut symbols) = (1, 0u32, 0);
    while length <= LONGEST {
        let (mut symbol, mut of) = (0, 0);
        while symbol < LENGTHS.len() {
            if LENGTHS[symbol] as usize == length {
                of += 1;
            }
            symbol += 1;
        }
        let up = LONGEST - length;
        rows[length] = Row { first: code << up, past: (code + of) << up, symbols };
        symbols += of as usize;
        code = (code + of) << 1;
        length += 1;
    }
    rows
}

const fn symbols() -> [u16; 257] {
    let mut symbols = [END; 257];
    let (mut length, mut at) = (1, 0);
    while length <= LONGEST {
        let mut symbol = 0;
        while symbol < LENGTHS.len() {
            if LENGTHS[symbol] as usize == length {
                symbols[at] = symbol as u16;
                at += 1;
            }
            symbol += 1;
        }
        length += 1;
    }
    symbols
}
