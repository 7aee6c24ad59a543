//! The journal of `--resume`: one line an outcome, written before it is reported.
//!
//! Promises: a line that was cut off by a crash counts as not written; a journal of another run is refused, never overwritten.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde::{Deserialize, Serialize};

use super::Job;
use super::sources::Sources;
use crate::domain::check::outcome::Outcome;

const SCHEMA: &str = "hopstep.check-journal/1";

/// The first line.
#[derive(Debug, Serialize, Deserialize)]
struct Head {
    journal: String,
    /// What the run is made of: files, shard, variables.
    run: String,
}

/// An open journal.
pub(super) struct Journal {
    file: File,
    /// Where the line of each row is.
    places: BTreeMap<u64, u64>,
}

impl Journal {
    /// Opens the journal of this run, or begins it.
    pub(super) fn open(path: &Path, job: &Job, sources: &Sources) -> anyhow::Result<Journal> {
        let what = || format!("--resume {}", path.display());
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).append(true).create(true).open(path).with_context(what)?;
        let head =
            Head { journal: SCHEMA.to_owned(), run: identity(job, sources).with_context(what)? };
        let head = serde_json::to_string(&head)? + "\n";
        let (places, end) = read(&file, head.as_bytes()).with_context(what)?;
        file.set_len(end).with_context(what)?;
        if end == 0 {
            file.write_all(head.as_bytes()).with_context(what)?;
        }
        Ok(Journal { file, places })
    }

    /// The rows that need no run.
    pub(super) fn rows(&self) -> BTreeSet<u64> {
        self.places.keys().copied().collect()
    }

    /// Writes outcomes down.
    pub(super) fn write(&mut self, outcomes: &[Outcome]) -> io::Result<()> {
        let mut lines = Vec::new();
        for outcome in outcomes {
            serde_json::to_writer(&mut lines, outcome)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)
    }

    /// The outcome of a row that was run before.
    pub(super) fn recorded(&mut self, row: u64) -> io::Result<Option<Outcome>> {
        let Some(place) = self.places.remove(&row) else { return Ok(None) };
        self.file.seek(SeekFrom::Start(place))?;
        let mut line = Vec::new();
        BufReader::with_capacity(4096, &self.file).read_until(b'\n', &mut line)?;
        Ok(Some(serde_json::from_slice(&line)?))
    }
}

/// The places of all whole lines, and where they end.
fn read(file: &File, head: &[u8]) -> anyhow::Result<(BTreeMap<u64, u64>, u64)> {
    let mut reader = BufReader::new(file);
    let mut places = BTreeMap::new();
    let (mut line, mut end) = (Vec::new(), 0);
    loop {
        line.clear();
        let count = reader.read_until(b'\n', &mut line)? as u64;
        if end == 0 && !head.starts_with(&line) {
            match serde_json::from_slice::<Head>(&line) {
                Ok(_) => bail!("it is the journal of another run: other files, shard or options"),
                Err(_) => bail!("this file is no journal of hopstep check"),
            }
        }
        if line.last() != Some(&b'\n') {
            return Ok((places, end));
        }
        if end > 0 {
            match serde_json::from_slice::<Outcome>(&line) {
                Ok(outcome) => drop(places.insert(outcome.row, end)),
                Err(_) => return Ok((places, end)),
            }
        }
        end += count;
    }
}

/// The same for the same rows.
fn identity(job: &Job, sources: &Sources) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for (path, source) in job.files.iter().zip(&sources.all) {
        path.hash(&mut hasher);
        if source.hash(&mut hasher) {
            continue;
        }
        let mut block = vec![0; 64 * 1024];
        let mut file = File::open(path)?;
        loop {
            let count = file.read(&mut block)?;
            if count == 0 {
                break;
            }
            hasher.write(&block[..count]);
        }
    }
    (job.shard.index, job.shard.of, &job.environment, &job.variables).hash(&mut hasher);
    (job.base.as_ref().map(url::Url::as_str), &job.client.name).hash(&mut hasher);
    (job.fail_on.map(|severity| severity.id()), &job.baseline, job.redact.is_some())
        .hash(&mut hasher);
    Ok(format!("{:016x}", hasher.finish()))
}
