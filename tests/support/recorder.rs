//! A raw loopback server that keeps what arrives, byte by byte, and answers as the test says.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// A request as it arrived.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) version: String,
    /// Name as it arrived and raw value, in order.
    pub(crate) fields: Vec<(String, Vec<u8>)>,
    /// Without chunk framing.
    pub(crate) body: Vec<u8>,
}

impl Seen {
    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let found = self.fields.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| String::from_utf8_lossy(value).into_owned())
    }
}

impl std::fmt::Debug for Seen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{} {} {}", self.method, self.target, self.version)?;
        for (name, value) in &self.fields {
            writeln!(f, "  {name}: {}", value.escape_ascii())?;
        }
        write!(
            f,
            "  {} B: {}",
            self.body.len(),
            self.body[..self.body.len().min(300)].escape_ascii()
        )
    }
}

type Answer = dyn Fn(&Seen) -> Vec<u8> + Send + Sync;

/// The running server; it lives as long as the test program.
pub(crate) struct Recorder {
    pub(crate) addr: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Recorder {
    /// Answers each request with the bytes that the function gives. An empty answer and `Connection: close`
    /// close the connection. Under `/refused` nobody gets leave to send a body.
    pub(crate) fn start(answer: impl Fn(&Seen) -> Vec<u8> + Send + Sync + 'static) -> Recorder {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let seen = Arc::<Mutex<Vec<Seen>>>::default();
        let (kept, answer): (_, Arc<Answer>) = (Arc::clone(&seen), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &kept, &*answer));
            }
        });
        Recorder { addr, seen }
    }

    /// Answers 200 with a short body.
    pub(crate) fn ok() -> Recorder {
        Recorder::start(|seen| {
            respond("200 OK", &[], if seen.method == "HEAD" { "" } else { "ok\n" })
        })
    }

    pub(crate) fn url(&self, target: &str) -> String {
        format!("http://{}{target}", self.addr)
    }

    /// What has arrived since the last call.
    pub(crate) fn take(&self) -> Vec<Seen> {
        std::mem::take(&mut self.seen.lock().unwrap())
    }
}

/// A response with Content-Length.
pub(crate) fn respond(status: &str, fields: &[&str], body: &str) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for field in fields {
        head.push_str(field);
        head.push_str("\r\n");
    }
    format!("{head}\r\n{body}").into_bytes()
}

fn serve(stream: TcpStream, seen: &Mutex<Vec<Seen>>, answer: &Answer) {
    // Small writes must not wait for acknowledgements.
    let _ = stream.set_nodelay(true);
    let Ok(mut out) = stream.try_clone() else { return };
    let mut input = BufReader::new(stream);
    while let Some(request) = request(&mut input, &mut out) {
        seen.lock().unwrap().push(request.clone());
        let bytes = answer(&request);
        let close = bytes.is_empty() || bytes.windows(17).any(|at| at == b"Connection: close");
        if out.write_all(&bytes).is_err() || close {
            return;
        }
    }
}

fn request(input: &mut BufReader<TcpStream>, out: &mut TcpStream) -> Option<Seen> {
    let line = String::from_utf8_lossy(&line(input)?).into_owned();
    let (method, rest) = line.split_once(' ')?;
    let (target, version) = rest.rsplit_once(' ')?;
    let mut seen = Seen {
        method: method.to_owned(),
        target: target.to_owned(),
        version: version.to_owned(),
        fields: Vec::new(),
        body: Vec::new(),
    };
    loop {
        let line = self::line(input)?;
        if line.is_empty() {
            break;
        }
        let at = line.iter().position(|byte| *byte == b':')?;
        let value = line[at + 1..].trim_ascii().to_vec();
        seen.fields.push((String::from_utf8_lossy(&line[..at]).into_owned(), value));
    }
    if seen.field("Expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        if seen.target.ends_with("/refused") {
            return Some(seen);
        }
        out.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    seen.body = body(input, &seen)?;
    Some(seen)
}

fn body(input: &mut BufReader<TcpStream>, seen: &Seen) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    if seen.field("Transfer-Encoding").is_some_and(|coding| coding.contains("chunked")) {
        loop {
            let size =
                usize::from_str_radix(String::from_utf8_lossy(&line(input)?).trim(), 16).ok()?;
            let mut chunk = vec![0; size + 2];
            input.read_exact(&mut chunk).ok()?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                return Some(body);
            }
        }
    }
    let length = seen.field("Content-Length").and_then(|length| length.parse().ok()).unwrap_or(0);
    body.resize(length, 0);
    input.read_exact(&mut body).ok()?;
    Some(body)
}

/// One line without its end; `None` at the end of the stream.
fn line(input: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut line = Vec::new();
    input.read_until(b'\n', &mut line).ok()?;
    let line = line.strip_suffix(b"\n")?;
    Some(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}
