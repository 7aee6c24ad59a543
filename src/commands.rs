//! What each command of the command line does: [`screen`] opens the debugger, [`printed`] prints and ends. Both turn what `cli`
//! has read into the jobs of `shell` and `headless`.

pub(crate) mod printed;
pub(crate) mod screen;

use std::env;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use hopstep::cli;
use hopstep::domain::config::Config;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::cookie::netscape;
use hopstep::domain::escape::escape;
use hopstep::domain::redact::Redactor;
use hopstep::domain::secret::Names;
use hopstep::shell::configuration::Files;
use hopstep::shell::history::Place;
use hopstep::shell::look::{Folder, Look};
use hopstep::store;

/// The themes that the user's files ask for.
pub(crate) fn look(config: &Config) -> anyhow::Result<Look> {
    let folder = cli::configuration::folder(&environment).map(|path| {
        let shown = cli::configuration::shown(&path, &environment);
        Folder { path, shown }
    });
    Look::load(config, folder.as_ref())
}

/// Where configuration is, for what the screen writes into the project's file.
fn files(named: Option<&str>) -> Option<Files> {
    let (user, project) = cli::configuration::files(named, &environment)?;
    Some(Files { user, project })
}

/// Where runs are recorded; nowhere for a user without a home.
fn place(run: &cli::Run) -> Option<Place> {
    let configured = &run.config.history;
    let on = configured.record.as_ref().is_none_or(|placed| placed.value);
    let secrets = run.history.filter(|_| on)?;
    let secrets = secrets || configured.secrets.as_ref().is_some_and(|placed| placed.value);
    let mut limits = store::history::Limits::default();
    limits.chains = configured.chains.as_ref().map_or(limits.chains, |placed| placed.value);
    limits.days = configured.days.as_ref().map_or(limits.days, |placed| placed.value);
    let names = run.config.names();
    Some(Place { path: history_path()?, secrets, names, limits })
}

/// In a home only where there is one; a folder for state may stand anywhere.
fn history_path() -> Option<PathBuf> {
    let homeless = environment("HOME").filter(|home| !home.is_empty() && !Path::new(home).is_dir());
    store::history::default_path(&environment)
        .filter(|path| homeless.is_none_or(|home| !path.starts_with(home)))
}

/// `-c FILE`
fn write_cookies(file: &Path, jar: &Jar) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    // cookies are secrets: a file that is made anew is the user's alone, as curl's is
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written =
        options.open(file).and_then(|mut to| to.write_all(netscape::serialise(jar).as_ref()));
    written.with_context(|| format!("-c {}", file.display()))
}

/// Which of a file's chains, from 1.
fn picked(pick: Option<String>) -> anyhow::Result<Option<usize>> {
    let number = |pick: String| pick.parse().with_context(|| format!("{pick}: not a number"));
    pick.map(number).transpose()
}

pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// One line on standard error, in the form `hopstep: WHAT: WHY`.
pub(crate) fn report(line: &str) {
    // what is wrong with a command line may be said before its options are known
    let line = match env::args_os().any(|arg| arg == "--redact") {
        true => Redactor::for_text(Names::default()).text(line),
        false => line.to_owned(),
    };
    let _ = writeln!(io::stderr(), "hopstep: {}", escape(&line));
}
