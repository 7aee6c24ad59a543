//! The commands without a terminal.

pub mod check;
pub mod clients;
pub mod compare;
pub mod explain;
pub mod history;
pub mod lab;
pub mod open;
pub mod trace;
