//! What a world expects to be seen: course, findings, intents, issuers.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use hopstep::domain::chain::{Chain, Ending};
use hopstep::domain::finding::{Anchor, Finding, Source};
use serde::Deserialize;

/// What is to be seen. What is left out is not looked at, except that findings are the whole list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Expect {
    pub(crate) targets: Option<Vec<String>>,
    pub(crate) methods: Option<Vec<String>>,
    pub(crate) findings: Option<Vec<Expected>>,
    /// Only findings of these rules count.
    pub(crate) only: Option<Vec<String>>,
    /// The rules of all other warnings and errors, once for each.
    pub(crate) also: Vec<String>,
    /// No finding is worse than this.
    pub(crate) at_most: Option<String>,
    /// `final`, a stop reason, a failure kind, or `paused`.
    pub(crate) ending: Option<String>,
    /// Each step's changes in words: `method POST GET`, `body-dropped`, `header-removed Name`, …
    pub(crate) changes: Option<Vec<Vec<String>>>,
    /// The intent of each hop; `""` where it is no redirect.
    pub(crate) intents: Option<Vec<String>>,
    /// The issuer of each hop; `""` where none is recognised.
    pub(crate) issuers: Option<Vec<String>>,
    /// A part of the diagnosis' most likely cause.
    pub(crate) cause: Option<String>,
    /// The diagnosis' sentence.
    pub(crate) sentence: Option<String>,
}

/// One finding; what is left out is not looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    pub(crate) rule: String,
    /// Absent for a finding on the chain.
    pub(crate) hop: Option<usize>,
    pub(crate) severity: Option<String>,
    /// The anchor's part.
    pub(crate) part: Option<String>,
    pub(crate) header: Option<String>,
    pub(crate) occurrence: Option<usize>,
    pub(crate) start: Option<usize>,
    pub(crate) end: Option<usize>,
    /// The very text that the anchor marks in a field value.
    pub(crate) marks: Option<String>,
    /// The text in the request that it comes from.
    pub(crate) from: Option<String>,
    /// A part of the message.
    pub(crate) says: Option<String>,
    /// A part of the fix.
    pub(crate) fix: Option<String>,
}

impl Expected {
    /// Whether this finding is meant; `value` reads a field of the hop that it is anchored to.
    pub(crate) fn fits(&self, finding: &Finding, chain: &Chain) -> bool {
        let field = match &finding.anchor {
            Anchor::Header(field) | Anchor::RequestHeader(field) => Some(field),
            _ => None,
        };
        let body = match &finding.anchor {
            Anchor::Body(range) => range.clone(),
            _ => None,
        };
        let bytes = field.and_then(|field| field.bytes.clone()).or(body);
        let is =
            |want: &Option<String>, have: &str| want.as_deref().is_none_or(|want| want == have);
        let has = |want: &Option<String>, have: &str| {
            want.as_deref().is_none_or(|want| have.contains(want))
        };
        self.rule == finding.rule
            && self.hop == finding.hop
            && is(&self.severity, finding.severity.id())
            && is(&self.part, finding.anchor.part())
            && is(&self.header, field.map_or("", |field| &field.name))
            && self.occurrence.is_none_or(|n| field.is_some_and(|field| field.occurrence == n))
            && self.start.is_none_or(|start| bytes.as_ref().is_some_and(|b| b.start == start))
            && self.end.is_none_or(|end| bytes.as_ref().is_some_and(|b| b.end == end))
            && self.marks.as_ref().is_none_or(|marks| marked(finding, chain) == Some(marks.clone()))
            && self.from.as_ref().is_none_or(|from| source(finding, chain).as_ref() == Some(from))
            && has(&self.says, &finding.message)
            && has(&self.fix, &finding.fix)
    }
}

/// The text in the request that a finding comes from.
pub(crate) fn source(finding: &Finding, chain: &Chain) -> Option<String> {
    let request = &chain.hops.get(finding.hop?.checked_sub(1)?)?.request;
    match finding.source.as_ref()? {
        Source::Target(at) => request.target().get(at.clone()).map(str::to_owned),
        Source::Header(at) => request.fields.text(&at.name),
        Source::Body(at) => {
            let bytes = request.body.as_ref()?.bytes.get(at.clone())?;
            Some(hopstep::domain::http::field::decode(bytes))
        }
    }
}

/// The text that a finding's anchor marks.
pub(crate) fn marked(finding: &Finding, chain: &Chain) -> Option<String> {
    let hop = chain.hops.get(finding.hop?.checked_sub(1)?)?;
    let (value, bytes) = match &finding.anchor {
        Anchor::Header(at) => (
            hop.exchange.fields().all(&at.name).nth(at.occurrence - 1)?.value.clone(),
            at.bytes.clone(),
        ),
        Anchor::RequestHeader(at) => (
            hop.request.fields.all(&at.name).nth(at.occurrence - 1)?.value.clone(),
            at.bytes.clone(),
        ),
        Anchor::Body(range) => (hop.exchange.body.head.to_vec(), range.clone()),
        _ => return None,
    };
    let bytes = bytes.unwrap_or(0..value.len());
    Some(hopstep::domain::http::field::decode(value.get(bytes)?))
}

/// The ending in one word.
pub(crate) fn ending(chain: &Chain) -> &'static str {
    match chain.ending() {
        None => "paused",
        Some(Ending::Final) => "final",
        Some(Ending::Stopped(reason)) => reason.id(),
        Some(Ending::Failed(kind)) => kind.id(),
    }
}
