//! Heads: none, half, foreign, malformed, oversized, endless.

use hopstep::domain::http::failure::FailureKind::{Connect, Protocol, Timeout};
use hopstep::domain::http::method::Method;

use crate::case::Case;
use crate::server::{Peer, wait_until_read};

fn head(lines: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: /y\r\n{lines}Content-Length: 0\r\n\r\n")
}

fn many(lines: usize) -> String {
    (0..lines).map(|n| format!("X-{n}: {n}\r\n")).collect()
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = starts();
    cases.extend(lines());
    cases.extend(floods());
    cases.extend(breaks());
    cases
}

fn starts() -> Vec<Case> {
    let refused = |name, answer: &str, words| Case::closing(name, answer).fails(Protocol, words);
    vec![
        refused("nothing at all", "", "without answering"),
        refused("empty lines only", "\r\n\r\n\r\n", "without answering"),
        refused("half a version", "HTTP/1.", "middle of its head").status(0),
        refused("a status line only", "HTTP/1.1 302 Found\r\n", "middle of its head").status(302),
        refused("no end of the head", "HTTP/1.1 302 F\r\nLocation: /y\r\n", "middle of its head")
            .status(302),
        refused("a line of text", "hello there\r\n\r\n", "not HTTP"),
        refused("a page without a head", "<html>hi</html>\n\n", "not HTTP"),
        refused("escape sequences", "\x1b[2J\x1b]0;owned\x07\r\n\r\n", "not HTTP"),
        refused("SSH", "SSH-2.0-OpenSSH_9.2p1\r\n", "not HTTP"),
        refused("SMTP", "220 mail.test ESMTP\r\n", "not HTTP"),
        refused("a radio stream", "ICY 200 OK\r\n\r\n", "version").status(200),
        refused("HTTP/2 in text", "HTTP/2 200 OK\r\n\r\n", "version").status(200),
        refused("HTTP/1.2", "HTTP/1.2 200 OK\r\n\r\n", "version").status(200),
        refused("a version in lower case", "http/1.1 200 OK\r\n\r\n", "version").status(200),
        refused("a status of two digits", "HTTP/1.1 99 OK\r\n\r\n", "status").status(0),
        refused("a status of four digits", "HTTP/1.1 3021 OK\r\n\r\n", "status").status(0),
        refused("a status below 100", "HTTP/1.1 099 OK\r\n\r\n", "status").status(0),
        refused("a status in letters", "HTTP/1.1 abc OK\r\n\r\n", "status").status(0),
        refused("a negative status", "HTTP/1.1 -30 OK\r\n\r\n", "status").status(0),
        refused("a status past any number", "HTTP/1.1 99999999999 OK\r\n\r\n", "status").status(0),
        refused("no status", "HTTP/1.1\r\n\r\n", "status").status(0),
        refused("a NUL in the status line", "HTTP/1.1 302 F\0o\r\n\r\n", "NUL").status(302),
        Case::closing("status 999", "HTTP/1.1 999 Huh\r\nContent-Length: 0\r\n\r\n").status(999),
        Case::closing("no reason", "HTTP/1.1 302\r\nContent-Length: 0\r\n\r\n").status(302),
        Case::closing("a reason of bytes", b"HTTP/1.1 302 \xff\r\nContent-Length: 0\r\n\r\n")
            .status(302),
        Case::closing("an escape sequence in the reason", "HTTP/1.1 302 \x1b[31m\r\n\r\n")
            .status(302),
        Case::closing("empty lines first", format!("\r\n\r\n{}", head(""))).status(302),
        Case::closing("HTTP/1.0", "HTTP/1.0 302 Found\r\nContent-Length: 0\r\n\r\n").status(302),
        Case::closing(
            "a switch of protocols",
            "HTTP/1.1 101 S\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        )
        .status(101),
    ]
}

fn lines() -> Vec<Case> {
    let borne = |name, lines: &str| Case::closing(name, head(lines)).status(302);
    let refused = |name, lines: &str, words| borne(name, lines).fails(Protocol, words);
    let length = |name, value: &str, words| {
        let answer = format!("HTTP/1.1 302 F\r\nLocation: /y\r\nContent-Length: {value}\r\n\r\n");
        Case::closing(name, answer).status(302).fails(Protocol, words)
    };
    vec![
        borne("a folded line", "A: 1\r\n 2\r\n"),
        borne("space before a colon", "A : 1\r\n"),
        borne("a line without a colon", "nonsense\r\n"),
        borne("a name of spaces and brackets", "a b[]: 1\r\n"),
        borne("a name in UTF-8", "é: 1\r\n"),
        borne("an empty name", ": 1\r\n"),
        borne("escape sequences in a value", "A: \x1b[2J\x1b]52;c;eA==\x07\r\n"),
        borne("bidi controls in a value", "A: \u{202e}moc.elpmaxe\r\n"),
        borne("line feeds only", "A: 1\nB: 2\n"),
        borne("two Locations", "Location: http://evil.test/\r\n"),
        borne("a Location of 300 KB", &format!("Location: /{}\r\n", "a".repeat(300_000))),
        borne("900 field lines", &many(900)),
        borne("9,990 field lines", &many(9990)),
        refused("10,010 field lines", &many(10_010), "10,000 field lines"),
        refused("a NUL in a value", "A: b\0c\r\n", "NUL byte (A)"),
        refused("a NUL in a name", "A\0: b\r\n", "NUL"),
        refused("a CR in a value", "A: b\rc\r\n", "CR that ends no line (A)"),
        length("lengths that differ", "0\r\nContent-Length: 5", "differ"),
        length("lengths that differ in a list", "0, 5", "differ"),
        length("a length with a sign", "+5", "not a number"),
        length("a negative length", "-5", "not a number"),
        length("a length in hex", "0x5", "not a number"),
        length("an empty length", "", "not a number"),
        length("a length past 64 bits", "99999999999999999999999", ""),
    ]
}

fn floods() -> Vec<Case> {
    vec![
        Case::doing("field lines without end", |peer| {
            flood(peer, "HTTP/1.1 302 F\r\n", "A: b\r\n")
        })
        .status(302)
        .fails(Protocol, "field lines"),
        Case::doing("a value without end", |peer| {
            flood(peer, "HTTP/1.1 302 F\r\nA: ", "aaaaaaaaaa")
        })
        .status(302)
        .fails(Protocol, "400 KiB"),
        Case::doing("a reason without end", |peer| flood(peer, "HTTP/1.1 302 ", "aaaaaaaaaa"))
            .status(302)
            .fails(Protocol, "400 KiB"),
        Case::doing("a Location without end", |peer| {
            flood(peer, "HTTP/1.1 302 F\r\nLocation: /", "aaaaaaaaaa")
        })
        .status(302)
        .fails(Protocol, "400 KiB"),
        Case::closing("100,000 field lines", head(&many(100_000)))
            .status(302)
            .fails(Protocol, "10,000 field lines"),
        Case::closing(
            "a Location of 5 MB",
            format!("HTTP/1.1 302 F\r\nLocation: /{}\r\n\r\n", "a".repeat(5_000_000)),
        )
        .status(302)
        .fails(Protocol, "400 KiB"),
        Case::doing("empty lines without end", |peer| flood(peer, "", "\r\n")).fails(Protocol, ""),
        Case::doing("letters without end", |peer| flood(peer, "", "aaaaaaaaaa"))
            .fails(Protocol, ""),
        Case::doing("folds without end", |peer| {
            flood(peer, "HTTP/1.1 302 F\r\nA: b\r\n", " c\r\n")
        })
        .status(302)
        .fails(Protocol, "field lines"),
        Case::doing("interim responses without end", |peer| {
            flood(peer, "", "HTTP/1.1 103 E\r\nLink: </a>\r\n\r\n");
        })
        .fails(Protocol, "interim"),
        Case::closing(
            "150 interim responses",
            format!("{}{}", "HTTP/1.1 100 C\r\n\r\n".repeat(150), head("")),
        )
        .fails(Protocol, "interim"),
        Case::closing(
            "50 interim responses",
            format!("{}{}", "HTTP/1.1 100 C\r\n\r\n".repeat(50), head("")),
        )
        .status(302),
        Case::closing("an interim response only", "HTTP/1.1 100 C\r\n\r\n")
            .fails(Protocol, "without answering"),
    ]
}

/// Sends the start, then the piece until the other side has had enough.
fn flood(peer: &mut Peer, start: &str, piece: &str) {
    peer.request();
    peer.send(start.as_bytes());
    let pieces = piece.repeat(1000);
    while peer.send(pieces.as_bytes()) {}
}

/// Closes without having read everything, which resets the connection.
fn reset_after(peer: &mut Peer, answer: &[u8]) {
    let mut some = [0; 4];
    std::io::Read::read_exact(&mut peer.stream, &mut some).unwrap();
    peer.send(answer);
    wait_until_read(&peer.stream);
}

fn breaks() -> Vec<Case> {
    vec![
        Case::doing("silence", |peer| peer.wait_for_close())
            .limit(2000)
            .fails(Timeout, "before the server answered"),
        Case::doing("a head that drips", |peer| {
            peer.request();
            for &byte in b"HTTP/1.1 302 Found\r\nLocation: /y\r\n".iter().cycle() {
                std::thread::sleep(std::time::Duration::from_millis(5));
                if !peer.send(&[byte]) {
                    return;
                }
            }
        })
        .limit(3000)
        .status(302)
        .fails(Timeout, "while the head of the response"),
        Case::doing("a reset instead of an answer", |peer| reset_after(peer, b""))
            .fails(Connect, "reset the connection"),
        Case::doing("a reset in the head", |peer| {
            reset_after(peer, b"HTTP/1.1 302 F\r\nLocation: /y\r\n")
        })
        .status(302)
        .fails(Protocol, "was reset in the middle"),
        Case::doing("an early answer to a large upload", |peer| {
            let mut some = [0; 1000];
            std::io::Read::read_exact(&mut peer.stream, &mut some).unwrap();
            peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            peer.wait_for_close();
        })
        .posting(8 << 20)
        .status(413),
        Case::doing("a close in the middle of an upload", |peer| {
            let mut some = [0; 1000];
            std::io::Read::read_exact(&mut peer.stream, &mut some).unwrap();
        })
        .posting(8 << 20)
        .fails(Connect, "reset the connection"),
        Case::doing("an upload that nobody reads", |_| {
            std::thread::sleep(std::time::Duration::from_secs(60))
        })
        .posting(32 << 20)
        .limit(2000)
        .fails(Timeout, "before the server answered"),
        Case::closing("a body after HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            .method(Method::HEAD)
            .status(200),
    ]
}
