//! `--update` and `--diff`: the chains seen now, written into suites or shown as a reviewer's diff.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context, bail};

use super::run::{self, Take};
use super::sources::Sources;
use super::{Job, Snapshot, Status};
use crate::domain::check::Row;
use crate::domain::check::outcome::Outcome;
use crate::domain::check::snapshot::diff::unified;
use crate::domain::check::snapshot::{Seen, updated};
use crate::domain::escape::escape;

/// Runs all rows and writes or shows what they changed to.
pub(super) fn run(
    job: &Arc<Job>,
    sources: Sources,
    snapshot: Snapshot,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let rows: Vec<Row> = sources.suite_rows().context("only .toml suites can be updated")?;
    let stop = run::catch()?;
    let mut kept = Kept(BTreeMap::new());
    run::rows(job, sources, &stop, &mut None, &mut kept)?;
    if stop.load(Ordering::Relaxed) {
        return Ok(Status::Interrupted);
    }
    let mut status = Status::Held;
    for path in &job.files {
        let seen = kept.of_file(path, &rows);
        let drifted = file(job, (path, &seen), snapshot, out)?;
        let broken = seen.iter().any(|seen| seen.outcome.state.fails() && drifted.left_out);
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
    (path, seen): (&str, &[Seen]),
    snapshot: Snapshot,
    out: &mut dyn Write,
) -> anyhow::Result<Drifted> {
    let before = fs::read_to_string(path).with_context(|| path.to_owned())?;
    let Some(after) = updated(&before, seen, &job.known_variables(&before)) else {
        bail!("{path}: the file changed under way");
    };
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

/// Every outcome; suites are small.
struct Kept(BTreeMap<u64, Outcome>);

impl Kept {
    fn of_file(&self, path: &str, rows: &[Row]) -> Vec<Seen> {
        let with_rows = self.0.iter().filter_map(|(number, outcome)| {
            let row = usize::try_from(number - 1).ok().and_then(|at| rows.get(at))?;
            Some(Seen { expect: Arc::clone(&row.expect), outcome: outcome.clone() })
        });
        with_rows.filter(|seen| seen.outcome.file == path).collect()
    }
}

impl Take for Kept {
    fn row(&mut self, outcome: Outcome) -> io::Result<()> {
        self.0.insert(outcome.row, outcome);
        Ok(())
    }

    fn idle(&mut self) -> io::Result<()> {
        Ok(())
    }
}
