//! Reports of a check, row by row: what is printed at once, what is kept for the end, and what stands around it.
//!
//! Promises: memory does not grow with the number of rows; what a server sent is escaped in the way of the format.

mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod sarif;
mod text;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;
use time::OffsetDateTime;

use super::outcome::{Outcome, State};

/// How many failing rows text and Markdown tell in full; the others are counted.
const TOLD: usize = 1000;

/// How many results a SARIF log holds: more is not read by code scanning.
const RESULTS: usize = 5000;

/// What a check is printed as.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Format {
    #[default]
    Text,
    Json,
    Ndjson,
    Junit,
    Sarif,
    Markdown,
    Html,
    /// Annotations of GitHub Actions.
    Github,
}

impl Format {
    /// Whether rows that held are told with their hops.
    pub fn tells_held(self) -> bool {
        match self {
            Format::Text | Format::Markdown | Format::Github | Format::Sarif => false,
            Format::Json | Format::Ndjson | Format::Junit | Format::Html => true,
        }
    }

    /// Every format, with its name on the command line.
    pub const ALL: &'static [(&'static str, Format)] = &[
        ("text", Format::Text),
        ("json", Format::Json),
        ("ndjson", Format::Ndjson),
        ("junit", Format::Junit),
        ("sarif", Format::Sarif),
        ("markdown", Format::Markdown),
        ("html", Format::Html),
        ("github", Format::Github),
    ];
}

/// How a report looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Look {
    pub format: Format,
    /// For `text` only.
    pub colour: bool,
    /// GitHub annotations after the text.
    pub annotate: bool,
}

/// The run in numbers.
#[derive(Clone, PartialEq, Debug)]
pub struct Summary {
    pub started_at: OffsetDateTime,
    /// From start to end.
    pub seconds: f64,
    /// How many rows there are to run; more than were run when it was interrupted.
    pub planned: u64,
    pub held: u64,
    pub failed: u64,
    pub broken: u64,
    pub skipped: u64,
    pub hops: u64,
    pub redirects: u64,
    pub interrupted: bool,
}

impl Summary {
    pub fn new(started_at: OffsetDateTime, planned: u64) -> Summary {
        Summary {
            started_at,
            seconds: 0.0,
            planned,
            held: 0,
            failed: 0,
            broken: 0,
            skipped: 0,
            hops: 0,
            redirects: 0,
            interrupted: false,
        }
    }

    pub fn add(&mut self, outcome: &Outcome) {
        let count = match outcome.state {
            State::Held => &mut self.held,
            State::Failed => &mut self.failed,
            State::Broken => &mut self.broken,
            State::Skipped => &mut self.skipped,
        };
        *count += 1;
        self.hops += outcome.hops.len() as u64;
        self.redirects += outcome.redirects() as u64;
    }

    /// Rows that make the run fail.
    pub fn failing(&self) -> u64 {
        self.failed + self.broken
    }

    pub fn rows(&self) -> u64 {
        self.failing() + self.held + self.skipped
    }

    /// `2 of 30 failed · 27 held · 1 skipped · 61 hops, 31 redirects in 1.2 s`
    pub fn sentence(&self) -> String {
        let mut text = match self.failing() {
            0 => format!("all {} held", self.held),
            failing => format!("{failing} of {} failed", self.rows()),
        };
        let mut more = |count: u64, what: &str| {
            if count > 0 {
                let _ = write!(text, " · {count} {what}");
            }
        };
        if self.failing() > 0 {
            more(self.held, "held");
        }
        more(self.broken, "without an answer");
        more(self.skipped, "skipped");
        if self.interrupted || self.rows() < self.planned {
            more(self.planned - self.rows().min(self.planned), "not run");
        }
        let some = |count: u64| if count == 1 { "" } else { "s" };
        let (hops, redirects) = (self.hops, self.redirects);
        let _ = write!(text, " · {hops} hop{}, ", some(hops));
        let _ = write!(text, "{redirects} redirect{}", some(redirects));
        let _ = write!(text, " in {:.1} s", self.seconds);
        if self.interrupted {
            text.push_str(" · interrupted");
        }
        text
    }
}

/// What one row adds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Printed at once.
    Now(String),
    /// Printed at the end, after what only the end knows.
    Later(String),
    Nothing,
}

/// A report in the making.
#[derive(Debug)]
pub struct Report {
    look: Look,
    pub summary: Summary,
    /// Rows that failed, for the formats that sort them.
    failing: Vec<Outcome>,
    results: Vec<Value>,
    rules: BTreeSet<&'static str>,
    first: bool,
}

impl Report {
    pub fn new(look: Look, summary: Summary) -> Report {
        let (failing, results, rules) = (Vec::new(), Vec::new(), BTreeSet::new());
        Report { look, summary, failing, results, rules, first: true }
    }

    /// Takes in a row.
    pub fn row(&mut self, outcome: &Outcome) -> Piece {
        self.summary.add(outcome);
        let first = std::mem::replace(&mut self.first, false);
        if self.keeps() && outcome.state.fails() && self.failing.len() < TOLD {
            self.failing.push(outcome.clone());
        }
        match self.look.format {
            Format::Text | Format::Markdown | Format::Github => Piece::Nothing,
            Format::Json => Piece::Now(json::row(outcome, first)),
            Format::Ndjson => Piece::Now(json::line(outcome)),
            Format::Junit => Piece::Later(junit::row(outcome)),
            Format::Html => Piece::Later(html::row(outcome)),
            Format::Sarif => {
                if self.results.len() < RESULTS {
                    self.results.extend(sarif::results(outcome, &mut self.rules));
                }
                Piece::Nothing
            }
        }
    }

    /// What is printed before and after the pieces that were kept.
    pub fn end(&mut self) -> (String, String) {
        // the worst first; equals in the order of the files
        self.failing.sort_by_key(|of| {
            let errors = of.misses.len() + of.findings.len();
            (std::cmp::Reverse((of.state, errors)), of.row)
        });
        let (summary, failing) = (&self.summary, &self.failing);
        let mut after = match self.look.format {
            Format::Text => text::document(summary, failing, self.look.colour),
            Format::Json => json::end(summary, self.first),
            Format::Ndjson => json::last_line(summary),
            Format::Junit => return junit::around(summary),
            Format::Sarif => {
                sarif::document(summary, &self.rules, std::mem::take(&mut self.results))
            }
            Format::Markdown => markdown::document(summary, failing),
            Format::Html => return html::around(summary),
            Format::Github => github::document(summary, failing),
        };
        if self.look.annotate && self.look.format == Format::Text {
            after.push_str(&github::document(summary, failing));
        }
        (String::new(), after)
    }

    fn keeps(&self) -> bool {
        match self.look.format {
            Format::Text | Format::Markdown | Format::Github => true,
            Format::Json | Format::Ndjson | Format::Junit | Format::Sarif | Format::Html => false,
        }
    }
}

/// The way a chain went: `308, 302 → https://a.test/b, 200`.
fn way(outcome: &Outcome) -> String {
    let answers = outcome.hops.iter().map(|hop| match (hop.status, &hop.error) {
        (Some(status), _) => status.to_string(),
        (None, Some(_)) => "failed".to_owned(),
        (None, None) => "nothing".to_owned(),
    });
    answers.collect::<Vec<_>>().join(" → ")
}
