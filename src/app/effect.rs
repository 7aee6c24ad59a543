//! Effects: what the shell is asked to do. Plain data; they describe, the shell acts.

use std::ops::Range;

use crate::domain::body_view::View;
use crate::domain::config::edit::Change;
use crate::domain::http::body::BodyId;
use crate::domain::http::request::Request;

use super::compared::BodiesCompare;
use super::message::{FetchId, Field, Then, Written};

/// One thing to be done outside.
#[derive(Clone, PartialEq, Debug)]
pub enum Effect {
    /// Send this request; replies carry the id. `fresh` starts with new connections: the first request of a run.
    Fetch {
        id: FetchId,
        request: Box<Request>,
        fresh: bool,
    },
    Cancel(FetchId),
    /// Lay out this window of a body.
    ReadBody(BodyQuery),
    /// Find what a fold hides.
    FoldBody(BodyFold),
    /// Search a body; the answer comes in parts while it goes on.
    SearchBody(BodySearch),
    /// Search many bodies; the answer comes in parts while it goes on. Without bodies: leave the search before.
    FindInBodies(BodiesSearch),
    /// Hold the bodies of two runs against each other; the answer comes in parts.
    CompareBodies(BodiesCompare),
    /// Show a copy of a body in the user's own program; the terminal is its own meanwhile.
    OpenBody {
        id: BodyId,
        tool: Tool,
        /// What the copy is called.
        name: String,
    },
    /// Write a body to a file; one that is there is left alone unless told otherwise.
    SaveBody {
        id: BodyId,
        path: String,
        overwrite: bool,
    },
    /// Read a whole body for the clipboard.
    CopyBody(BodyId),
    /// Let the user's editor change this text.
    EditText {
        field: Field,
        text: String,
    },
    /// Put this on the clipboard.
    Copy {
        text: String,
        what: &'static str,
    },
    /// Write this into the project's file.
    Configure(Change),
    /// Put the project's file back to what it was before this.
    Unconfigure(Written),
    /// Remember that this hint was told.
    Remember(&'static str),
    /// Ask the history.
    History(Ask),
    Suspend,
    Quit,
}

/// A program of the user's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tool {
    /// `$PAGER`
    Pager,
    /// `$VISUAL` or `$EDITOR`
    Editor,
}

/// What the history is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ask {
    /// The chains that have all of these words.
    List {
        search: String,
    },
    /// The latest chains, for the first screen.
    Recent,
    /// The URLs that chains began with, for completion.
    Urls,
    /// One chain, and what for.
    Load {
        id: i64,
        then: Then,
    },
    Delete {
        id: i64,
    },
    /// Write the document of a chain to a file; one that is there is left alone unless told otherwise.
    Export {
        id: i64,
        path: String,
        overwrite: bool,
    },
}

/// The window of a body that the screen shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyQuery {
    pub id: BodyId,
    pub view: View,
    /// The stretches of lines that are in sight, in order; what is folded lies between them.
    pub lines: Vec<Range<u64>>,
    /// The line whose path is wanted.
    pub cursor: u64,
    pub column: u64,
    pub width: u16,
}

/// A question about what folds away.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyFold {
    pub id: BodyId,
    pub view: View,
    pub ask: FoldAsk,
}

/// What is to be folded, or left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FoldAsk {
    /// What this line opens.
    Line(u64),
    /// Everything at this depth, from 0.
    Level(u32),
    /// Where what holds this line begins.
    Parent(u64),
}

/// A search through the bodies of a chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BodiesSearch {
    /// Answers carry it.
    pub number: u64,
    pub pattern: String,
    /// The hop of each, from 0, and its size.
    pub bodies: Vec<(usize, BodyId, u64)>,
}

/// A search through a whole body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodySearch {
    pub id: BodyId,
    /// The view whose lines are meant in the answer.
    pub view: View,
    pub pattern: String,
    /// Which match is to be shown, from 0.
    pub nth: u64,
}
