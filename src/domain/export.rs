//! Exports: a chain in other words. One format per file; pure: time, bodies and findings come in as arguments.

pub mod curl;
pub mod json;
pub mod ndjson;
pub mod text;

use std::fmt;

use time::OffsetDateTime;

use super::chain::Chain;
use super::finding::Finding;
use super::http::body::Bodies;

/// What a chain can be printed as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    #[default]
    Text,
    Json,
    Ndjson,
}

impl Format {
    /// Every format, with its name on the command line.
    pub const ALL: &'static [(&'static str, Format)] =
        &[("text", Format::Text), ("json", Format::Json), ("ndjson", Format::Ndjson)];
}

/// A chain with all that a document says about it.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    pub chain: &'a Chain,
    pub findings: &'a [Finding],
    pub started_at: OffsetDateTime,
    pub bodies: &'a dyn Bodies,
    /// How much of each decoded body is shown (`--show-body`).
    pub show_body: u64,
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
