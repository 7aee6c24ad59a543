//! What options read from outside: files, standard input, a password.

use std::collections::hash_map::RandomState;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::domain::import::curl::Inputs;

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

/// Asks on the terminal itself, since standard input may be data; where there is none, its first line is the password, as in curl
/// (`src/tool_getpass.c`).
fn ask(user: &str) -> io::Result<String> {
    let mut tty = match File::options().read(true).write(true).open("/dev/tty") {
        Ok(tty) => tty,
        Err(error) => {
            let mut line = String::new();
            return match io::stdin().read_line(&mut line)? {
                0 => Err(error),
                _ => Ok(line.trim_end_matches(['\r', '\n']).to_owned()),
            };
        }
    };
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
