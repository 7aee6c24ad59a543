//! Outcomes: what came of one row. Small, so that many fit into memory; the same words in documents, journals and reports.

mod redacted;

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

use super::Row;
use crate::domain::chain::{Chain, Ending, Hop};
use crate::domain::finding::{Finding, Severity};
use crate::domain::http::field::decode;
use crate::domain::http::timing::{LINGER, Phase};
use crate::domain::rules;
use crate::domain::text;

/// Longest text of a server that is kept.
const LONGEST: usize = 2000;

/// What came of one row.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Outcome {
    /// Which row of the run, from 1.
    pub row: u64,
    pub file: String,
    pub line: usize,
    pub name: String,
    /// Whose redirect rules decided.
    pub client: String,
    /// The check names clients, so that the client is a part of its name.
    pub client_named: bool,
    pub with: Option<String>,
    pub method: String,
    pub url: String,
    pub state: State,
    /// What was expected and is not so.
    pub misses: Vec<Miss>,
    /// What rules say that counts.
    pub findings: Vec<Flaw>,
    pub hops: Vec<SeenHop>,
    /// `final`, a stop reason, or a kind of failure; none where nothing was sent.
    pub ending: Option<String>,
    pub time_ms: f64,
    /// How often it was tried.
    pub tries: u32,
    /// Why it was skipped.
    pub note: Option<String>,
}

/// How a row came out, worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It can't be tried from here.
    Skipped,
    Held,
    Failed,
    /// A hop failed, so that little is known.
    Broken,
}

impl State {
    pub fn id(self) -> &'static str {
        match self {
            State::Skipped => "skipped",
            State::Held => "held",
            State::Failed => "failed",
            State::Broken => "broken",
        }
    }

    /// It makes the run fail.
    pub fn fails(self) -> bool {
        matches!(self, State::Failed | State::Broken)
    }
}

/// Something that was expected and is not so.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Miss {
    /// From 1; `None` for the chain.
    pub hop: Option<usize>,
    /// `status`, `header Cache-Control`, …
    pub field: String,
    pub expected: String,
    pub seen: String,
}

impl fmt::Display for Miss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hop {
            Some(hop) => write!(f, "hop {hop}: ")?,
            None => f.write_str("chain: ")?,
        }
        write!(f, "{}: expected {}, seen {}", self.field, self.expected, self.seen)
    }
}

/// A finding that counts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Flaw {
    pub hop: Option<usize>,
    pub rule: String,
    pub severity: String,
    pub message: String,
    pub fix: String,
}

impl Flaw {
    pub fn of(finding: &Finding) -> Flaw {
        Flaw {
            hop: finding.hop,
            rule: finding.rule.to_owned(),
            severity: finding.severity.id().to_owned(),
            message: cut(&finding.message),
            fix: cut(&finding.fix),
        }
    }

    pub fn severity(&self) -> Severity {
        let known = Severity::ALL.into_iter().find(|severity| severity.id() == self.severity);
        known.unwrap_or(Severity::Error)
    }

    /// The rule's id in the catalogue; `None` when a later version wrote it.
    pub fn rule(&self) -> Option<&'static str> {
        rules::by_id(&self.rule).map(|rule| rule.id)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hop {
            Some(hop) => write!(f, "hop {hop}: ")?,
            None => f.write_str("chain: ")?,
        }
        write!(f, "rule {}: expected no {}, seen {}", self.rule, self.severity, self.message)
    }
}

/// One hop as it was seen.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct SeenHop {
    pub method: String,
    pub url: String,
    pub status: Option<u16>,
    pub reason: String,
    /// The raw value of the first Location line.
    pub location: Option<String>,
    /// Where it leads.
    pub target: Option<String>,
    /// Why it failed, in one sentence.
    pub error: Option<String>,
    /// Phases in order, in milliseconds.
    pub phases: Vec<(String, f64)>,
    pub total_ms: f64,
}

impl SeenHop {
    /// When the next hop went out: a redirect's body arrives beside it.
    pub fn held_ms(&self) -> f64 {
        let receive = self.phases.iter().find(|(phase, _)| phase == Phase::Receive.id());
        let beside = receive.map_or(0.0, |(_, time)| if *time > ms(LINGER) { *time } else { 0.0 });
        (self.total_ms - beside).max(0.0)
    }

    fn of(hop: &Hop) -> SeenHop {
        let timing = &hop.exchange.timing;
        let head = hop.exchange.response.as_ref();
        let phase = |(phase, time): (Phase, std::time::Duration)| (phase.id().to_owned(), ms(time));
        SeenHop {
            method: hop.request.method.to_string(),
            url: cut(&hop.request.display_url()),
            status: hop.status(),
            reason: head.map_or_else(String::new, |head| cut(&head.reason)),
            location: hop.location().map(|location| cut(&decode(location))),
            target: target(hop).map(|url| cut(url.as_str())),
            error: hop.exchange.failure.as_ref().map(|failure| cut(&failure.message)),
            phases: timing.phases().map(phase).collect(),
            total_ms: ms(timing.total),
        }
    }
}

impl Outcome {
    /// What is known of a row before anything is judged.
    pub fn of(row: &Row, number: u64) -> Outcome {
        Outcome {
            row: number,
            file: row.place.file.to_string(),
            line: row.place.line,
            name: row.name.clone(),
            client: row.client.name.clone(),
            client_named: row.client_named,
            with: row.with.clone(),
            method: row.draft.method.to_string(),
            url: cut(row.draft.url.as_str()),
            state: State::Skipped,
            misses: Vec::new(),
            findings: Vec::new(),
            hops: Vec::new(),
            ending: None,
            time_ms: 0.0,
            tries: 0,
            note: row.skip.clone(),
        }
    }

    /// Takes in the chain that was run.
    pub fn take(&mut self, chain: &Chain) {
        self.hops = chain.hops.iter().map(SeenHop::of).collect();
        self.count(chain);
    }

    /// Takes in how it ended, and how many hops it had, but nothing of them.
    pub fn take_counts(&mut self, chain: &Chain) {
        self.hops.resize_with(chain.hops.len(), SeenHop::default);
        self.count(chain);
    }

    fn count(&mut self, chain: &Chain) {
        self.ending = chain.ending().map(|ending| ending_id(ending).to_owned());
        self.time_ms = ms(chain.elapsed());
    }

    /// The name with client and credentials: `login (java, expired)`.
    pub fn title(&self) -> String {
        let client = self.client_named.then_some(self.client.as_str());
        let variant: Vec<&str> = client.into_iter().chain(self.with.as_deref()).collect();
        match variant.is_empty() {
            true => self.name.clone(),
            false => format!("{} ({})", self.name, variant.join(", ")),
        }
    }

    pub fn redirects(&self) -> usize {
        self.hops.len().saturating_sub(1)
    }

    /// Everything that is wrong, one sentence each.
    pub fn faults(&self) -> impl Iterator<Item = String> {
        let misses = self.misses.iter().map(ToString::to_string);
        misses.chain(self.findings.iter().map(ToString::to_string))
    }
}

/// `final`, `loop`, `connect`, …
pub fn ending_id(ending: Ending) -> &'static str {
    match ending {
        Ending::Final => "final",
        Ending::Stopped(reason) => reason.id(),
        Ending::Failed(kind) => kind.id(),
    }
}

/// Where the Location of a hop leads: as its client reads it, else as the URL standard does.
pub fn target(hop: &Hop) -> Option<&Url> {
    let resolution = hop.resolution.as_ref()?;
    resolution.target.as_ref().or(resolution.whatwg.as_ref())
}

/// As much of a server's text as is kept.
pub fn cut(value: &str) -> String {
    let kept = text::truncate(value, LONGEST);
    match kept.len() < value.len() {
        true => format!("{kept}… ({} bytes)", value.len()),
        false => value.to_owned(),
    }
}

fn ms(time: std::time::Duration) -> f64 {
    (time.as_secs_f64() * 1_000_000.0).round() / 1000.0
}
