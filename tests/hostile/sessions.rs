//! TLS sessions that break: before, in and after the handshake.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

use hopstep::domain::http::failure::FailureKind::{Body, Protocol, Timeout, Tls};

use crate::case::Case;
use crate::tls::{Identity, Stream, read_head, serve};

/// A plain listener that does this to every connection.
fn plain(act: fn(&mut TcpStream)) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            std::thread::spawn(move || act(&mut stream));
        }
    });
    addr
}

/// A TLS server that does this once the handshake is done.
fn secure(act: fn(&mut Stream)) -> SocketAddr {
    serve(Identity::self_signed("a.test").config(), act)
}

fn case(name: &'static str, act: fn(&mut TcpStream)) -> Case {
    Case::at(name, move || plain(act)).over_tls()
}

fn after(name: &'static str, act: fn(&mut Stream)) -> Case {
    Case::at(name, move || secure(act)).over_tls()
}

fn answer(stream: &mut Stream, bytes: &[u8]) {
    read_head(stream);
    let _ = stream.write_all(bytes);
    let _ = stream.flush();
}

pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("plain HTTP on a TLS port", |s| drop(s.write_all(b"HTTP/1.1 400 Bad\r\n\r\n")))
            .fails(Tls, "does not speak TLS"),
        case("noise on a TLS port", |s| drop(s.write_all(&[0xa5; 5000])))
            .fails(Tls, "does not speak TLS"),
        case("a close at once", |_| ()).fails(Tls, "during the TLS handshake"),
        case("a close after the hello", |s| drop(s.read(&mut [0; 4096])))
            .fails(Tls, "during the TLS handshake"),
        case("a fatal alert", |s| {
            let _ = s.read(&mut [0; 4096]);
            let _ = s.write_all(&[0x15, 3, 3, 0, 2, 2, 40]);
        })
        .fails(Tls, "refused the TLS handshake"),
        case("an alert about the version", |s| {
            let _ = s.read(&mut [0; 4096]);
            let _ = s.write_all(&[0x15, 3, 3, 0, 2, 2, 70]);
        })
        .fails(Tls, "no TLS version or cipher in common"),
        case("an alert about the name", |s| {
            let _ = s.read(&mut [0; 4096]);
            let _ = s.write_all(&[0x15, 3, 3, 0, 2, 2, 112]);
        })
        .fails(Tls, "does not know the name"),
        case("a hello of zeros", |s| {
            let _ = s.read(&mut [0; 4096]);
            let _ = s.write_all(&[0x16, 3, 3, 0, 40]);
            let _ = s.write_all(&[0; 40]);
        })
        .fails(Tls, ""),
        case(
            "silence instead of a hello",
            |s| while s.read(&mut [0; 4096]).is_ok_and(|n| n > 0) {},
        )
        .limit(2000)
        .fails(Timeout, "during the TLS handshake"),
        after("a close without an answer", |s| drop(read_head(s)))
            .fails(Protocol, "without answering"),
        after("half a head", |s| answer(s, b"HTTP/1.1 302 F\r\nLocation: /y\r\n"))
            .status(302)
            .fails(Protocol, "middle of its head"),
        after("a NUL in the head", |s| answer(s, b"HTTP/1.1 302 F\r\nA: \0\r\n\r\n"))
            .status(302)
            .fails(Protocol, "NUL"),
        after("a short body", |s| answer(s, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))
            .status(200)
            .fails(Body, "3 of the 9 bytes")
            .keeps("abc"),
        after("a body cut off without a TLS close", |s| answer(s, b"HTTP/1.1 200 OK\r\n\r\nabc"))
            .status(200)
            .fails(Body, "")
            .keeps("abc"),
        after("noise in the session", |s| {
            answer(s, b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
            let _ = s.sock.write_all(&[0x17, 3, 3, 0, 30]);
            let _ = s.sock.write_all(&[7; 30]);
        })
        .fails(Tls, "session with 127.0.0.1 broke"),
        after("a body without end", |s| {
            answer(s, b"HTTP/1.1 200 OK\r\n\r\n");
            while s.write_all(&[b'x'; 16384]).is_ok() {}
        })
        .status(200)
        .truncated_at(2 << 20),
    ]
}
