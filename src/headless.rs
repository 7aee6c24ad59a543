//! The commands without a terminal.

pub mod lab;
pub mod trace;
