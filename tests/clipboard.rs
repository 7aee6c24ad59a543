//! Copying: where the text really arrives, while the program runs and after it.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

#[path = "support/desktop.rs"]
mod desktop;
#[path = "support/terminal.rs"]
mod terminal;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use desktop::{Desktop, eventually, have};
use terminal::HOPSTEP;

/// Starts a holder as the program does, and gives it with the word it said.
fn holder(display: &str, text: &str) -> (Child, String) {
    let mut child = Command::new(HOPSTEP)
        .arg("__hold-clipboard")
        .env("DISPLAY", display)
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let mut word = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut word).unwrap();
    (child, word)
}

fn wait_for_end(child: &mut Child) {
    eventually("the holder's end", || child.try_wait().unwrap().is_some());
}

#[test]
fn a_holder_keeps_the_text_until_another_program_copies() {
    if !have(&["Xvfb", "xclip"]) {
        return;
    }
    let desktop = Desktop::start();
    let text = "curl 'http://a.test/ü' \\\n  -d '漢字'";
    let (mut first, word) = holder(&desktop.display, text);
    assert_eq!(word, "claimed\n");
    assert_eq!(desktop.clipboard(), text);
    assert_eq!(desktop.clipboard(), text);
    let (mut second, _) = holder(&desktop.display, "two");
    wait_for_end(&mut first);
    assert_eq!(desktop.clipboard(), "two");
    desktop.copy("three");
    wait_for_end(&mut second);
    assert_eq!(desktop.clipboard(), "three");
}

#[test]
fn a_holder_ends_with_the_desktop() {
    if !have(&["Xvfb"]) {
        return;
    }
    let desktop = Desktop::start();
    let (mut child, _) = holder(&desktop.display, "x");
    drop(desktop);
    wait_for_end(&mut child);
}

#[test]
fn a_holder_without_a_desktop_claims_nothing() {
    let (mut child, word) = holder(":4711", "x");
    assert_eq!(word, "");
    assert!(!child.wait().unwrap().success());
}
