//! Bodies: cut short, misframed, endless, dripping, bombs, broken codings.

use async_compression::Level;
use async_compression::tokio::write::{BrotliEncoder, GzipEncoder, ZstdEncoder};
use hopstep::domain::http::failure::FailureKind::{Body, Timeout};
use tokio::io::AsyncWriteExt;

use crate::case::Case;
use crate::server::{Peer, wait_until_read};

macro_rules! encode {
    ($encoder:ident, $bytes:expr) => {{
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut encoder = $encoder::with_quality(Vec::new(), Level::Fastest);
            encoder.write_all($bytes).await.unwrap();
            encoder.shutdown().await.unwrap();
            encoder.into_inner()
        })
    }};
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = framing();
    cases.extend(chunks());
    cases.extend(codings());
    cases.extend(endless());
    cases
}

fn answer(fields: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\n{fields}\r\n").as_bytes(), body].concat()
}

fn framing() -> Vec<Case> {
    let case = |name, fields: &str, body: &str| {
        Case::closing(name, answer(fields, body.as_bytes())).status(200)
    };
    vec![
        case("a body to the end of the connection", "", "hello").keeps("hello"),
        case("a short body", "Content-Length: 9\r\n", "abc")
            .fails(Body, "3 of the 9 bytes")
            .keeps("abc"),
        case("a body that never begins", "Content-Length: 9\r\n", "")
            .fails(Body, "0 of the 9 bytes"),
        case("a body of 10 GB that is not there", "Content-Length: 9999999999\r\n", "abc")
            .fails(Body, "short"),
        case("bytes after the body", "Content-Length: 3\r\n", "abcdefgh").keeps("abc"),
        case("a second response unasked", "Content-Length: 3\r\n", "abcHTTP/1.1 200 OK\r\n\r\n")
            .keeps("abc"),
        case(
            "both lengths",
            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
            "3\r\nabc\r\n0\r\n\r\n",
        )
        .keeps("abc"),
        case("a transfer coding that is not chunked", "Transfer-Encoding: gzip\r\n", "abc")
            .keeps("abc"),
        case(
            "a transfer coding whose name ends in chunked",
            "Transfer-Encoding: xchunked\r\n",
            "abc",
        )
        .keeps("abc"),
        case("chunked twice", "Transfer-Encoding: chunked, chunked\r\n", "3\r\nabc\r\n0\r\n\r\n"),
        case("equal lengths twice", "Content-Length: 3\r\nContent-Length: 3\r\n", "abc")
            .keeps("abc"),
        Case::closing("a body with 204", "HTTP/1.1 204 No\r\n\r\nhello").status(204).keeps(""),
        Case::closing("a body with 304", "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\nhello")
            .status(304)
            .keeps(""),
        Case::doing("a reset in the body", |peer| {
            let mut some = [0; 4];
            std::io::Read::read_exact(&mut peer.stream, &mut some).unwrap();
            peer.send(&answer("Content-Length: 9\r\n", b"abc"));
            wait_until_read(&peer.stream);
        })
        .status(200)
        .fails(Body, "reset in the body, after 3 bytes")
        .keeps("abc"),
        Case::doing("a body that drips", drip)
            .limit(3000)
            .status(200)
            .fails(Timeout, "while the body of the response"),
    ]
}

fn drip(peer: &mut Peer) {
    peer.request();
    peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    while peer.send(b"x") {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
}

fn chunks() -> Vec<Case> {
    let case = |name, body: &str| {
        Case::closing(name, answer("Transfer-Encoding: chunked\r\n", body.as_bytes())).status(200)
    };
    let long = "x".repeat(100_000);
    vec![
        case("chunks with extensions and trailers", "3;a=\"b\"\r\nabc\r\n0\r\nX-T: 1\r\n\r\n")
            .keeps("abc"),
        case("a chunk size of letters", "3\r\nabc\r\nzz\r\n")
            .fails(Body, "malformed after 3 bytes")
            .keeps("abc"),
        case("a negative chunk size", "-3\r\nabc\r\n").fails(Body, "malformed"),
        case("an empty chunk size", "\r\n\r\n").fails(Body, "malformed"),
        case("a chunk size past 64 bits", "fffffffffffffffff\r\nabc").fails(Body, "malformed"),
        case("a chunk size with 0x", "0x3\r\nabc\r\n0\r\n\r\n").fails(Body, "malformed"),
        case("a chunk without its end", "3\r\nabcdef\r\n0\r\n\r\n").fails(Body, "malformed"),
        case("a chunk cut short", "9\r\nabc").fails(Body, "before its last chunk").keeps("abc"),
        case("no last chunk", "3\r\nabc\r\n").fails(Body, "before its last chunk").keeps("abc"),
        case("no end after the last chunk", "3\r\nabc\r\n0\r\n")
            .fails(Body, "before its last chunk")
            .keeps("abc"),
        case("a chunk extension of 100 KB", &format!("3;{long}\r\nabc\r\n0\r\n\r\n"))
            .fails(Body, ""),
        case("a trailer of 100 KB", &format!("3\r\nabc\r\n0\r\nX: {long}\r\n\r\n"))
            .fails(Body, "")
            .keeps("abc"),
        case("a malformed trailer", "3\r\nabc\r\n0\r\nno colon\r\n\r\n")
            .fails(Body, "")
            .keeps("abc"),
        case("no body at all", "").fails(Body, "before its last chunk"),
        case("a million chunks of one byte", &format!("{}0\r\n\r\n", "1\r\nx\r\n".repeat(200_000))),
    ]
}

fn codings() -> Vec<Case> {
    let coded = |name, coding: &str, body: &[u8]| {
        Case::closing(
            name,
            answer(
                &format!("Content-Encoding: {coding}\r\nContent-Length: {}\r\n", body.len()),
                body,
            ),
        )
        .status(200)
    };
    let zeros = vec![0u8; 16 << 20];
    let text = b"hello hello hello hello".repeat(100);
    let gzip = encode!(GzipEncoder, &text);
    let (half, mut flipped) = (&gzip[..gzip.len() / 2], gzip.clone());
    let middle = gzip.len() / 2;
    flipped[middle] ^= 0xff;
    let junk = [&gzip[..], b"trailing junk"].concat();
    vec![
        coded("a gzip bomb", "gzip", &encode!(GzipEncoder, &zeros)).truncated_at(1 << 20),
        coded("a brotli bomb", "br", &encode!(BrotliEncoder, &zeros)).truncated_at(1 << 20),
        coded("a zstd bomb", "zstd", &encode!(ZstdEncoder, &zeros)).truncated_at(1 << 20),
        coded("a bomb in a bomb", "gzip, gzip", &{
            let inner = encode!(GzipEncoder, &zeros);
            encode!(GzipEncoder, &inner)
        })
        .truncated_at(1 << 20),
        coded("gzip cut short", "gzip", half).fails(Body, "coding of the body is broken"),
        coded("gzip with a flipped bit", "gzip", &flipped)
            .fails(Body, "coding of the body is broken"),
        coded("text called gzip", "gzip", b"plain text")
            .fails(Body, "broken from")
            .keeps("plain text"),
        coded("text called br", "br", b"plain text that is not brotli at all")
            .fails(Body, "broken"),
        coded("text called zstd", "zstd", b"plain text").fails(Body, "broken").keeps("plain text"),
        coded("a zstd window of 2 GB", "zstd", &[0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 1, 0, 0])
            .fails(Body, "broken"),
        coded("junk after gzip", "gzip", &junk).keeps(text.clone()),
        coded("an empty gzip body", "gzip", b"").keeps(""),
        coded("a coding nobody knows", "snappy", b"abc").keeps("abc"),
        coded("nine codings", &["gzip"; 9].join(", "), b"abc").keeps("abc"),
        coded("a coding of control bytes", "gz\x01ip", b"abc"),
    ]
}

fn endless() -> Vec<Case> {
    vec![
        Case::doing("a body without end", |peer| stream(peer, ""))
            .status(200)
            .truncated_at(3 << 20),
        Case::doing("chunks without end", |peer| {
            peer.request();
            peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            let chunk = format!("10000\r\n{}\r\n", "x".repeat(65536));
            while peer.send(chunk.as_bytes()) {}
        })
        .status(200)
        .truncated_at(3 << 20),
        Case::doing("trailers without end", |peer| {
            peer.request();
            peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
            while peer.send(&b"X: y\r\n".repeat(1000)) {}
        })
        .status(200)
        .fails(Body, ""),
        Case::doing("a redirect's body without end", |peer| {
            peer.request();
            peer.send(b"HTTP/1.1 302 Found\r\nLocation: /y\r\n\r\n");
            while peer.send(&[b'x'; 65536]) {}
        })
        .status(302)
        .truncated_at(1 << 40),
    ]
}

fn stream(peer: &mut Peer, fields: &str) {
    peer.request();
    peer.send(&answer(fields, b""));
    while peer.send(&[b'x'; 65536]) {}
}
