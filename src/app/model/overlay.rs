//! Overlays: what lies over the screen and takes the keys until it is closed.

use crate::app::finder::Hits;
use crate::app::message::{Field, Savable};
use crate::app::text_input::TextInput;
use crate::domain::client::Client;
use crate::domain::config::edit::Change;
use crate::domain::finding::Finding;
use crate::domain::history::Entry;
use crate::domain::http::method::Method;
use crate::domain::probe::ProbePlan;
use crate::domain::variant::Variant;

use super::{COPY_MENU, Model};

/// What lies over the screen and takes the keys.
#[derive(Clone, PartialEq, Debug)]
pub enum Overlay {
    Help {
        scroll: u16,
        /// What it was opened over, and gives way to when it is closed.
        over: Option<Box<Overlay>>,
    },
    /// Every action, and the letters typed to find one; what they find is the keymap's business.
    Palette {
        input: TextInput,
        selected: usize,
    },
    /// A search through every hop.
    Find {
        input: TextInput,
        hits: Box<Hits>,
        selected: usize,
    },
    /// A letter on everything that one can go to, and those typed so far.
    Jump {
        typed: String,
    },
    Methods {
        selected: usize,
    },
    Clients {
        selected: usize,
    },
    Variants {
        selected: usize,
    },
    Copy {
        selected: usize,
    },
    /// One of several things to copy: what the rows say, and what is copied.
    Pick {
        title: &'static str,
        rows: Vec<(String, String)>,
        selected: usize,
    },
    /// The name of the file for a body, or for a chain of the history.
    Save {
        what: Savable,
        input: TextInput,
        /// There is such a file: only a `y` writes over it.
        exists: bool,
    },
    /// An editor for one part of the request.
    Editor {
        field: Field,
        input: TextInput,
        error: Option<String>,
    },
    /// Breakpoints to switch, and a field for one with a value.
    Breakpoints {
        selected: usize,
        input: TextInput,
        error: Option<String>,
    },
    /// Every run, to choose from.
    Runs {
        selected: usize,
    },
    /// The recorded chains that have the words typed; `None` until they are read.
    History {
        input: TextInput,
        selected: usize,
        entries: Option<Vec<Entry>>,
        /// The words asked for last.
        asked: Option<String>,
    },
    /// Another run beside the one on the screen.
    Compare {
        with: usize,
        scroll: u16,
    },
    /// Text that could not be put on a clipboard.
    HandCopy {
        text: String,
        why: String,
    },
    /// What would be asked to probe a hop, before a yes or no.
    Probe {
        plans: Vec<ProbePlan>,
        scroll: u16,
    },
    /// The ways of not hearing of a finding: a line and a change each.
    Suppress {
        finding: Box<Finding>,
        rows: Vec<Change>,
        selected: usize,
    },
    /// The explanation of a finding.
    Explain {
        finding: Box<Finding>,
        scroll: u16,
    },
}

/// The selected row of an overlay that is a list.
macro_rules! selected {
    ($overlay:expr) => {
        match $overlay {
            Overlay::Palette { selected, .. }
            | Overlay::Find { selected, .. }
            | Overlay::Methods { selected }
            | Overlay::Clients { selected }
            | Overlay::Variants { selected }
            | Overlay::Copy { selected }
            | Overlay::Pick { selected, .. }
            | Overlay::Breakpoints { selected, .. }
            | Overlay::Runs { selected }
            | Overlay::Suppress { selected, .. }
            | Overlay::History { selected, .. } => Some(selected),
            Overlay::Help { .. }
            | Overlay::Probe { .. }
            | Overlay::Jump { .. }
            | Overlay::Save { .. }
            | Overlay::Editor { .. }
            | Overlay::Compare { .. }
            | Overlay::HandCopy { .. }
            | Overlay::Explain { .. } => None,
        }
    };
}

impl Overlay {
    /// The selected row, where it is a list.
    pub fn selected(&self) -> Option<usize> {
        selected!(self).copied()
    }

    /// The selected row for moving it.
    pub fn selected_mut(&mut self) -> Option<&mut usize> {
        selected!(self)
    }

    /// The first line shown, where it is a text to read.
    pub fn scroll_mut(&mut self) -> Option<&mut u16> {
        match self {
            Overlay::Help { scroll, .. }
            | Overlay::Explain { scroll, .. }
            | Overlay::Probe { scroll, .. }
            | Overlay::Compare { scroll, .. } => Some(scroll),
            Overlay::Palette { .. }
            | Overlay::Find { .. }
            | Overlay::Jump { .. }
            | Overlay::Methods { .. }
            | Overlay::Clients { .. }
            | Overlay::Variants { .. }
            | Overlay::Copy { .. }
            | Overlay::Pick { .. }
            | Overlay::Save { .. }
            | Overlay::Editor { .. }
            | Overlay::Breakpoints { .. }
            | Overlay::Runs { .. }
            | Overlay::History { .. }
            | Overlay::HandCopy { .. }
            | Overlay::Suppress { .. } => None,
        }
    }

    /// How many rows the list has; `None` where it has none, or where they are the keymap's business.
    pub fn rows(&self, model: &Model) -> Option<usize> {
        match self {
            Overlay::Find { hits, .. } => Some(hits.hits.len()),
            Overlay::Methods { .. } => Some(Method::COMMON.len()),
            Overlay::Clients { .. } => Some(Client::names().count()),
            Overlay::Variants { .. } => Some(Variant::ALL.len()),
            Overlay::Copy { .. } => Some(COPY_MENU.len()),
            Overlay::Pick { rows, .. } => Some(rows.len()),
            Overlay::Breakpoints { .. } => Some(model.breakpoint_rows().len()),
            Overlay::Runs { .. } => Some(model.runs().len()),
            Overlay::Suppress { rows, .. } => Some(rows.len()),
            Overlay::History { entries, .. } => Some(entries.as_ref().map_or(0, Vec::len)),
            Overlay::Palette { .. }
            | Overlay::Help { .. }
            | Overlay::Probe { .. }
            | Overlay::Jump { .. }
            | Overlay::Save { .. }
            | Overlay::Editor { .. }
            | Overlay::Compare { .. }
            | Overlay::HandCopy { .. }
            | Overlay::Explain { .. } => None,
        }
    }
}
