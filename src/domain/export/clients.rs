//! What all clients do with one URL, as `hopstep clients URL` prints it: for eyes, for programs, for an issue.
//!
//! Promises: everything that came from outside is escaped in the way of its format.

mod json;
mod markdown;
mod table;
mod text;

use std::fmt;

use time::OffsetDateTime;

use super::super::chain::{Chain, Ending};
use super::super::client::comparison::Disagreement;
use super::super::client::difference::{self, Departure, Difference};
use super::super::client::survey::{Behaviour, Extent};
use super::super::counted::counted;
use super::super::escape::escape;
use super::super::text::fit_middle;
use super::words;
pub use table::table;

/// Longer URLs are cut in the middle.
const LONGEST: usize = 200;

/// What the formats are made from.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// Smallest group first.
    pub behaviours: &'a [Behaviour],
    /// The client that the others are compared with.
    pub leader: &'a str,
    pub extent: Extent,
    /// How many requests were sent.
    pub sent: usize,
    pub started_at: OffsetDateTime,
}

/// How a survey or the table of clients is printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    Text { colour: bool },
    Json,
    Markdown,
}

/// The whole document, with a line break at its end.
pub fn document(report: &Report<'_>, form: Form) -> String {
    match form {
        Form::Text { colour } => text::document(report, colour),
        Form::Json => json::document(report),
        Form::Markdown => markdown::document(report),
    }
}

impl Report<'_> {
    /// The chain that the others are compared with.
    fn reference(&self) -> Option<&Chain> {
        let leads = |of: &&Behaviour| of.clients.iter().any(|name| name == self.leader);
        self.behaviours.iter().find(leads).map(|of| &of.chain)
    }

    /// Where a group's chain differs from that of the client in charge.
    fn departures(&self, of: &Behaviour) -> Vec<Departure> {
        self.reference().map_or_else(Vec::new, |other| difference::along(other, &of.chain))
    }

    fn disagreement(&self) -> Disagreement {
        let mut found = Disagreement::default();
        let all = self.behaviours.iter().flat_map(|of| self.departures(of));
        all.flat_map(|of| of.differences).for_each(|of| found.note(&of));
        found
    }

    /// What depends on the client, in a sentence; `None` when nothing that matters does.
    fn verdict(&self) -> Option<String> {
        let words = self.disagreement().words();
        (!words.is_empty()).then(|| format!("depends on the client: {}", words.join(", ")))
    }

    /// In place of [`Report::verdict`]: a path that was not gone may still hold something.
    fn unity(&self) -> &'static str {
        match self.behaviours.iter().any(|of| of.chain.ready().is_some()) {
            true => "nothing that matters is known to depend on the client",
            false => "nothing that matters depends on the client",
        }
    }

    fn clients(&self) -> usize {
        self.behaviours.iter().map(|of| of.clients.len()).sum()
    }

    /// `7 requests sent`
    fn effort(&self) -> String {
        let requests = if self.sent == 1 { "request" } else { "requests" };
        match self.extent {
            Extent::Whole => format!("{} {requests} sent", self.sent),
            Extent::LeaderOnly => format!(
                "{} {requests} sent, as {}; the rest is predicted from them",
                self.sent, self.leader
            ),
        }
    }

    /// `POST http://a.test/x with 12 B of body`
    fn asked(&self) -> String {
        let request = self.behaviours.first().and_then(|of| {
            let chain = &of.chain;
            chain.hops.first().map(|hop| &hop.request).or_else(|| chain.request_after(0))
        });
        request.map_or_else(String::new, |request| {
            let body = match request.body_len() {
                0 => String::new(),
                size => format!(" with {size} B of body"),
            };
            format!("{} {}{body}", request.method, cut(&request.display_url()))
        })
    }
}

/// Where a group ends: `200 OK · GET http://a.test/end, no body · 3 hops`.
struct Destiny<'a>(&'a Chain);

impl fmt::Display for Destiny<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hops = counted(self.0.hops.len(), "hop");
        if let Some(planned) = self.0.ready() {
            let (method, url) = (&planned.request.method, planned.request.display_url());
            return write!(out, "not known beyond {hops}: {method} {} was not sent", cut(&url));
        }
        write!(out, "{}", words::ending(self.0))?;
        if let (Some(Ending::Final), Some(hop)) = (self.0.ending(), self.0.hops.last()) {
            write!(out, " · {} {}", hop.request.method, cut(&hop.request.display_url()))?;
        }
        write!(out, " · {hops}")
    }
}

/// A departure in words: `hop 2: POST instead of GET, body (12 B)`.
fn departure(of: &Departure) -> String {
    let words: Vec<String> =
        of.differences.iter().map(Difference::words).map(|w| cut(&w)).collect();
    format!("hop {}: {}", of.hop, words.join(", "))
}

fn cut(text: &str) -> String {
    fit_middle(&escape(text), LONGEST).into_owned()
}
