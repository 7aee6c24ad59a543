//! `.http` files on the command line: which file, which of its requests, and with which variables.

use std::collections::HashMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::domain::http::request::Draft;
use crate::domain::import::curl::Refusal;
use crate::domain::import::http_file::{self, Named, Surroundings, environment};

/// The URL of options that are given without one.
pub(super) const NO_URL: &str = "http://localhost/";

/// A file, and what is wanted of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct HttpFile {
    path: String,
    /// The number or name of a request.
    which: Option<String>,
}

impl HttpFile {
    /// The file and the request that an operand names: `FILE.http` or `FILE.http#NAME`, where there is such a file or the name
    /// could be nothing else: no host ends so.
    pub(super) fn named(operand: &str) -> Option<HttpFile> {
        let (path, which) = match operand.split_once('#') {
            Some((path, which)) => (path, Some(which.to_owned())),
            None => (operand, None),
        };
        let is_bare = !path.contains(['/', ':']);
        let is_one = http_file::is_named_so(path) && (is_bare || Path::new(path).is_file());
        is_one.then(|| HttpFile { path: path.to_owned(), which })
    }

    /// The one request that is meant, with the options that stand beside it.
    pub(super) fn request(
        &self,
        options: Draft,
        environment: Option<&str>,
    ) -> Result<Draft, Refusal> {
        let beside = Beside::of(&self.path, environment)?;
        let picked = http_file::pick(&text(&self.path)?, self.which.as_deref(), &beside);
        let named = picked.map_err(|fault| Refusal::new(&self.path, fault.to_string()))?;
        http_file::with_options(named.draft, options, NO_URL)
    }
}

/// The requests of a `.http` file, or the one that is named, with the options given beside it. One that can't be read refuses
/// the file.
pub(super) fn requests(
    path: &str,
    which: Option<&str>,
    (options, environment): (&Draft, Option<&str>),
) -> Result<Vec<Named>, Refusal> {
    let (text, beside) = (text(path)?, Beside::of(path, environment)?);
    let refuse = |fault: http_file::Fault| Refusal::new(path, fault.to_string());
    let found = match which {
        Some(_) => vec![http_file::pick(&text, which, &beside)],
        None => http_file::all(&text, &beside).map_err(refuse)?,
    };
    let with_options = |named: Result<Named, _>| {
        let named = named.map_err(refuse)?;
        let draft = http_file::with_options(named.draft, options.clone(), NO_URL)?;
        Ok(Named { draft, ..named })
    };
    found.into_iter().map(with_options).collect()
}

/// What stands beside a `.http` file: files relative to it, the process environment, and the environment that was chosen.
struct Beside {
    folder: PathBuf,
    chosen: HashMap<String, String>,
}

impl Beside {
    fn of(path: &str, environment: Option<&str>) -> Result<Beside, Refusal> {
        let folder = Path::new(path).parent().map_or_else(PathBuf::new, Path::to_path_buf);
        let Some(name) = environment else { return Ok(Beside { folder, chosen: HashMap::new() }) };
        let mut files = Vec::new();
        for file in environment::FILES {
            let path = folder.join(file);
            if path.is_file() {
                files.push((file, text(&path.to_string_lossy())?));
            }
        }
        let refuse = |fault: http_file::Fault| Refusal::new(path, fault.to_string());
        let chosen = environment::variables(&files, name).map_err(refuse)?;
        Ok(Beside { folder, chosen })
    }
}

impl Surroundings for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = File::open(self.folder.join(path))
            .and_then(|file| file.take(1 << 30).read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| error.to_string())
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn chosen(&self, name: &str) -> Option<String> {
        self.chosen.get(name).cloned()
    }
}

fn text(path: &str) -> Result<String, Refusal> {
    let refuse = |why: String| Refusal::new(path, why);
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|file| file.take(http_file::MOST as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| refuse(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| refuse("not UTF-8".to_owned()))
}
