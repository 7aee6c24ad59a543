//! What `;encoder=` makes of a part's content, as curl writes it (`lib/mime.c`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// The longest line of what is encoded (RFC 2045 §6.7, §6.8).
const LINE: usize = 76;

/// How a part's content is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Encoder {
    Binary,
    EightBit,
    SevenBit,
    Base64,
    QuotedPrintable,
}

impl Encoder {
    const ALL: [Encoder; 5] = [
        Encoder::Binary,
        Encoder::EightBit,
        Encoder::SevenBit,
        Encoder::Base64,
        Encoder::QuotedPrintable,
    ];

    pub(super) fn named(text: &[u8]) -> Option<Encoder> {
        Encoder::ALL.into_iter().find(|one| one.name().as_bytes().eq_ignore_ascii_case(text))
    }

    /// The value of Content-Transfer-Encoding.
    pub(super) fn name(self) -> &'static str {
        match self {
            Encoder::Binary => "binary",
            Encoder::EightBit => "8bit",
            Encoder::SevenBit => "7bit",
            Encoder::Base64 => "base64",
            Encoder::QuotedPrintable => "quoted-printable",
        }
    }

    /// The content as it is sent; `None` where it holds what the encoder can't write.
    pub(super) fn encode(self, content: Vec<u8>) -> Option<Vec<u8>> {
        match self {
            Encoder::SevenBit if !content.is_ascii() => None,
            Encoder::Binary | Encoder::EightBit | Encoder::SevenBit => Some(content),
            Encoder::Base64 => {
                let text = BASE64.encode(&content).into_bytes();
                Some(text.chunks(LINE).collect::<Vec<_>>().join(&b"\r\n"[..]))
            }
            Encoder::QuotedPrintable => Some(quoted_printable(&content)),
        }
    }

    /// curl knows the length of what it writes only when all is written.
    pub(super) fn is_unmeasured(self) -> bool {
        self == Encoder::QuotedPrintable
    }
}

/// Lines end at CRLF; white space before one, and all but printable ASCII, is escaped (`encoder_qp_read`).
fn quoted_printable(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    let (mut rest, mut column) = (content, 0);
    while let Some((&byte, after)) = rest.split_first() {
        if rest.starts_with(b"\r\n") {
            out.extend(b"\r\n");
            (rest, column) = (&rest[2..], 0);
            continue;
        }
        let ends = after.is_empty() || after.starts_with(b"\r\n");
        let plain = match byte {
            b' ' | b'\t' => !ends,
            byte => byte.is_ascii_graphic() && byte != b'=',
        };
        let width = if plain { 1 } else { 3 };
        // the last column is for the end of a line, or for the sign that it goes on
        if column + width > LINE || (column + width == LINE && !ends) {
            out.extend(b"=\r\n");
            column = 0;
        }
        match plain {
            true => out.push(byte),
            false => out.extend(format!("={byte:02X}").into_bytes()),
        }
        (rest, column) = (after, column + width);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printable(content: &str) -> String {
        String::from_utf8(quoted_printable(content.as_bytes())).unwrap()
    }

    #[test]
    fn what_is_not_printable_is_escaped() {
        assert_eq!(printable("a\tb =\u{e9}"), "a\tb =3D=C3=A9");
        assert_eq!(printable("a \r\nb\t"), "a=20\r\nb=09");
        assert_eq!(printable("a\nb\rc"), "a=0Ab=0Dc");
        assert_eq!(printable(""), "");
    }

    #[test]
    fn long_lines_are_broken_at_the_last_column() {
        let fits = "x".repeat(76);
        assert_eq!(printable(&fits), fits);
        assert_eq!(printable(&format!("{fits}\r\ny")), format!("{fits}\r\ny"));
        let start = "x".repeat(75);
        assert_eq!(printable(&format!("{fits}x")), format!("{start}=\r\nxx"));
        let early = "x".repeat(74);
        assert_eq!(printable(&format!("{early}=y")), format!("{early}=\r\n=3Dy"));
    }
}
