//! An outcome without its secrets, for `--redact`.

use super::{Flaw, Miss, Outcome, SeenHop};
use crate::domain::redact::Redactor;

impl Outcome {
    /// Each byte of a secret becomes one `*`, wherever it stands: in what was asked, expected and seen.
    pub fn redacted(self, redactor: &Redactor) -> Outcome {
        let text = |text: &str| redactor.text(text);
        let some = |text: Option<String>| text.map(|text| redactor.text(&text));
        let value = |name: &str, value: &str| {
            let clean = redactor.value(name, value.as_bytes());
            text(&String::from_utf8_lossy(&clean))
        };
        let miss = |of: Miss| {
            let name = of.field.split_once(' ').map_or("", |(_, name)| name);
            Miss { expected: value(name, &of.expected), seen: value(name, &of.seen), ..of }
        };
        let flaw = |of: Flaw| Flaw { message: text(&of.message), fix: text(&of.fix), ..of };
        let hop = |of: SeenHop| SeenHop {
            url: text(&of.url),
            reason: text(&of.reason),
            location: some(of.location),
            target: some(of.target),
            error: some(of.error),
            ..of
        };
        Outcome {
            name: text(&self.name),
            url: text(&self.url),
            misses: self.misses.into_iter().map(miss).collect(),
            findings: self.findings.into_iter().map(flaw).collect(),
            hops: self.hops.into_iter().map(hop).collect(),
            note: some(self.note),
            ..self
        }
    }
}
