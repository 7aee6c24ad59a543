//! TLS in front of the recorder: an https server, and an `https://` proxy that forwards to it and opens tunnels on loopback.

use std::io::{Error, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::tls::{Authority, Stream, pem, read_head, serve};

/// The running front; it lives as long as the test program.
pub(crate) struct Secure {
    pub(crate) addr: SocketAddr,
    /// The heads of CONNECT.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Secure {
    /// Its authority is written to `ca.pem`, and to a folder as `openssl rehash` would; a certificate for clients to `client.pem` and `client.key`.
    pub(crate) fn start(to: SocketAddr, dir: &Path) -> Secure {
        let authority = Authority::new("CA");
        std::fs::write(dir.join("ca.pem"), &authority.pem).unwrap();
        std::fs::create_dir(dir.join("hashed")).unwrap();
        std::fs::write(dir.join("hashed/56c899cd.0"), &authority.pem).unwrap();
        let client = authority.for_client();
        std::fs::write(dir.join("client.pem"), pem("CERTIFICATE", &client.chain[0])).unwrap();
        std::fs::write(dir.join("client.key"), client.key.serialize_pem()).unwrap();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&asked);
        let config = authority.for_names(&["127.0.0.1", "localhost"]).config();
        let addr = serve(config, move |stream| {
            let _ = lead(stream, to, &kept);
        });
        Secure { addr, asked }
    }

    /// What tunnels were asked for since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

fn lead(stream: &mut Stream, to: SocketAddr, asked: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let Some(head) = read_head(stream) else { return Ok(()) };
    let text = String::from_utf8_lossy(&head).into_owned();
    let Some(rest) = text.strip_prefix("CONNECT ") else {
        let mut upstream = TcpStream::connect(to)?;
        upstream.write_all(&head)?;
        return splice(stream, upstream);
    };
    let port = rest.split(' ').next().and_then(|to| to.rsplit(':').next());
    let port = port.and_then(|port| port.parse().ok()).unwrap_or(0);
    asked.lock().unwrap().push(named_alike(&text));
    let upstream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.write_all(b"HTTP/1.1 200 Established\r\n\r\n")?;
    splice(stream, upstream)
}

/// What each program calls itself is alike.
fn named_alike(head: &str) -> String {
    let lines = head.lines().map(|line| match line.strip_prefix("User-Agent: ") {
        Some(agent) if agent.starts_with("curl/") || agent.starts_with("hopstep/") => {
            "User-Agent: default"
        }
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Copies both ways what is there: one thread can't wait for two blocking streams.
fn splice(stream: &mut Stream, mut upstream: TcpStream) -> std::io::Result<()> {
    let brief = Some(Duration::from_millis(2));
    stream.sock.set_read_timeout(brief)?;
    upstream.set_read_timeout(brief)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        pass(stream, &mut upstream, &mut buffer)?;
        pass(&mut upstream, stream, &mut buffer)?;
    }
}

fn pass(from: &mut impl Read, to: &mut impl Write, buffer: &mut [u8]) -> std::io::Result<()> {
    match from.read(buffer) {
        Ok(0) => Err(Error::from(ErrorKind::UnexpectedEof)),
        Ok(count) => to.write_all(&buffer[..count]).and_then(|()| to.flush()),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => Ok(()),
        Err(error) => Err(error),
    }
}
