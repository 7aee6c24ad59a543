//! The spine: which rows the chain shows. All of them, or those that fit the filter; hops that only repeat what was seen
//! are one row until they are unfolded.
//!
//! Promises: made anew only when something changed, so that drawing and keys cost the same however long the chain is; the last
//! hop and the request that is not sent are never folded away.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use super::filter::Filter;
use super::model::Session;
use crate::domain::chain::Hop;

/// The rows that are shown, in order.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Spine {
    rows: Vec<Row>,
    /// What the rows were made from.
    made_from: Option<Source>,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Row {
    /// A hop, or the request that is not sent yet; its place in the chain, from 0.
    Hop(usize),
    /// Hops that repeat the ones before them.
    Repeats(Repeats),
}

/// A stretch of hops that repeats the `period` hops before it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Repeats {
    pub hops: Range<usize>,
    pub period: usize,
}

#[derive(Clone, PartialEq, Debug)]
struct Source {
    hops: usize,
    rows: usize,
    findings: usize,
    status: Option<u16>,
    filter: String,
    unfolded: bool,
}

/// The longest round that is recognised, in hops.
const LONGEST: usize = 8;
/// Fewer hops than this are not worth folding.
const LEAST: usize = 4;

impl Spine {
    /// Brings the rows up to the session.
    pub fn renew(session: &mut Session, filter: &Filter, unfolded: bool) {
        let source = Source {
            hops: session.chain.hops.len(),
            rows: session.rows(),
            findings: session.findings.len(),
            status: session.chain.hops.last().and_then(Hop::status),
            filter: filter.input.text().to_owned(),
            unfolded,
        };
        if session.spine.made_from.as_ref() == Some(&source) {
            return;
        }
        let rows = match (filter.is_on(), unfolded) {
            (true, _) => filtered(session, filter),
            (false, true) => (0..session.rows()).map(Row::Hop).collect(),
            (false, false) => folded(session),
        };
        session.spine = Spine { rows, made_from: Some(source) };
    }

    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row that shows this hop, or stands for it; the nearest one above where it is hidden.
    pub fn row_of(&self, hop: usize) -> usize {
        self.rows.partition_point(|row| row.first() <= hop).saturating_sub(1)
    }

    /// The hop that is selected so many rows on.
    pub fn step(&self, hop: usize, rows: isize) -> usize {
        let shown = self.rows.get(self.row_of(hop)).map(Row::first);
        // from a hidden hop the first step goes to the nearest row
        let back = rows < 0 && shown.is_some_and(|shown| shown < hop && !self.covers(hop));
        let row = self.row_of(hop).saturating_add_signed(rows.saturating_add(isize::from(back)));
        self.rows.get(row.min(self.rows.len().saturating_sub(1))).map_or(hop, Row::first)
    }

    /// Whether a row shows this hop or stands for it.
    pub fn covers(&self, hop: usize) -> bool {
        self.rows.get(self.row_of(hop)).is_some_and(|row| match row {
            Row::Hop(at) => *at == hop,
            Row::Repeats(repeats) => repeats.hops.contains(&hop),
        })
    }

    /// The shown row that stands nearest to this hop, rather above than below.
    pub fn nearest(&self, hop: usize) -> Option<usize> {
        let away = |row: &&Row| row.first().abs_diff(hop);
        self.rows.iter().min_by_key(away).map(Row::first)
    }

    /// Whether there are hops that only repeat others.
    pub fn has_repeats(session: &Session) -> bool {
        folded(session).iter().any(|row| matches!(row, Row::Repeats(_)))
    }

    /// How many hops are shown.
    pub fn hops(&self, sent: usize) -> usize {
        self.rows.iter().filter(|row| matches!(row, Row::Hop(at) if *at < sent)).count()
    }
}

impl Row {
    /// The first hop that it stands for.
    pub fn first(&self) -> usize {
        match self {
            Row::Hop(at) => *at,
            Row::Repeats(repeats) => repeats.hops.start,
        }
    }
}

fn filtered(session: &Session, filter: &Filter) -> Vec<Row> {
    let hops = &session.chain.hops;
    let fitting = (0..hops.len()).filter(|&at| filter.fits(session, &hops[at]));
    fitting.chain(hops.len()..session.rows()).map(Row::Hop).collect()
}

fn folded(session: &Session) -> Vec<Row> {
    let looks: Vec<u64> = session.chain.hops.iter().map(look).collect();
    fold(&looks, session.rows())
}

/// So many rows, of hops that look like this and the request that is not sent yet.
fn fold(looks: &[u64], count: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut at = 0;
    while at < count {
        match repeats_at(looks, at) {
            Some(repeats) => {
                at = repeats.hops.end;
                rows.push(Row::Repeats(repeats));
            }
            None => {
                rows.push(Row::Hop(at));
                at += 1;
            }
        }
    }
    rows
}

/// The stretch from here on that repeats what stands right before it. The last hop stays out of it.
fn repeats_at(looks: &[u64], start: usize) -> Option<Repeats> {
    let last = looks.len().checked_sub(1)?;
    (1..=LONGEST.min(start)).find_map(|period| {
        let same = (start..last).take_while(|&at| looks[at] == looks[at - period]).count();
        let length = same - same % period;
        (length >= LEAST.max(2 * period)).then_some(Repeats { hops: start..start + length, period })
    })
}

/// What two hops have in common that look the same: method, URL without its query, status.
fn look(hop: &Hop) -> u64 {
    let mut hasher = DefaultHasher::new();
    hop.request.method.as_str().hash(&mut hasher);
    hop.request.url[..url::Position::AfterPath].hash(&mut hasher);
    hop.status().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(looks: &[u64]) -> Vec<String> {
        let shown = |row| match row {
            Row::Hop(at) => at.to_string(),
            Row::Repeats(Repeats { hops, period }) => format!("{hops:?}/{period}"),
        };
        fold(looks, looks.len()).into_iter().map(shown).collect()
    }

    #[test]
    fn rounds_after_the_first_are_one_row_and_the_last_hop_is_its_own() {
        assert_eq!(rows(&[1, 2, 3, 2, 3, 2, 3, 2, 3]), ["0", "1", "2", "3..7/2", "7", "8"]);
        assert_eq!(rows(&[7, 7, 7, 7, 7, 7]), ["0", "1..5/1", "5"]);
    }

    #[test]
    fn a_few_repeats_are_not_folded() {
        assert_eq!(rows(&[1, 2, 1, 2, 1, 2]).len(), 6);
        assert_eq!(rows(&[1, 1, 1]).len(), 3);
    }

    #[test]
    fn steps_go_from_row_to_row_also_from_a_hidden_hop() {
        let spine = Spine { rows: [2, 5, 9].map(Row::Hop).into(), made_from: None };
        let steps = [(2, 1), (5, -1), (9, 1), (6, 1), (6, -1), (0, -1), (2, -1)];
        let gone = steps.map(|(hop, step)| spine.step(hop, step));
        assert_eq!(gone, [5, 2, 9, 9, 5, 2, 2]);
    }
}
