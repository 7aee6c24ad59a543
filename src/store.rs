//! What outlives a run: the history, and which hints were told.

pub mod hints;
pub mod history;
