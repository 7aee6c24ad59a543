//! DER as far as the names of a certificate: bytes are asked for one by one, so that of base64 only those are decoded that matter.

use std::ops::Range;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
const VERSION: u8 = 0xa0;

/// Who a certificate is for and who signed it: the contents of the two `Name` sequences (RFC 5280 section 4.1.2).
pub(super) struct Names<'a> {
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
}

impl Names<'_> {
    /// Those of a certificate in DER, of which the end may be missing.
    pub(super) fn of(der: &[u8]) -> Option<Names<'_>> {
        let (issuer, subject) = names(|at| der.get(at).copied())?;
        Some(Names { issuer: der.get(issuer)?, subject: der.get(subject)? })
    }
}

/// Where issuer and subject stand.
pub(super) fn names(byte: impl Fn(usize) -> Option<u8>) -> Option<(Range<usize>, Range<usize>)> {
    let element = |tag, at| element(&byte, tag, at);
    let certificate = element(SEQUENCE, 0)?;
    let to_be_signed = element(SEQUENCE, certificate.start)?;
    let version = element(VERSION, to_be_signed.start);
    let serial = element(INTEGER, version.map_or(to_be_signed.start, |version| version.end))?;
    let algorithm = element(SEQUENCE, serial.end)?;
    let issuer = element(SEQUENCE, algorithm.end)?;
    let validity = element(SEQUENCE, issuer.end)?;
    let subject = element(SEQUENCE, validity.end)?;
    Some((issuer, subject))
}

/// Where the contents of the element stand that begins here.
fn element(byte: impl Fn(usize) -> Option<u8>, tag: u8, at: usize) -> Option<Range<usize>> {
    if byte(at)? != tag {
        return None;
    }
    let first = usize::from(byte(at + 1)?);
    let (start, length) = match first {
        0..=0x7f => (at + 2, first),
        0x81..=0x83 => {
            let start = at + 2 + (first & 0x7f);
            let digits = (at + 2..start).map(&byte);
            let length = digits
                .map(|digit| digit.map(usize::from))
                .try_fold(0, |length, digit| digit.map(|digit| length << 8 | digit))?;
            (start, length)
        }
        _ => return None,
    };
    Some(start..start + length)
}
