//! The finder: where a pattern stands in all hops of a chain: request heads, response heads, and the start of each body.
//!
//! Promises: the number of hits and the bytes that are searched are bounded, and it says so when a bound was met; every text of a
//! hit is display-safe.

use std::ops::Range;

use regex::Regex;

use super::model::Session;
use super::pane::Pane;
use crate::domain::chain::Hop;
use crate::domain::escape::escape;
use crate::domain::http::field::Fields;

/// One line that holds the pattern.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The hop, from 0.
    pub hop: usize,
    /// The pane that shows it.
    pub pane: Pane,
    /// Which match in that pane of that hop it is, from 0.
    pub nth: u64,
    /// The line around the match, display-safe.
    pub text: String,
    /// The match in `text`.
    pub found: Range<usize>,
}

/// What a search came to.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hits {
    pub hits: Vec<Hit>,
    /// A bound was met: there may be more.
    pub cut: bool,
}

/// The most hits that are listed.
const MOST: usize = 500;
/// How many body bytes are searched, over all hops.
const BODIES: usize = 4 << 20;
/// How much of a line is shown around its match.
const BEFORE: usize = 48;
const AFTER: usize = 120;

/// Searches every hop.
pub fn find(session: &Session, regex: &Regex) -> Hits {
    let mut hits = Hits::default();
    let mut budget = BODIES;
    for (at, hop) in session.chain.hops.iter().enumerate() {
        hits.lines(at, Pane::Request, regex, &request(hop));
        hits.lines(at, Pane::Response, regex, &response(hop));
        let head = &hop.exchange.body.head;
        let body = &head[..head.len().min(budget)];
        budget -= body.len();
        hits.cut |= (body.len() as u64) < hop.exchange.body.decoded_size;
        hits.lines(at, Pane::Body, regex, &String::from_utf8_lossy(body));
        if hits.hits.len() >= MOST {
            hits.hits.truncate(MOST);
            hits.cut = true;
            break;
        }
    }
    hits
}

impl Hits {
    fn lines(&mut self, hop: usize, pane: Pane, regex: &Regex, text: &str) {
        let mut nth = 0;
        for line in text.split('\n') {
            let mut found = regex.find_iter(line).filter(|found| !found.is_empty());
            let Some(first) = found.next().map(|found| found.range()) else { continue };
            let more = found.count() as u64;
            self.hits.push(hit(hop, pane, nth, line, first));
            nth += 1 + more;
            if self.hits.len() >= MOST {
                return;
            }
        }
    }
}

fn hit(hop: usize, pane: Pane, nth: u64, line: &str, found: Range<usize>) -> Hit {
    let start = boundary(line, found.start.saturating_sub(BEFORE));
    let end = boundary(line, (found.end + AFTER).min(line.len())).max(found.end);
    let lead = if start > 0 { "…" } else { "" };
    let before = format!("{lead}{}", escape(line[start..found.start].trim_start()));
    let meant = escape(&line[found.clone()]);
    let after = escape(line[found.end..end].trim_end());
    let found = before.len()..before.len() + meant.len();
    Hit { hop, pane, nth, text: format!("{before}{meant}{after}"), found }
}

/// The next place at or before this one where a character begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

fn request(hop: &Hop) -> String {
    let fields = hop.exchange.sent.as_ref().map_or(&hop.request.fields, |sent| &sent.fields);
    let line = format!("{} {}", hop.request.method, hop.request.display_url());
    lines(line, fields)
}

fn response(hop: &Hop) -> String {
    let Some(head) = &hop.exchange.response else { return String::new() };
    lines(format!("{} {} {}", head.version, head.status, head.reason), &head.fields)
}

fn lines(first: String, fields: &Fields) -> String {
    let mut out = first.replace('\n', " ");
    for field in fields.iter() {
        out.push('\n');
        out.push_str(&format!("{}: {}", field.name, field.text()).replace('\n', " "));
    }
    out
}
