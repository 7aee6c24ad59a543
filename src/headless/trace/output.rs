//! What goes to standard output, and when.

use std::io::{self, Write};

use time::OffsetDateTime;

use super::Job;
use crate::domain::chain::Chain;
use crate::domain::export::{self, Format, Record, ndjson};
use crate::domain::finding::{Finding, Severity};
use crate::domain::http::settings::Settings;
use crate::domain::rules;
use crate::fetch::BodyStore;

/// Standard output in one of the formats.
pub(super) struct Output<'a> {
    out: &'a mut dyn Write,
    format: Format,
    colour: bool,
    show_body: u64,
    settings: Settings,
    fail_on: Option<Severity>,
    started_at: OffsetDateTime,
    /// Hops already printed; `None` before the first line.
    printed: Option<usize>,
}

impl<'a> Output<'a> {
    pub(super) fn new(job: &Job, out: &'a mut dyn Write) -> Output<'a> {
        Output {
            out,
            format: job.format,
            colour: job.colour,
            show_body: job.show_body,
            settings: job.settings.clone(),
            fail_on: job.fail_on,
            started_at: OffsetDateTime::now_utc(),
            printed: None,
        }
    }

    /// Prints the hops that are complete by now, where the format goes line by line.
    pub(super) fn hops(
        &mut self,
        chain: &Chain,
        complete: usize,
        store: &BodyStore,
    ) -> io::Result<()> {
        if self.format != Format::Ndjson || self.printed == Some(complete) {
            return Ok(());
        }
        let findings = rules::judge(chain);
        let record = self.record(chain, &findings, store);
        let mut lines = String::new();
        if self.printed.is_none() {
            lines.push_str(&ndjson::start(&record));
        }
        let first = self.printed.unwrap_or(0);
        for hop in chain.hops.iter().take(complete).skip(first) {
            lines.push_str(&ndjson::hop(&record, hop));
        }
        self.printed = Some(complete.max(first));
        self.out.write_all(lines.as_bytes())?;
        self.out.flush()
    }

    /// Prints what is left.
    pub(super) fn end(
        &mut self,
        chain: &Chain,
        findings: &[Finding],
        store: &BodyStore,
    ) -> io::Result<()> {
        self.hops(chain, chain.hops.len(), store)?;
        let record = self.record(chain, findings, store);
        let text = match self.format == Format::Ndjson {
            true => ndjson::end(&record),
            false => export::document(self.format, &record, self.colour),
        };
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    fn record<'b>(
        &'b self,
        chain: &'b Chain,
        findings: &'b [Finding],
        store: &'b BodyStore,
    ) -> Record<'b> {
        let (started_at, show_body) = (self.started_at, self.show_body);
        let (settings, fail_on) = (&self.settings, self.fail_on);
        Record { chain, findings, started_at, bodies: store, show_body, settings, fail_on }
    }
}
