//! What options read from outside: files, standard input, a password.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::domain::import::curl::{Inputs, Refusal};
use crate::domain::import::http_file::{self, Named, Surroundings};

/// The real files, standard input and terminal.
pub(crate) struct System;

/// What standard input held, for options that are read again.
static PIPED: Mutex<Option<Vec<u8>>> = Mutex::new(None);

/// Keeps what standard input holds, so that options read again find it again: a pipe can be read once only.
pub(crate) fn keep_stdin() -> io::Result<()> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes)?;
    *PIPED.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
    Ok(())
}

impl Inputs for System {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let read = if path == "-" {
            let mut bytes = Vec::new();
            match &*PIPED.lock().unwrap_or_else(PoisonError::into_inner) {
                Some(kept) => Ok(kept.clone()),
                None => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
            }
        } else {
            fs::read(path)
        };
        read.map_err(|error| error.to_string())
    }

    fn netrc(&self) -> Result<Option<Vec<u8>>, String> {
        let Some(home) = std::env::home_dir() else { return Ok(None) };
        match fs::read(home.join(".netrc")) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            read => read.map(Some).map_err(|error| error.to_string()),
        }
    }

    fn boundary(&self) -> String {
        let random = || RandomState::new().hash_one(std::process::id());
        format!("{}{:016x}", "-".repeat(24), random() ^ random().rotate_left(32))
    }

    fn password(&self, user: &str) -> Result<String, String> {
        ask(user).map_err(|error| format!("a password is missing and can't be asked for ({error})"))
    }
}

/// What stands beside a `.http` file: files relative to it, and the environment.
struct Beside(PathBuf);

impl Surroundings for Beside {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        let read = File::open(self.0.join(path))
            .and_then(|file| file.take(1 << 30).read_to_end(&mut bytes));
        read.map(|_| bytes).map_err(|error| error.to_string())
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

/// The file and the request that an operand names: `FILE.http` or `FILE.http#NAME`, where there is such a file.
pub(crate) fn http_file(operand: &str) -> Option<(&str, Option<&str>)> {
    let (path, which) = match operand.split_once('#') {
        Some((path, which)) => (path, Some(which)),
        None => (operand, None),
    };
    (http_file::is_named_so(path) && Path::new(path).is_file()).then_some((path, which))
}

/// One request of a `.http` file.
pub(crate) fn http_request(path: &str, which: Option<&str>) -> Result<Named, Refusal> {
    let picked = http_file::pick(&http_text(path)?, which, &beside(path));
    picked.map_err(|fault| Refusal::new(path, fault.to_string()))
}

/// The requests of a `.http` file, or the one that is named. One that can't be read refuses the file.
pub fn http_requests(path: &str, which: Option<&str>) -> Result<Vec<Named>, Refusal> {
    if which.is_some() {
        return http_request(path, which).map(|named| vec![named]);
    }
    let all = http_file::all(&http_text(path)?, &beside(path));
    let all = all.and_then(|all| all.into_iter().collect::<Result<Vec<Named>, _>>());
    all.map_err(|fault| Refusal::new(path, fault.to_string()))
}

fn beside(path: &str) -> Beside {
    Beside(Path::new(path).parent().map_or_else(PathBuf::new, Path::to_path_buf))
}

fn http_text(path: &str) -> Result<String, Refusal> {
    let refuse = |why: String| Refusal::new(path, why);
    let mut bytes = Vec::new();
    let read = File::open(path)
        .and_then(|file| file.take(http_file::MOST as u64 + 1).read_to_end(&mut bytes));
    read.map_err(|error| refuse(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| refuse("not UTF-8".to_owned()))
}

/// Asks on the terminal itself, since standard input may be data.
fn ask(user: &str) -> io::Result<String> {
    let mut tty = File::options().read(true).write(true).open("/dev/tty")?;
    write!(tty, "Enter host password for user '{}': ", crate::domain::escape::escape(user))?;
    echo(&tty, "-echo")?;
    let mut line = String::new();
    let read = BufReader::new(tty.try_clone()?).read_line(&mut line);
    echo(&tty, "echo")?;
    writeln!(tty)?;
    read?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

fn echo(tty: &File, mode: &str) -> io::Result<()> {
    let status = Command::new("stty").arg(mode).stdin(Stdio::from(tty.try_clone()?)).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("stty failed")) }
}
