//! Questions about a body and their answers: what the worker of the shell (and the player of the tests) says to them.
//!
//! Pure: the index and the bytes come from the caller.

use super::effect::{BodyFold, BodyQuery, FoldAsk};
use super::message::{BodyFolded, BodyWindow, FoldAnswer};
use crate::domain::body_view::{Index, Read, Window};

/// Lays out the lines of a window. `complete`: the index covers the whole body.
pub fn window(index: &Index, query: &BodyQuery, complete: bool, read: Read<'_>) -> BodyWindow {
    let columns = query.column..query.column + u64::from(query.width);
    let render = |lines: &std::ops::Range<u64>| {
        index.render(&Window { lines: lines.clone(), columns: columns.clone() }, read)
    };
    BodyWindow {
        id: query.id,
        view: query.view,
        column: query.column,
        lines: query.lines.iter().flat_map(render).collect(),
        total: index.lines(),
        indexed: complete,
        cursor: query.cursor,
        path: index.path(query.cursor, read),
        fault: index.fault().map(|fault| (fault, index.line_at(fault.offset, read))),
        charset: index.charset().name(),
    }
}

/// What a fold comes to.
pub fn folded(index: &Index, ask: &BodyFold, complete: bool, read: Read<'_>) -> BodyFolded {
    let answer = match ask.ask {
        FoldAsk::Line(line) => {
            let lines = index.fold(line, read);
            // of a body that still arrives the end of this may be missing
            FoldAnswer::Line(lines.filter(|lines| complete || lines.end < index.lines()))
        }
        FoldAsk::Level(depth) if complete => {
            let (folds, whole) = index.folds(depth, read);
            FoldAnswer::Level { folds, whole }
        }
        FoldAsk::Level(_) => FoldAnswer::TooEarly,
        FoldAsk::Parent(line) => FoldAnswer::Parent(index.parent(line, read)),
    };
    BodyFolded { ask: ask.clone(), answer }
}
