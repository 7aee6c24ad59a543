//! What outlives a run: the history.

pub mod history;
