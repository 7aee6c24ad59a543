//! The finder: where a pattern stands in all hops of a chain: requests and response heads at once, whole bodies of responses block by
//! block on a thread that is the shell's business.
//!
//! Promises: the number of hits is bounded, and it says so when the bound was met; every text of a hit is display-safe.

use std::ops::Range;

use regex::Regex;

use super::effect::BodiesSearch;
use super::model::Session;
use super::page::request::PREVIEW;
use super::pane::Pane;
use crate::domain::body_view::Search;
use crate::domain::chain::Hop;
use crate::domain::escape::escape;
use crate::domain::http::body::BodyId;
use crate::domain::http::field::Fields;

/// One place that holds the pattern.
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
    /// The search through the bodies; `None`: none was asked for.
    pub bodies: Option<Progress>,
}

/// How far the search through the bodies has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The number of the question: answers to others are void.
    pub number: u64,
    /// Decoded bytes.
    pub searched: u64,
    pub total: u64,
    pub complete: bool,
}

/// A part of the answer to a search through bodies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodiesFound {
    /// Those that were not told of yet.
    pub hits: Vec<Hit>,
    pub progress: Progress,
    pub cut: bool,
}

/// The most hits that are listed.
pub const MOST: usize = 500;
/// The most hits of one body.
const MOST_OF_BODY: usize = 200;
/// How much of a line is shown around its match.
const BEFORE: usize = 48;
const AFTER: usize = 120;

/// Searches the heads of every hop.
pub fn find(session: &Session, regex: &Regex) -> Hits {
    let mut hits = Hits::default();
    for (at, hop) in session.chain.hops.iter().enumerate() {
        hits.lines(at, Pane::Request, regex, &request(hop));
        hits.lines(at, Pane::Response, regex, &response(hop));
        if hits.hits.len() >= MOST {
            hits.hits.truncate(MOST);
            hits.cut = true;
            break;
        }
    }
    hits
}

/// The bodies that there are to search, hop by hop, with their sizes.
pub fn bodies(session: &Session) -> Vec<(usize, BodyId, u64)> {
    let body = |(at, hop): (usize, &Hop)| {
        let body = &hop.exchange.body;
        (at, body.id, body.decoded_size)
    };
    let hops = session.chain.hops.iter().enumerate();
    hops.filter(|(_, hop)| hop.exchange.response.is_some()).map(body).collect()
}

impl Hits {
    /// Takes in what was found in bodies, in the order of the hops; says where the selected hit is now.
    pub fn take(&mut self, found: BodiesFound, selected: usize) -> usize {
        let held = self.hits.get(selected).filter(|_| selected > 0).cloned();
        self.hits.extend(found.hits);
        self.hits.sort_by_key(|hit| {
            (hit.hop, hit.pane == Pane::Body, hit.pane == Pane::Response, hit.nth)
        });
        self.cut |= found.cut || self.hits.len() > MOST;
        self.hits.truncate(MOST);
        self.bodies = Some(found.progress);
        held.and_then(|held| self.hits.iter().position(|hit| *hit == held)).unwrap_or(selected)
    }

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

/// A search through the bodies, one block a step.
#[derive(Debug)]
pub struct Hunt {
    asked: BodiesSearch,
    /// Which body is being searched.
    at: usize,
    search: Option<Search>,
    /// Matches of this body that were looked at, and how many of them are listed.
    seen: usize,
    listed: usize,
    /// A match before this offset stands in the text of the hit before it.
    shown: u64,
    /// Bytes of the bodies before this one.
    before: u64,
    /// Hits of all bodies so far, told or not.
    count: usize,
    hits: Vec<Hit>,
    cut: bool,
}

impl Hunt {
    pub fn new(asked: BodiesSearch) -> Hunt {
        Hunt {
            search: Search::new(&asked.pattern),
            asked,
            at: 0,
            seen: 0,
            listed: 0,
            shown: 0,
            before: 0,
            count: 0,
            hits: Vec::new(),
            cut: false,
        }
    }

    /// Searches the next block of so many bytes.
    pub fn step(&mut self, block: usize, read: &dyn Fn(BodyId, u64, usize) -> Vec<u8>) {
        let Some(&(hop, id, _)) = self.asked.bodies.get(self.at) else { return };
        let Some(search) = &mut self.search else {
            self.at = self.asked.bodies.len();
            return;
        };
        let bytes = read(id, search.fed(), block);
        match bytes.is_empty() {
            true => search.finish(),
            false => search.feed(&bytes),
        }
        let mut full = false;
        let found: Vec<Range<u64>> = search.matches()[self.seen..].to_vec();
        for range in found {
            let nth = self.seen as u64;
            self.seen += 1;
            if self.listed >= MOST_OF_BODY || self.count >= MOST {
                full = true;
                break;
            }
            if range.start >= self.shown {
                let (hit, shown) = around(range, (hop, nth), &|start, len| read(id, start, len));
                self.hits.push(hit);
                (self.shown, self.listed, self.count) = (shown, self.listed + 1, self.count + 1);
            }
        }
        self.cut |= full;
        if bytes.is_empty() || full {
            self.next_body();
        }
    }

    /// What is to be told now.
    pub fn tell(&mut self) -> BodiesFound {
        let total = self.asked.bodies.iter().map(|body| body.2).sum();
        let here = self.search.as_ref().map_or(0, Search::searched);
        let progress = Progress {
            number: self.asked.number,
            searched: if self.is_complete() { total } else { self.before + here },
            total,
            complete: self.is_complete(),
        };
        BodiesFound { hits: std::mem::take(&mut self.hits), progress, cut: self.cut }
    }

    /// Something was found that was not told of.
    pub fn has_news(&self) -> bool {
        !self.hits.is_empty()
    }

    pub fn is_complete(&self) -> bool {
        self.at >= self.asked.bodies.len()
    }

    fn next_body(&mut self) {
        self.before += self.asked.bodies.get(self.at).map_or(0, |body| body.2);
        self.at = if self.count >= MOST { self.asked.bodies.len() } else { self.at + 1 };
        self.search = Search::new(&self.asked.pattern);
        (self.seen, self.listed, self.shown) = (0, 0, 0);
    }
}

/// The hit of a match in a body, and the offset up to which its text shows the body.
fn around(
    range: Range<u64>,
    (hop, nth): (usize, u64),
    read: &dyn Fn(u64, usize) -> Vec<u8>,
) -> (Hit, u64) {
    // a little more than is shown, so that it is seen that the line goes on
    let start = range.start.saturating_sub(BEFORE as u64 + 8);
    let before = read(start, usize::try_from(range.start - start).unwrap_or(0));
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // not in the middle of a character
    let whole = before[line_start..].iter().position(|byte| byte & 0xc0 != 0x80).unwrap_or(0);
    let before = &before[line_start + if line_start == 0 { whole } else { 0 }..];
    let length = usize::try_from(range.end - range.start).unwrap_or(AFTER).min(AFTER);
    let meant = read(range.start, length);
    let meant_line = meant.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let after = read(range.end, AFTER + 8);
    let after_line = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let after_line = if meant_line.len() < meant.len() { &[][..] } else { after_line };
    let [before, meant, after] =
        [before, meant_line, after_line].map(|part| String::from_utf8_lossy(part).into_owned());
    let after = after.trim_end_matches('\u{fffd}');
    let found = before.len()..before.len() + meant.len();
    let line = format!("{before}{meant}{after}");
    (hit(hop, Pane::Body, nth, &line, found), range.end + after_line.len() as u64)
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
    let mut text = lines(line, fields);
    if let Some(body) = &hop.request.body {
        // what the pane shows of it
        let shown = &body.bytes[..body.bytes.len().min(PREVIEW)];
        text.push('\n');
        text.push_str(&String::from_utf8_lossy(shown));
    }
    text
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Every hit in these bodies, block by block.
    fn hunted(pattern: &str, bodies: &[&str], block: usize) -> BodiesFound {
        let of = |(at, text): (usize, &&str)| (at, BodyId(at as u64), text.len() as u64);
        let bodies_of = bodies.iter().enumerate().map(of).collect();
        let asked = BodiesSearch { number: 1, pattern: pattern.to_owned(), bodies: bodies_of };
        let read = |id: BodyId, start: u64, len: usize| {
            let bytes = bodies[id.0 as usize].as_bytes();
            let start = bytes.len().min(start as usize);
            bytes[start..bytes.len().min(start + len)].to_vec()
        };
        let mut hunt = Hunt::new(asked);
        while !hunt.is_complete() {
            hunt.step(block, &read);
        }
        hunt.tell()
    }

    #[test]
    fn a_word_at_the_end_of_a_long_body_is_found_with_what_stands_around_it() {
        let long = format!("{}the needle\nlast line", "straw ".repeat(100_000));
        let found = hunted("needle", &["nothing", &long], 4096);
        assert_eq!(found.hits.len(), 1);
        let hit = &found.hits[0];
        assert_eq!((hit.hop, hit.pane, hit.nth), (1, Pane::Body, 0));
        assert_eq!(&hit.text[hit.found.clone()], "needle");
        assert!(hit.text.starts_with('…') && hit.text.ends_with("the needle"), "{}", hit.text);
        assert!(found.progress.complete && !found.cut);
    }

    #[test]
    fn matches_that_the_hit_before_shows_are_counted_but_not_listed() {
        let far = format!("a b a{}a", "-".repeat(300));
        let found = hunted("a", &[&far, "x\na\na"], 1 << 20);
        let places: Vec<(usize, u64)> = found.hits.iter().map(|hit| (hit.hop, hit.nth)).collect();
        assert_eq!(places, [(0, 0), (0, 2), (1, 0), (1, 1)]);
    }

    #[test]
    fn a_body_full_of_matches_leaves_room_for_the_others() {
        let full = "a\n".repeat(10_000);
        let found = hunted("a", &[&full, "a"], 4096);
        assert!(found.cut && found.progress.complete);
        assert_eq!(found.hits.len(), MOST_OF_BODY + 1);
        let found = hunted("a", &[full.as_str(); 4], 4096);
        assert_eq!(found.hits.len(), MOST);
    }

    #[test]
    fn the_selected_hit_stays_selected_when_others_come_before_it() {
        let hit = |hop, pane| Hit { hop, pane, nth: 0, text: String::new(), found: 0..0 };
        let mut hits =
            Hits { hits: vec![hit(0, Pane::Request), hit(1, Pane::Request)], ..Hits::default() };
        let progress = Progress { number: 1, searched: 0, total: 0, complete: true };
        let found = BodiesFound { hits: vec![hit(0, Pane::Body)], progress, cut: false };
        assert_eq!(hits.take(found, 1), 2);
        assert_eq!(hits.hits[2], hit(1, Pane::Request));
    }
}
