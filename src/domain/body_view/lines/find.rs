//! The line of a path: one pass over the lines, looking only at those beside the path.

use super::super::Read;
use super::cursor::Watch;
use super::{Lines, MAX_LINE, Scanner, Source};

/// One step into a container.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(in crate::domain::body_view) enum Step {
    /// The member of this name, written as the path of its line writes it.
    Member(String),
    Item(u64),
}

/// Where a thing stands that lies at a path below the first value of the body.
pub(super) fn find<S: Scanner>(index: &Lines<S>, path: &[Step], read: Read<'_>) -> Option<u64> {
    let mut cursor = index.checkpoint_where(|cursor| cursor.count.lines == 0)?;
    let mut walk = Walk {
        path,
        read,
        scanner: &index.cursor.scanner,
        depth: 0,
        items: 0,
        line: None,
        over: false,
    };
    while !walk.over && index.advance(&mut cursor, index.cursor.offset, &mut walk, read) {}
    walk.line.filter(|_| walk.path.is_empty())
}

struct Walk<'a, S> {
    /// The steps that are left.
    path: &'a [Step],
    read: Read<'a>,
    scanner: &'a S,
    /// How deep the things lie of which one is looked for.
    depth: u32,
    /// How many of them came.
    items: u64,
    /// Where the last step led.
    line: Option<u64>,
    over: bool,
}

impl<S: Scanner> Watch<S::Start> for Walk<'_, S> {
    fn line(&mut self, number: u64, offset: u64, forced: bool, start: impl FnOnce() -> S::Start) {
        if forced || self.over {
            return;
        }
        let Some(nesting) = S::nesting(&start()) else {
            self.over = true;
            return;
        };
        if self.line.is_none() {
            self.enter(number);
        } else if nesting.depth < self.depth {
            self.over = true;
        } else if nesting.depth == self.depth && !nesting.closes {
            self.sibling(number, offset);
        }
    }
}

impl<S: Scanner> Walk<'_, S> {
    fn enter(&mut self, number: u64) {
        self.line = Some(number);
        self.depth += 1;
        self.items = 0;
        self.over = self.path.is_empty();
    }

    fn sibling(&mut self, number: u64, offset: u64) {
        let Some((step, rest)) = self.path.split_first() else { return };
        let is_it = match step {
            Step::Item(index) => *index == self.items && self.member(offset).is_none(),
            Step::Member(name) => self.member(offset).as_ref() == Some(name),
        };
        self.items += 1;
        if is_it {
            self.path = rest;
            self.enter(number);
        }
    }

    fn member(&self, offset: u64) -> Option<String> {
        let bytes = (self.read)(offset, MAX_LINE as usize);
        self.scanner.member(Source { bytes: &bytes, offset, goes_on: false })
    }
}
