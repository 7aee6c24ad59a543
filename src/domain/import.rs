//! Imports: other programs' words read into a request of ours. One format per file; pure, files come in as an argument.

pub mod curl;
