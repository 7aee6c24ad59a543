//! `hopstep trace`: runs the whole chain and prints it.
//!
//! Promises: what was seen before a stop, a failure or Ctrl-C is printed in full; standard output holds the format and nothing
//! else; a closed pipe ends the program quietly.

mod output;
pub(super) mod probes;
pub(super) mod progress;
pub(super) mod run;

use std::io::{self, Write};
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::domain::chain::{Chain, Ending, Limits};
use crate::domain::client::Client;
use crate::domain::cookie::jar::Jar;
use crate::domain::escape::escape;
use crate::domain::export::Format;
use crate::domain::http::request::Draft;
use crate::domain::http::settings::Settings;
use crate::domain::redact::Redactor;
use crate::domain::redirect::fault;
use crate::domain::secret::Names;
use crate::fetch::BodyStore;
use crate::headless::printing::Printing;
use output::Output;
use run::Run;

/// What to run and what to print.
#[derive(Clone, Debug)]
pub struct Job {
    pub draft: Draft,
    pub client: Client,
    pub limits: Limits,
    pub settings: Settings,
    /// Cookies that are there before the first request.
    pub jar: Jar,
    /// `-m`, for the whole chain.
    pub max_time: Option<Duration>,
    pub printing: Printing,
    /// `--probe`: every hop is asked again in other ways when the chain has ended.
    pub probe: bool,
}

/// How a run ended, in the order of precedence of the exit status (product.md section 3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Status {
    Good,
    /// `--fail-on` or `-f` matched.
    Matched,
    Stopped,
    Failed,
    Interrupted,
}

impl From<Status> for u8 {
    fn from(status: Status) -> u8 {
        match status {
            Status::Good => 0,
            Status::Matched => 1,
            Status::Stopped => 3,
            Status::Failed => 4,
            Status::Interrupted => 130,
        }
    }
}

/// Runs the chain, prints it on `out`, and hands back the chain's end and its jar.
pub fn trace(job: Job, out: &mut dyn Write) -> anyhow::Result<(Status, Jar)> {
    let progress = progress::is_seen();
    let (printing, probe) = (job.printing.clone(), job.probe);
    let mut output = Output::new(&job, out);
    let mut run = Run::new(job, Arc::new(BodyStore::new()), progress)?;
    while run.advance(&mut output)? {}
    if probe {
        run.probe(printing.redact.as_ref());
    }
    let judged = output.judge(&run.chain);
    match output.end(&run.chain, &judged, &run.store) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed.context("standard output")?,
    }
    let status = match run.interrupted() {
        true => Status::Interrupted,
        false => printing.status(&run.chain, &judged.0),
    };
    report(&run.chain, status, None, printing.redact);
    let jar = mem::take(&mut run.chain.jar);
    // the program ends here: giving back piece by piece what a long chain and its engine take would cost as much as a tenth of
    // judging it
    mem::forget((run, judged));
    Ok((status, jar))
}

/// Runs the whole chain, keeps its bodies and prints nothing; whether it was interrupted.
pub(super) fn whole(
    job: Job,
    store: &Arc<BodyStore>,
    progress: bool,
) -> anyhow::Result<(Chain, bool)> {
    let printing = Printing { format: Format::Text, ..job.printing };
    let job = Job { printing, ..job };
    let mut nowhere = io::sink();
    let mut output = Output::new(&job, &mut nowhere);
    let mut run = Run::new(job, Arc::clone(store), progress)?;
    while run.advance(&mut output)? {}
    let interrupted = run.interrupted();
    Ok((run.chain, interrupted))
}

/// Why a chain did not end well, in one line on standard error; of several chains the line names the one.
pub(super) fn report(chain: &Chain, status: Status, named: Option<&str>, redact: Option<Names>) {
    let hop = chain.hops.len();
    let failure = chain.hops.last().and_then(|hop| hop.exchange.failure.as_ref());
    let why = match (status, chain.ending(), failure) {
        (Status::Interrupted, _, _) => "interrupted".to_owned(),
        (_, Some(Ending::Failed(_)), Some(failure)) => failure.message.clone(),
        (_, Some(Ending::Stopped(reason)), _) => {
            fault::stops(reason, chain.hops.last()).into_owned()
        }
        (Status::Good | Status::Matched | Status::Stopped | Status::Failed, _, _) => return,
    };
    let line = match named {
        Some(name) => format!("{name}: hop {hop}: {why}"),
        None => format!("hop {hop}: {why}"),
    };
    let line = match redact {
        Some(names) => Redactor::of(chain, names).text(&line),
        None => line,
    };
    let _ = writeln!(io::stderr(), "hopstep: {}", escape(&line));
}
