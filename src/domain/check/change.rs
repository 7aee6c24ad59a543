//! Changes between two runs of the same rows, for those who watch.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;

use super::outcome::{Outcome, State};
use crate::domain::baseline::steady;
use crate::domain::escape::escape;
use crate::domain::export::json::{compact, timestamp};
use time::OffsetDateTime;

/// What is remembered of a row from run to run.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Mark {
    state: State,
    /// Status and steady target of each hop.
    way: Vec<(Option<u16>, Option<String>)>,
    /// The first thing that is wrong.
    fault: Option<String>,
}

impl Mark {
    fn of(outcome: &Outcome) -> Mark {
        let target =
            |target: &String| Url::parse(target).map_or(target.clone(), |url| steady(&url));
        let hops = outcome.hops.iter();
        Mark {
            state: outcome.state,
            way: hops.map(|hop| (hop.status, hop.target.as_ref().map(target))).collect(),
            fault: outcome.faults().next(),
        }
    }

    /// Times and the like in a fault are no change.
    fn same(&self, other: &Mark) -> bool {
        (self.state, &self.way) == (other.state, &other.way)
    }

    /// `failed: 302 https://a.test/b, 200; hop 1: status: …`
    fn words(&self) -> String {
        let hop = |(status, target): &(Option<u16>, Option<String>)| {
            let status = status.map_or_else(|| "failed".to_owned(), |status| status.to_string());
            target.as_ref().map_or(status.clone(), |target| format!("{status} {target}"))
        };
        let way: Vec<String> = self.way.iter().map(hop).collect();
        format!("{} ({})", self.state.id(), way.join(", "))
    }
}

/// Something that is not as in the run before.
#[derive(Clone, Debug)]
pub struct Change {
    pub title: String,
    pub place: String,
    before: Option<Mark>,
    after: Mark,
}

/// Remembers the last run.
#[derive(Debug, Default)]
pub struct Memory {
    marks: BTreeMap<u64, Mark>,
    redirects: Option<u64>,
}

impl Memory {
    /// Takes in a row. In the first run only what fails is a change.
    pub fn row(&mut self, outcome: &Outcome) -> Option<Change> {
        let after = Mark::of(outcome);
        let before = self.marks.insert(outcome.row, after.clone());
        let changed = match &before {
            Some(before) => !before.same(&after),
            None => after.state.fails(),
        };
        let place = format!("{}:{}", outcome.file, outcome.line);
        changed.then(|| Change { title: outcome.title(), place, before, after })
    }

    /// How many redirects the run had; the number before, where it was another.
    pub fn redirects(&mut self, now: u64) -> Option<u64> {
        self.redirects.replace(now).filter(|before| *before != now)
    }
}

impl Change {
    /// One line for people.
    pub fn line(&self, at: OffsetDateTime) -> String {
        let before = self.before.as_ref().map_or_else(String::new, |mark| mark.words() + " → ");
        let fault =
            self.after.fault.as_ref().map_or_else(String::new, |fault| format!(": {fault}"));
        let text = format!("{} {}  {before}{}{fault}", self.title, self.place, self.after.words());
        format!("{} {}\n", timestamp(at), escape(&text))
    }

    /// One line for programs.
    pub fn json(&self, at: OffsetDateTime) -> String {
        let mark = |mark: &Mark| {
            let way = mark
                .way
                .iter()
                .map(|(status, target)| json!({ "status": status, "target": target }));
            json!({ "state": mark.state.id(), "hops": way.collect::<Vec<Value>>(), "fault": mark.fault })
        };
        compact(&json!({
            "type": "change",
            "at": timestamp(at),
            "name": self.title,
            "place": self.place,
            "before": self.before.as_ref().map(mark),
            "after": mark(&self.after),
        }))
    }
}

/// The line on another number of redirects.
pub fn redirects_line(at: OffsetDateTime, (before, now): (u64, u64), json: bool) -> String {
    let at = timestamp(at);
    match json {
        true => compact(&json!({ "type": "redirects", "at": at, "before": before, "now": now })),
        false => format!("{at} redirects in a run: {before} → {now}\n"),
    }
}
