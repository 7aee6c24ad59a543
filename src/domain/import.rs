//! Imports: other programs' words read into a request or a recording of ours. One format per file; pure, files come in as an
//! argument.

mod body;
pub mod curl;
pub mod fault;
pub mod har;
pub mod http_file;
pub mod recording;
pub mod trace;

use serde::Deserialize;
use serde::de::IgnoredAny;

use fault::Fault;
use recording::Recording;

/// What a file holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `hopstep.trace/1`, one document.
    Trace,
    /// `hopstep.trace/1`, one object a line.
    Ndjson,
    /// HAR 1.1 or 1.2.
    Har,
}

/// Every chain of a recording in any of the formats, in the order of the file; chains with redirects first.
///
/// # Errors
/// Where the text is none of them, or breaks its own format.
pub fn recordings(text: &str) -> Result<Vec<Recording>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match kind(text)? {
        Kind::Trace => trace::document(text).map(|recording| vec![recording]),
        Kind::Ndjson => trace::lines(text),
        Kind::Har => har::archive(text),
    }
}

#[derive(Deserialize)]
struct Probe {
    schema: Option<String>,
    log: Option<IgnoredAny>,
    r#type: Option<String>,
}

/// What the text is, by what it says of itself.
fn kind(text: &str) -> Result<Kind, Fault> {
    let first = text.trim_start().lines().next().unwrap_or_default();
    if first.is_empty() {
        return Err(Fault::new("", "the file is empty"));
    }
    if !first.starts_with('{') {
        let why = "expected a HAR file or a hopstep trace (--format json or ndjson)";
        return Err(Fault::new("line 1", why));
    }
    if let Ok(Probe { r#type: Some(_), .. }) = serde_json::from_str(first) {
        return Ok(Kind::Ndjson);
    }
    let probe: Probe = fault::json(text)?;
    match (probe.schema.as_deref(), probe.log) {
        (Some("hopstep.trace/1"), _) => Ok(Kind::Trace),
        (Some(other), _) => {
            Err(Fault::new("schema", format!("{other:?} is not read, only hopstep.trace/1")))
        }
        (None, Some(_)) => Ok(Kind::Har),
        (None, None) => Err(Fault::new("", "neither a HAR file (log) nor a trace (schema)")),
    }
}
