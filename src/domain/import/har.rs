//! HAR 1.1 and 1.2, as browsers, mitmproxy, Charles and hopstep write it: entries grouped into redirect chains.
//!
//! HAR has no raw bytes and no TLS session; what is missing is said on each hop. Entries that are not http are passed over.

mod chains;
mod entry;
mod failed;
mod whose;

use serde::Deserialize;
use time::OffsetDateTime;

use super::fault::{self, Fault};
use super::recording::{Recorded, Recording, draft_of};
use entry::EntryDoc;

#[derive(Deserialize)]
struct Archive {
    log: Log,
}

#[derive(Deserialize)]
struct Log {
    entries: Vec<EntryDoc>,
}

/// One entry, read.
#[derive(Debug)]
struct Entry {
    started_at: OffsetDateTime,
    recorded: Recorded,
    /// Where its response leads, without fragment: a redirect's target as clients read it.
    leads_to: Vec<String>,
    /// Page, frame or connection group that the program names; entries of one chain share it.
    group: Option<String>,
    /// A resource type of the browser: `xhr`, `fetch`, `document`.
    resource: Option<String>,
}

/// Every chain of the archive: those with redirects first, in the order of time.
pub fn archive(text: &str) -> Result<Vec<Recording>, Fault> {
    let Archive { log } = fault::json(text)?;
    let mut entries = Vec::with_capacity(log.entries.len());
    let mut connections = Vec::new();
    for (at, doc) in log.entries.into_iter().enumerate() {
        let read = doc.read(&mut connections);
        let read =
            read.map_err(|fault| Fault::new(format!("log.entries[{at}].{}", fault.at), fault.why))?;
        entries.extend(read);
    }
    if entries.is_empty() {
        return Err(Fault::new("log.entries", "there is no entry of an http or https URL"));
    }
    entries.sort_by_key(|entry| entry.started_at);
    let mut recordings: Vec<Recording> =
        chains::group(entries).into_iter().filter_map(recording).collect();
    recordings.sort_by_key(|recording| recording.exchanges.len() < 2 && !redirects(recording));
    Ok(recordings)
}

fn redirects(recording: &Recording) -> bool {
    let status = |of: &Recorded| of.exchange.status().unwrap_or_default();
    recording.exchanges.iter().any(|of| matches!(status(of), 301 | 302 | 303 | 307 | 308))
}

fn recording(chain: Vec<Entry>) -> Option<Recording> {
    let first = chain.first()?;
    let (client, why) = whose::client(&first.recorded.request, first.resource.as_deref())?;
    let (draft, started_at) = (draft_of(&first.recorded.request), first.started_at);
    let mut exchanges: Vec<Recorded> = chain.into_iter().map(|entry| entry.recorded).collect();
    if let Some(first) = exchanges.first_mut() {
        first.exchange.notes.push(why);
    }
    Some(Recording {
        draft,
        client,
        limits: Default::default(),
        started_at,
        exchanges,
        probes: Vec::new(),
    })
}
