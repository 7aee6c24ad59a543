//! `--every`: runs the rows again and again and says what changed, and nothing else.
//!
//! Promises: a line a change on standard output; `--on-change` gets the same lines on its standard input, once a run; SIGTERM ends
//! it with status 0, Ctrl-C with 130.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use signal_hook::consts::SIGTERM;
use signal_hook::flag;
use time::OffsetDateTime;

use super::run::{self, Take};
use super::sources::Sources;
use super::{Job, Status, Watch};
use crate::domain::check::change::{Memory, redirects_line};
use crate::domain::check::outcome::Outcome;
use crate::domain::check::report::{Format, Summary};
use crate::headless::interrupt;

/// How often signals are looked for between runs.
const GLANCE: Duration = Duration::from_millis(100);

/// Runs until a signal comes.
pub(super) fn run(
    job: &Arc<Job>,
    sources: &Sources,
    watch: &Watch,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let stop = interrupt::awaited()?;
    let ended = Arc::new(AtomicBool::new(false));
    flag::register(SIGTERM, Arc::clone(&ended)).context("cannot wait for signals")?;
    let mut memory = Memory::default();
    let json = matches!(job.format, Format::Json | Format::Ndjson);
    loop {
        let start = Instant::now();
        let now = OffsetDateTime::now_utc();
        let first = Summary::new(now, sources.rows);
        let mut round = Round { memory, json, at: now, lines: String::new(), summary: first };
        run::rows(job, sources.clone(), &stop, &mut None, &mut round)?;
        if stop.load(Ordering::Relaxed) {
            // half a run says nothing of the other half
            break;
        }
        let redirects = round.summary.redirects;
        if let Some(before) = round.memory.redirects(redirects) {
            round.lines.push_str(&redirects_line(now, (before, redirects), json));
        }
        memory = round.memory;
        if !round.lines.is_empty() {
            let printed = out.write_all(round.lines.as_bytes()).and_then(|()| out.flush());
            match printed {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(Status::Held),
                printed => printed.context("standard output")?,
            }
            if let Some(command) = &watch.on_change {
                tell(command, &round.lines, &stop)?;
            }
        }
        while !stop.load(Ordering::Relaxed) && start.elapsed() < watch.every {
            thread::sleep(GLANCE.min(watch.every.saturating_sub(start.elapsed())));
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(if ended.load(Ordering::Relaxed) { Status::Held } else { Status::Interrupted })
}

/// Gives the lines to a command; one that fails is told, and the watch goes on.
fn tell(command: &str, lines: &str, stop: &AtomicBool) -> anyhow::Result<()> {
    let what = || format!("--on-change {command}");
    let shell = Command::new("sh").arg("-c").arg(command).stdin(Stdio::piped()).spawn();
    let mut child = shell.with_context(what)?;
    if let Some(mut stdin) = child.stdin.take() {
        // it need not read
        let _ = stdin.write_all(lines.as_bytes());
    }
    while !stop.load(Ordering::Relaxed) {
        if let Some(status) = child.try_wait().with_context(what)? {
            if !status.success() {
                let _ = writeln!(io::stderr(), "hopstep: {}: {status}", what());
            }
            return Ok(());
        }
        thread::sleep(GLANCE / 5);
    }
    Ok(())
}

/// One run.
struct Round {
    memory: Memory,
    json: bool,
    at: OffsetDateTime,
    lines: String,
    summary: Summary,
}

impl Take for Round {
    fn row(&mut self, outcome: Outcome) -> io::Result<()> {
        self.summary.add(&outcome);
        if let Some(change) = self.memory.row(&outcome) {
            let line = if self.json { change.json(self.at) } else { change.line(self.at) };
            self.lines.push_str(&line);
        }
        Ok(())
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }
}
