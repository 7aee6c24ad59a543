//! Copying: where the text really arrives, while the program runs and after it.

#![cfg(all(unix, not(target_os = "macos")))]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

#[path = "support/desktop.rs"]
mod desktop;
#[path = "support/server.rs"]
mod server;
#[path = "support/terminal.rs"]
mod terminal;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use desktop::{Desktop, Tmux, eventually, have};
use terminal::{HOPSTEP, Terminal, command};

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

fn url() -> String {
    format!("http://127.0.0.1:{}/1", server::chain(2))
}

/// hopstep at the first hop with the copy menu's first row chosen, in this environment.
fn copied_in(url: &str, environment: &[(&str, &str)]) -> Terminal {
    let mut command = command(HOPSTEP, &[url]);
    environment.iter().for_each(|(name, value)| command.env(name, value));
    let mut terminal = Terminal::start(command, 100, 30);
    terminal.wait_for_text("GET 302");
    terminal.keys("yc");
    terminal
}

#[test]
fn a_copy_reaches_the_desktop_and_stays_when_the_program_is_gone() {
    if !have(&["Xvfb", "xclip"]) {
        return;
    }
    let (desktop, url) = (Desktop::start(), url());
    let mut terminal = copied_in(&url, &[("DISPLAY", &desktop.display)]);
    terminal.wait_for_text("copied to the clipboard");
    let copied = desktop.clipboard();
    assert!(copied.contains(&url), "{copied}");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    drop(terminal);
    assert_eq!(desktop.clipboard(), copied);
    desktop.copy("something else");
}

#[test]
fn a_copy_just_before_the_end_is_not_lost() {
    if !have(&["Xvfb", "xclip"]) {
        return;
    }
    let (desktop, url) = (Desktop::start(), url());
    let mut terminal = copied_in(&url, &[("DISPLAY", &desktop.display)]);
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    assert!(desktop.clipboard().contains(&url));
}

#[test]
fn the_holder_survives_a_hangup_of_the_terminal() {
    if !have(&["Xvfb", "xclip"]) {
        return;
    }
    let (desktop, url) = (Desktop::start(), url());
    let mut terminal = copied_in(&url, &[("DISPLAY", &desktop.display)]);
    terminal.wait_for_text("copied to the clipboard");
    terminal.signal("HUP");
    assert_eq!(terminal.exit_status(), 128 + 1);
    drop(terminal);
    assert!(desktop.clipboard().contains(&url));
}

#[test]
fn an_unreachable_desktop_falls_back_to_the_terminal() {
    let terminal = copied_in(&url(), &[("DISPLAY", ":4711")]);
    terminal.wait_for_text("OSC 52");
}

#[test]
fn over_ssh_the_desktop_of_the_server_is_left_alone() {
    if !have(&["Xvfb", "xclip"]) {
        return;
    }
    let desktop = Desktop::start();
    let environment = [("DISPLAY", desktop.display.as_str()), ("SSH_CONNECTION", "::1 1 ::1 22")];
    let terminal = copied_in(&url(), &environment);
    terminal.wait_for_text("OSC 52");
    assert_eq!(desktop.clipboard(), "");
}

#[test]
fn where_there_is_no_clipboard_at_all_the_text_is_shown() {
    let url = url();
    let terminal = copied_in(&url, &[("TERM", "linux")]);
    terminal.wait_for_text("not copied");
    terminal.wait_for_text(&url);
    let raw = &terminal.output().raw;
    assert!(!raw.windows(5).any(|bytes| bytes == b"\x1b]52;"));
}

#[test]
fn tmux_takes_what_is_sent_to_the_terminal() {
    if !have(&["tmux"]) {
        return;
    }
    let (tmux, url) = (Tmux::new("copy"), url());
    let program = format!("{HOPSTEP} {url}; cat");
    tmux.run(&["new-session", "-d", "-x", "100", "-y", "30", "sleep 600"]);
    tmux.run(&["set-option", "-g", "set-clipboard", "on"]);
    tmux.run(&["new-window", &program]);
    tmux.wait_for_text("GET 302");
    tmux.run(&["send-keys", "y", "c"]);
    tmux.wait_for_text("OSC 52");
    eventually("tmux's buffer", || tmux.says(&["show-buffer"]).contains(&url));
    // and a clean screen with the last command on it
    tmux.run(&["send-keys", "q"]);
    eventually("the main screen", || tmux.says(&["display", "-p", "#{alternate_on}"]) == "0\n");
    tmux.wait_for_text(&url);
}
