//! Exports: a chain in other words. One format per file; pure: time, bodies and findings come in as arguments.

pub mod clients;
pub mod compare;
pub mod curl;
pub mod har;
pub mod hurl;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod ndjson;
pub mod sarif;
pub mod text;
pub(crate) mod words;

use std::borrow::Cow;
use std::fmt;

use time::OffsetDateTime;

use super::chain::Chain;
use super::classify::diagnosis::{Diagnosis, explain};
use super::finding::{Finding, Severity};
use super::http::body::Bodies;
use super::http::settings::Settings;

/// What a chain can be printed as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    #[default]
    Text,
    Json,
    Ndjson,
    Har,
    Markdown,
    Curl,
    Hurl,
    Sarif,
    Junit,
}

impl Format {
    /// Every format, with its name on the command line.
    pub const ALL: &'static [(&'static str, Format)] = &[
        ("text", Format::Text),
        ("json", Format::Json),
        ("ndjson", Format::Ndjson),
        ("har", Format::Har),
        ("markdown", Format::Markdown),
        ("curl", Format::Curl),
        ("hurl", Format::Hurl),
        ("sarif", Format::Sarif),
        ("junit", Format::Junit),
    ];
}

/// The whole chain in this format, with a line break at its end. Colour is for `text` only.
pub fn document(format: Format, record: &Record<'_>, colour: bool) -> String {
    match format {
        Format::Text => text::document(record, colour),
        Format::Json => json::document(record),
        Format::Ndjson => ndjson::document(record),
        Format::Har => har::document(record),
        Format::Markdown => markdown::document(record),
        Format::Curl => curl::chain(record.chain, record.settings) + "\n",
        Format::Hurl => hurl::document(record),
        Format::Sarif => sarif::document(record),
        Format::Junit => junit::document(record),
    }
}

/// A chain with all that a document says about it.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub chain: &'a Chain,
    pub findings: &'a [Finding],
    /// The verdict, where it is at hand; see [`Record::verdict`].
    pub diagnosis: Option<&'a Diagnosis>,
    pub started_at: OffsetDateTime,
    pub bodies: &'a dyn Bodies,
    /// How much of each decoded body is shown (`--show-body`).
    pub show_body: u64,
    /// How it was sent: what a command that sends it again needs.
    pub settings: &'a Settings,
    /// The least severity that reports count as a failure; `None`: errors.
    pub fail_on: Option<Severity>,
}

impl Record<'_> {
    /// The verdict on the chain: the one at hand, or made now.
    pub fn verdict(&self) -> Cow<'_, Diagnosis> {
        match self.diagnosis {
            Some(diagnosis) => Cow::Borrowed(diagnosis),
            None => Cow::Owned(explain(self.chain, self.findings)),
        }
    }

    /// Whether a finding of this severity is a failure in a report.
    pub fn fails(&self, severity: Severity) -> bool {
        severity >= self.fail_on.unwrap_or(Severity::Error)
    }
}

impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("chain", self.chain)
            .field("findings", &self.findings)
            .field("started_at", &self.started_at)
            .field("show_body", &self.show_body)
            .finish_non_exhaustive()
    }
}
