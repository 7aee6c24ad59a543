//! `--update` and `--diff`: the chains seen now, written into suites or shown as a reviewer's diff.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context, bail};

use super::run::{self, Take};
use super::sources::{Kind, Sources};
use super::{Job, Snapshot, Status};
use crate::domain::check::expectation::Expect;
use crate::domain::check::outcome::Outcome;
use crate::domain::check::snapshot::diff::unified;
use crate::domain::check::snapshot::{Seen, updated, updated_map, updated_redirects};
use crate::domain::escape::escape;
use crate::headless::interrupt;

/// Runs all rows and writes or shows what they changed to.
pub(super) fn run(
    job: &Arc<Job>,
    sources: Sources,
    snapshot: Snapshot,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    if let Some(why) = sources.unwritable() {
        bail!("--update and --diff: {why}");
    }
    let stop = interrupt::awaited()?;
    let mut kept = Kept { outcomes: BTreeMap::new(), expected: sources.expected() };
    run::rows(job, sources, &stop, &mut None, &mut kept)?;
    if stop.load(Ordering::Relaxed) {
        return Ok(Status::Interrupted);
    }
    let mut status = Status::Held;
    for path in &job.files {
        let drifted = file(job, (path, &kept), snapshot, out)?;
        let broken = drifted.left_out && kept.of_file(path).any(|(_, seen)| seen.state.fails());
        if broken || drifted.changed && snapshot == Snapshot::Show {
            status = Status::Failed;
        }
    }
    Ok(status)
}

/// What came of one file.
struct Drifted {
    changed: bool,
    /// Something could not be written.
    left_out: bool,
}

fn file(
    job: &Job,
    (path, kept): (&str, &Kept),
    snapshot: Snapshot,
    out: &mut dyn Write,
) -> anyhow::Result<Drifted> {
    let before = fs::read_to_string(path).with_context(|| path.to_owned())?;
    let seen = kept.of_file(path).map(|(_, outcome)| outcome);
    let after = match (Kind::of(path), &job.base) {
        (Some(Kind::Map), _) => Some(updated_map(&before, seen)),
        (Some(Kind::Redirects), Some(base)) => Some(updated_redirects(&before, seen, base)),
        (Some(Kind::Suite), _) => {
            updated(&before, &kept.of_suite(path), &job.known_variables(&before))
        }
        (Some(Kind::Redirects), None) | (Some(Kind::Sitemap) | None, _) => None,
    };
    let after = after.with_context(|| format!("{path}: the file changed under way"))?;
    for note in &after.notes {
        let _ = writeln!(io::stderr(), "hopstep: {}", escape(&format!("{path}: {note}")));
    }
    let changed = after.text != before;
    if changed && snapshot == Snapshot::Write {
        replace(Path::new(path), &after.text).with_context(|| path.to_owned())?;
    }
    let diff = unified(path, &before, &after.text);
    for line in diff.lines() {
        out.write_all(paint(line, job.colour).as_bytes()).context("standard output")?;
    }
    Ok(Drifted { changed, left_out: !after.notes.is_empty() })
}

/// The new text takes the place of the old one at once, so that no crash leaves half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().filter(|of| !of.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(fs::metadata(path)?.permissions())?;
    // a link stays a link
    file.persist(fs::canonicalize(path)?).map(drop).map_err(|error| error.error)
}

fn paint(line: &str, colour: bool) -> String {
    let safe = escape(line);
    let style = match line.as_bytes().first() {
        Some(b'+') => "32",
        Some(b'-') => "31",
        Some(b'@') => "36",
        Some(_) | None => return format!("{safe}\n"),
    };
    if colour { format!("\x1b[{style}m{safe}\x1b[0m\n") } else { format!("{safe}\n") }
}

/// The outcomes of suites, and those of maps that did not hold.
struct Kept {
    outcomes: BTreeMap<u64, Outcome>,
    /// For the rows of suites.
    expected: BTreeMap<u64, Arc<Expect>>,
}

impl Kept {
    fn of_file<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a u64, &'a Outcome)> {
        self.outcomes.iter().filter(move |(_, outcome)| outcome.file == path)
    }

    fn of_suite(&self, path: &str) -> Vec<Seen> {
        let with_rows = self.of_file(path).map(|(number, outcome)| {
            let expect = Arc::clone(self.expected.get(number)?);
            Some(Seen { expect, outcome: outcome.clone() })
        });
        with_rows.flatten().collect()
    }
}

impl Take for Kept {
    fn row(&mut self, outcome: Outcome) -> io::Result<()> {
        if outcome.state.fails() || self.expected.contains_key(&outcome.row) {
            self.outcomes.insert(outcome.row, outcome);
        }
        Ok(())
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }
}
