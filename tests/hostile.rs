//! Hostile and broken servers: every case ends in time, with an honest outcome and bounded memory, and nothing panics.
//!
//! One line a case: what the server does, what is recorded, and a word of what is said.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "hostile/bodies.rs"]
mod bodies;
#[path = "hostile/case.rs"]
mod case;
#[path = "hostile/frames.rs"]
mod frames;
#[path = "hostile/heads.rs"]
mod heads;
#[path = "wire/http2.rs"]
mod http2;
#[path = "wire/run.rs"]
mod run;
#[path = "wire/server.rs"]
mod server;
#[path = "hostile/sessions.rs"]
mod sessions;
#[path = "wire/tls.rs"]
mod tls;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::Case;

/// Plays every case, a few at a time, and lists all that went wrong. There are at least so many.
fn play(cases: Vec<Case>, at_least: usize) {
    assert!(cases.len() >= at_least);
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = case.play() {
                        wrong.lock().unwrap().push(format!("{}: {why}", case.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn heads_of_every_kind_are_survived() {
    play(heads::cases(), 65);
}

#[test]
fn bodies_of_every_kind_are_survived() {
    play(bodies::cases(), 45);
}

#[test]
fn broken_sessions_are_survived() {
    play(sessions::cases(), 15);
}

#[test]
fn broken_http2_is_survived() {
    play(frames::cases(), 25);
}
