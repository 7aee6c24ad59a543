//! Raw loopback servers: what they answer is written byte by byte by the test.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// A port where nobody listens, and nobody will as long as this lives: a connection to it is refused.
pub(crate) struct Nobody {
    pub(crate) addr: SocketAddr,
    _bound: socket2::Socket,
}

impl Nobody {
    pub(crate) fn new() -> Nobody {
        let bound = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None);
        let bound = bound.unwrap();
        bound.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        Nobody { addr: bound.local_addr().unwrap().as_socket().unwrap(), _bound: bound }
    }
}

/// Waits until the other side has read all that was written to it: a reset throws away what is still unread.
pub(crate) fn wait_until_read(stream: &TcpStream) {
    let (Ok(own), Ok(peer)) = (stream.local_addr(), stream.peer_addr()) else { return };
    let until = Instant::now() + Duration::from_secs(30);
    while is_unread(own.port(), peer.port()) && Instant::now() < until {
        thread::sleep(Duration::from_millis(2));
    }
}

/// What Linux says of the queues of both ends: `sl local remote state sent:received ...`, ports and lengths in hex.
fn is_unread(own: u16, peer: u16) -> bool {
    let Ok(table) = std::fs::read_to_string("/proc/net/tcp") else {
        thread::sleep(Duration::from_millis(200));
        return false;
    };
    let (own, peer) = (format!(":{own:04X}"), format!(":{peer:04X}"));
    table.lines().any(|line| {
        let words: Vec<&str> = line.split_whitespace().take(5).collect();
        let [_, local, remote, _, queues] = words[..] else { return false };
        let waits = |at: (&str, &str), empty: &str| {
            local.ends_with(at.0) && remote.ends_with(at.1) && !queues.contains(empty)
        };
        waits((&own, &peer), "00000000:") || waits((&peer, &own), ":00000000")
    })
}

/// A listener whose connections are handled by a function each, until the test ends.
pub(crate) struct Server {
    pub(crate) addr: SocketAddr,
    pub(crate) connections: Arc<AtomicUsize>,
    pub(crate) requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// One accepted connection.
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    pub(crate) fn new(handle: impl Fn(&mut Peer) + Send + Sync + 'static) -> Server {
        many_files();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        let (connections, requests) = (Arc::<AtomicUsize>::default(), Arc::<Mutex<_>>::default());
        let (count, seen, handle) = (connections.clone(), requests.clone(), Arc::new(handle));
        thread::spawn(move || {
            for stream in listener.incoming().filter_map(Result::ok) {
                count.fetch_add(1, Ordering::SeqCst);
                let (handle, requests) = (handle.clone(), seen.clone());
                thread::spawn(move || handle(&mut Peer { stream, requests }));
            }
        });
        Server { addr, connections, requests }
    }

    /// Answers every request on every connection with these bytes and keeps the connection.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Server {
        let answer = answer.into();
        Server::new(move |peer| while peer.request().is_some() && peer.send(&answer) {})
    }

    /// Answers one request a connection with these bytes and closes.
    pub(crate) fn closing(answer: impl Into<Vec<u8>>) -> Server {
        let answer = answer.into();
        Server::new(move |peer| {
            peer.request();
            peer.send(&answer);
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The n-th request seen, head and body.
    pub(crate) fn request(&self, n: usize) -> String {
        String::from_utf8_lossy(&self.requests.lock().unwrap()[n]).into_owned()
    }
}

impl Peer {
    /// Reads one request with its body; `None` at the end.
    pub(crate) fn request(&mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut byte = [0];
        while !bytes.ends_with(b"\r\n\r\n") {
            if self.stream.read(&mut byte).ok()? == 0 {
                return None;
            }
            bytes.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
        self.stream.read_exact(&mut body).ok()?;
        bytes.extend(body);
        self.requests.lock().unwrap().push(bytes.clone());
        Some(bytes)
    }

    /// Writes; false when the other side is gone.
    pub(crate) fn send(&mut self, bytes: &[u8]) -> bool {
        self.stream.write_all(bytes).and_then(|()| self.stream.flush()).is_ok()
    }

    /// Waits until the other side closes.
    pub(crate) fn wait_for_close(&mut self) {
        let mut sink = [0; 4096];
        while self.stream.read(&mut sink).is_ok_and(|count| count > 0) {}
    }
}

/// As many open files as this process may have at all: servers listen until the end, and the usual 256 or 1024 are soon reached.
#[cfg(unix)]
#[expect(
    unsafe_code,
    reason = "getrlimit(2) fills the value that lives here, setrlimit(2) reads it"
)]
pub(crate) fn many_files() {
    unsafe {
        let mut limit: libc::rlimit = std::mem::zeroed();
        if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur = limit.rlim_max.min(10_000);
            libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit);
        }
    }
}

#[cfg(not(unix))]
pub(crate) fn many_files() {}
