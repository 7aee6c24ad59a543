//! How the program is started: whatever its caller did with the standard descriptors.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]
#![cfg(unix)]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;

use std::process::Output;

use recorder::{Recorder, Seen, respond};

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

/// Run by a shell that first does something to the descriptors.
fn started(redirection: &str, url: &str) -> Output {
    let script = format!("exec {HOPSTEP} trace {url} {redirection}");
    programs::clean("sh").args(["-c", &script]).output().unwrap()
}

#[test]
fn what_is_printed_never_reaches_a_socket_that_took_the_place_of_a_closed_descriptor() {
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let world = Recorder::start(|seen: &Seen| match seen.target.as_str() {
            "/one" => respond("302 Found", &["Location: /end"], ""),
            _ => respond("200 OK", &[], "the end\n"),
        });
        let output = started(closed, &world.url("/one"));
        assert_eq!(output.status.code(), Some(0), "{closed}");
        let seen = world.take();
        let targets: Vec<_> = seen.iter().map(|one| one.target.as_str()).collect();
        assert_eq!(targets, ["/one", "/end"], "{closed}");
        let printed = String::from_utf8(output.stdout).unwrap();
        assert_eq!(printed.is_empty(), [">&-", "<&- >&- 2>&-"].contains(&closed), "{closed}");
    }
}
