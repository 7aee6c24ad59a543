//! Search through a whole body, block by block: matches come out as the blocks go in.
//!
//! Promises: the same matches however the body is cut into blocks; a match may lie across blocks as long as it is at most
//! 4 KiB; every match is counted, the places of the first 100,000 are remembered. [`Index::line_at`] tells the line
//! of a match and [`Line::columns`] where in it.
//!
//! [`Index::line_at`]: super::Index::line_at
//! [`Line::columns`]: super::Line::columns

use std::ops::Range;

use regex::bytes::{Regex, RegexBuilder};

/// How long a match may be to be found across blocks.
const REACH: usize = 4 << 10;

/// How much is searched at once, so that progress shows.
const BLOCK: usize = 64 << 10;
/// What stands before a block matters to `\b` and `^`.
const CONTEXT: usize = 8;

/// A search under way.
#[derive(Clone, Debug)]
pub struct Search {
    regex: Regex,
    /// The bytes that are still needed, and the offset of the first.
    held: Vec<u8>,
    base: u64,
    /// Where the next match may start.
    next: u64,
    /// All matches that start before this are known.
    searched: u64,
    found: u64,
    matches: Vec<Range<u64>>,
}

impl Search {
    /// How many matches are remembered, so that one can go there; those after them are counted.
    pub const KEPT: usize = 100_000;

    /// A regular expression, or the text itself where it is none. Case matters only when the pattern has a capital; `^` and
    /// `$` are at line ends. None when the pattern is empty or too big.
    pub fn new(pattern: &str) -> Option<Search> {
        let insensitive = !pattern.chars().any(char::is_uppercase);
        let build = |pattern: &str| {
            let mut builder = RegexBuilder::new(pattern);
            builder.case_insensitive(insensitive).multi_line(true).size_limit(1 << 20).build().ok()
        };
        let regex = build(pattern).or_else(|| build(&regex::escape(pattern)))?;
        let search = Search {
            regex,
            held: Vec::new(),
            base: 0,
            next: 0,
            searched: 0,
            found: 0,
            matches: Vec::new(),
        };
        (!pattern.is_empty()).then_some(search)
    }

    /// Takes the next bytes of the body.
    pub fn feed(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = self.needed().saturating_sub(self.held.len()).max(1);
            let (part, tail) = rest.split_at(rest.len().min(room));
            self.held.extend_from_slice(part);
            rest = tail;
            if self.held.len() >= self.needed() {
                self.search(self.searched + BLOCK as u64);
            }
        }
    }

    /// How many bytes were fed.
    pub fn fed(&self) -> u64 {
        self.base + self.held.len() as u64
    }

    /// The body is at its end.
    pub fn finish(&mut self) {
        self.search(self.base + self.held.len() as u64 + 1);
    }

    /// How far the body has been searched.
    pub fn searched(&self) -> u64 {
        self.searched
    }

    /// How many matches there are so far.
    pub fn found(&self) -> u64 {
        self.found
    }

    /// The first matches, in order.
    pub fn matches(&self) -> &[Range<u64>] {
        &self.matches
    }

    /// The number of the last match that starts before an offset.
    pub fn before(&self, offset: u64) -> Option<usize> {
        self.matches.partition_point(|found| found.start < offset).checked_sub(1)
    }

    /// How much must be held to search the next block.
    fn needed(&self) -> usize {
        (self.searched - self.base) as usize + BLOCK + REACH
    }

    /// Finds the matches that start before `end`.
    fn search(&mut self, end: u64) {
        self.next = self.next.max(self.searched);
        while let Some(found) = self.first_match().filter(|found| found.start < end) {
            self.next = found.end.max(found.start + 1);
            if found.is_empty() {
                continue;
            }
            self.found += 1;
            if self.matches.len() < Search::KEPT {
                self.matches.push(found);
            }
        }
        let fed = self.base + self.held.len() as u64;
        self.searched = end.min(fed);
        let kept = self.searched.saturating_sub(CONTEXT as u64).max(self.base);
        self.held.drain(..(kept - self.base) as usize);
        self.base = kept;
    }

    fn first_match(&self) -> Option<Range<u64>> {
        let from =
            usize::try_from(self.next - self.base).ok().filter(|from| *from <= self.held.len())?;
        let found = self.regex.find_at(&self.held, from)?;
        Some(self.base + found.start() as u64..self.base + found.end() as u64)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn search(pattern: &str, blocks: &[&[u8]]) -> Search {
        let mut search = Search::new(pattern).unwrap();
        blocks.iter().for_each(|block| search.feed(block));
        search.finish();
        search
    }

    #[test]
    fn matches_across_blocks_are_found_as_the_body_arrives() {
        let mut body = vec![b'.'; 3 * BLOCK];
        body[BLOCK - 2..BLOCK + 2].copy_from_slice(b"need");
        body[2 * BLOCK + 100..2 * BLOCK + 104].copy_from_slice(b"Need");
        let mut search = Search::new("need").unwrap();
        search.feed(&body[..2 * BLOCK]);
        assert_eq!((search.found(), search.searched()), (1, BLOCK as u64));
        search.feed(&body[2 * BLOCK..]);
        search.finish();
        assert_eq!(
            search.matches().iter().map(|found| found.start).collect::<Vec<_>>(),
            [65534, 131172]
        );
        assert_eq!((search.before(65534), search.before(65535)), (None, Some(0)));
    }

    #[test]
    fn a_pattern_with_a_capital_minds_case_and_one_that_is_no_regex_is_text() {
        assert_eq!(search("Id", &[b"id Id ID"]).found(), 1);
        assert_eq!(search("id", &[b"id Id ID"]).found(), 3);
        assert_eq!(search("a[", &[b"a[0] A["]).found(), 2);
        assert_eq!(search("^b$", &[b"a\nb\nab"]).found(), 1);
        assert!(Search::new("").is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(30))]

        #[test]
        fn the_matches_are_the_same_however_the_body_is_cut(times in 1usize..2500, cut in 1usize..70_000, pattern in prop::sample::select(vec!["ab", "\\bc", "b c$", "x*", "(?s)a.c", "é"])) {
            let body = "ab c\nxx é\u{ff}".repeat(times * 3).into_bytes();
            let whole = search(pattern, &[&body]);
            let parts = search(pattern, &body.chunks(cut).collect::<Vec<_>>());
            prop_assert_eq!(whole.matches(), parts.matches());
            prop_assert_eq!((whole.found(), whole.searched()), (parts.found(), body.len() as u64));
            let all = whole.regex.find_iter(&body).filter(|found| !found.is_empty()).count() as u64;
            prop_assert_eq!(whole.found(), all);
        }
    }
}
