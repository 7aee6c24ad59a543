//! What others fail to do never keeps a key waiting: servers that stop in the middle, a disk that takes nothing, a terminal that no longer
//! reads.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

#[path = "support/terminal.rs"]
mod terminal;

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use portable_pty::{PtySize, native_pty_system};
use tempfile::TempDir;
use terminal::{HOPSTEP, Terminal, command, hopstep};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";

/// The URL of a server that answers so and then does nothing more, until the client is gone.
fn stalls_after(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/page", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || drop(stall(stream, &answer)));
        }
    });
    url
}

fn stall(mut stream: TcpStream, answer: &str) -> std::io::Result<()> {
    let mut buffer = [0; 4096];
    let _ = stream.read(&mut buffer)?;
    stream.write_all(answer.as_bytes())?;
    while stream.read(&mut buffer)? > 0 {}
    Ok(())
}

/// The help opens and closes, the request is cancelled, and the program ends when it is told to.
fn keys_work(mut terminal: Terminal) {
    terminal.keys("?");
    terminal.wait_for_text("Stepping through a chain");
    terminal.keys("q");
    terminal.wait_for("the screen below", |output| {
        !output.parser.screen().contents().contains("Stepping through a chain")
    });
    terminal.keys("\x03");
    terminal.wait_for_text("cancelled");
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_until_restored();
}

#[test]
fn a_server_that_never_answers_keeps_no_key_waiting() {
    let terminal = hopstep(&[&stalls_after(String::new())]);
    terminal.wait_for_text("Esc cancels");
    keys_work(terminal);
}

#[test]
fn a_server_that_stops_within_its_head_keeps_no_key_waiting() {
    let terminal = hopstep(&[&stalls_after("HTTP/1.1 200 OK\r\nContent-Ty".to_owned())]);
    terminal.wait_for_text("receiving");
    keys_work(terminal);
}

#[test]
fn a_body_that_stops_is_shown_as_far_as_it_came() {
    let answer = format!("{HEAD}Content-Length: 1000000\r\n\r\nthe first words");
    let mut terminal = hopstep(&[&stalls_after(answer)]);
    terminal.wait_for_text("GET 200");
    terminal.keys("3");
    terminal.wait_for_text("the first words");
    keys_work(terminal);
}

/// hopstep where no file can be written: neither history nor bodies nor saved ones.
fn on_a_full_disk(home: &TempDir, url: &str) -> Terminal {
    let script = format!("ulimit -f 0; exec {HOPSTEP} {url}");
    let mut program = command("sh", &["-c", &script]);
    program.env("HOME", home.path());
    program.cwd(home.path());
    Terminal::start(program, 80, 24)
}

#[test]
fn a_full_disk_is_told_and_keeps_no_key_waiting() {
    let size = 20 << 20;
    let answer = format!("{HEAD}Content-Length: {size}\r\n\r\n{}", "some text\n".repeat(size / 10));
    let home = tempfile::tempdir().unwrap();
    let mut terminal = on_a_full_disk(&home, &stalls_after(answer));
    terminal.wait_for_text("could not be kept");
    terminal.wait_for_text("history: ");
    terminal.keys("3");
    terminal.wait_for_text("some text");
    terminal.keys("S\r");
    terminal.wait_for_text("not saved");
    terminal.keys("H");
    terminal.wait_for_text("history: ");
    terminal.keys("\x03");
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn a_terminal_that_reads_no_more_does_not_keep_the_program_alive() {
    let size = PtySize { rows: 60, cols: 200, pixel_width: 0, pixel_height: 0 };
    let pair = native_pty_system().openpty(size).unwrap();
    let url = stalls_after(format!("{HEAD}\r\n{}", "words ".repeat(10_000)));
    let mut child = pair.slave.spawn_command(command(HOPSTEP, &[&url])).unwrap();
    let mut keys = pair.master.take_writer().unwrap();
    // nobody reads: sooner or later a frame does not fit
    for _ in 0..50 {
        keys.write_all(b"3vwvwv12345678?q").unwrap();
    }
    signal(child.process_id().unwrap(), "TERM");
    assert!(!child.wait().unwrap().success());
}

fn signal(process: u32, name: &str) {
    let status =
        std::process::Command::new("kill").args(["-s", name, &process.to_string()]).status();
    assert!(status.unwrap().success());
}

/// The sitemap comes once the terminal has said that it is waited for.
#[test]
fn a_file_that_check_fetches_is_named_while_it_is_waited_for() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (told, waits) = std::sync::mpsc::channel::<()>();
    let sitemap = format!("<urlset><url><loc>{origin}/page</loc></url></urlset>");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // the first is asked for the sitemap; every later one finds nobody left to wait for
            let _ = waits.recv();
            let length = sitemap.len();
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}");
            let _ = stall(stream, &format!("{head}\r\n\r\n{sitemap}"));
        }
    });
    let url = format!("{origin}/sitemap.xml");
    let mut terminal = Terminal::start(command(HOPSTEP, &["check", &url]), 100, 24);
    terminal.wait_for_text(&format!("fetching {origin}"));
    drop(told);
    terminal.wait_for_text("held");
    assert!(!terminal.text().contains("fetching"), "{}", terminal.text());
    assert_eq!(terminal.exit_status(), 0);
}

#[test]
fn a_dumb_terminal_gets_text_without_escapes() {
    let url = stalls_after(format!("{HEAD}Content-Length: 4\r\n\r\ndone"));
    let mut program = command(HOPSTEP, &[&url]);
    program.env("TERM", "dumb");
    let mut terminal = Terminal::start(program, 80, 24);
    assert_eq!(terminal.exit_status(), 0);
    terminal.wait_for_text("200 OK in");
    assert!(!terminal.output().raw.contains(&0x1b));
}

#[test]
fn the_line_of_progress_names_the_hop_that_is_waited_for() {
    let url = stalls_after(format!("{HEAD}Content-Length: 9\r\n\r\nsome"));
    let mut terminal = Terminal::start(command(HOPSTEP, &["trace", &url]), 80, 24);
    terminal.wait_for_text("hop 1: receiving");
    terminal.signal("INT");
    assert_eq!(terminal.exit_status(), 130);
}
