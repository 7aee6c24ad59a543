//! Snapshots: the chain seen now, written into the suite as the expectation (`--update`), or only shown (`--diff`).
//!
//! Promises: what holds is not touched, so that a second update changes nothing; comments, order and everything else of the file
//! stay; values that differ from run to run are left open; nothing is written of a chain whose hop failed.

pub mod diff;
mod map;
mod stable;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::{DeTable, DeValue};
use toml_edit::{DocumentMut, Item};

use super::expectation::Expect;
use super::fault::place;
use super::outcome::{Outcome, State};
pub use map::{updated_map, updated_redirects};
use stable::Stable;

/// A row of the suite with what came of it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub expect: Arc<Expect>,
    pub outcome: Outcome,
}

/// A suite with what was seen written into it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Updated {
    pub text: String,
    /// What could not be written, one sentence each.
    pub notes: Vec<String>,
}

/// The text of a suite with the chains seen now as its expectations. `variables` stand for their values again where a seen
/// address begins with one. `None` when the text is no suite.
pub fn updated(text: &str, seen: &[Seen], variables: &BTreeMap<String, String>) -> Option<Updated> {
    let lines = lines_of_checks(text)?;
    let mut document: DocumentMut = text.parse().ok()?;
    let mut notes = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let of_check: Vec<&Seen> = seen.iter().filter(|seen| seen.outcome.line == *line).collect();
        let checks = document.get_mut("check");
        let Some(check) = checks.and_then(|checks| nth_table(checks, at)) else { continue };
        let stable = Stable { variables };
        if let Err(note) = update(check, &of_check, &stable) {
            let name = of_check.first().map_or("", |seen| &seen.outcome.name);
            notes.push(format!("line {line}: {name}: {note}"));
        }
    }
    Some(Updated { text: document.to_string(), notes })
}

/// The line of each `[[check]]`, as rows have it.
fn lines_of_checks(text: &str) -> Option<Vec<usize>> {
    let document = DeTable::parse(text).ok()?;
    let DeValue::Array(checks) = document.get_ref().get("check")?.get_ref() else { return None };
    Some(checks.iter().map(|check| place(text, check.span().start).0).collect())
}

fn nth_table(item: &mut Item, at: usize) -> Option<&mut dyn toml_edit::TableLike> {
    match item {
        Item::ArrayOfTables(tables) => tables.get_mut(at).map(|table| table as _),
        Item::Value(value) => {
            let table = value.as_array_mut()?.get_mut(at)?.as_inline_table_mut()?;
            Some(table as _)
        }
        Item::None | Item::Table(_) => None,
    }
}

/// Which table an expectation belongs into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Where<'a> {
    /// `expect`, for every client and credentials.
    All,
    /// `expect.with.NAME`
    With(&'a str),
    /// `expect.as.NAME`
    As(&'a str),
}

fn update(
    check: &mut dyn toml_edit::TableLike,
    seen: &[&Seen],
    stable: &Stable<'_>,
) -> Result<(), String> {
    let run: Vec<&Seen> =
        seen.iter().copied().filter(|seen| seen.outcome.state != State::Skipped).collect();
    if run.iter().any(|seen| seen.outcome.state == State::Broken) {
        return Err("left as it is: a hop failed".to_owned());
    }
    for (place, seen) in places(&run, stable)? {
        let expect = write::expect_table(check, place).ok_or("expect is no table")?;
        write::chain(expect, seen, stable);
    }
    Ok(())
}

/// Where each chain is to be written: once where all went the same way, else for each client or credentials.
fn places<'a>(run: &[&'a Seen], stable: &Stable<'_>) -> Result<Vec<(Where<'a>, &'a Seen)>, String> {
    let Some(first) = run.first() else { return Ok(Vec::new()) };
    let same = |one: &Seen, other: &Seen| stable.way(&one.outcome) == stable.way(&other.outcome);
    if run.iter().all(|seen| same(first, seen)) {
        // one expectation may say it all, or each its own: those that hold are not touched
        return Ok(match run.iter().find(|seen| !write::holds(seen, stable)) {
            Some(seen) => vec![(Where::All, seen)],
            None => vec![(Where::All, first)],
        });
    }
    let with = |seen: &'a Seen| seen.outcome.with.as_deref().map(Where::With);
    let client = |seen: &'a Seen| {
        seen.outcome.client_named.then_some(Where::As(seen.outcome.client.as_str()))
    };
    let by: [&dyn Fn(&'a Seen) -> Option<Where<'a>>; 2] = [&with, &client];
    for name in by {
        let mut groups: Vec<(Where<'a>, &'a Seen)> = Vec::new();
        let fits = run.iter().all(|seen| match name(seen) {
            None => false,
            Some(place) => match groups.iter().find(|(known, _)| *known == place) {
                Some((_, known)) => same(known, seen),
                None => {
                    groups.push((place, seen));
                    true
                }
            },
        });
        if fits {
            return Ok(groups);
        }
    }
    Err("left as it is: chains differ by client and by credentials".to_owned())
}

#[cfg(test)]
mod tests;
