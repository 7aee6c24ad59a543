//! `hopstep check`: runs the rows of files and holds each chain against what its row says.
//!
//! ```text
//!  files ─▶ Feed ─▶ workers (rows side by side) ─▶ Desk ─▶ report on standard output
//!            ▲         │ Gate: hosts, rate            └─▶ journal (`--resume`)
//!            └ at most a window of rows is under way or waits for its turn in the report
//! ```
//!
//! Promises: a file with a fault sends nothing; memory does not grow with the number of rows; what was seen before Ctrl-C is
//! reported; standard output holds the format and nothing else.

mod baseline;
mod desk;
mod documents;
mod errand;
mod feed;
mod gate;
mod journal;
mod lines;
mod output;
mod pool;
mod progress;
mod run;
mod sitemaps;
mod snapshot;
mod sources;
mod watch;
mod worker;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::chain::Limits;
use crate::domain::check::report::Format;
use crate::domain::check::suite;
use crate::domain::client::Client;
use crate::domain::cookie::jar::Jar;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::request::Draft;
use crate::domain::http::settings::Settings;
use crate::domain::redact::Redactor;
use crate::domain::secret::Names;

/// What to check and how.
#[derive(Clone, Debug)]
pub struct Job {
    pub files: Vec<String>,
    /// What every request has unless its row says otherwise.
    pub draft: Draft,
    pub client: Client,
    pub limits: Limits,
    pub settings: Settings,
    pub jar: Jar,
    /// `--redact`: secrets are kept back, those with these names of the user's too.
    pub redact: Option<Names>,
    /// `--baseline`
    pub baseline: Option<PathBuf>,
    /// For each row.
    pub max_time: Duration,
    pub fail_on: Option<Severity>,
    pub format: Format,
    pub colour: bool,
    /// GitHub annotations go along with the text.
    pub annotate: bool,
    /// `--env`
    pub environment: Option<String>,
    pub variables: Vec<(String, String)>,
    pub base: Option<url::Url>,
    pub pace: Pace,
    /// `--resume`
    pub journal: Option<PathBuf>,
    pub shard: Shard,
    /// Rows are reported in the order of the files, else as they come.
    pub in_order: bool,
    /// `--probe`
    pub probe: bool,
    /// What is done instead of a report.
    pub mode: Mode,
}

/// What comes of the outcomes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Mode {
    Report,
    /// `--update`, `--diff`
    Snapshot(Snapshot),
    /// `--every`
    Watch(Watch),
}

/// What is done with a chain that is not as expected.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Snapshot {
    /// It is written into the suite.
    Write,
    /// What would be written is shown.
    Show,
}

/// Runs again and again.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Watch {
    pub every: Duration,
    /// Run by the shell, with the changes on its standard input.
    pub on_change: Option<String>,
}

/// How fast rows are run.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pace {
    /// Rows at the same time.
    pub concurrency: usize,
    /// Requests at the same time to one host.
    pub per_host: Option<usize>,
    /// Requests a second, all hosts together.
    pub rate: Option<f64>,
    /// How often a row is tried again after passing trouble.
    pub retries: u32,
}

/// Part `index` (from 1) of `of`: every row whose number leaves this remainder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shard {
    pub index: u64,
    pub of: u64,
}

impl Shard {
    pub const WHOLE: Shard = Shard { index: 1, of: 1 };

    /// Whether row number `row` (from 1) is in this part.
    pub fn has(self, row: u64) -> bool {
        (row - 1) % self.of == self.index - 1
    }
}

/// How a check ended, in the order of precedence of the exit status (product.md section 3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    Held,
    /// A row fails.
    Failed,
    /// A file is wrong; nothing was sent.
    Faulty,
    Interrupted,
}

impl From<Status> for u8 {
    fn from(status: Status) -> u8 {
        match status {
            Status::Held => 0,
            Status::Failed => 1,
            Status::Faulty => 2,
            Status::Interrupted => 130,
        }
    }
}

impl Job {
    /// Nobody asks for the hops of rows that held.
    fn is_brief(&self) -> bool {
        self.mode == Mode::Report && self.journal.is_none() && !self.format.tells_held()
    }

    /// What the variables of a suite stand for in this run.
    fn known_variables(&self, suite: &str) -> BTreeMap<String, String> {
        let environment = self.environment.as_deref();
        suite::variables(suite, environment, &self.variables, &process_environment)
    }
}

fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Runs the rows and reports them on `out`.
///
/// # Errors
/// When something beside the files is in the way: the journal, standard output, signals.
pub fn check(job: Job, out: &mut dyn Write) -> anyhow::Result<Status> {
    let job = Arc::new(job);
    let rows = match sources::validate(&job) {
        Ok(rows) => rows,
        Err(faults) => {
            tell(&job, &faults);
            return Ok(Status::Faulty);
        }
    };
    tell(&job, &rows.notes);
    match &job.mode {
        Mode::Report => run::run(&job, rows, out),
        Mode::Snapshot(how) => snapshot::run(&job, rows, *how, out),
        Mode::Watch(watch) => watch::run(&job, &rows, watch, out),
    }
}

/// Says what is wrong, or left out, of files.
fn tell(job: &Job, sentences: &[String]) {
    let redactor = job.redact.clone().map(Redactor::for_text);
    for sentence in sentences {
        let sentence = redactor.as_ref().map_or(sentence.clone(), |of| of.text(sentence));
        let _ = writeln!(io::stderr(), "hopstep: {}", escape(&sentence));
    }
}
