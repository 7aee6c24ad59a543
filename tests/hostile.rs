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
#[path = "hostile/program.rs"]
mod program;
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
    each(cases, at_least, Case::play);
}

/// Every case through the program.
fn trace(cases: Vec<Case>, at_least: usize) {
    each(cases, at_least, Case::trace);
}

fn secured() -> Vec<Case> {
    let cases = heads::cases().into_iter().chain(bodies::cases());
    cases.filter_map(Case::secured).chain(sessions::cases()).collect()
}

fn each(cases: Vec<Case>, at_least: usize, act: fn(&Case) -> Result<(), String>) {
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = act(case) {
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
fn broken_sessions_and_the_same_answers_over_tls_are_survived() {
    play(secured(), 100);
}

#[test]
fn broken_http2_is_survived() {
    play(frames::cases(), 35);
}

#[test]
fn the_program_survives_every_answer() {
    trace(heads::cases().into_iter().chain(bodies::cases()).collect(), 110);
}

#[test]
fn the_program_survives_every_answer_over_tls() {
    trace(secured(), 100);
}

#[test]
fn the_program_survives_broken_http2() {
    trace(frames::cases(), 35);
}
