//! HTTP/2 that breaks its own rules: SETTINGS, windows, resets, GOAWAY, HPACK, sizes.

use std::net::Shutdown;

use hopstep::domain::http::failure::FailureKind::{Body, Protocol, Timeout};
use hopstep::domain::http::head::DeviationKind::NoStatus;

use crate::case::Case;
use crate::http2::{answer, field, frame, greet_with, headers, long_field, settings};
use crate::server::Server;

/// Greets with these SETTINGS, writes these frames once a request is in, and waits until the other side closes.
fn sent(name: &'static str, values: &'static [(u16, u32)], frames: Vec<u8>) -> Case {
    Case::at(name, move || {
        let frames = frames.clone();
        let act = move |peer: &mut crate::server::Peer| {
            greet_with(&mut peer.stream, values);
            peer.send(&frames);
            peer.wait_for_close();
        };
        Server::new(act).addr
    })
    .over_http2()
}

/// The same, then nothing more is written.
fn cut(name: &'static str, frames: Vec<u8>) -> Case {
    Case::at(name, move || {
        let frames = frames.clone();
        let act = move |peer: &mut crate::server::Peer| {
            greet_with(&mut peer.stream, &[]);
            peer.send(&frames);
            let _ = peer.stream.shutdown(Shutdown::Write);
            peer.wait_for_close();
        };
        Server::new(act).addr
    })
    .over_http2()
}

/// The same, then the connection is reset (RFC 9293 §3.5.2) once the frames are taken in.
fn reset_after(name: &'static str, frames: Vec<u8>) -> Case {
    Case::at(name, move || {
        let frames = frames.clone();
        let act = move |peer: &mut crate::server::Peer| {
            greet_with(&mut peer.stream, &[]);
            peer.send(&frames);
            crate::server::wait_until_read(&peer.stream);
            let _ =
                socket2::SockRef::from(&peer.stream).set_linger(Some(std::time::Duration::ZERO));
        };
        Server::new(act).addr
    })
    .over_http2()
}

/// RST_STREAM with this error code.
fn rst(code: u32) -> Vec<u8> {
    frame(3, 0, 1, &code.to_be_bytes())
}

/// GOAWAY after this stream, with this error code and debug data.
fn goaway(last: u32, code: u32, debug: &[u8]) -> Vec<u8> {
    frame(7, 0, 0, &[&last.to_be_bytes(), &code.to_be_bytes(), debug].concat())
}

pub(crate) fn data(bytes: &[u8], end: bool) -> Vec<u8> {
    frame(0, u8::from(end), 1, bytes)
}

/// A whole head of these fields, the status first.
pub(crate) fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    let fields: Vec<u8> = fields.iter().flat_map(|(name, value)| field(name, value)).collect();
    frame(1, 5, 1, &fields)
}

/// A header block in as many frames as it takes.
fn in_pieces(block: &[u8]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = block.chunks(16_000).collect();
    let last = pieces.len() - 1;
    let frames = pieces.iter().enumerate().map(|(n, piece)| {
        let kind = if n == 0 { 1 } else { 9 };
        let flags = u8::from(n == 0) | if n == last { 4 } else { 0 };
        frame(kind, flags, 1, piece)
    });
    frames.collect::<Vec<_>>().concat()
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = connection();
    cases.extend(windows());
    cases.extend(resets());
    cases.extend(goaways());
    cases.extend(compression());
    cases.extend(shapes());
    cases
}

fn connection() -> Vec<Case> {
    let fine = || answer("200", &[], b"x");
    let broken = |name, frames| sent(name, &[], frames).fails(Protocol, "");
    let said = |name, values| sent(name, values, fine()).status(200).keeps("x");
    let refused = |name, values| sent(name, values, Vec::new()).fails(Protocol, "");
    vec![
        refused("SETTINGS of a window past 31 bits", &[(4, 0x8000_0000)]),
        refused("SETTINGS of frames below 16 KiB", &[(5, 100)]),
        refused("SETTINGS of frames past 24 bits", &[(5, 0x0100_0000)]),
        refused("SETTINGS that half allow a push", &[(2, 2)]),
        said("SETTINGS of unknown names", &[(0xabc, 5), (0, 0), (0xffff, u32::MAX)]),
        said("a header table of 4 GB", &[(1, u32::MAX)]),
        said("a header table of nothing", &[(1, 0)]),
        said("the same setting a hundred times", &[(4, 65_535); 100]),
        broken("SETTINGS on a stream", frame(4, 0, 1, &[])),
        broken("an acknowledgement with a payload", frame(4, 1, 0, &[0; 6])),
        broken("a PING of seven bytes", frame(6, 0, 0, &[0; 7])),
        broken("a PING on a stream", frame(6, 0, 1, &[0; 8])),
        broken("a GOAWAY of four bytes", frame(7, 0, 0, &[0; 4])),
        broken("a GOAWAY on a stream", frame(7, 0, 1, &[0; 8])),
        broken("a reset of three bytes", frame(3, 0, 1, &[0; 3])),
        broken("a reset of the connection's stream", frame(3, 0, 0, &[0; 4])),
        broken("a reset of a stream nobody opened", frame(3, 0, 99, &[0; 4])),
        broken("a head on the connection's stream", frame(1, 5, 0, &field(":status", "200"))),
        broken("a head on a stream nobody opened", frame(1, 5, 99, &field(":status", "200"))),
        broken("a head on the server's stream", frame(1, 5, 2, &field(":status", "200"))),
        broken("data on the connection's stream", frame(0, 1, 0, b"abc")),
        broken("data on a stream nobody opened", frame(0, 1, 99, b"abc")),
        broken("a push of three bytes", frame(5, 4, 1, &[0; 3])),
    ]
}

fn windows() -> Vec<Case> {
    let update = |stream, by: u32| frame(8, 0, stream, &by.to_be_bytes());
    vec![
        sent("a window that never opens", &[(4, 0)], Vec::new())
            .posting(100_000)
            .limit(400)
            .fails(Timeout, ""),
        sent("a window that opens by one byte", &[(4, 0)], update(1, 1))
            .posting(100_000)
            .limit(400)
            .fails(Timeout, ""),
        sent("a window taken back", &[], settings(&[(4, 0)]).repeat(50))
            .posting(100_000)
            .limit(400)
            .fails(Timeout, ""),
        sent("a window that opens by nothing", &[], update(0, 0)).fails(Protocol, ""),
        sent("a stream's window that opens by nothing", &[], update(1, 0)).fails(Protocol, ""),
        // of no use to one who has sent everything: h2 passes it over, the tap does not
        sent("a stream's window past 31 bits", &[], update(1, 0x7fff_ffff))
            .fails(Protocol, "broke the rules of HTTP/2"),
        sent("a stream's window past 31 bits while we send", &[], update(1, 0x7fff_ffff).repeat(2))
            .posting(100_000)
            .fails(Protocol, "broke the rules of HTTP/2"),
        sent("the connection's window past 31 bits", &[], update(0, 0x7fff_ffff))
            .fails(Protocol, ""),
        sent("a head that waits for no window", &[], {
            frame(0, 0, 1, &[b'a'; 16_000]).repeat(1000)
        })
        .fails(Protocol, "broke the rules of HTTP/2"),
        sent("a window update of three bytes", &[], frame(8, 0, 0, &[0; 3])).fails(Protocol, ""),
        sent("a window for a stream nobody opened", &[], update(99, 1)).fails(Protocol, ""),
        sent("windows without need", &[], {
            [update(0, 1).repeat(5000), update(1, 1).repeat(5000), answer("200", &[], b"x")]
                .concat()
        })
        .status(200)
        .keeps("x"),
    ]
}

fn resets() -> Vec<Case> {
    let head = || headers("200", &[], false);
    let half = || frame(1, 0, 1, &field(":status", "200"));
    let interim = || headers("103", &[("link", "</a>")], false);
    let framed = |name, frames: &[Vec<u8>]| Case::framed(name, frames.concat());
    vec![
        framed("a reset without an error", &[rst(0)]).fails(Protocol, ""),
        framed("a reset for too much calm", &[rst(11)]).fails(Protocol, ""),
        framed("a reset that asks for HTTP/1.1", &[rst(13)]).fails(Protocol, ""),
        framed("a reset of an unknown kind", &[rst(0xdead_beef)]).fails(Protocol, ""),
        framed("a reset after an interim response", &[interim(), rst(8)]).fails(Protocol, ""),
        framed("a reset inside a header block", &[half(), rst(8)]).status(200).fails(Protocol, ""),
        framed("a reset right after the head", &[head(), rst(8)]).status(200).fails(Body, ""),
        framed("a reset without an error in the body", &[head(), data(b"abc", false), rst(0)])
            .status(200)
            .fails(Body, "after 3 bytes")
            .keeps("abc"),
        framed("a reset after the end", &[answer("200", &[], b"x"), rst(8)]).status(200).keeps("x"),
        framed("a reset instead of trailers", &[head(), data(b"", false), rst(2)])
            .status(200)
            .fails(Body, ""),
        cut("the end of the connection before the head", Vec::new()).fails(Protocol, ""),
        cut("the end of the connection after an interim response", interim()).fails(Protocol, ""),
        cut("the end of the connection in a header block", half())
            .status(200)
            .fails(Protocol, "ended in the middle"),
        cut("the end of the connection after the head", head()).status(200).fails(Body, ""),
        cut("the end of the connection in a frame's head", [head(), vec![0, 0, 9]].concat())
            .status(200)
            .fails(Body, ""),
        reset_after("a TCP reset before the head", Vec::new()).fails(Protocol, ""),
        reset_after("a TCP reset in a header block", half())
            .status(200)
            .fails(Protocol, "in the middle"),
        reset_after("a TCP reset after the head", head()).status(200).fails(Body, ""),
        reset_after("a TCP reset in the body", [head(), data(b"abc", false)].concat())
            .status(200)
            .fails(Body, ""),
    ]
}

fn goaways() -> Vec<Case> {
    let head = || headers("200", &[], false);
    let broken = |name, frames: Vec<u8>| cut(name, frames).fails(Protocol, "");
    vec![
        broken("GOAWAY without an error", goaway(0, 0, b"")),
        broken("GOAWAY that speaks in escapes", goaway(0, 2, b"\x1b[2J\x1b]0;owned\x07\xff\0")),
        broken("GOAWAY that speaks at length", goaway(0, 1, &[b'a'; 16_000])),
        broken("GOAWAY of an unknown kind", goaway(0, 0xdead_beef, b"")),
        cut("GOAWAY in the body", [head(), data(b"abc", false), goaway(0, 2, b"")].concat())
            .status(200)
            .fails(Body, ""),
        cut(
            "GOAWAY that lets the body end",
            [head(), data(b"ab", false), goaway(1, 0, b""), data(b"c", true)].concat(),
        )
        .status(200)
        .keeps("abc"),
        cut(
            "GOAWAY again and again",
            [goaway(1, 0, b"").repeat(1000), answer("200", &[], b"x")].concat(),
        )
        .status(200)
        .keeps("x"),
        cut(
            "GOAWAY that takes back what it said",
            [goaway(0, 0, b""), goaway(9, 0, b""), answer("200", &[], b"x")].concat(),
        )
        .status(200)
        .fails(Protocol, ""),
    ]
}

fn compression() -> Vec<Case> {
    let noise = |name, bytes: &[u8]| Case::framed(name, frame(1, 5, 1, bytes)).fails(Protocol, "");
    let status = field(":status", "200");
    let after = |bytes: &[u8]| [&status[..], bytes].concat();
    // one entry of 4,000 bytes goes into the table, a byte each brings it back
    let mut bomb = after(&[0x40, 1, b'a', 127, 0x80 | (3873 % 128) as u8, (3873 / 128) as u8]);
    bomb.extend([b'b'; 4000]);
    bomb.extend([0xbe; 12_000]);
    vec![
        noise("an index of nothing", &after(&[0x80])).status(200),
        noise("an index past the table", &after(&[0xff, 0x80, 0x01])).status(200),
        noise("an index past 64 bits", &after(&[[0xff; 12], [0xff; 12]].concat())).status(200),
        noise("a name cut short", &after(&[0, 100, b'a'])).status(200),
        noise("a value cut short", &after(&[0, 1, b'a', 90, b'b'])).status(200),
        noise("a Huffman code of nothing", &after(&[0, 0x84, 0xff, 0xff, 0xff, 0xff, 0]))
            .status(200),
        noise(
            "a table past what is allowed",
            &[&[0x3f, 0xff, 0xff, 0xff, 0x7f], &status[..]].concat(),
        ),
        noise("a table resized in the middle", &after(&[0x20])).status(200),
        noise("a header block of nothing", &[])
            .status(0)
            .fails(Protocol, "no :status")
            .noting(NoStatus),
        noise("a header bomb", &bomb).status(200).fails(Protocol, "larger than 400 KiB"),
        Case::framed("a header bomb in pieces", {
            let [first, rest] = [frame(1, 0, 1, &bomb), frame(9, 0, 1, &[0xbe; 16_000])];
            [first, rest.repeat(100), frame(9, 4, 1, &[0xbe])].concat()
        })
        .status(200)
        .fails(Protocol, "larger than 400 KiB"),
        Case::framed("padding past its frame", frame(1, 5 | 8, 1, &after(&[0])[..1].repeat(4)))
            .status(0)
            .fails(Protocol, ""),
        Case::framed("a head that depends on itself", {
            frame(1, 5 | 0x20, 1, &[&[0, 0, 0, 1, 16], &status[..]].concat())
        })
        .status(200)
        .fails(Protocol, ""),
    ]
}

fn shapes() -> Vec<Case> {
    let location = |size: usize| {
        [field(":status", "302"), long_field("location", &format!("/{}", "a".repeat(size)))]
            .concat()
    };
    let head = || frame(1, 0, 1, &field(":status", "200"));
    vec![
        Case::framed("a Location of 300 KB", in_pieces(&location(300_000))).status(302),
        Case::framed("a Location of 5 MB", in_pieces(&location(5_000_000)))
            .status(302)
            .fails(Protocol, "larger than 400 KiB"),
        Case::framed("data in a header block", [head(), data(b"abc", false)].concat())
            .status(200)
            .fails(Protocol, ""),
        sent("another stream in a header block", &[], [head(), frame(9, 4, 99, &[])].concat())
            .status(200)
            .fails(Protocol, ""),
        Case::framed("padding past its data", frame(0, 8, 1, &[200, 0, 0])).fails(Protocol, ""),
        sent("a frame of 16 MB announced", &[], vec![0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 1])
            .fails(Protocol, ""),
        sent("silence in a header block", &[], head())
            .status(200)
            .limit(150)
            .fails(Timeout, "while the head of the response"),
        sent("silence in a frame's head", &[], vec![0, 0]).limit(150).fails(Timeout, ""),
        Case::framed("an empty body", answer("200", &[], b"")).status(200).keeps(""),
    ]
}
