//! Percent-encoding undone (RFC 3986 §2.1).

use super::field::decode;

/// The byte that a `%` and two hex digits at the start stand for.
pub fn escaped(text: &[u8]) -> Option<u8> {
    let [b'%', high, low, ..] = *text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Percent-encoding undone once; what is no encoding stays as it is.
pub fn percent_decode(bytes: &[u8]) -> Vec<u8> {
    if !bytes.contains(&b'%') {
        return bytes.to_vec();
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = escaped(rest);
        decoded.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { &tail[2..] } else { tail };
    }
    decoded
}

/// Text with percent-encoding undone.
pub fn percent_decoded(text: &str) -> String {
    decode(&percent_decode(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_percent_encoding_is_kept() {
        assert_eq!(percent_decode(b"100%&%4"), b"100%&%4");
        assert_eq!(percent_decode(b"%41%zz"), b"A%zz");
    }

    #[test]
    fn a_sign_is_no_digit() {
        assert_eq!(percent_decode(b"%+1%-1"), b"%+1%-1");
    }
}
