//! The file of `--baseline`: an ndjson report is read line by line, a JSON document at once.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use crate::domain::check::before::Before;

/// How the rows went before; the fault is one line.
pub(super) fn read(path: Option<&Path>) -> Result<Before, String> {
    let Some(path) = path else { return Ok(Before::default()) };
    let fault = |why: &dyn std::fmt::Display| format!("--baseline {}: {why}", path.display());
    let mut reader = BufReader::new(File::open(path).map_err(|error| fault(&error))?);
    let mut line = String::new();
    reader.read_line(&mut line).map_err(|error| fault(&error))?;
    let before = if line.starts_with("{\"type\":") {
        lines(line, reader).map_err(|why| fault(&why))
    } else {
        reader.read_to_string(&mut line).map_err(|error| fault(&error))?;
        Before::document(&line).map_err(|why| fault(&why))
    }?;
    if before.is_empty() {
        return Err(fault(&"expected a report with rows that were run; there is none in it"));
    }
    Ok(before)
}

fn lines(first: String, mut rest: impl BufRead) -> Result<Before, String> {
    let (mut before, mut line) = (Before::default(), first);
    for number in 1.. {
        if line.is_empty() {
            break;
        }
        before.line(number, &line).map_err(|fault| fault.to_string())?;
        line.clear();
        rest.read_line(&mut line).map_err(|error| format!("line {}: {error}", number + 1))?;
    }
    Ok(before)
}
