//! First-run hints: a sentence for someone who is here for the first time, on a row of its own, gone for ever once it was heeded or
//! put away.
//!
//! Promises: one at a time, never over anything, none where the screen has no row to spare, none while something needs an answer; without a place to remember them there are
//! none.

use super::model::Model;
use super::pane::Pane;

/// What is told once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hint {
    /// The first response is in, the next request waits.
    Stopped,
    /// A later hop: there is more to look at.
    Looking,
    /// The first chain has ended.
    Ended,
}

impl Hint {
    pub const ALL: [Hint; 3] = [Hint::Stopped, Hint::Looking, Hint::Ended];

    /// The name under which it is remembered.
    pub fn id(self) -> &'static str {
        match self {
            Hint::Stopped => "stopped",
            Hint::Looking => "looking",
            Hint::Ended => "ended",
        }
    }

    /// The sentence, with the keys in force.
    pub fn text(self, model: &Model) -> String {
        let keys = &model.keys;
        match self {
            Hint::Stopped => format!(
                "stopped as at a breakpoint: {} sends what stands below, {} edits it",
                keys.step, keys.edit
            ),
            Hint::Looking => format!(
                "{} goes into the pane, {} to {} open the others, {} jumps anywhere",
                keys.enter,
                keys.pane(Pane::Response),
                keys.pane(Pane::Findings),
                keys.jump
            ),
            Hint::Ended => format!(
                "the chain has ended: {} copies it as curl, {} runs it again",
                keys.copy, keys.again
            ),
        }
    }
}

/// The hint that fits now.
pub fn current(model: &Model) -> Option<Hint> {
    let session = model.session.as_ref()?;
    let (width, height) = model.size;
    let small = width < 60 || height < 16;
    let busy = small || !session.danger.is_empty() || !session.flights.is_empty();
    if model.hints.is_empty() || busy || model.panes.zoomed {
        return None;
    }
    let hint = match (session.chain.hops.len(), session.chain.ending()) {
        (0, _) => return None,
        (_, Some(_)) => Hint::Ended,
        (1, None) => Hint::Stopped,
        (_, None) => Hint::Looking,
    };
    model.hints.contains(&hint).then_some(hint)
}
