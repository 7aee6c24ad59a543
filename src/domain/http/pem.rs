//! PEM (RFC 7468) as files for TLS hold it: whether the block that is asked for is there, and what to say where it is not.

use std::path::Path;

/// What a file is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Block {
    Certificate,
    PrivateKey,
}

/// How DER begins, and with it PKCS#12: a SEQUENCE.
const SEQUENCE: u8 = 0x30;

/// How the object identifier of a cipher with a password begins (RFC 8018, appendix A): in DER it stands near the start of such a key.
const PKCS5: [u8; 8] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05];

/// Why a file has no such block, and what makes one of it; `None` where it has one. Goes on from the file's name.
pub fn fault(path: &Path, bytes: &[u8], block: Block) -> Option<String> {
    let says = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    let path = path.display();
    let encrypted = says("BEGIN ENCRYPTED PRIVATE KEY") || says("4,ENCRYPTED");
    let in_der = bytes.first() == Some(&SEQUENCE);
    let start = bytes.get(..bytes.len().min(32)).unwrap_or_default();
    let der = in_der && start.windows(PKCS5.len()).any(|window| window == PKCS5);
    match block {
        Block::Certificate if says("-----BEGIN CERTIFICATE-----") => return None,
        Block::PrivateKey if encrypted || der => {
            let form = if der { "-inform DER " } else { "" };
            return Some(format!(
                "has a password, and hopstep reads no such key: `openssl pkey {form}-in {path} -out plain.key` takes it off"
            ));
        }
        Block::PrivateKey if says("PRIVATE KEY-----") => return None,
        Block::Certificate | Block::PrivateKey => {}
    }
    let what = block.name();
    Some(if in_der {
        format!(
            "holds no {what} in PEM but DER: `openssl pkcs12 -in {path} -nodes -out client.pem` makes PEM of PKCS#12"
        )
    } else {
        format!("holds no {what} in PEM")
    })
}

/// What a file in DER holds: a certificate begins with a SEQUENCE of its own, a key with its version, 0 or 1 (RFC 5280 §4.1, RFC 5958 §2,
/// RFC 5915 §3, RFC 8017 §A.1.2); `None` for anything else, PKCS#12 with its version 3 included (RFC 7292 §4).
pub fn in_der(bytes: &[u8]) -> Option<Block> {
    let (&SEQUENCE, rest) = bytes.split_first()? else { return None };
    let (&length, rest) = rest.split_first()?;
    let more = if length < 0x80 { 0 } else { usize::from(length & 0x7f) };
    match rest.get(more..)? {
        [SEQUENCE, ..] => Some(Block::Certificate),
        [2, 1, 0 | 1, ..] => Some(Block::PrivateKey),
        _ => None,
    }
}

impl Block {
    fn name(self) -> &'static str {
        match self {
            Block::Certificate => "certificate",
            Block::PrivateKey => "private key",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_file_lacks_and_what_makes_one_of_it() {
        let of = |bytes: &[u8], block| fault(Path::new("a"), bytes, block);
        assert_eq!(of(b"x\n-----BEGIN CERTIFICATE-----\n", Block::Certificate), None);
        assert_eq!(of(b"-----BEGIN EC PRIVATE KEY-----\n", Block::PrivateKey), None);
        let said = of(b"-----BEGIN CERTIFICATE-----\n", Block::PrivateKey);
        assert_eq!(said.as_deref(), Some("holds no private key in PEM"));
        let said = of(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", Block::PrivateKey).unwrap();
        assert!(
            said.starts_with("has a password") && said.contains("openssl pkey -in a"),
            "{said}"
        );
        let der = b"\x30\x82\x05\x2d\x30\x57\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
        assert!(of(der, Block::PrivateKey).unwrap().contains("openssl pkey -inform DER -in a"));
        assert!(of(b"\x30\x82", Block::Certificate).unwrap().contains("pkcs12 -in a"));
        assert_eq!(in_der(b"\x30\x82\x01\x02\x30\x82"), Some(Block::Certificate));
        assert_eq!(in_der(b"\x30\x2e\x02\x01\x00\x30"), Some(Block::PrivateKey));
        assert_eq!(in_der(b"\x30\x82\x01\x02\x02\x01\x03"), None);
        assert_eq!(of(b"", Block::Certificate).as_deref(), Some("holds no certificate in PEM"));
    }
}
