//! What a hop costs beneath the domain: a chain per protocol over loopback, a head, a coded body.
//!
//! The servers run in threads of this process, so the chains are for comparing before with after, not with other programs.
//! For that: `hyperfine -N 'hopstep trace URL' 'curl -sL URL'` (README, Speed).

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may panic")]
#![allow(dead_code, reason = "the helpers are shared with the tests")]

#[path = "../tests/wire/http2.rs"]
mod http2;
#[path = "../tests/wire/run.rs"]
mod run;
#[path = "../tests/wire/server.rs"]
mod server;
#[path = "../tests/wire/tls.rs"]
mod tls;

use std::net::SocketAddr;

use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use bytes::Bytes;
use divan::Bencher;
use divan::counter::BytesCount;
use hopstep::domain::http::head_parser::parse_response;
use hopstep::domain::http::settings::Settings;
use run::Run;
use server::Server;
use tokio::io::AsyncWriteExt;

/// What nginx sends with a redirect.
const REDIRECT: &str = "HTTP/1.1 302 Moved Temporarily\r\nServer: nginx/1.22.1\r\nDate: Sun, 22 Nov 2026 04:40:27 GMT\r\n\
    Content-Type: text/html\r\nContent-Length: 5\r\nConnection: keep-alive\r\nLocation: /next\r\n\r\nmoved";

/// Hops a chain, the first with its connection.
const HOPS: usize = 10;

fn main() {
    divan::main();
}

fn chain(settings: &Settings, url: &str) {
    let mut run = Run::new(settings.clone());
    for _ in 0..HOPS {
        assert_eq!(run.get(url).status(), Some(302));
    }
}

#[divan::bench]
fn ten_hops_over_http(bencher: Bencher<'_, '_>) {
    let server = Server::answering(REDIRECT);
    let (settings, url) = (Settings::default(), server.url("/x"));
    bencher.bench_local(|| chain(&settings, &url));
}

#[divan::bench]
fn ten_hops_over_https(bencher: Bencher<'_, '_>) {
    let addr = tls::answering(tls::Identity::self_signed("a.test").config(), REDIRECT);
    bencher.bench_local(|| chain(&insecure(), &secure(addr)));
}

#[divan::bench]
fn ten_hops_over_http2(bencher: Bencher<'_, '_>) {
    let mut config = tls::Identity::self_signed("a.test").config();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let answer = http2::answer("302", &[("location", "/next")], b"moved");
    let addr = tls::serve(config, move |stream| http2::serve(stream, &answer));
    bencher.bench_local(|| chain(&insecure(), &secure(addr)));
}

fn insecure() -> Settings {
    Settings { insecure: true, ..Settings::default() }
}

fn secure(addr: SocketAddr) -> String {
    format!("https://{addr}/x")
}

#[divan::bench]
fn the_head_of_a_redirect(bencher: Bencher<'_, '_>) {
    let raw = Bytes::from_static(REDIRECT.as_bytes());
    bencher.counter(BytesCount::of_slice(&raw)).bench_local(|| parse_response(raw.clone()));
}

#[divan::bench]
fn a_head_of_10_000_lines(bencher: Bencher<'_, '_>) {
    let lines: String = (0..9_999).map(|n| format!("X-{n}: {n}\r\n")).collect();
    let raw = Bytes::from(format!("HTTP/1.1 200 OK\r\n{lines}\r\n"));
    bencher.counter(BytesCount::of_slice(&raw)).bench_local(|| parse_response(raw.clone()));
}

macro_rules! encode {
    ($encoder:ident, $bytes:expr) => {{
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut encoder = $encoder::new(Vec::new());
            encoder.write_all($bytes).await.unwrap();
            encoder.shutdown().await.unwrap();
            encoder.into_inner()
        })
    }};
}

/// 4 MB of text, taken in and decoded.
#[divan::bench(args = ["identity", "gzip", "br", "zstd"])]
fn a_body_of_4_mb(bencher: Bencher<'_, '_>, coding: &str) {
    let text: String =
        (0..80_000).map(|n| format!("line {n} of a page that has many of them\n")).collect();
    let body = match coding {
        "gzip" => encode!(GzipEncoder, text.as_bytes()),
        "br" => encode!(BrotliEncoder, text.as_bytes()),
        "zstd" => encode!(ZstdEncoder, text.as_bytes()),
        _ => text.clone().into_bytes(),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {length}\r\n\r\n"
    );
    let server = Server::answering([head.into_bytes(), body].concat());
    let url = server.url("/");
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let exchange = Run::new(Settings::default()).get(&url);
        assert_eq!(exchange.body.decoded_size, text.len() as u64);
    });
}
