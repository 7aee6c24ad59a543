//! hopstep: a terminal debugger for HTTP redirects.

pub mod app;
pub mod cli;
pub mod domain;
pub mod headless;
pub mod lab;
pub mod shell;
pub mod tui;
