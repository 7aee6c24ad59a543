//! A terminal for tests: the real program in a real pty, its output on an emulated screen.
//!
//! Waiting always has an end ([`PATIENCE`]) and says what stood on the screen when it came.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test program uses its own part; tests may panic"
)]

use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};

/// How long anything may take, on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The program under test.
pub(crate) const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

/// What the program wrote so far.
pub(crate) struct Output {
    pub(crate) parser: vt100::Parser,
    pub(crate) raw: Vec<u8>,
}

pub(crate) struct Terminal {
    output: Arc<(Mutex<Output>, Condvar)>,
    master: Box<dyn MasterPty + Send>,
    // keeps the terminal's settings alive when the program is gone
    _slave: Box<dyn SlavePty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
}

/// A command with the environment of a desktop terminal, but without the desktop.
pub(crate) fn command(program: &str, arguments: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(arguments);
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "SSH_TTY", "SSH_CONNECTION", "TMUX", "NO_COLOR"] {
        command.env_remove(name);
    }
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
    {
        command.env_remove(name);
    }
    for name in ["LC_ALL", "LC_CTYPE", "COLORTERM", "TERM_PROGRAM", "COLORFGBG"] {
        command.env_remove(name);
    }
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    // no test writes to the user's own history
    command.env("HOME", "/nonexistent");
    command.env("RUST_BACKTRACE", "0");
    command.cwd(Path::new(env!("CARGO_MANIFEST_DIR")));
    command
}

/// hopstep with these arguments at 80x24.
pub(crate) fn hopstep(arguments: &[&str]) -> Terminal {
    Terminal::start(command(HOPSTEP, arguments), 80, 24)
}

fn size(cols: u16, rows: u16) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    pub(crate) fn start(command: CommandBuilder, cols: u16, rows: u16) -> Terminal {
        let pair = native_pty_system().openpty(size(cols, rows)).unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let parser = vt100::Parser::new(rows.try_into().unwrap(), cols.try_into().unwrap(), 0);
        let output = Arc::new((Mutex::new(Output { parser, raw: Vec::new() }), Condvar::new()));
        let written = Arc::clone(&output);
        thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let mut output = lock(&written.0);
                output.parser.process(&buffer[..count]);
                output.raw.extend_from_slice(&buffer[..count]);
                written.1.notify_all();
            }
        });
        Terminal { output, master: pair.master, _slave: pair.slave, keys, child }
    }

    pub(crate) fn keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub(crate) fn resize(&self, cols: u16, rows: u16) {
        let mut output = lock(&self.output.0);
        output.parser.screen_mut().set_size(rows.try_into().unwrap(), cols.try_into().unwrap());
        self.master.resize(size(cols, rows)).unwrap();
    }

    /// Waits until the output satisfies this.
    pub(crate) fn wait_for(&self, what: &str, is_there: impl Fn(&Output) -> bool) {
        let until = Instant::now() + PATIENCE;
        let mut output = lock(&self.output.0);
        while !is_there(&output) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no {what}; the screen:\n{}", text(&output));
            let waited = self.output.1.wait_timeout(output, left);
            output = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until this text stands on the screen.
    pub(crate) fn wait_for_text(&self, wanted: &str) {
        self.wait_for(&format!("{wanted:?}"), |output| text(output).contains(wanted));
    }

    pub(crate) fn output(&self) -> MutexGuard<'_, Output> {
        lock(&self.output.0)
    }

    /// The rows of the screen.
    pub(crate) fn text(&self) -> String {
        text(&self.output())
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        signal(&self.process_id().to_string(), name);
    }

    /// Waits for the end of the program and gives its exit status.
    pub(crate) fn exit_status(&mut self) -> u32 {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(Instant::now() < until, "still running; the screen:\n{}", self.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits until the terminal is as a shell wants to find it: main screen, cursor shown, no mouse, no paste mode, lines and echo on.
    pub(crate) fn wait_until_restored(&self) {
        self.wait_for("restored terminal", |output| {
            let screen = output.parser.screen();
            !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
                && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
                && self.is_cooked()
        });
    }

    fn is_cooked(&self) -> bool {
        let modes = self.master.get_termios().unwrap();
        let flags = libc::ICANON | libc::ECHO | libc::ISIG;
        let output = libc::OPOST;
        modes.local_flags.bits() & flags == flags && modes.output_flags.bits() & output == output
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
    }
}

/// Sends a signal to this process.
pub(crate) fn signal(id: &str, name: &str) {
    let kill = std::process::Command::new("kill").args(["-s", name, id]).status();
    assert!(kill.unwrap().success());
}

fn text(output: &Output) -> String {
    output.parser.screen().contents()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
