//! Files to rows. Everything is read once before the first request, so that a fault sends nothing, and map lines once more while
//! they run, so that a map of any length takes no memory.

use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;
use std::sync::Arc;

use url::Url;

use super::lines::Lines;
use super::sitemaps::{Entry, Gathering};
use super::{Job, baseline, documents};
use crate::domain::check::before::Before;
use crate::domain::check::expectation::Expect;
use crate::domain::check::fault::Fault;
use crate::domain::check::fetched::keep_credentials_home;
use crate::domain::check::{Place, Row, Setup, sitemap, suite};
use crate::domain::client::Client;
use crate::domain::import::curl::Inputs;
use crate::fetch;

/// How many faults are told.
const FAULTS: usize = 100;

/// What a file is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Suite,
    Map,
    Redirects,
    Sitemap,
}

impl Kind {
    /// What a name tells; a sitemap is told by its content.
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
    /// What came from standard input or from the network.
    text: Option<Arc<[u8]>>,
    /// The pages of a sitemap.
    pages: Arc<[Entry]>,
    /// Where it was fetched.
    home: Option<Arc<str>>,
}

/// The files of a run, and how many rows they have.
#[derive(Clone, Debug)]
pub(super) struct Sources {
    pub(super) all: Vec<Source>,
    pub(super) rows: u64,
    /// What was left out, a line each.
    pub(super) notes: Vec<String>,
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
    pub(super) fn unwritable(&self) -> Option<String> {
        self.all.iter().find_map(|source| match source {
            Source { kind: Kind::Sitemap, path, .. } => {
                Some(format!("{path}: of a sitemap there is nothing to write"))
            }
            Source { text: Some(_), home: None, .. } => {
                Some("-: standard input can't be written".to_owned())
            }
            Source { text: Some(_), path, .. } => {
                Some(format!("{path}: what was fetched can't be written"))
            }
            Source { text: None, .. } => None,
        })
    }
}

/// Reads every file; the faults are one line each.
pub(super) fn validate(job: &Job) -> Result<Sources, Vec<String>> {
    let mut sources =
        Sources { all: Vec::new(), rows: 0, notes: Vec::new(), before: Arc::default() };
    let mut faults = Vec::new();
    match baseline::read(job.baseline.as_deref()) {
        Ok(before) => sources.before = Arc::new(before),
        Err(fault) => faults.push(fault),
    }
    for path in &job.files {
        match Source::read(path, job, &mut sources.notes) {
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
    fn read(path: &str, job: &Job, notes: &mut Vec<String>) -> Result<Source, Vec<String>> {
        let one = |why: String| vec![format!("{path}: {why}")];
        if documents::is_url(path) {
            let found = documents::fetch(path, job).map_err(|why| vec![why])?;
            let name = found.name.into();
            return Source::of_text(name, (found.kind, found.bytes), Some(found.url), (job, notes));
        }
        if path == "-" {
            let mut bytes = Vec::new();
            io::stdin().read_to_end(&mut bytes).map_err(|error| one(error.to_string()))?;
            let bytes = fetch::unpacked(bytes).map_err(one)?;
            let is_sitemap = sitemap::is_sitemap(&bytes);
            let kind = if is_sitemap { Kind::Sitemap } else { Kind::Map };
            return Source::of_text(path.into(), (kind, bytes), None, (job, notes));
        }
        match Kind::of(path) {
            Some(Kind::Suite) => {
                let text = std::fs::read_to_string(path).map_err(|error| one(error.to_string()))?;
                let parsed = with_setup(path, job, |setup| suite::parse(path, &text, setup));
                let mut source = Source::new(path.into(), Kind::Suite);
                source.suite = parsed.map_err(|faults| shown(&faults))?;
                source.rows = source.suite.len() as u64;
                Ok(source)
            }
            Some(kind) => Source::new(path.into(), kind).counted(job),
            None => {
                let bytes = documents::sitemap(path).map_err(one)?;
                Source::of_text(path.into(), (Kind::Sitemap, bytes), None, (job, notes))
            }
        }
    }

    fn new(path: Arc<str>, kind: Kind) -> Source {
        let (suite, pages) = (Vec::new(), Arc::from(Vec::new()));
        Source { path, kind, suite, rows: 0, text: None, pages, home: None }
    }

    /// What is there as a whole; `found` is where it was fetched.
    fn of_text(
        path: Arc<str>,
        (kind, bytes): (Kind, Vec<u8>),
        found: Option<Url>,
        (job, notes): (&Job, &mut Vec<String>),
    ) -> Result<Source, Vec<String>> {
        let mut source = Source::new(path, kind);
        let home = found.as_ref().and_then(Url::host_str);
        source.home = home.map(Arc::from);
        if kind == Kind::Sitemap {
            let mut gathering = Gathering { job, home, pages: Vec::new(), notes };
            gathering.sitemap(&source.path, &bytes)?;
            source.pages = gathering.pages.into();
        } else {
            source.text = Some(bytes.into());
        }
        source.counted(job)
    }

    /// Reads every row once.
    fn counted(mut self, job: &Job) -> Result<Source, Vec<String>> {
        let mut rows = self.rows().map_err(|error| vec![format!("{}: {error}", self.path)])?;
        let mut faults = Vec::new();
        let client = Arc::new(job.client.clone());
        while let Some(row) = rows.next(job, &client) {
            match row {
                Ok(_) => self.rows += 1,
                Err(fault) => faults.push(fault),
            }
            if faults.len() > FAULTS {
                break;
            }
        }
        match (faults.is_empty(), self.rows) {
            // an empty file that held would keep a broken export green
            (true, 0) => Err(vec![format!("{}: there is nothing to check in it", self.path)]),
            (true, _) => Ok(self),
            (false, _) => Err(shown(&faults)),
        }
    }

    /// The same for the same rows, where they are not in a file of this name.
    pub(super) fn hash(&self, hasher: &mut impl Hasher) -> bool {
        match (&self.text, self.kind) {
            (_, Kind::Sitemap) => self.pages.iter().for_each(|page| page.hash(hasher)),
            (Some(text), _) => text.hash(hasher),
            (None, Kind::Suite | Kind::Map | Kind::Redirects) => return false,
        }
        true
    }

    /// The rows once more, one after the other.
    pub(super) fn rows(&self) -> io::Result<Rows> {
        let written = match self.kind {
            Kind::Suite => Written::Suite(self.suite.clone().into_iter()),
            Kind::Map | Kind::Redirects => Written::Lines(self.lines()?),
            Kind::Sitemap => Written::Pages(Arc::clone(&self.pages), 0),
        };
        Ok(Rows { written, home: self.home.clone() })
    }

    fn lines(&self) -> io::Result<Lines> {
        let reader: Box<dyn BufRead + Send> = match &self.text {
            Some(text) => Box::new(Cursor::new(Arc::clone(text))),
            None => Box::new(BufReader::with_capacity(64 * 1024, File::open(&*self.path)?)),
        };
        Ok(Lines::new(&self.path, reader, self.kind == Kind::Redirects))
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
pub(super) struct Rows {
    written: Written,
    /// The host that the file was fetched from.
    home: Option<Arc<str>>,
}

enum Written {
    Suite(std::vec::IntoIter<Row>),
    Lines(Lines),
    Pages(Arc<[Entry]>, usize),
}

impl Rows {
    /// The next row; a file that changed under way can have faults all the same.
    pub(super) fn next(&mut self, job: &Job, client: &Arc<Client>) -> Option<Result<Row, Fault>> {
        let mut row = match &mut self.written {
            Written::Suite(rows) => return rows.next().map(Ok),
            Written::Lines(lines) => lines.next(&setup(job, client, &NoFiles))?,
            Written::Pages(pages, at) => {
                let Entry { file, line, url } = pages.get(*at)?;
                *at += 1;
                let place = Place { file: Arc::clone(file), line: *line };
                sitemap::row(place, url, &setup(job, client, &NoFiles))
            }
        };
        if let (Ok(row), Some(home)) = (&mut row, &self.home) {
            keep_credentials_home(row, home, job.base.as_ref());
        }
        Some(row)
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
        process: &super::process_environment,
        inputs,
        draft: &job.draft,
        client,
        limits: job.limits,
        max_time: Some(job.max_time),
        fail_on: job.fail_on,
        base: job.base.as_ref(),
    }
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
