//! Where and why a file can't be read.

use std::fmt;

use serde::de::DeserializeOwned;

/// What is wrong with a file, and where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Line and column, JSON path; empty when the whole file is meant.
    pub at: String,
    /// One sentence.
    pub why: String,
}

impl Fault {
    pub fn new(at: impl Into<String>, why: impl Into<String>) -> Fault {
        Fault { at: at.into(), why: why.into() }
    }

    /// The same fault in a chain that begins on that line.
    pub(super) fn below(self, line: usize) -> Fault {
        Fault { at: format!("line {line}, {}", self.at), ..self }
    }

    /// The same fault where the text was this one line of a file.
    pub(super) fn below_line(self, number: usize) -> Fault {
        Fault { at: self.at.replacen("line 1", &format!("line {number}"), 1), ..self }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.is_empty() {
            true => f.write_str(&self.why),
            false => write!(f, "{}: {}", self.at, self.why),
        }
    }
}

/// A JSON text as this type; the fault says line, column and path.
pub(super) fn json<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let error = error.into_inner();
        let place = format!("line {}, column {}", error.line(), error.column());
        let nowhere = path == "." || path == "?";
        let at = if nowhere { place } else { format!("{place}, {path}") };
        let said = error.to_string();
        // serde_json ends with the place, which stands in front already
        let why = said.rsplit_once(" at line ").map_or(said.as_str(), |(why, _)| why);
        Fault::new(at, why)
    })?;
    reader.end().map_err(|error| {
        let at = format!("line {}, column {}", error.line(), error.column());
        Fault::new(at, "more follows after the end of the document")
    })?;
    Ok(read)
}
