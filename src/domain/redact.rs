//! Redact: a chain without its secrets, for `--redact`, for history and for the privacy key.
//!
//! Recognises by name, shape and entropy (`domain::secret`), then finds the same values wherever else they stand: bodies,
//! messages, the next URL. **Invariant:** each byte of a secret becomes one `*`, so that sizes, anchors and offsets stay true.
//!
//! ```
//! # use hopstep::domain::redact::Redactor;
//! # use hopstep::domain::secret::Names;
//! let redactor = Redactor::for_text(Names::default());
//! assert_eq!(redactor.text("/cb?token=abc&lang=de"), "/cb?token=***&lang=de");
//! ```
//!
//! On a screen: `Redactor::of(chain, names)` once per change, `redactor.chain(chain)` for all pages that read the chain,
//! `redactor.text(line)` for lines of a body, `redactor.findings(findings)` for messages.

mod spans;
mod walk;

use std::collections::BTreeSet;
use std::ops::Range;

use regex::bytes::Regex;

use super::chain::Chain;
use super::finding::Finding;
use super::http::body::{Bodies, BodyId};
use super::http::field::{Field, Fields};
use super::secret::Names;

/// A secret that is shorter is not looked for elsewhere.
const SHORTEST: usize = 6;
/// How many secrets are looked for elsewhere.
const MOST: usize = 2000;
/// Around a window of a body that is read: a secret may begin before it.
const MARGIN: u64 = 4096;

/// Knows the secrets of a chain and takes them out.
#[derive(Clone, Debug, Default)]
pub struct Redactor {
    names: Names,
    /// The values seen, in all their spellings.
    known: Option<Regex>,
}

impl Redactor {
    /// For text alone, by name and shape.
    pub fn for_text(names: Names) -> Redactor {
        Redactor { names, known: None }
    }

    /// Learns the secrets of this chain.
    pub fn of(chain: &Chain, names: Names) -> Redactor {
        let mut redactor = Redactor::for_text(names);
        let mut values = BTreeSet::new();
        walk::secrets(chain, &redactor, &mut values);
        let spellings = values.iter().flat_map(|value| spellings(value));
        let patterns: Vec<String> = spellings.take(MOST).map(|value| pattern(&value)).collect();
        redactor.known = (!patterns.is_empty())
            .then(|| Regex::new(&format!("(?-u){}", patterns.join("|"))).ok())
            .flatten();
        redactor
    }

    /// The chain without its secrets: URLs, fields, cookies, bodies, raw heads, messages.
    pub fn chain(&self, chain: &Chain) -> Chain {
        walk::chain(chain, self)
    }

    pub fn findings(&self, findings: &[Finding]) -> Vec<Finding> {
        let clean = |finding: &Finding| Finding {
            message: self.text(&finding.message),
            fix: self.text(&finding.fix),
            ..finding.clone()
        };
        findings.iter().map(clean).collect()
    }

    /// Any text: a URL, a message, a line of a body.
    pub fn text(&self, text: &str) -> String {
        String::from_utf8(self.bytes(text.as_bytes())).unwrap_or_else(|_| "*".repeat(text.len()))
    }

    /// Any bytes; those that are no text are left alone but for what is known.
    pub fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        self.mask(bytes, spans::in_text(bytes, &self.names))
    }

    /// The value of a field.
    pub fn value(&self, name: &str, value: &[u8]) -> Vec<u8> {
        self.mask(value, spans::in_field(name, value, &self.names))
    }

    pub fn fields(&self, fields: &Fields) -> Fields {
        let clean = |field: &Field| Field::new(&field.name, self.value(&field.name, &field.value));
        fields.iter().map(clean).collect()
    }

    /// Bodies as this redactor shows them.
    pub fn bodies<'a>(&'a self, bodies: &'a dyn Bodies) -> impl Bodies + 'a {
        CleanBodies { redactor: self, bodies }
    }

    fn mask(&self, bytes: &[u8], spans: Vec<Range<usize>>) -> Vec<u8> {
        let mut clean = bytes.to_vec();
        let known = self.known.iter().flat_map(|known| known.find_iter(bytes));
        for span in spans.into_iter().chain(known.map(|found| found.range())) {
            clean[span].fill(b'*');
        }
        clean
    }
}

struct CleanBodies<'a> {
    redactor: &'a Redactor,
    bodies: &'a dyn Bodies,
}

impl Bodies for CleanBodies<'_> {
    fn read(&self, id: BodyId, start: u64, len: usize) -> Vec<u8> {
        let before = start.min(MARGIN);
        let wanted = len.saturating_add((before + MARGIN) as usize);
        let mut bytes = self.redactor.bytes(&self.bodies.read(id, start - before, wanted));
        bytes.drain(..bytes.len().min(before as usize));
        bytes.truncate(len);
        bytes
    }
}

/// A value as it may be written elsewhere: as it is, percent-decoded, percent-encoded.
fn spellings(value: &[u8]) -> Vec<Vec<u8>> {
    let decoded = super::http::percent::percent_decode(value);
    let encoded: String = url::form_urlencoded::byte_serialize(&decoded).collect();
    let mut all = vec![value.to_vec(), decoded, encoded.into_bytes()];
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    all.dedup();
    all.retain(|spelling| spelling.len() >= SHORTEST);
    all
}

/// Letters and digits as they are, every other byte by its number.
fn pattern(value: &[u8]) -> String {
    let byte = |byte: &u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(*byte).to_string(),
        byte => format!("\\x{byte:02X}"),
    };
    value.iter().map(byte).collect()
}

#[cfg(test)]
mod tests;
