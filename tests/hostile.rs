//! Hostile and broken servers: every case ends in time, with an honest outcome and bounded memory, and nothing panics.
//!
//! One line a case: what the server does, what is recorded, and a word of what is said. tests/hostile_program.rs plays the same
//! through the program.

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

use all::each;
use case::Case;

#[test]
fn http1_answers_of_every_kind_are_survived() {
    each(all::plain(), 115, Case::play);
}

#[test]
fn broken_sessions_are_survived() {
    each(all::sessions(), 50, Case::play);
}

#[test]
fn broken_http2_is_survived() {
    each(all::http2(), 150, Case::play);
}

#[test]
fn the_same_answers_over_tls_are_survived() {
    each(all::secured(), 95, Case::play);
}

#[test]
fn broken_http2_over_tls_is_survived() {
    each(all::secured_http2(), 85, Case::play);
}
