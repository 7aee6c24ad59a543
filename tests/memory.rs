//! Memory stays bounded whatever is sent. In a process of its own, so that only this is measured.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]
#![cfg(target_os = "linux")]

#[path = "wire/run.rs"]
mod run;
#[path = "wire/server.rs"]
mod server;

use hopstep::domain::http::body::Bodies;
use hopstep::domain::http::settings::Settings;
use run::Run;
use server::Server;

/// The process's high-water mark.
fn high_water_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn a_body_of_100_mb_takes_less_than_64_mb_of_memory() {
    let server = Server::new(|peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
        (0..1000u32).all(|n| peer.send(&[n as u8; 100_000]));
    });
    let mut run = Run::new(Settings::default());
    let exchange = run.get(&server.url("/"));
    assert_eq!((exchange.body.size, exchange.body.decoded_size), (100_000_000, 100_000_000));
    assert!(exchange.body.complete && exchange.failure.is_none());
    assert_eq!(run.store.read(exchange.body.id, 99_999_990, 99), [231; 10]);
    assert_eq!(run.store.read(exchange.body.id, 49_999_999, 2), [243, 244]);
    let used = high_water_kib();
    assert!(used < 64 * 1024, "{used} KiB");
}
