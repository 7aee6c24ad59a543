//! Files to rows. Everything is read once before the first request, so that a fault sends nothing, and map lines once more while
//! they run, so that a map of any length takes no memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use super::{Job, baseline};
use crate::domain::check::before::Before;
use crate::domain::check::expectation::Expect;
use crate::domain::check::fault::Fault;
use crate::domain::check::{Row, Setup, map, redirects, suite};
use crate::domain::client::Client;
use crate::domain::import::curl::Inputs;

/// The longest line of a map.
const LONGEST_LINE: u64 = 64 * 1024;

/// How many faults are told.
const FAULTS: usize = 100;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Suite,
    Map,
    Redirects,
}

impl Kind {
    pub(super) fn of(path: &str) -> Option<Kind> {
        let path = Path::new(path);
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("toml") => return Some(Kind::Suite),
            Some("csv") => return Some(Kind::Map),
            Some(_) | None => {}
        }
        let name = path.file_name()?.to_str()?;
        name.ends_with("_redirects").then_some(Kind::Redirects)
    }
}

/// A file whose rows are known to be good.
#[derive(Clone, Debug)]
pub(super) struct Source {
    path: Arc<str>,
    kind: Kind,
    /// The rows of a suite; its text was small enough to be read at once.
    suite: Vec<Row>,
    rows: u64,
    /// What came from standard input.
    text: Option<Arc<[u8]>>,
}

/// The files of a run, and how many rows they have.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    pub(super) all: Vec<Source>,
    pub(super) rows: u64,
    /// `--baseline`
    pub(super) before: Arc<Before>,
}

impl Sources {
    /// What is expected of the rows of suites, by their number in the run.
    pub(super) fn expected(&self) -> BTreeMap<u64, Arc<Expect>> {
        let mut before = 0;
        let mut all = BTreeMap::new();
        for source in &self.all {
            let rows = (before + 1..).zip(&source.suite);
            all.extend(rows.map(|(number, row)| (number, Arc::clone(&row.expect))));
            before += source.rows;
        }
        all
    }

    /// Why the expectations of a file can't be written; the sentence names it.
    pub(super) fn unwritable(&self) -> Option<&'static str> {
        let is_input = |source: &Source| source.text.is_some();
        self.all.iter().any(is_input).then_some("-: standard input can't be written")
    }
}

/// Reads every file; the faults are one line each.
pub(super) fn validate(job: &Job) -> Result<Sources, Vec<String>> {
    let mut sources = Sources { all: Vec::new(), rows: 0, before: Arc::default() };
    let mut faults = Vec::new();
    match baseline::read(job.baseline.as_deref()) {
        Ok(before) => sources.before = Arc::new(before),
        Err(fault) => faults.push(fault),
    }
    for path in &job.files {
        match Source::read(path, job) {
            Ok(source) => {
                sources.rows += source.rows;
                sources.all.push(source);
            }
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(sources) } else { Err(faults) }
}

impl Source {
    fn read(path: &str, job: &Job) -> Result<Source, Vec<String>> {
        let one = |why: String| vec![format!("{path}: {why}")];
        let kind = match path {
            "-" => Kind::Map,
            path => Kind::of(path).ok_or_else(|| {
                one("expected a .toml suite, a .csv map or a _redirects file".to_owned())
            })?,
        };
        let name: Arc<str> = path.into();
        let mut source = Source { path: name, kind, suite: Vec::new(), rows: 0, text: None };
        if path == "-" {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map_err(|error| one(error.to_string()))?;
            source.text = Some(bytes.into());
        }
        if kind == Kind::Suite {
            let text = std::fs::read_to_string(path).map_err(|error| one(error.to_string()))?;
            let parsed = with_setup(path, job, |setup| suite::parse(path, &text, setup));
            source.suite = parsed.map_err(|faults| shown(&faults))?;
            source.rows = source.suite.len() as u64;
            return Ok(source);
        }
        let mut lines = source.lines().map_err(|error| one(error.to_string()))?;
        let mut faults = Vec::new();
        let client = Arc::new(job.client.clone());
        while let Some(row) = lines.next(job, &client) {
            match row {
                Ok(_) => source.rows += 1,
                Err(fault) => faults.push(fault),
            }
            if faults.len() > FAULTS {
                break;
            }
        }
        if faults.is_empty() { Ok(source) } else { Err(shown(&faults)) }
    }

    /// The rows once more, one after the other.
    pub(super) fn rows(&self) -> io::Result<Rows> {
        Ok(match self.kind {
            Kind::Suite => Rows::Suite(self.suite.clone().into_iter()),
            Kind::Map | Kind::Redirects => Rows::Lines(self.lines()?),
        })
    }

    fn lines(&self) -> io::Result<Lines> {
        let reader: Box<dyn BufRead + Send> = match &self.text {
            Some(text) => Box::new(Cursor::new(Arc::clone(text))),
            None => Box::new(BufReader::with_capacity(64 * 1024, File::open(&*self.path)?)),
        };
        let redirects = (self.kind == Kind::Redirects).then(redirects::Reader::default);
        Ok(Lines { path: Arc::clone(&self.path), reader, number: 0, redirects, line: Vec::new() })
    }
}

fn shown(faults: &[Fault]) -> Vec<String> {
    let mut all: Vec<String> = faults.iter().take(FAULTS).map(ToString::to_string).collect();
    if faults.len() > FAULTS {
        all.push("there is more that is wrong".to_owned());
    }
    all
}

/// Rows of one file, one at a time.
pub(super) enum Rows {
    Suite(std::vec::IntoIter<Row>),
    Lines(Lines),
}

impl Rows {
    /// The next row; a file that changed under way can have faults all the same.
    pub(super) fn next(&mut self, job: &Job, client: &Arc<Client>) -> Option<Result<Row, Fault>> {
        match self {
            Rows::Suite(rows) => rows.next().map(Ok),
            Rows::Lines(lines) => lines.next(job, client),
        }
    }
}

/// The lines of a map.
pub(super) struct Lines {
    path: Arc<str>,
    reader: Box<dyn BufRead + Send>,
    number: usize,
    redirects: Option<redirects::Reader>,
    line: Vec<u8>,
}

impl Lines {
    fn next(&mut self, job: &Job, client: &Arc<Client>) -> Option<Result<Row, Fault>> {
        loop {
            self.line.clear();
            let read = (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut self.line);
            self.number += 1;
            let fault = |why: String| Fault::new(&self.path, (self.number, 1), why);
            match read {
                Ok(0) => return None,
                Err(error) => return Some(Err(fault(error.to_string()))),
                Ok(count) if count as u64 == LONGEST_LINE => {
                    return Some(Err(fault(format!("expected a line of less than {count} bytes"))));
                }
                Ok(_) => {}
            }
            let Ok(line) = std::str::from_utf8(&self.line) else {
                return Some(Err(fault("expected UTF-8".to_owned())));
            };
            let setup = setup(job, client, &NoFiles);
            let row = match &mut self.redirects {
                Some(reader) => reader.row(&self.path, (self.number, line), &setup),
                None => map::row(&self.path, (self.number, line), &setup),
            };
            match row {
                Ok(None) => {}
                Ok(Some(row)) => return Some(Ok(row)),
                Err(fault) => return Some(Err(fault)),
            }
        }
    }
}

fn with_setup<T>(path: &str, job: &Job, run: impl FnOnce(&Setup<'_>) -> T) -> T {
    let folder = Path::new(path).parent().unwrap_or(Path::new(""));
    run(&setup(job, &Arc::new(job.client.clone()), &Beside(folder)))
}

fn setup<'a>(job: &'a Job, client: &'a Arc<Client>, inputs: &'a dyn Inputs) -> Setup<'a> {
    Setup {
        environment: job.environment.as_deref(),
        variables: &job.variables,
        process: &environment,
        inputs,
        draft: &job.draft,
        client,
        limits: job.limits,
        max_time: Some(job.max_time),
        fail_on: job.fail_on,
        base: job.base.as_ref(),
    }
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Files beside a suite.
struct Beside<'a>(&'a Path);

impl Inputs for Beside<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        std::fs::read(self.0.join(path)).map_err(|error| error.to_string())
    }

    fn boundary(&self) -> String {
        String::new()
    }
}

/// A map names no files.
struct NoFiles;

impl Inputs for NoFiles {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("a map reads no files".to_owned())
    }

    fn boundary(&self) -> String {
        String::new()
    }
}
