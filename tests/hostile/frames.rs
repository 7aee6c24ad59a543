//! HTTP/2 that breaks: streams, connections, header blocks, floods.

use std::net::Shutdown;

use hopstep::domain::http::failure::FailureKind::{Body, Protocol, Timeout};
use hopstep::domain::http::head::DeviationKind::{
    BadStatus, ConnectionField, ControlByte, LineBreak, NoStatus, UpperCase,
};

use crate::case::Case;
use crate::http2::{answer, field, frame, greet_with, headers, reset};
use crate::server::Peer;

fn doing(name: &'static str, act: fn(&mut Peer)) -> Case {
    Case::doing(name, act).over_http2()
}

/// Greets and reads until the head of the request is in.
fn greet(peer: &mut Peer) {
    greet_with(&mut peer.stream, &[]);
}

/// The same frame as long as the other side takes it.
fn endless(peer: &mut Peer, frame: &[u8]) {
    greet(peer);
    while peer.send(&frame.repeat(100)) {}
}

fn goaway(code: u32) -> Vec<u8> {
    frame(7, 0, 0, &[0u32.to_be_bytes(), code.to_be_bytes()].concat())
}

fn joined(frames: &[Vec<u8>]) -> Vec<u8> {
    frames.concat()
}

/// So many fields, in frames that continue a header block.
fn continued(fields: usize) -> Vec<u8> {
    let piece = frame(9, 0, 1, &field("x-filler", &"b".repeat(40)).repeat(250));
    piece.repeat(fields / 250)
}

/// The end of a header block.
fn last_piece() -> Vec<u8> {
    frame(9, 4, 1, &field("a", "b"))
}

pub(crate) fn cases() -> Vec<Case> {
    let head = headers("200", &[], false);
    let data = |bytes: &[u8], end: bool| frame(0, u8::from(end), 1, bytes);
    let broken = |name, frames| Case::framed(name, frames).fails(Protocol, "");
    vec![
        Case::framed("a fine answer", answer("302", &[("location", "/y")], b"body"))
            .status(302)
            .keeps("body"),
        broken("a reset instead of a head", reset()),
        broken("a refused stream", frame(3, 0, 1, &7u32.to_be_bytes())),
        broken("GOAWAY instead of a head", goaway(2)),
        broken("GOAWAY for too much calm", goaway(11)),
        broken("a head without a status", frame(1, 5, 1, &field("a", "b")))
            .status(0)
            .fails(Protocol, "no :status")
            .noting(NoStatus),
        broken("a status of letters", frame(1, 5, 1, &field(":status", "abc")))
            .status(0)
            .fails(Protocol, ":status of the response")
            .noting(BadStatus),
        broken(
            "a name in upper case",
            frame(1, 5, 1, &[field(":status", "200"), field("Bad", "1")].concat()),
        )
        .status(200)
        .fails(Protocol, "not in lower case (Bad)")
        .noting(UpperCase),
        broken("a field of the connection", headers("200", &[("connection", "close")], true))
            .status(200)
            .fails(Protocol, "does not have (connection)")
            .noting(ConnectionField),
        broken("a header block that is noise", frame(1, 5, 1, &[0xff; 40])),
        broken("data before the head", data(b"abc", false)),
        broken("a frame past its size", frame(0, 0, 1, &[0; 20_000])),
        broken("CONTINUATION out of place", frame(9, 4, 1, &field(":status", "200"))),
        broken("a push nobody allowed", frame(5, 4, 1, &[0, 0, 0, 2])),
        broken("a window past 31 bits", frame(8, 0, 0, &0x7fff_ffffu32.to_be_bytes())),
        broken("a SETTINGS of the wrong size", frame(4, 0, 0, &[0; 5])),
        Case::framed(
            "frames of an unknown kind",
            joined(&[frame(0x55, 0, 1, &[1; 50]), answer("200", &[], b"x")]),
        )
        .status(200)
        .keeps("x"),
        Case::framed("a reset in the body", joined(&[head.clone(), data(b"abc", false), reset()]))
            .status(200)
            .fails(Body, "HTTP/2 stream"),
        Case::framed(
            "a body shorter than its length",
            joined(&[headers("200", &[("content-length", "9")], false), data(b"abc", true)]),
        )
        .status(200)
        .fails(Body, "the rules of HTTP/2"),
        Case::framed(
            "a body longer than its length",
            joined(&[headers("200", &[("content-length", "1")], false), data(b"abc", true)]),
        )
        .status(200)
        .fails(Body, "the rules of HTTP/2"),
        Case::framed("a head and silence", head.clone())
            .limit(3000)
            .status(200)
            .fails(Timeout, "while the body of the response"),
        doing("silence after the preface", |peer| {
            greet(peer);
            peer.wait_for_close();
        })
        .limit(2000)
        .fails(Timeout, "before the server answered"),
        doing("a close after the preface", greet).fails(Protocol, ""),
        doing("HTTP/1 to an HTTP/2 client", |peer| {
            peer.send(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
            peer.wait_for_close();
        })
        .status(400)
        .fails(Protocol, "answered in HTTP/1"),
        doing("SETTINGS without end", |peer| {
            greet(peer);
            while peer.send(&frame(4, 0, 0, &[]).repeat(100)) {}
        })
        .limit(1500)
        .fails(Timeout, ""),
        doing("PINGs without end", |peer| {
            greet(peer);
            while peer.send(&frame(6, 0, 0, &[0; 8]).repeat(100)) {}
        })
        .limit(1500)
        .fails(Timeout, ""),
        doing("empty CONTINUATIONs without end", |peer| {
            greet(peer);
            peer.send(&frame(1, 0, 1, &field(":status", "200")));
            while peer.send(&frame(9, 0, 1, &[]).repeat(100)) {}
        })
        .status(200)
        .fails(Protocol, ""),
        doing("PRIORITY without end", |peer| endless(peer, &frame(2, 0, 1, &[0, 0, 0, 3, 16])))
            .limit(1500)
            .fails(Timeout, ""),
        doing("unknown frames without end", |peer| endless(peer, &frame(0x55, 0, 1, &[1; 50])))
            .limit(1500)
            .fails(Timeout, ""),
        doing("windows without end", |peer| endless(peer, &frame(8, 0, 0, &[0, 0, 0, 1])))
            .limit(1500)
            .fails(Timeout, ""),
        doing("GOAWAY without end", |peer| {
            endless(peer, &frame(7, 0, 0, &[0, 0, 0, 1, 0, 0, 0, 0]))
        })
        .limit(1500)
        .fails(Timeout, ""),
        doing("resets without end", |peer| endless(peer, &reset())).fails(Protocol, ""),
        doing("padding without end", |peer| {
            greet(peer);
            peer.send(&headers("200", &[], false));
            let piece = frame(0, 8, 1, &[&[255][..], &[0; 255]].concat()).repeat(100);
            while peer.send(&piece) {}
        })
        .status(200)
        .fails(Body, ""),
        doing("trailers without end", |peer| {
            greet(peer);
            peer.send(&headers("200", &[], false));
            peer.send(&frame(1, 1, 1, &field("a", "b")));
            let piece = frame(9, 0, 1, &field("a", &"b".repeat(100)).repeat(100));
            while peer.send(&piece) {}
        })
        .status(200)
        .fails(Body, ""),
        doing("a head that drips", |peer| {
            greet(peer);
            for byte in headers("302", &[("location", "/y")], true).repeat(9) {
                std::thread::sleep(std::time::Duration::from_millis(40));
                if !peer.send(&[byte]) {
                    return;
                }
            }
        })
        .limit(300)
        .fails(Timeout, ""),
        doing("CONTINUATION without end", |peer| {
            greet(peer);
            peer.send(&frame(1, 0, 1, &field(":status", "200")));
            let piece = frame(9, 0, 1, &field("a", &"b".repeat(100)).repeat(100));
            while peer.send(&piece) {}
        })
        .status(200)
        .fails(Protocol, "larger than 400 KiB"),
        doing("interim responses without end", |peer| {
            greet(peer);
            let piece = headers("103", &[("link", "</a>")], false).repeat(100);
            while peer.send(&piece) {}
        })
        .fails(Protocol, "interim"),
        Case::framed(
            "30 interim responses",
            joined(&[headers("103", &[("a", "b")], false).repeat(30), answer("200", &[], b"x")]),
        )
        .status(200)
        .keeps("x"),
        Case::framed(
            "15,000 fields",
            joined(&[frame(1, 0, 1, &field(":status", "302")), continued(15_000), last_piece()]),
        )
        .status(302)
        .fails(Protocol, "larger than 400 KiB"),
        Case::framed(
            "100,000 fields",
            joined(&[frame(1, 0, 1, &field(":status", "302")), continued(100_000), last_piece()]),
        )
        .status(302)
        .fails(Protocol, "larger than 400 KiB"),
        Case::framed(
            "a body that is a bomb of nothing",
            answer("200", &[("content-encoding", "gzip")], b""),
        )
        .status(200)
        .keeps(""),
        Case::framed(
            "text called gzip",
            answer("200", &[("content-encoding", "gzip")], b"plain text"),
        )
        .status(200)
        .fails(Body, "broken from")
        .keeps("plain text"),
        Case::framed("escape sequences in a value", headers("200", &[("a", "\x1b[2J")], true))
            .status(200)
            .noting(ControlByte)
            .fails(Protocol, "control byte (a)"),
        Case::framed(
            "a Location of two lines",
            headers("302", &[("location", "/y\r\nX: 1")], true),
        )
        .status(302)
        .noting(LineBreak)
        .fails(Protocol, "line break (location)"),
        doing("a body that drips", |peer| {
            greet(peer);
            peer.send(&headers("200", &[], false));
            while peer.send(&frame(0, 0, 1, b"x")) {
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
        })
        .limit(3000)
        .status(200)
        .fails(Timeout, "while the body of the response"),
        doing("empty DATA without end", |peer| {
            greet(peer);
            peer.send(&headers("200", &[], false));
            while peer.send(&frame(0, 0, 1, &[]).repeat(100)) {}
        })
        .status(200)
        .fails(Body, "the rules of HTTP/2"),
        doing("a close in a frame", |peer| {
            greet(peer);
            peer.send(&headers("200", &[], false));
            peer.send(&frame(0, 0, 1, &[b'x'; 100])[..50]);
            // a close with our SETTINGS unread would be a reset
            let _ = peer.stream.shutdown(Shutdown::Write);
            peer.wait_for_close();
        })
        .status(200)
        .fails(Body, "HTTP/2 stream"),
        doing("DATA past every window", |peer| {
            greet(peer);
            peer.send(&headers("200", &[], false));
            let piece = frame(0, 0, 1, &[b'x'; 16000]);
            while peer.send(&piece) {}
        })
        .status(200)
        .fails(Body, "the rules of HTTP/2"),
    ]
}
