//! The program in a real terminal: what it draws, how it stops, and what it leaves behind.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

#[path = "support/server.rs"]
mod server;
#[path = "support/terminal.rs"]
mod terminal;

use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

use terminal::{HOPSTEP, PATIENCE, Terminal, command, hopstep};

const CTRL_C: &str = "\x03";
const CTRL_Z: &str = "\x1a";

fn chain_of(last: u32) -> String {
    format!("http://127.0.0.1:{}/1", server::chain(last))
}

/// hopstep stopped at the first hop of a chain.
fn at_first_hop() -> Terminal {
    let terminal = hopstep(&[&chain_of(3)]);
    terminal.wait_for_text("GET 302");
    terminal
}

#[test]
fn the_first_frame_appears_on_the_alternate_screen() {
    let mut terminal = hopstep(&[]);
    terminal.wait_for("alternate screen", |output| output.parser.screen().alternate_screen());
    terminal.wait_for("frame", |output| !output.parser.screen().contents().trim().is_empty());
    terminal.keys(CTRL_C);
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}

#[test]
fn keys_step_through_a_chain() {
    let mut terminal = at_first_hop();
    terminal.keys("s");
    terminal.wait_for_text("2 GET 302");
    terminal.keys("s");
    terminal.wait_for_text("3 GET 200");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}

#[test]
fn a_long_chain_is_recorded_whole_however_soon_one_quits() {
    let home = tempfile::tempdir().unwrap();
    let mut long = command(HOPSTEP, &["--max-hops", "50", &chain_of(30)]);
    long.env("HOME", home.path());
    long.env_remove("XDG_STATE_HOME");
    let mut terminal = Terminal::start(long, 80, 24);
    terminal.wait_for_text("GET 302");
    terminal.keys("c");
    terminal.wait_for("the end of the chain", |output| {
        let screen = output.parser.screen().contents();
        screen.contains("30 GET 200") && !screen.contains("Esc cancel")
    });
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    let mut history = std::process::Command::new(HOPSTEP);
    history.args(["history", "--format", "json"]).env("HOME", home.path());
    let listed = history.env_remove("XDG_STATE_HOME").output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert!(listed.contains("\"hops\":30"), "{listed}");
}

#[test]
fn a_storm_of_resizes_is_survived() {
    let mut terminal = at_first_hop();
    for turn in 0..200u16 {
        terminal.resize(1 + turn * 7 % 150, 1 + turn * 5 % 60);
        if turn % 10 == 0 {
            terminal.keys("jk\t");
        }
    }
    terminal.resize(120, 40);
    terminal.wait_for("frame after the storm", |output| {
        let screen = output.parser.screen();
        screen.contents().contains("GET 302")
            && !screen.rows(0, 120).last().unwrap().trim().is_empty()
    });
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn deadly_signals_leave_a_clean_terminal() {
    for (name, number) in [("TERM", 15), ("HUP", 1), ("INT", 2), ("QUIT", 3)] {
        let mut terminal = at_first_hop();
        terminal.signal(name);
        assert_eq!(terminal.exit_status(), 128 + number, "{name}");
        terminal.wait_until_restored();
    }
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_leaves_a_clean_terminal_and_a_message() {
    for place in ["loop", "thread"] {
        let mut command = command(HOPSTEP, &[]);
        command.env("HOPSTEP_TEST_PANIC", place);
        let mut terminal = Terminal::start(command, 80, 24);
        assert_eq!(terminal.exit_status(), 101);
        terminal.wait_until_restored();
        terminal.wait_for_text("panicked at");
        terminal.wait_for_text("a panic");
    }
}

/// Waits until a shell with job control says that hopstep was stopped, and brings it back.
fn is_stopped_and_brought_back(stop: impl Fn(&mut Terminal)) {
    let script = format!("{HOPSTEP} {}; echo stopped; read line; fg; echo ended $?", chain_of(3));
    let mut terminal = Terminal::start(command("sh", &["-mc", &script]), 80, 24);
    terminal.wait_for_text("GET 302");
    stop(&mut terminal);
    terminal.wait_for_text("stopped");
    terminal.wait_until_restored();
    terminal.keys("\n");
    terminal.wait_for("screen as before", |output| {
        let screen = output.parser.screen();
        screen.alternate_screen() && screen.hide_cursor() && screen.contents().contains("GET 302")
    });
    terminal.keys("s");
    terminal.wait_for_text("2 GET 302");
    terminal.keys("q");
    terminal.wait_for_text("ended 0");
    terminal.wait_until_restored();
}

#[test]
fn ctrl_z_gives_the_terminal_back_and_fg_takes_it_again() {
    is_stopped_and_brought_back(|terminal| terminal.keys(CTRL_Z));
}

#[test]
#[cfg(target_os = "linux")]
fn a_stop_signal_from_outside_gives_the_terminal_back_too() {
    is_stopped_and_brought_back(|terminal| {
        // the shell's only child
        let id = terminal.process_id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        terminal::signal(children.trim(), "TSTP");
    });
}

#[test]
fn ctrl_z_where_nobody_could_continue_goes_on() {
    let mut terminal = at_first_hop();
    terminal.keys(CTRL_Z);
    terminal.keys("s");
    terminal.wait_for_text("2 GET 302");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn ctrl_c_cancels_what_runs_and_then_quits() {
    let port = server::serve(|_, _| thread::sleep(PATIENCE));
    let mut terminal = hopstep(&[&format!("http://127.0.0.1:{port}/")]);
    terminal.wait_for_text("waiting");
    terminal.keys(CTRL_C);
    terminal.wait_for_text("cancelled");
    terminal.keys(CTRL_C);
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}

#[test]
fn a_server_that_floods_never_keeps_a_key_waiting() {
    let port = server::serve(|_, stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        let hostile = b"\x1b[2J\x1b]0;x\x07\xff\xfe\x9b".repeat(8000);
        while stream.write_all(&hostile).is_ok() {}
    });
    let mut terminal = hopstep(&["--max-body", "100000000", &format!("http://127.0.0.1:{port}/")]);
    terminal.wait_for_text("GET 200");
    terminal.keys("3?");
    terminal.wait_for_text("Stepping through a chain");
    terminal.keys("\x1b");
    terminal.wait_for_text("x1b[2J");
    terminal.keys(CTRL_C);
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    let raw = std::mem::take(&mut terminal.output().raw);
    assert!(!raw.windows(4).any(|bytes| bytes == b"\x1b]0;"), "hostile bytes got out");
}

#[test]
fn nothing_is_drawn_while_nothing_happens() {
    let mut terminal = at_first_hop();
    let until = Instant::now() + PATIENCE;
    // what is still to be told of the hop comes soon; then half a second passes without a byte, ten times the ticking of a clock
    loop {
        let before = terminal.output().raw.len();
        thread::sleep(Duration::from_millis(500));
        if terminal.output().raw.len() == before {
            break;
        }
        assert!(Instant::now() < until, "it draws again and again");
    }
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn quitting_prints_the_last_copied_command() {
    let mut terminal = at_first_hop();
    terminal.keys("y");
    terminal.wait_for_text("curl");
    terminal.keys("c");
    terminal.wait_for_text("OSC 52");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
    terminal.wait_for_text("curl ");
    let sent = terminal.output().raw.windows(7).any(|bytes| bytes == b"\x1b]52;c;");
    assert!(sent, "no OSC 52 sequence");
}

#[test]
fn a_terminal_that_goes_away_ends_the_program_even_without_a_signal() {
    let pair = portable_pty::native_pty_system().openpty(Default::default()).unwrap();
    let mut command = command(HOPSTEP, &[]);
    // so that the kernel sends no SIGHUP
    command.set_controlling_tty(false);
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    assert!(reader.read(&mut [0; 4096]).unwrap() > 0);
    drop((reader, pair.master));
    assert_eq!(child.wait().unwrap().exit_code(), 128 + 1);
}

#[test]
fn a_terminal_that_goes_away_ends_the_demo_without_a_trace() {
    let files = tempfile::tempdir().unwrap();
    let mut command = command(HOPSTEP, &["demo", "checkout"]);
    command.env("TMPDIR", files.path());
    let pair = portable_pty::native_pty_system().openpty(Default::default()).unwrap();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut seen = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("308") {
        let count = reader.read(&mut buffer).unwrap();
        assert!(count > 0);
        seen.extend_from_slice(&buffer[..count]);
    }
    drop((reader, pair.master));
    child.wait().unwrap();
    assert_eq!(std::fs::read_dir(files.path()).unwrap().count(), 0);
}

#[test]
fn keys_come_from_the_terminal_when_standard_input_does_not() {
    let script = format!("{HOPSTEP} {} < /dev/null; echo ended $?", chain_of(3));
    let mut terminal = Terminal::start(command("sh", &["-c", &script]), 80, 24);
    terminal.wait_for_text("1 GET 302");
    terminal.keys("s");
    terminal.wait_for_text("2 GET 302");
    terminal.keys("q");
    terminal.wait_for_text("ended 0");
}

#[test]
fn max_time_ends_a_hop_that_never_answers() {
    let port = server::serve(|_, _| thread::sleep(PATIENCE));
    let mut terminal = hopstep(&["-m", "0.3", &format!("http://127.0.0.1:{port}/")]);
    terminal.wait_for_text("time");
    terminal.wait_for("failed hop", |output| output.parser.screen().contents().contains("✖"));
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn the_body_of_an_earlier_run_stays_readable() {
    let count = Arc::new(AtomicU32::new(0));
    let port = server::serve(move |_, stream| {
        let body = format!("answer {}", count.fetch_add(1, Relaxed) + 1);
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\n";
        let _ = stream.write_all(format!("{head}{body}").as_bytes());
    });
    let mut terminal = hopstep(&[&format!("http://127.0.0.1:{port}/")]);
    terminal.wait_for_text("1 GET 200");
    terminal.keys("3");
    terminal.wait_for_text("answer 1");
    terminal.keys("r");
    terminal.wait_for_text("answer 2");
    terminal.keys("[");
    terminal.wait_for_text("answer 1");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn the_demo_plays_a_scenario_over_https() {
    let mut terminal = Terminal::start(command(HOPSTEP, &["demo", "checkout"]), 120, 40);
    terminal.wait_for_text("1 POST 308");
    terminal.keys("c");
    terminal.wait_for_text("3 GET  200");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}

#[test]
fn a_paste_of_a_megabyte_is_taken_whole_and_keys_go_on() {
    let mut terminal = at_first_hop();
    terminal.keys("d");
    terminal.wait_for_text("sent with POST");
    let text = "0123456789abcde\n".repeat(1 << 16);
    terminal.keys(&format!("\x1b[200~{text}the very end\x1b[201~"));
    terminal.wait_for_text("the very end");
    terminal.keys("\x1b");
    terminal.wait_for_text("s step");
    terminal.keys("s");
    terminal.wait_for_text("2 GET 302");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}

#[test]
fn keys_that_come_while_nobody_reads_are_all_taken() {
    let mut terminal = hopstep(&[]);
    terminal.wait_for("frame", |output| !output.parser.screen().contents().trim().is_empty());
    terminal.signal("STOP");
    // more than is read at once; the last of them ends the program
    terminal.keys(&format!("{}{CTRL_C}", "a".repeat(3000)));
    terminal.signal("CONT");
    assert_eq!(terminal.exit_status(), 0);
}

/// The report of the mouse at this cell, from 1: button 0 pressed, 32 dragged, 64 and 65 the wheel.
fn mouse(button: u8, column: u16, row: u16, end: char) -> String {
    format!("\x1b[<{button};{column};{row}{end}")
}

#[test]
fn the_mouse_selects_opens_scrolls_and_drags() {
    let mut terminal = at_first_hop();
    terminal.keys("s");
    terminal.wait_for_text("▶2 GET 302");
    terminal.keys(&mouse(0, 5, 2, 'M'));
    terminal.wait_for_text("▶1 GET 302");
    terminal.keys(&mouse(65, 5, 2, 'M'));
    terminal.wait_for_text("▶2 GET 302");
    // the border of chain and pane goes down
    let tabs = |row: usize| {
        move |output: &terminal::Output| {
            output
                .parser
                .screen()
                .rows(0, 80)
                .nth(row)
                .is_some_and(|line| line.contains("1 Response"))
        }
    };
    terminal.wait_for("tabs below the chain", tabs(4));
    terminal.keys(&mouse(0, 1, 5, 'M'));
    terminal.keys(&mouse(32, 1, 8, 'M'));
    terminal.keys(&mouse(0, 1, 8, 'm'));
    terminal.wait_for("tabs further down", tabs(7));
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}
