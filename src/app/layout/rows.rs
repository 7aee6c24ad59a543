//! Which rows of the chain are in sight, and how many lines each takes: its own, and one for the step below it.
//!
//! Promises: the selected row is in sight; the cost depends on the height of the screen, never on the length of the chain; a step
//! that says nothing takes no line where lines are short.

use crate::app::model::Session;
use crate::app::page::{nature, step};
use crate::app::spine::Row;
use crate::domain::chain::Ending;

use super::{Layout, Room};

/// A row of the chain and its lines on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Seen {
    /// Its place among the rows of the spine.
    pub row: usize,
    pub y: u16,
    pub height: u16,
}

impl Layout {
    /// The rows in sight: in a chain that does not fit the selected row stands in the middle.
    pub fn rows(&self, session: &Session) -> Vec<Seen> {
        let (inner, count) = (self.chain_inner(), session.spine.rows().len());
        let selected = session.spine.row_of(session.selected);
        let room = usize::from(inner.height);
        let height = |row: usize| self.lines(session, row, count * self.most_lines() <= room);
        let mut seen = Vec::new();
        let mut y = inner.y;
        for row in first(selected, count, room, height)..count {
            let height = (height(row) as u16).min(inner.bottom().saturating_sub(y));
            if height == 0 {
                break;
            }
            seen.push(Seen { row, y, height });
            y += height;
        }
        seen
    }

    /// The hop whose row is at these cells, from 0.
    pub fn row_at(&self, session: &Session, x: u16, y: u16) -> Option<usize> {
        if !self.chain_inner().contains(x, y) {
            return None;
        }
        let rows = self.rows(session);
        let seen = rows.iter().find(|seen| (seen.y..seen.y + seen.height).contains(&y))?;
        session.spine.rows().get(seen.row).map(Row::first)
    }

    /// A row and the step below it.
    fn most_lines(&self) -> usize {
        if self.room == Room::Wide { 2 } else { 1 }
    }

    /// The lines of this row. `roomy`: every row has all of them.
    fn lines(&self, session: &Session, row: usize, roomy: bool) -> usize {
        let speaks = match session.spine.rows().get(row) {
            Some(Row::Hop(at)) => has_more_to_say(session, *at),
            Some(Row::Repeats(_)) | None => false,
        };
        if roomy || speaks { self.most_lines() } else { 1 }
    }
}

/// Something stands below the row of this hop, from 0. What is last has a line for what happens to it, until it is over.
fn has_more_to_say(session: &Session, at: usize) -> bool {
    let Some(hop) = session.chain.hops.get(at) else { return true };
    let last = at + 1 == session.chain.hops.len();
    last && (session.chain.ending() != Some(Ending::Final) || session.is_waiting())
        || hop.exchange.failure.is_some()
        || step::line(session, hop.index).is_some_and(|line| !line.spans.is_empty())
        || nature::brief(session, hop.index).is_some()
}

/// The first row in sight, so that the selected one is in the middle or the end of the chain at the end.
fn first(selected: usize, count: usize, room: usize, height: impl Fn(usize) -> usize) -> usize {
    let up_from = |row: usize, room: usize| {
        let mut left = room;
        let above = (0..row).rev().take_while(|&row| {
            let taken = height(row);
            let fits = taken <= left;
            left = left.saturating_sub(taken);
            fits
        });
        row - above.count()
    };
    up_from(selected, room / 2).min(up_from(count, room))
}

#[cfg(test)]
mod tests {
    use super::first;

    #[test]
    fn the_selected_row_is_in_the_middle_and_the_ends_are_full() {
        let one = |selected| first(selected, 100, 10, |_| 1);
        assert_eq!([one(0), one(4), one(50), one(99)], [0, 0, 45, 90]);
        let two = |selected| first(selected, 100, 10, |_| 2);
        assert_eq!([two(0), two(3), two(50), two(99)], [0, 1, 48, 95]);
        let mixed = |selected| first(selected, 100, 10, |row| 1 + row % 2);
        assert_eq!([mixed(0), mixed(50), mixed(99)], [0, 47, 94]);
        assert_eq!(first(0, 0, 10, |_| 1), 0);
        assert_eq!(first(5, 6, 0, |_| 1), 5);
    }
}
