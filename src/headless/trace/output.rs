//! What goes to standard output, and when.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use time::OffsetDateTime;

use super::Job;
use crate::domain::chain::Chain;
use crate::domain::classify::diagnosis::{self, Diagnosis};
use crate::domain::evidence::Aside;
use crate::domain::export::{self, Format, Record, ndjson};
use crate::domain::finding::Finding;
use crate::domain::http::settings::Settings;
use crate::domain::redact::Redactor;
use crate::domain::rules;
use crate::fetch::BodyStore;
use crate::headless::printing::Printing;

/// Standard output in one of the formats.
pub(super) struct Output<'a> {
    out: &'a mut dyn Write,
    printing: Printing,
    settings: Settings,
    started_at: OffsetDateTime,
    /// Hops already printed; `None` before the first line.
    printed: Option<usize>,
    /// When lines were made last, and how long that took.
    made: Option<(Instant, Duration)>,
}

/// What there is to say about a chain.
pub(super) type Judged = (Vec<Finding>, Option<Diagnosis>);

/// Making lines judges the whole chain, which takes the longer the longer it is. It rests for so many times as long as it took, so
/// that a chain of a thousand hops costs a thousand times one hop and not a million times.
const REST: u32 = 4;

impl<'a> Output<'a> {
    pub(super) fn new(job: &Job, out: &'a mut dyn Write) -> Output<'a> {
        Output {
            out,
            printing: job.printing.clone(),
            settings: job.settings.clone(),
            started_at: OffsetDateTime::now_utc(),
            printed: None,
            made: None,
        }
    }

    /// So many hops are complete: whether it is time to print those that are not printed.
    pub(super) fn is_due(&self, complete: usize) -> bool {
        let resting = self.made.is_some_and(|(at, took)| at.elapsed() < took * REST);
        self.goes_on_from(complete) && !resting
    }

    /// The format goes line by line, and there are hops to print.
    fn goes_on_from(&self, complete: usize) -> bool {
        self.printing.format == Format::Ndjson && self.printed != Some(complete)
    }

    /// Prints the hops that are complete.
    pub(super) fn lines(
        &mut self,
        chain: &Chain,
        complete: usize,
        store: &BodyStore,
    ) -> io::Result<()> {
        if !self.goes_on_from(complete) {
            return Ok(());
        }
        let begun = Instant::now();
        let judged = self.judge(chain);
        let (first, starts) = (self.printed.unwrap_or(0), self.printed.is_none());
        let lines = self.text(chain, &judged, store, |record| {
            let mut lines = if starts { ndjson::start(record) } else { String::new() };
            lines.push_str(&ndjson::hops(record, first..complete.max(first)));
            lines
        });
        self.printed = Some(complete.max(first));
        self.made = Some((Instant::now(), begun.elapsed()));
        self.out.write_all(lines.as_bytes())?;
        self.out.flush()
    }

    /// The findings, and the verdict where it is printed.
    pub(super) fn judge(&self, chain: &Chain) -> Judged {
        let explains = matches!(self.printing.format, Format::Text | Format::Json | Format::Ndjson);
        // a chain without its secrets has a verdict without them
        if !explains || self.printing.redact.is_some() {
            return (rules::judge(chain), None);
        }
        let aside = Aside { policy: chain.limits.policy(), baseline: None };
        let (findings, diagnosis) = diagnosis::judged(chain, aside);
        (findings, Some(diagnosis))
    }

    /// Prints what is left.
    pub(super) fn end(
        &mut self,
        chain: &Chain,
        judged: &Judged,
        store: &BodyStore,
    ) -> io::Result<()> {
        self.lines(chain, chain.hops.len(), store)?;
        let (format, colour) = (self.printing.format, self.printing.colour);
        let text = self.text(chain, judged, store, |record| match format {
            Format::Ndjson => ndjson::end(record),
            _ => export::document(format, record, colour),
        });
        self.out.write_all(text.as_bytes())?;
        self.out.flush()
    }

    /// What a writer makes of the chain, or of the chain without its secrets.
    fn text(
        &self,
        chain: &Chain,
        (findings, diagnosis): &Judged,
        store: &BodyStore,
        write: impl Fn(&Record<'_>) -> String,
    ) -> String {
        let record = Record {
            chain,
            findings,
            diagnosis: diagnosis.as_ref(),
            started_at: self.started_at,
            bodies: store,
            show_body: self.printing.show_body,
            settings: &self.settings,
            fail_on: self.printing.fail_on,
        };
        let Some(names) = &self.printing.redact else { return write(&record) };
        let redactor = Redactor::of(chain, names.clone());
        let (chain, findings) = (redactor.chain(chain), redactor.findings(findings));
        let (bodies, settings) = (redactor.bodies(store), self.settings.masked());
        write(&Record {
            chain: &chain,
            findings: &findings,
            diagnosis: None,
            bodies: &bodies,
            settings: &settings,
            ..record
        })
    }
}
