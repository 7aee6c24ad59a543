//! Loopback origins that give one chain's answers in turn and note every request.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// One request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// `http://127.0.0.1:1234`
    pub(crate) origin: String,
    pub(crate) method: String,
    pub(crate) target: Vec<u8>,
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Seen {
    pub(crate) fn values(&self, name: &str) -> Vec<&[u8]> {
        let named = self.fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_slice()).collect()
    }
}

#[derive(Default)]
struct Stage {
    answers: Vec<Vec<u8>>,
    seen: Vec<Seen>,
}

/// The servers.
pub(crate) struct World<const N: usize = 3> {
    pub(crate) origins: [String; N],
    stage: Arc<Mutex<Stage>>,
}

impl World {
    /// Two ports of one host, and another host.
    pub(crate) fn start() -> World {
        World::at(["127.0.0.1", "127.0.0.1", "127.0.0.2"])
    }
}

impl<const N: usize> World<N> {
    /// A server on a port of its own for each of these addresses.
    pub(crate) fn at(hosts: [&str; N]) -> World<N> {
        let stage = Arc::new(Mutex::new(Stage::default()));
        let origins = hosts.map(|host| {
            let listener = TcpListener::bind((host, 0)).unwrap();
            let origin = format!("http://{}", listener.local_addr().unwrap());
            let (stage, name) = (Arc::clone(&stage), origin.clone());
            thread::spawn(move || {
                for stream in listener.incoming().flatten() {
                    serve(stream, &name, &stage);
                }
            });
            origin
        });
        World { origins, stage }
    }

    /// Sets the answers of the next chain.
    pub(crate) fn play(&self, answers: &[Vec<u8>]) {
        *self.stage.lock().unwrap() = Stage { answers: answers.to_vec(), seen: Vec::new() };
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.stage.lock().unwrap().seen.clone()
    }
}

/// What is answered when the answers have run out.
pub(crate) const LAST: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

fn serve(mut stream: TcpStream, origin: &str, stage: &Mutex<Stage>) {
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let Some(seen) = receive(&mut stream, origin) else { return };
    let answer = {
        let mut stage = stage.lock().unwrap();
        let answer = stage.answers.get(stage.seen.len()).cloned();
        stage.seen.push(seen);
        answer.unwrap_or_else(|| LAST.to_vec())
    };
    let _ = stream.write_all(&answer);
}

/// Reads one request; `None` when the client hung up before.
fn receive(stream: &mut TcpStream, origin: &str) -> Option<Seen> {
    let mut raw = Vec::new();
    let end = loop {
        if let Some(at) = raw.windows(4).position(|window| window == b"\r\n\r\n") {
            break at + 4;
        }
        read(stream, &mut raw)?;
    };
    let head = raw[..end].to_vec();
    let mut lines = head.split(|&byte| byte == b'\n').map(|line| line.trim_ascii());
    let mut start = lines.next()?.splitn(2, |&byte| byte == b' ');
    let method = String::from_utf8(start.next()?.to_vec()).ok()?;
    let rest = start.next()?;
    let target = rest
        .strip_suffix(b" HTTP/1.1")
        .or(rest.strip_suffix(b" HTTP/1.0"))
        .unwrap_or(rest)
        .to_vec();
    let fields: Vec<(String, Vec<u8>)> = lines
        .filter_map(|line| {
            let colon = line.iter().position(|&byte| byte == b':')?;
            let name = String::from_utf8_lossy(&line[..colon]).into_owned();
            Some((name, line[colon + 1..].trim_ascii().to_vec()))
        })
        .collect();
    let seen = Seen { origin: origin.to_owned(), method, target, fields, body: Vec::new() };
    if !seen.values("Expect").is_empty() {
        let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
    }
    let mut body = raw.split_off(end);
    let length = seen
        .values("Content-Length")
        .first()
        .and_then(|value| std::str::from_utf8(value).ok()?.parse::<usize>().ok());
    let chunked = !seen.values("Transfer-Encoding").is_empty();
    while body.len() < length.unwrap_or(0) || (chunked && !body.ends_with(b"0\r\n\r\n")) {
        read(stream, &mut body)?;
    }
    Some(Seen { body: if chunked { unchunked(&body) } else { body }, ..seen })
}

fn read(stream: &mut TcpStream, into: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0; 4096];
    let size = stream.read(&mut buffer).ok().filter(|&size| size > 0)?;
    into.extend_from_slice(&buffer[..size]);
    Some(())
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(at) = body.windows(2).position(|window| window == b"\r\n") {
        let size = std::str::from_utf8(&body[..at]).ok();
        let size = size.and_then(|text| usize::from_str_radix(text, 16).ok()).unwrap_or(0);
        if size == 0 || body.len() < at + 2 + size {
            break;
        }
        out.extend_from_slice(&body[at + 2..at + 2 + size]);
        body = &body[(at + 4 + size).min(body.len())..];
    }
    out
}
