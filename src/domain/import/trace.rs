//! `hopstep.trace/1`, as one document or one object a line, back to the chain that it tells of.
//!
//! What the document says of findings, intents and diagnosis is not read: the chain is judged anew. Fields of later versions
//! are passed over.

mod given;
mod head;
mod hop;
mod probe;

use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::fault::{self, Fault};
use super::recording::Recording;
use crate::domain::client::Client;
use given::Given;
use hop::HopDoc;
use probe::ProbeDoc;

#[derive(Deserialize)]
struct Document {
    client: String,
    started_at: String,
    #[serde(default)]
    given: Option<Given>,
    hops: Vec<HopDoc>,
    #[serde(default)]
    probes: Vec<ProbeDoc>,
}

/// What ends a chain in the line-wise form.
#[derive(Deserialize)]
struct End {
    #[serde(default)]
    probes: Vec<ProbeDoc>,
}

/// What opens a chain in the line-wise form.
#[derive(Deserialize)]
struct Start {
    client: String,
    started_at: String,
    #[serde(default)]
    given: Option<Given>,
}

/// One line, as far as telling its type goes.
#[derive(Deserialize)]
struct Line {
    r#type: String,
    #[serde(default)]
    schema: Option<String>,
}

/// One document.
pub fn document(text: &str) -> Result<Recording, Fault> {
    let Document { client, started_at, given, hops, probes } = fault::json(text)?;
    recording(Start { client, started_at, given }, hops, probes)
}

/// One object a line; several chains may follow each other, and the last may be cut short.
pub fn lines(text: &str) -> Result<Vec<Recording>, Fault> {
    let mut chains: Vec<(usize, Start, Vec<HopDoc>, Vec<ProbeDoc>)> = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let number = at + 1;
        let below = |fault: Fault| fault.below_line(number);
        let Line { r#type, schema } = fault::json(line).map_err(below)?;
        match r#type.as_str() {
            "start" => {
                if schema.as_deref() != Some("hopstep.trace/1") {
                    let why = "schema: only hopstep.trace/1 is read";
                    return Err(Fault::new(format!("line {number}"), why));
                }
                chains.push((number, fault::json(line).map_err(below)?, Vec::new(), Vec::new()));
            }
            "hop" => match chains.last_mut() {
                Some((_, _, hops, _)) => hops.push(fault::json(line).map_err(below)?),
                None => {
                    let why = "a hop before the line of type \"start\"";
                    return Err(Fault::new(format!("line {number}"), why));
                }
            },
            "end" => {
                let End { probes: told } = fault::json(line).map_err(below)?;
                if let Some((.., probes)) = chains.last_mut() {
                    probes.extend(told);
                }
            }
            other => {
                let why = format!("type {other:?}: expected start, hop or end");
                return Err(Fault::new(format!("line {number}"), why));
            }
        }
    }
    let one = |(number, start, hops, probes): (usize, Start, Vec<HopDoc>, Vec<ProbeDoc>)| {
        recording(start, hops, probes).map_err(|fault| fault.below(number))
    };
    chains.into_iter().map(one).collect()
}

fn recording(start: Start, hops: Vec<HopDoc>, probes: Vec<ProbeDoc>) -> Result<Recording, Fault> {
    let Start { client: name, started_at, given } = start;
    let client = Client::named(&name).ok_or_else(|| {
        let names: Vec<&str> = Client::names().collect();
        Fault::new("client", format!("{name:?} is not known; there are {}", names.join(", ")))
    })?;
    let started_at = OffsetDateTime::parse(&started_at, &Rfc3339)
        .map_err(|error| Fault::new("started_at", format!("not a time: {error}")))?;
    let read = |(at, hop): (usize, HopDoc)| {
        hop.read().map_err(|fault| Fault::new(format!("hops[{at}].{}", fault.at), fault.why))
    };
    let exchanges: Vec<_> = hops.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    let first =
        exchanges.first().ok_or_else(|| Fault::new("hops", "there is none: nothing was sent"))?;
    let (draft, client, limits) = match given {
        Some(given) => given.read(client)?,
        None => (super::recording::draft_of(&first.request), client, Default::default()),
    };
    let read = |(at, probe): (usize, ProbeDoc)| {
        probe.read().map_err(|fault| Fault::new(format!("probes[{at}].{}", fault.at), fault.why))
    };
    let probes: Vec<_> = probes.into_iter().enumerate().map(read).collect::<Result<_, _>>()?;
    let probes = probes.into_iter().flatten().collect();
    Ok(Recording { draft, client, limits, started_at, exchanges, probes })
}
