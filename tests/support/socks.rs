//! A SOCKS proxy on loopback that leads to loopback only, and tells what it was asked for.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// The running proxy; it lives as long as the test program.
pub(crate) struct Socks {
    pub(crate) addr: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Socks {
    pub(crate) fn start() -> Socks {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                let kept = Arc::clone(&kept);
                thread::spawn(move || lead(stream, &kept));
            }
        });
        Socks { addr, asked }
    }

    /// What has been asked for since the last call: version, user, host.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn lead(stream: TcpStream, asked: &Mutex<Vec<String>>) -> io::Result<()> {
    let mut input = BufReader::new(stream.try_clone()?);
    let mut out = stream;
    let (note, port, granted): (String, u16, &[u8]) = match byte(&mut input)? {
        4 => {
            let (note, port) = version4(&mut input)?;
            (note, port, &[0, 90, 0, 0, 0, 0, 0, 0])
        }
        5 => {
            let (note, port) = version5(&mut input, &mut out)?;
            (note, port, &[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
        }
        _ => return Ok(()),
    };
    asked.lock().unwrap().push(note);
    // every name leads to loopback
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    out.write_all(granted)?;
    let (mut to, mut from) = (server.try_clone()?, server);
    thread::spawn(move || {
        let _ = io::copy(&mut input, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
    let _ = io::copy(&mut from, &mut out);
    let _ = out.shutdown(std::net::Shutdown::Both);
    Ok(())
}

/// The request after the version byte; 0.0.0.x means that a name follows (SOCKS 4A).
fn version4(input: &mut impl BufRead) -> io::Result<(String, u16)> {
    let mut head = [0; 7];
    input.read_exact(&mut head)?;
    let port = u16::from_be_bytes([head[1], head[2]]);
    let ip = Ipv4Addr::new(head[3], head[4], head[5], head[6]);
    let user = text(input)?;
    let host = match ip.octets() {
        [0, 0, 0, last] if last > 0 => text(input)?,
        _ => ip.to_string(),
    };
    Ok((format!("4 {user:?} {host}"), port))
}

/// RFC 1928, with user and password by RFC 1929.
fn version5(input: &mut impl BufRead, out: &mut impl Write) -> io::Result<(String, u16)> {
    let count = byte(input)?;
    let mut methods = vec![0; usize::from(count)];
    input.read_exact(&mut methods)?;
    let mut user = String::new();
    if methods.contains(&2) {
        out.write_all(&[5, 2])?;
        byte(input)?;
        user = format!("{}:{}", counted(input)?, counted(input)?);
        out.write_all(&[1, 0])?;
    } else {
        out.write_all(&[5, 0])?;
    }
    let mut head = [0; 4];
    input.read_exact(&mut head)?;
    let host = match head[3] {
        1 => {
            let mut ip = [0; 4];
            input.read_exact(&mut ip)?;
            IpAddr::from(ip).to_string()
        }
        3 => counted(input)?,
        _ => {
            let mut ip = [0; 16];
            input.read_exact(&mut ip)?;
            IpAddr::from(ip).to_string()
        }
    };
    let mut port = [0; 2];
    input.read_exact(&mut port)?;
    Ok((format!("5 {user:?} {host}"), u16::from_be_bytes(port)))
}

fn byte(input: &mut impl Read) -> io::Result<u8> {
    let mut one = [0];
    input.read_exact(&mut one)?;
    Ok(one[0])
}

fn counted(input: &mut impl Read) -> io::Result<String> {
    let mut bytes = vec![0; usize::from(byte(input)?)];
    input.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn text(input: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    input.read_until(0, &mut bytes)?;
    bytes.pop();
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
