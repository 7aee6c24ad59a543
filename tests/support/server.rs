//! A server for tests: answers each path with given bytes, on loopback.

#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "each test program uses its own part; tests may panic"
)]

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;

/// Starts a server and gives its port. `answer` gets the path and the connection, after the request's head was read.
pub(crate) fn serve(answer: impl Fn(&str, &mut TcpStream) + Send + Sync + Clone + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let answer = answer.clone();
            thread::spawn(move || exchange(stream, &answer));
        }
    });
    port
}

fn exchange(mut stream: TcpStream, answer: &impl Fn(&str, &mut TcpStream)) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines();
    let first = lines.next()?.ok()?;
    for line in lines {
        if line.ok()?.is_empty() {
            break;
        }
    }
    answer(first.split(' ').nth(1)?, &mut stream);
    Some(())
}

/// `/1` redirects to `/2` and so on to `/LAST`, which answers 200.
pub(crate) fn chain(last: u32) -> u16 {
    serve(move |path, stream| {
        let number: u32 = path.trim_start_matches('/').parse().unwrap_or(0);
        let answer = match number < last {
            true => format!("HTTP/1.1 302 Found\r\nLocation: /{}\r\n", number + 1),
            false => "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n".to_owned(),
        };
        let body = format!("this is page {number}\n");
        let length = body.len();
        let _ =
            write!(stream, "{answer}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    })
}
