//! What only a network without a way out can show: name servers that are silent, absent or at a loss, and places without a route.
//!
//! It runs in a network namespace of its own, where no packet can leave the machine, and with a `resolv.conf` of its own;
//! where a namespace can't be made without privileges, it says so and passes.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;

use std::net::UdpSocket;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU8, Ordering};
use std::{env, thread};

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

/// Set for the test that runs inside.
const INSIDE: &str = "HOPSTEP_TEST_OFFLINE";

/// Loopback is up, names come from the files given, and no daemon that looks names up elsewhere can be asked.
const SET_UP: &str = "ip link set lo up && mount --bind \"$0/resolv.conf\" /etc/resolv.conf && \
                      mount --bind \"$0/nsswitch.conf\" /etc/nsswitch.conf && exec \"$@\"";

#[test]
fn dns_and_routes_fail_in_ways_that_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let conf = "nameserver 127.0.0.1\noptions timeout:4 attempts:1\n";
    std::fs::write(folder.path().join("resolv.conf"), conf).unwrap();
    std::fs::write(folder.path().join("nsswitch.conf"), "hosts: files dns\n").unwrap();
    let namespace = |program: &str, args: &[&str]| -> Option<Output> {
        let mut command = Command::new("unshare");
        command.args(["-rmn", "sh", "-c", SET_UP]).arg(folder.path()).arg(program).args(args);
        command.env(INSIDE, "1").output().ok()
    };
    let daemon = ["/run/nscd/socket", "/var/run/nscd/socket"];
    let daemon = daemon.iter().any(|path| std::path::Path::new(path).exists());
    if daemon || !namespace("true", &[]).is_some_and(|output| output.status.success()) {
        return eprintln!("no namespace without privileges: skipped");
    }
    let this = env::current_exe().unwrap();
    let output = namespace(this.to_str().unwrap(), &["--exact", "inside", "--nocapture"]).unwrap();
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}", said(&output.stdout), said(&output.stderr));
    assert!(said(&output.stderr).contains("seen from inside"), "{}", said(&output.stderr));
}

/// Does nothing but within the namespace.
#[test]
fn inside() {
    if env::var_os(INSIDE).is_none() {
        return;
    }
    // nobody listens on port 53 yet; where all is slow, that looks like silence
    fails(&["http://a.test/"], "dns", "No name server ");
    let answer: &'static AtomicU8 = Box::leak(Box::default());
    let socket = UdpSocket::bind("127.0.0.1:53").unwrap();
    thread::spawn(move || name_server(&socket, answer));
    fails(&["http://b.test/"], "dns", "No name server answered in time for b.test.");
    let proxy = ["-x", "http://p.test:1", "http://b.test/"];
    fails(&proxy, "proxy", "The proxy can't be found: No name server answered in time for p.test.");
    let brief = ["--connect-timeout", "1.5", "http://c.test/"];
    fails(&brief, "timeout", "The name c.test could not be looked up in time.");
    let all = "The time limit was reached while the host name was being looked up.";
    fails(&["-m", "1.5", "http://d.test/"], "timeout", all);
    answer.store(NOT_FOUND, Ordering::SeqCst);
    fails(&["http://e.test/"], "dns", "The host name e.test does not exist or has no address.");
    answer.store(EMPTY, Ordering::SeqCst);
    fails(&["http://f.test/"], "dns", "The host name f.test does not exist or has no address.");
    // addresses for documentation (RFC 5737, RFC 3849): there is no way to anywhere in here
    fails(&["http://198.51.100.1/"], "connect", "There is no route to 198.51.100.1 port 80.");
    fails(&["http://[2001:db8::1]/"], "connect", "There is no route to [2001:db8::1] port 80.");
    let proxy = ["-x", "https://198.51.100.1:3128", "https://a.test/"];
    fails(&proxy, "proxy", "The proxy 198.51.100.1:3128 can't be reached.");
    eprintln!("seen from inside");
}

const NOT_FOUND: u8 = 3;
const EMPTY: u8 = 100;

/// Silent until it is told which code to answer with.
fn name_server(socket: &UdpSocket, answer: &AtomicU8) {
    let mut buffer = [0; 1024];
    while let Ok((length, from)) = socket.recv_from(&mut buffer) {
        let code = match answer.load(Ordering::SeqCst) {
            0 => continue,
            EMPTY => 0,
            code => code,
        };
        let query = &buffer[..length];
        let head = [&query[..2], &[0x81, 0x80 | code], &query[4..6], &[0; 6]].concat();
        let _ = socket.send_to(&[&head, &query[12..]].concat(), from);
    }
}

fn fails(args: &[&str], kind: &str, message: &str) {
    let output = programs::clean(HOPSTEP).args(["trace", "--format", "json"]).args(args).output();
    let output = output.unwrap();
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let error = &document["hops"][0]["error"];
    assert_eq!(error["kind"], kind, "{error}");
    assert!(error["message"].as_str().is_some_and(|text| text.starts_with(message)), "{error}");
    assert_eq!(output.status.code(), Some(4), "{args:?}");
}
