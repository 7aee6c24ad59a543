//! The filter of the chain: a few words that say which hops are shown.
//!
//! `302`, `3xx` or `status:302` mean the status, `host:shop` the host, `finding:hsts` or `finding:error` a finding (`finding:` any);
//! every other word is looked for in method, URL, fields, failure and findings. `!` before a word means its opposite. All words
//! have to fit. Case never matters.

use super::model::Session;
use super::text_input::TextInput;
use crate::domain::chain::Hop;
use crate::domain::http::field::Fields;

/// What is typed, and whether it is being typed.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Filter {
    pub input: TextInput,
    pub typing: bool,
    /// The hop that was selected before the filter hid it; selected again when it comes back to sight.
    pub home: Option<usize>,
}

impl Filter {
    /// Some hops may be hidden.
    pub fn is_on(&self) -> bool {
        !self.input.text().trim().is_empty()
    }

    /// Whether this hop is shown.
    pub fn fits(&self, session: &Session, hop: &Hop) -> bool {
        self.input.text().split_whitespace().all(|word| match word.strip_prefix('!') {
            Some("") | None => means(word, session, hop),
            Some(word) => !means(word, session, hop),
        })
    }
}

fn means(word: &str, session: &Session, hop: &Hop) -> bool {
    let word = word.to_lowercase();
    match word.split_once(':') {
        Some(("status", wanted)) => has_status(wanted, hop),
        Some(("host", wanted)) => {
            hop.request.url.host_str().is_some_and(|host| host.to_lowercase().contains(wanted))
        }
        Some(("finding", wanted)) => session
            .findings_on(hop.index)
            .any(|finding| finding.severity.id() == wanted || finding.rule.contains(wanted)),
        _ if is_status(&word) => has_status(&word, hop),
        _ => says(&word, session, hop),
    }
}

/// `302`, `3xx`.
fn is_status(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 3
        && (b'1'..=b'9').contains(&bytes[0])
        && (bytes[1..] == *b"xx" || bytes[1..].iter().all(u8::is_ascii_digit))
}

fn has_status(wanted: &str, hop: &Hop) -> bool {
    let Some(status) = hop.status() else { return false };
    match wanted.strip_suffix("xx") {
        Some(class) => (status / 100).to_string() == class,
        None => status.to_string().starts_with(wanted),
    }
}

/// The word stands somewhere in what is known of the hop, bodies left out.
fn says(word: &str, session: &Session, hop: &Hop) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    let any = |fields: &Fields| fields.iter().any(|field| has(&field.name) || has(&field.text()));
    has(hop.request.method.as_str())
        || has(&hop.request.display_url())
        || any(&hop.request.fields)
        || any(hop.exchange.fields())
        || hop.exchange.failure.as_ref().is_some_and(|failure| has(&failure.message))
        || session.findings_on(hop.index).any(|finding| has(finding.rule) || has(&finding.message))
}
