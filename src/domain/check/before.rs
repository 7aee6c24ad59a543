//! Before: how the rows of an earlier run went, out of its report (`--baseline`), for `chain-drift-from-baseline`.
//!
//! A row is known again by its name, client, credentials, method and URL; file and line may have changed. What could not be run
//! then says nothing now.

use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde::Deserialize;
use url::Url;

use super::outcome::{Outcome, State};
use crate::domain::baseline::{Baseline, steady};
use crate::domain::client::REDIRECTS;
use crate::domain::redirect::location;

/// What each row did.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Before {
    rows: HashMap<u64, Baseline>,
}

/// Why a text is no report to compare with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NoReport {
    /// From 1, where it is known.
    line: Option<usize>,
    why: String,
}

impl fmt::Display for NoReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        write!(f, "expected a report of hopstep check --format json or ndjson: {}", self.why)
    }
}

#[derive(Deserialize)]
struct Document {
    checks: Vec<Entry>,
}

/// As much of a row of a report as is needed.
#[derive(Deserialize)]
struct Entry {
    name: String,
    client: String,
    with: Option<String>,
    method: String,
    url: String,
    state: State,
    hops: Vec<Hop>,
}

#[derive(Deserialize)]
struct Hop {
    url: String,
    status: Option<u16>,
    location: Option<String>,
}

impl Before {
    /// Takes in a whole document.
    pub fn document(text: &str) -> Result<Before, NoReport> {
        let read: Result<Document, _> = serde_json::from_str(text);
        let document =
            read.map_err(|error| NoReport { line: Some(error.line()), why: plain(&error) })?;
        let mut before = Before::default();
        document.checks.iter().for_each(|entry| before.take(entry));
        Ok(before)
    }

    /// Takes in a line (from 1) of an ndjson report.
    pub fn line(&mut self, number: usize, line: &str) -> Result<(), NoReport> {
        #[derive(Deserialize)]
        struct Kind {
            r#type: String,
        }
        let fault = |error: serde_json::Error| NoReport { line: Some(number), why: plain(&error) };
        let kind: Kind = serde_json::from_str(line).map_err(fault)?;
        if kind.r#type == "check" {
            self.take(&serde_json::from_str(line).map_err(fault)?);
        }
        Ok(())
    }

    /// How this row went; `None` when it was not there.
    pub fn of(&self, outcome: &Outcome) -> Option<&Baseline> {
        let Outcome { name, client, with, method, url, .. } = outcome;
        self.rows.get(&key((name, client, with.as_deref(), method, url)))
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn take(&mut self, entry: &Entry) {
        let ran = matches!(entry.state, State::Held | State::Failed) && !entry.hops.is_empty();
        let hops: Option<Vec<_>> = entry.hops.iter().map(hop).collect();
        if let (true, Some(hops)) = (ran, hops) {
            let Entry { name, client, with, method, url, .. } = entry;
            self.rows.insert(key((name, client, with.as_deref(), method, url)), Baseline { hops });
        }
    }
}

/// Status and target of a hop; `None` where the report has only a part of them.
fn hop(of: &Hop) -> Option<(u16, Option<String>)> {
    let status = of.status?;
    let Some(value) = of.location.as_deref().filter(|_| REDIRECTS.contains(&status)) else {
        return Some((status, None));
    };
    if value.ends_with(" bytes)") {
        return None;
    }
    let base = Url::parse(&of.url).ok()?;
    Some((status, location::whatwg(value.as_bytes(), &base).as_ref().map(steady)))
}

fn key(of: (&str, &str, Option<&str>, &str, &str)) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// The parser's words without the place, which is told already.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str = r#"{"type":"check","row":1,"file":"m.csv","line":1,"name":"a","client":"curl","client_named":false,"with":null,
        "method":"GET","url":"http://a.test/x","state":"held","misses":[],"findings":[],"ending":"final","time_ms":1,"tries":1,"note":null,
        "hops":[{"url":"http://a.test/x","status":301,"location":"/y?state=1"},{"url":"http://a.test/y","status":200,"location":null}]}"#;

    #[test]
    fn a_row_is_known_again_and_what_failed_to_run_is_not() {
        let mut before = Before::default();
        before.line(1, &ROW.replace('\n', "")).unwrap();
        before.line(2, r#"{"type":"end","rows":1}"#).unwrap();
        assert_eq!(before, Before::document(&format!("{{\"checks\": [{ROW}]}}")).unwrap());
        let outcome: Outcome =
            serde_json::from_str(&ROW.replace("\"hops\":[", "\"hops\":[],\"old\":[")).unwrap();
        let target = "http://a.test/y?state".to_owned();
        let hops = vec![(301, Some(target)), (200, None)];
        assert_eq!(before.of(&outcome), Some(&Baseline { hops }));
        assert_eq!(before.of(&Outcome { name: "b".to_owned(), ..outcome }), None);
        let broken = ROW.replace("\"held\"", "\"broken\"").replace('\n', "");
        let mut none = Before::default();
        none.line(1, &broken).unwrap();
        assert!(none.is_empty());
    }

    #[test]
    fn what_is_no_report_is_refused_with_line_and_reason() {
        let fault = Before::document("{\n\"hops\": []}").unwrap_err().to_string();
        assert!(fault.starts_with("line 2: expected a report") && fault.contains("checks"));
        let fault = Before::default().line(7, "nonsense").unwrap_err().to_string();
        assert!(fault.starts_with("line 7: "), "{fault}");
    }
}
