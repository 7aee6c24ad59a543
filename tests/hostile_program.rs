//! The hostile cases through the program: its exit status, one document, nothing invisible, no panic, memory in bounds, an end.
//!
//! In a process of its own: what a child held is measured, and the kernel counts from before its program was loaded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "hostile/all.rs"]
mod all;
#[path = "hostile/bodies.rs"]
mod bodies;
#[path = "hostile/case.rs"]
mod case;
#[path = "hostile/frames.rs"]
mod frames;
#[path = "hostile/handshakes.rs"]
mod handshakes;
#[path = "hostile/heads.rs"]
mod heads;
#[path = "wire/http2.rs"]
mod http2;
#[path = "hostile/lines.rs"]
mod lines;
#[path = "hostile/program.rs"]
mod program;
#[path = "wire/run.rs"]
mod run;
#[path = "wire/server.rs"]
mod server;
#[path = "hostile/sessions.rs"]
mod sessions;
#[path = "hostile/streams.rs"]
mod streams;
#[path = "wire/tls.rs"]
mod tls;

use std::sync::{Mutex, PoisonError};

use case::Case;

/// One list at a time, so that this process stays smaller than what it measures.
fn trace(cases: fn() -> Vec<Case>, at_least: usize) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    all::each(cases(), at_least, Case::trace);
}

#[test]
fn the_program_survives_every_answer() {
    trace(all::plain, 115);
}

#[test]
fn the_program_survives_broken_sessions() {
    trace(all::sessions, 50);
}

#[test]
fn the_program_survives_broken_http2() {
    trace(all::http2, 150);
}
