//! A search through the body on the screen, block by block, behind its index.

use std::time::{Duration, Instant};

use super::bodies::{Entry, Progress};
use crate::app::effect::BodySearch;
use crate::app::message::{BodyMatches, Message};
use crate::domain::body_view::Index;
use crate::domain::body_view::Search;

/// How much is searched at once.
const BLOCK: usize = 256 * 1024;

/// How often progress is told while nothing was found.
const PACE: Duration = Duration::from_millis(100);

/// One pattern in one body, and what was told of it.
pub(super) struct Hunt {
    asked: BodySearch,
    search: Search,
    complete: bool,
    told: Option<(Instant, BodyMatches)>,
}

impl Hunt {
    /// `None` when the pattern can't be searched.
    pub(super) fn new(asked: BodySearch) -> Option<Hunt> {
        let search = Search::new(&asked.pattern)?;
        Some(Hunt { asked, search, complete: false, told: None })
    }

    /// Another question; what was searched serves it too where pattern and body are the same.
    pub(super) fn turn_to(&mut self, asked: BodySearch) {
        let same = self.asked.id == asked.id && self.asked.pattern == asked.pattern;
        match same {
            true => (self.asked, self.told) = (asked, None),
            false => {
                if let Some(hunt) = Hunt::new(asked) {
                    *self = hunt;
                }
            }
        }
    }

    pub(super) fn is_for(&self, entry: &Entry) -> bool {
        self.asked.id == entry.id && self.asked.view == entry.index.view()
    }

    /// Searches a block that the index has already taken in, so that every match has a line.
    pub(super) fn step(
        &mut self,
        index: &Index,
        finished: bool,
        read: &dyn Fn(u64, usize) -> Vec<u8>,
    ) -> Progress {
        if self.complete {
            return Progress::Drained;
        }
        let fed = self.search.fed();
        let room = usize::try_from(index.fed().saturating_sub(fed)).unwrap_or(BLOCK).min(BLOCK);
        let block = if room == 0 { Vec::new() } else { read(fed, room) };
        if !block.is_empty() {
            self.search.feed(&block);
            return Progress::More;
        }
        if finished {
            self.search.finish();
            self.complete = true;
        }
        Progress::Drained
    }

    /// What is to be told now; `None` while there is no news.
    pub(super) fn answer(
        &mut self,
        index: &Index,
        read: &dyn Fn(u64, usize) -> Vec<u8>,
    ) -> Option<Message> {
        let nth = usize::try_from(self.asked.nth).unwrap_or(usize::MAX);
        let hit = self.search.matches().get(nth);
        let first = hit.is_some() && self.told.as_ref().is_none_or(|(_, told)| told.line.is_none());
        let due = match &self.told {
            None => first || self.complete || self.search.searched() > 0,
            Some((at, told)) => {
                first || self.complete != told.complete || (!self.complete && at.elapsed() >= PACE)
            }
        };
        if !due {
            return None;
        }
        let matches = BodyMatches {
            search: self.asked.clone(),
            found: self.search.found(),
            searched: self.search.searched(),
            complete: self.complete,
            line: hit.and_then(|hit| index.line_at(hit.start, read)),
        };
        self.told = Some((Instant::now(), matches.clone()));
        Some(Message::BodyMatches(Box::new(matches)))
    }
}
