//! The commands without a terminal.

pub mod check;
pub mod clients;
pub mod compare;
pub mod explain;
pub mod history;
mod interrupt;
pub mod lab;
pub mod open;
pub mod printing;
pub mod trace;
