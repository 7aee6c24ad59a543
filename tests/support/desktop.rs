//! Programs from outside that tests need: a desktop without a screen, tmux.
//!
//! A test whose program is absent says so in a line and passes; under CI it fails.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test program uses its own part; tests may panic"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use crate::terminal::PATIENCE;

/// Whether these programs are there.
pub(crate) fn have(programs: &[&str]) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |program: &&&str| {
        !std::env::split_paths(&path).any(|folder| folder.join(program).is_file())
    };
    let absent: Vec<_> = programs.iter().filter(is_there).collect();
    assert!(absent.is_empty() || std::env::var_os("CI").is_none(), "absent: {absent:?}");
    if !absent.is_empty() {
        eprintln!("skipped: {absent:?} not installed");
    }
    absent.is_empty()
}

/// An X server without a screen.
pub(crate) struct Desktop {
    server: Child,
    pub(crate) display: String,
}

impl Desktop {
    pub(crate) fn start() -> Desktop {
        // left to choose for themselves, two servers that start together can end up with half a display each
        static NEXT: AtomicU32 = AtomicU32::new(0);
        (0..20)
            .find_map(|_| Desktop::at(std::process::id() % 5_000 * 10 + NEXT.fetch_add(1, Relaxed)))
            .unwrap()
    }

    /// `None`: the number is taken.
    fn at(number: u32) -> Option<Desktop> {
        let display = format!(":{}", 1000 + number);
        // the server says its number on descriptor 1 when it is ready
        let server = Command::new("Xvfb")
            .args([&display, "-displayfd", "1", "-noreset", "-nolisten", "tcp"])
            .args(["-screen", "0", "64x64x24"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut desktop = Desktop { server, display };
        let mut line = String::new();
        BufReader::new(desktop.server.stdout.take()?).read_line(&mut line).unwrap();
        (!line.trim().is_empty()).then_some(desktop)
    }

    /// What the clipboard holds.
    pub(crate) fn clipboard(&self) -> String {
        String::from_utf8(self.xclip("-o").output().unwrap().stdout).unwrap()
    }

    /// Another program copies something.
    pub(crate) fn copy(&self, text: &str) {
        let mut xclip = self.xclip("-i").stdin(Stdio::piped()).spawn().unwrap();
        xclip.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        xclip.wait().unwrap();
        // xclip goes to the background before it has told the server
        eventually("xclip's text", || self.clipboard() == text);
    }

    fn xclip(&self, direction: &str) -> Command {
        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard", direction]).env("DISPLAY", &self.display);
        command.stdout(if direction == "-o" { Stdio::piped() } else { Stdio::null() });
        command.stderr(Stdio::null());
        command
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// A tmux server of our own.
pub(crate) struct Tmux {
    socket: String,
}

impl Tmux {
    pub(crate) fn new(name: &str) -> Tmux {
        Tmux { socket: format!("hopstep-test-{}-{name}", std::process::id()) }
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("tmux");
        command.args(["-f", "/dev/null", "-L", &self.socket]).args(arguments);
        for name in ["TMUX", "DISPLAY", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION"] {
            command.env_remove(name);
        }
        // the server hands its environment on
        for name in ["http_proxy", "all_proxy", "ALL_PROXY", "NO_COLOR", "LC_ALL", "LC_CTYPE"] {
            command.env_remove(name);
        }
        command.env("LANG", "C.UTF-8").env("HOME", "/nonexistent");
        command.output().unwrap()
    }

    pub(crate) fn says(&self, arguments: &[&str]) -> String {
        String::from_utf8_lossy(&self.run(arguments).stdout).into_owned()
    }

    /// Waits until this text is on the pane.
    pub(crate) fn wait_for_text(&self, text: &str) {
        eventually(text, || self.says(&["capture-pane", "-p"]).contains(text));
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        self.run(&["kill-server"]);
    }
}

/// Asks again and again until it is so.
pub(crate) fn eventually(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "never came: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
