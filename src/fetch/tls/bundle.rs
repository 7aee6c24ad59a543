//! A bundle of roots in PEM, of which only those certificates are read that a server's chain asks for.
//!
//! A system's bundle holds 140 of them, and reading them all costs as much as half a handshake. Each is read as far as its subject;
//! the rest when a chain names that subject as its issuer.

use std::ops::Range;
use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;

use crate::domain::scan;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// Within so many characters of base64 a root's subject ends, but for the longest; a multiple of four.
const HEAD: usize = 512;

/// The text, and where in it which certificate stands.
#[derive(Debug)]
pub(super) struct Bundle {
    pem: Vec<u8>,
    /// Made when first needed.
    index: OnceLock<Index>,
}

#[derive(Debug, Default)]
struct Index {
    /// One after the other, as [`Names`] has them.
    subjects: Vec<u8>,
    roots: Vec<Root>,
}

#[derive(Debug)]
struct Root {
    subject: Range<usize>,
    text: Range<usize>,
}

impl Bundle {
    pub(super) fn new(pem: Vec<u8>) -> Bundle {
        Bundle { pem, index: OnceLock::new() }
    }

    /// Whether the text holds no certificate that can be read.
    pub(super) fn is_empty(&self) -> bool {
        let der = &mut Vec::new();
        !texts(&self.pem).any(|text| names(&self.pem[text], der).is_some())
    }

    /// Makes the index now.
    pub(super) fn prepare(&self) {
        self.index.get_or_init(|| Index::of(&self.pem));
    }

    /// The certificates that have one of these names as their subject.
    pub(super) fn named(&self, names: &[&[u8]]) -> impl Iterator<Item = CertificateDer<'static>> {
        let Index { subjects, roots } = self.index.get_or_init(|| Index::of(&self.pem));
        let asked = |root: &&Root| names.contains(&&subjects[root.subject.clone()]);
        roots.iter().filter(asked).map(|root| {
            let mut der = Vec::new();
            decode(&self.pem[root.text.clone()], usize::MAX, &mut der);
            der.into()
        })
    }
}

impl Index {
    /// What is no certificate is passed over: bundles often have one that can't be read.
    fn of(pem: &[u8]) -> Index {
        let (mut index, der) = (Index::default(), &mut Vec::new());
        for text in texts(pem) {
            if let Some(names) = names(&pem[text.clone()], der) {
                let start = index.subjects.len();
                index.subjects.extend_from_slice(names.subject);
                index.roots.push(Root { subject: start..index.subjects.len(), text });
            }
        }
        index
    }
}

/// The names of the certificate that this base64 begins with.
fn names<'a>(text: &[u8], der: &'a mut Vec<u8>) -> Option<Names<'a>> {
    decode(text, HEAD, der);
    if Names::of(der).is_none() {
        decode(text, usize::MAX, der);
    }
    Names::of(der)
}

/// Who a certificate is for and who signed it: the contents of the two `Name` sequences (RFC 5280 section 4.1.2).
pub(super) struct Names<'a> {
    pub issuer: &'a [u8],
    pub subject: &'a [u8],
}

impl Names<'_> {
    /// Those of a certificate in DER, of which the end may be missing.
    pub(super) fn of(der: &[u8]) -> Option<Names<'_>> {
        const SEQUENCE: u8 = 0x30;
        const INTEGER: u8 = 0x02;
        const VERSION: u8 = 0xa0;
        let (_, certificate) = header(SEQUENCE, der)?;
        let (_, to_be_signed) = header(SEQUENCE, certificate)?;
        let rest = element(VERSION, to_be_signed).map_or(to_be_signed, |(_, rest)| rest);
        let (_serial, rest) = element(INTEGER, rest)?;
        let (_algorithm, rest) = element(SEQUENCE, rest)?;
        let (issuer, rest) = element(SEQUENCE, rest)?;
        let (_validity, rest) = element(SEQUENCE, rest)?;
        let (subject, _) = element(SEQUENCE, rest)?;
        Some(Names { issuer, subject })
    }
}

/// The contents of an element that is there in whole, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = header(tag, der)?;
    rest.split_at_checked(length)
}

/// How long the contents of an element are, and what follows its header.
fn header(tag: u8, der: &[u8]) -> Option<(usize, &[u8])> {
    let (&[own, first], rest) = der.split_first_chunk()?;
    if own != tag {
        return None;
    }
    match first {
        0..=0x7f => Some((first.into(), rest)),
        0x81..=0x83 => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = length.iter().fold(0, |length, &byte| length << 8 | usize::from(byte));
            Some((length, rest))
        }
        _ => None,
    }
}

/// Where the base64 of each certificate stands. The PEM reader of rustls takes ten times as long.
fn texts(pem: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + scan::find_text(BEGIN, &pem[at..])? + BEGIN.len();
        let end = start + scan::find_text(END, &pem[start..])?;
        at = end + END.len();
        Some(start..end)
    })
}

/// Decodes at most so many characters of base64; what can't be decoded leaves nothing.
fn decode(text: &[u8], most: usize, der: &mut Vec<u8>) {
    let mut packed = Vec::with_capacity(text.len().min(most));
    for line in lines(text) {
        let line = line.trim_ascii();
        packed.extend_from_slice(&line[..line.len().min(most - packed.len())]);
        if packed.len() == most {
            break;
        }
    }
    der.clear();
    if STANDARD.decode_vec(packed, der).is_err() {
        der.clear();
    }
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = scan::places(b'\n', text).chain([text.len()]);
    ends.scan(0, |start, end| Some(&text[std::mem::replace(start, end + 1)..end]))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair};
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, TrustAnchor};
    use rustls::{Error, RootCertStore};

    use super::*;

    fn made(name: &str) -> String {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
    }

    fn anchors(
        certificates: impl Iterator<Item = CertificateDer<'static>>,
    ) -> Vec<TrustAnchor<'static>> {
        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(certificates);
        store.roots
    }

    /// Each root of a bundle, as rustls reads it and as it is found by its subject.
    fn agrees_with_rustls(pem: &str) -> Result<usize, Error> {
        let bundle = Bundle::new(pem.as_bytes().to_vec());
        let all = CertificateDer::pem_slice_iter(pem.as_bytes()).filter_map(Result::ok);
        let all = anchors(all);
        for anchor in &all {
            let same: Vec<_> =
                all.iter().filter(|other| other.subject == anchor.subject).cloned().collect();
            assert_eq!(anchors(bundle.named(&[&anchor.subject])), same);
        }
        assert_eq!(Index::of(&bundle.pem).roots.len(), all.len());
        assert_eq!(bundle.named(&[b"nobody"]).count(), 0);
        Ok(all.len())
    }

    #[test]
    fn every_root_is_found_by_its_subject() {
        let long = made(&"long ".repeat(100));
        let pem =
            format!("# comment\n{}{long}{}", made("a.test"), made("b.test").replace('\n', "\r\n"));
        assert_eq!(agrees_with_rustls(&pem), Ok(3));
    }

    #[test]
    fn the_roots_of_this_machine_are_found_by_their_subjects() {
        if let Ok(pem) = std::fs::read_to_string("/etc/ssl/certs/ca-certificates.crt") {
            agrees_with_rustls(&pem).unwrap();
        }
    }

    #[test]
    fn what_is_no_certificate_is_passed_over() {
        let good = made("a.test");
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n{good}-----BEGIN CERTIFICATE-----\nAA"
        );
        let bundle = Bundle::new(pem.into_bytes());
        assert_eq!(Index::of(&bundle.pem).roots.len(), 1);
        assert!(Bundle::new(b"no certificate".to_vec()).is_empty());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(der in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
            let _ = Names::of(&der);
            let mut pem = made("a.test").into_bytes();
            let cut = cut.index(pem.len());
            pem.splice(cut..cut, der);
            let _ = Bundle::new(pem).named(&[b"x"]).count();
        }
    }
}
