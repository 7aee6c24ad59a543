//! `hopstep history`: lists, searches, shows, exports and deletes recorded chains.

use std::io::{self, Write};
use std::path::Path;

use anyhow::{Context, bail};
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::open::{self, Job, Opened};
use super::printing::Printing;
use super::trace::Status;
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::export::Format;
use crate::domain::history::Entry;
use crate::domain::import;
use crate::domain::redact::Redactor;
use crate::store::history::History;

/// What is wanted of the history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// The chains that have all of these words; all without words.
    List {
        words: String,
        json: bool,
    },
    /// One chain, as `trace` would print it.
    Show(i64),
    /// The trace documents as they are kept, or without secrets (`--redact`); of all chains when none is named.
    Export(Vec<i64>),
    Delete(Vec<i64>),
    Clear,
}

/// Does it, and prints what comes of it.
///
/// # Errors
/// When the history can't be read or written, or has no such chain.
pub fn run(path: &Path, wish: Wish, job: &Job, out: &mut dyn Write) -> anyhow::Result<Status> {
    let mut history = History::open(path)?;
    if let Some(aside) = &history.set_aside {
        let text = format!("can't be read by this version; it is kept as {}", aside.display());
        let line = format!("{}: {text}", path.display());
        let _ = writeln!(io::stderr(), "hopstep: {}", escape(&line));
    }
    match wish {
        Wish::List { words, json } => {
            let mut entries = history.list(&words, usize::MAX)?;
            if let Some(names) = &job.printing.redact {
                let redactor = Redactor::for_text(names.clone());
                entries.iter_mut().for_each(|entry| entry.url = redactor.text(&entry.url));
            }
            list(&entries, json, out)?;
        }
        Wish::Show(id) => return show(&history, id, job, out),
        Wish::Export(ids) => export(&history, ids, job, out)?,
        Wish::Delete(ids) => {
            for id in ids {
                if !history.delete(id)? {
                    bail!("{id}: there is no such chain");
                }
            }
        }
        Wish::Clear => {
            writeln!(out, "{} deleted", counted(history.clear()?, "chain"))?;
        }
    }
    Ok(Status::Good)
}

fn list(entries: &[Entry], json: bool, out: &mut dyn Write) -> anyhow::Result<()> {
    for entry in entries {
        let line = if json { object(entry) } else { line(entry) };
        writeln!(out, "{line}").context("standard output")?;
    }
    Ok(())
}

fn line(entry: &Entry) -> String {
    let end = match (entry.outcome.as_str(), entry.status) {
        ("final", Some(status)) => status.to_string(),
        (outcome, _) => outcome.to_owned(),
    };
    let Entry { id, method, url, client, hops, .. } = entry;
    let (worst, at) = (entry.severity.as_deref().unwrap_or("-"), moment(entry.started_at));
    let line =
        format!("{id:>6}  {at}  {end:<7} {hops:>3} hops  {worst:<7}  {method} {url} as {client}");
    escape(&line).into_owned()
}

/// One object a line; nothing invisible is in it.
fn object(entry: &Entry) -> String {
    let value = json!({
        "id": entry.id,
        "started_at": moment(entry.started_at),
        "method": entry.method,
        "url": entry.url,
        "client": entry.client,
        "hops": entry.hops,
        "status": entry.status,
        "outcome": entry.outcome,
        "severity": entry.severity,
        "secrets_left_out": entry.masked,
    });
    escape(&value.to_string()).into_owned()
}

fn moment(seconds: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    at.format(&Rfc3339).unwrap_or_default()
}

fn show(history: &History, id: i64, job: &Job, out: &mut dyn Write) -> anyhow::Result<Status> {
    let document = document(history, id)?;
    let recordings = import::recordings(&document).map_err(anyhow::Error::msg);
    let recordings = recordings.with_context(|| format!("chain {id}"))?;
    open::print(job, &Opened::of(recordings, job.client.as_ref(), job.policy)?, out)
}

fn export(history: &History, ids: Vec<i64>, job: &Job, out: &mut dyn Write) -> anyhow::Result<()> {
    let ids = match ids.is_empty() {
        true => history.list("", usize::MAX)?.into_iter().map(|entry| entry.id).collect(),
        false => ids,
    };
    // a document that was kept with its secrets is written anew without them
    let masked = job.printing.redact.is_some().then(|| {
        let printing = job.printing.clone();
        let printing = Printing { format: Format::Json, show_body: u64::MAX, ..printing };
        Job { printing, ..job.clone() }
    });
    for id in ids {
        match &masked {
            Some(job) => drop(show(history, id, job, out)?),
            None => out.write_all(document(history, id)?.as_bytes()).context("standard output")?,
        }
    }
    Ok(())
}

fn document(history: &History, id: i64) -> anyhow::Result<String> {
    history.document(id)?.with_context(|| format!("{id}: there is no such chain"))
}
