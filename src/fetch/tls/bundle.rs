//! A bundle of roots in PEM, of which only those certificates are read that a server's chain asks for.
//!
//! A system's bundle holds 140 of them in 200 KB: decoding them all costs as much as half a handshake, and keeping their text
//! brings in fifty pages. So the file is read piece by piece, each certificate is looked into as far as its subject's name, and
//! what is kept is where it stands.

use std::fs::File;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, OnceLock, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::CertificateDer;

use super::der::{self, Names};
use crate::domain::scan;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// So much of a file is read at once; what is no longer than that is kept.
const PIECE: usize = 16 * 1024;

/// A text, and where in it which certificate stands.
#[derive(Debug)]
pub(super) struct Bundle {
    pem: Mutex<Pem>,
    /// Made when first needed.
    roots: OnceLock<Vec<Root>>,
}

#[derive(Debug)]
enum Pem {
    /// Stays open: whoever replaces the file later does not change what is read here.
    File(File),
    /// Of a small file, or of one that can be read only once.
    Text(Cursor<Vec<u8>>),
}

#[derive(Debug)]
struct Root {
    subject: Hint,
    text: Range<u64>,
}

/// How long a name is and how it ends: hardly two roots have both in common.
#[derive(PartialEq, Eq, Debug)]
struct Hint {
    length: usize,
    end: [Option<u8>; 4],
}

impl Bundle {
    /// Those of a file; `None` when it holds no certificate that can be read.
    pub(super) fn open(path: &Path) -> io::Result<Option<Bundle>> {
        let mut file = File::open(path)?;
        let kind = file.metadata()?;
        if kind.is_file() && kind.len() > PIECE as u64 {
            return Ok(Bundle::of(Pem::File(file)));
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text)?;
        Ok(Bundle::of(Pem::Text(Cursor::new(text))))
    }

    fn of(mut pem: Pem) -> Option<Bundle> {
        let mut readable = false;
        texts(&mut pem, |_, text| {
            readable = hint(text).is_some();
            !readable
        });
        readable.then(|| Bundle { pem: Mutex::new(pem), roots: OnceLock::new() })
    }

    /// Looks through the text now.
    pub(super) fn prepare(&self) {
        self.roots();
    }

    /// The certificates that have one of these names as their subject.
    pub(super) fn named(&self, names: &[&[u8]]) -> Vec<CertificateDer<'static>> {
        let hints: Vec<Hint> = names.iter().map(|name| Hint::of(name)).collect();
        let asked = self.roots().iter().filter(|root| hints.contains(&root.subject));
        let read = asked.filter_map(|root| self.read(root.text.clone()).ok());
        read.map(|text| decode(&text))
            .filter(|der| Names::of(der).is_some_and(|own| names.contains(&own.subject)))
            .map(CertificateDer::from)
            .collect()
    }

    /// What is no certificate is passed over: bundles often have one that can't be read.
    fn roots(&self) -> &[Root] {
        self.roots.get_or_init(|| {
            let mut roots = Vec::new();
            texts(&mut self.pem.lock().unwrap_or_else(PoisonError::into_inner), |place, text| {
                roots.extend(hint(text).map(|subject| Root { subject, text: place }));
                true
            });
            roots
        })
    }

    fn read(&self, place: Range<u64>) -> io::Result<Vec<u8>> {
        let mut pem = self.pem.lock().unwrap_or_else(PoisonError::into_inner);
        pem.seek(SeekFrom::Start(place.start))?;
        let mut text = Vec::new();
        (&mut *pem).take(place.end - place.start).read_to_end(&mut text)?;
        Ok(text)
    }
}

impl Read for Pem {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Pem::File(file) => file.read(buffer),
            Pem::Text(text) => text.read(buffer),
        }
    }
}

impl Seek for Pem {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Pem::File(file) => file.seek(to),
            Pem::Text(text) => text.seek(to),
        }
    }
}

impl Hint {
    fn of(name: &[u8]) -> Hint {
        Hint::at(&(0..name.len()), |at| name.get(at).copied())
    }

    fn at(name: &Range<usize>, byte: impl Fn(usize) -> Option<u8>) -> Hint {
        let end = std::array::from_fn(|back| byte(name.end.checked_sub(back + 1)?));
        Hint { length: name.len(), end }
    }
}

/// That of the subject of the certificate whose base64 this is.
fn hint(text: &[u8]) -> Option<Hint> {
    let seen = Base64::of(text).and_then(|base64| {
        let byte = |at| base64.byte(at);
        let (_, subject) = der::names(byte)?;
        byte(subject.end.checked_sub(1)?)?;
        Some(Hint::at(&subject, byte))
    });
    seen.or_else(|| Some(Hint::of(Names::of(&decode(text))?.subject)))
}

/// Base64 of which single bytes can be asked: its head, in lines as RFC 7468 section 2 wants them.
struct Base64<'a> {
    head: &'a [u8],
    /// From one line to the next.
    step: usize,
}

impl Base64<'_> {
    const LINE: usize = 64;
    /// Within so many lines a root's subject ends, but for the longest.
    const LINES: usize = 12;

    /// `None` for what is laid out otherwise.
    fn of(text: &[u8]) -> Option<Base64<'_>> {
        let (text, step) = lines(text);
        let head = &text[..text.len().min(Base64::LINES * step)];
        let lines = head.chunks_exact(step);
        let last = lines.remainder().trim_ascii_end();
        (is_dense(last) && lines.into_iter().all(is_line)).then_some(Base64 { head, step })
    }

    fn byte(&self, at: usize) -> Option<u8> {
        let (first, place) = (at / 3 * 4 + at % 3, at % 3 * 2);
        Some(self.digit(first)? << (2 + place) | self.digit(first + 1)? >> (4 - place))
    }

    fn digit(&self, at: usize) -> Option<u8> {
        let digit = *self.head.get(at / Base64::LINE * self.step + at % Base64::LINE)?;
        match digit {
            b'A'..=b'Z' => Some(digit - b'A'),
            b'a'..=b'z' => Some(digit - b'a' + 26),
            b'0'..=b'9' => Some(digit - b'0' + 52),
            b'+' => Some(62),
            b'/' => Some(63),
            _ => None,
        }
    }
}

/// Hands over the base64 of each certificate and where it stands, until that is enough. The PEM reader of rustls takes ten times
/// as long.
fn texts(pem: &mut Pem, mut more: impl FnMut(Range<u64>, &[u8]) -> bool) {
    let (mut piece, mut filled, mut before) = (vec![0; PIECE], 0, 0);
    if pem.rewind().is_err() {
        return;
    }
    loop {
        match pem.read(&mut piece[filled..]) {
            Ok(0) => return,
            Ok(length) => filled += length,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
        let mut at = 0;
        while let Some(text) = text(&piece[at..filled]) {
            let (start, end) = (at + text.start, at + text.end);
            if !more(before + start as u64..before + end as u64, &piece[start..end]) {
                return;
            }
            at = end + END.len();
        }
        // the rest may hold the start of one
        let rest = &piece[at..filled];
        at += scan::find_text(BEGIN, rest).unwrap_or(rest.len().saturating_sub(BEGIN.len()));
        piece.copy_within(at..filled, 0);
        filled -= at;
        before += at as u64;
        if filled == piece.len() {
            piece.resize(2 * filled, 0);
        }
    }
}

/// Where the base64 of the first certificate stands.
fn text(pem: &[u8]) -> Option<Range<usize>> {
    let start = scan::find_text(BEGIN, pem)? + BEGIN.len();
    let (text, step) = lines(&pem[start..]);
    // over whole lines in strides
    let whole = text.chunks_exact(step).take_while(|line| is_line(line) && line[0] != b'-').count();
    let end = pem.len() - text.len() + whole * step;
    Some(start..end + scan::find_text(END, &pem[end..])?)
}

/// What follows the line that stands before it, and from one line of base64 to the next.
fn lines(text: &[u8]) -> (&[u8], usize) {
    let gap = if text.starts_with(b"\r") { 2 } else { 1 };
    (text.get(gap..).unwrap_or_default(), Base64::LINE + gap)
}

/// A full line of base64, with its end.
fn is_line(line: &[u8]) -> bool {
    line.ends_with(b"\n") && is_dense(&line[..Base64::LINE])
}

/// No blank and no control character: the least byte is told for many at once.
fn is_dense(text: &[u8]) -> bool {
    text.iter().fold(u8::MAX, |least, byte| least.min(*byte)) > b' '
}

/// What can't be decoded leaves nothing.
fn decode(text: &[u8]) -> Vec<u8> {
    let packed: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(packed).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair};
    use rustls::RootCertStore;
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, TrustAnchor};

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

    fn bundle(pem: &str) -> Option<Bundle> {
        Bundle::of(Pem::Text(Cursor::new(pem.as_bytes().to_vec())))
    }

    /// Each root of a bundle, as rustls reads it and as it is found by its subject.
    fn agrees_with_rustls(pem: &str, bundle: &Bundle) -> usize {
        let all = CertificateDer::pem_slice_iter(pem.as_bytes()).filter_map(Result::ok);
        let all = anchors(all);
        for anchor in &all {
            let same: Vec<_> =
                all.iter().filter(|other| other.subject == anchor.subject).cloned().collect();
            assert_eq!(anchors(bundle.named(&[&anchor.subject]).into_iter()), same);
        }
        assert_eq!(bundle.roots().len(), all.len());
        assert_eq!(bundle.named(&[b"nobody"]), []);
        all.len()
    }

    #[test]
    fn every_root_is_found_by_its_subject() {
        let long = made(&"long ".repeat(100));
        let (windows, one_line) = (made("b.test").replace('\n', "\r\n"), made("c.test"));
        let one_line = one_line
            .replace('\n', "")
            .replace("BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE-----\n")
            .replace("-----END", "\n-----END");
        let pem = format!("# comment\n{}{long}{windows}{one_line}", made("a.test"));
        assert_eq!(agrees_with_rustls(&pem, &bundle(&pem).unwrap()), 4);
    }

    #[test]
    fn roots_on_both_sides_of_a_piece_are_found() {
        let comment = "#".repeat(PIECE - 300) + "\n";
        let many: String = (0..30).map(|n| made(&format!("{n}.test"))).collect();
        let pem = format!("{}{comment}{}{comment}{comment}{many}", made("a.test"), made("b.test"));
        assert_eq!(agrees_with_rustls(&pem, &bundle(&pem).unwrap()), 32);
    }

    #[test]
    fn the_roots_of_this_machine_are_found_by_their_subjects() {
        let path = Path::new("/etc/ssl/certs/ca-certificates.crt");
        if let Ok(pem) = std::fs::read_to_string(path) {
            agrees_with_rustls(&pem, &Bundle::open(path).unwrap().unwrap());
        }
    }

    #[test]
    fn what_is_no_certificate_is_passed_over() {
        let good = made("a.test");
        let pem = format!(
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n{good}-----BEGIN CERTIFICATE-----\nAA"
        );
        assert_eq!(bundle(&pem).unwrap().roots().len(), 1);
        assert!(bundle("no certificate").is_none());
        assert!(bundle("").is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_panic(der in proptest::collection::vec(any::<u8>(), 0..200), cut in any::<prop::sample::Index>()) {
            let _ = Names::of(&der);
            let mut pem = made("a.test").into_bytes();
            let cut = cut.index(pem.len());
            pem.splice(cut..cut, der);
            let bundle = Bundle::of(Pem::Text(Cursor::new(pem)));
            let _ = bundle.map(|bundle| bundle.named(&[b"x"]));
        }
    }
}
