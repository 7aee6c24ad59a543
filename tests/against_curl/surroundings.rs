//! What is not on the command line: the environment's proxies, a unix socket, IPv6.

use std::io::{Read, Write, copy};
use std::net::{Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::thread;

/// Variables, and what both programs are given; the words in braces are those of `table.rs`.
type Row = (&'static [(&'static str, &'static str)], &'static [&'static str]);

pub(crate) const ENVIRONMENTS: &[Row] = &[
    (&[("http_proxy", "http://{host}")], &[]),
    (&[("http_proxy", "{host}")], &["-d", "a=b"]),
    (&[("http_proxy", "http://u:p@{host}")], &[]),
    (&[("http_proxy", "http://{host}")], &["-U", "u:p"]),
    (&[("http_proxy", "http://{host}")], &["-x", ""]),
    (&[("http_proxy", "http://{host}")], &["--noproxy", "*"]),
    (&[("http_proxy", "http://{host}")], &["--noproxy", "localhost"]),
    (&[("http_proxy", "http://{host}")], &["-p"]),
    (&[("http_proxy", "socks5h://{socks}")], &[]),
    (&[("http_proxy", "")], &[]),
    (&[("HTTP_PROXY", "http://{host}")], &[]),
    (&[("all_proxy", "http://{host}")], &[]),
    (&[("ALL_PROXY", "http://{host}")], &[]),
    (&[("all_proxy", "socks5://{socks}")], &[]),
    (&[("all_proxy", "socks4a://{socks}"), ("http_proxy", "http://{host}")], &[]),
    (&[("http_proxy", "http://{host}"), ("no_proxy", "127.0.0.1")], &[]),
    (&[("http_proxy", "http://{host}"), ("no_proxy", "localhost")], &[]),
    (&[("http_proxy", "http://{host}"), ("no_proxy", ".localhost, x.test")], &[]),
    (&[("http_proxy", "http://{host}"), ("no_proxy", "127.0.0.0/8")], &[]),
    (&[("http_proxy", "http://{host}"), ("no_proxy", "*")], &[]),
    (&[("http_proxy", "http://{host}"), ("NO_PROXY", "localhost")], &[]),
    (&[("http_proxy", "http://{host}"), ("no_proxy", "*")], &["--noproxy", ""]),
    (&[("no_proxy", "localhost")], &["-x", "http://{host}"]),
    (&[("https_proxy", "http://{host}")], &["-k", "--url", "https://{secure}/second"]),
    (&[("HTTPS_PROXY", "http://{host}")], &["-k", "--url", "https://{secure}/second"]),
    (&[("https_proxy", "http://{host}")], &["--url", "http://{host}/302"]),
    (&[], &["--unix-socket", "{dir}/socket"]),
    (&[], &["--unix-socket", "{dir}/socket", "-d", "a=b"]),
    (&[], &["--unix-socket", "{dir}/socket", "--url", "http://a.invalid/302"]),
    (&[], &["--unix-socket", "{dir}/socket", "-u", "a:b", "-b", "", "--url", "http://a.invalid/x"]),
    (&[], &["--unix-socket", "{dir}/absent", "--url", "http://{host}/302"]),
    (&[("http_proxy", "http://{host}")], &["--unix-socket", "{dir}/socket"]),
    (&[], &["-6", "--url", "http://{six}/302"]),
    (&[], &["-6", "-d", "a=b", "--url", "http://{six}/307"]),
    (&[], &["-g", "-6", "-u", "a:b", "--url", "http://{six}/end"]),
    (&[], &["-6", "--url", "http://{host}/302"]),
    (&[], &["-4", "--url", "http://{six}/302"]),
    (&[], &["-4", "--url", "http://localhost:{port}/302"]),
    (&[], &["--connect-to", "::{six}", "--url", "http://a.invalid/second"]),
    (
        &[],
        &[
            "--resolve",
            "a.invalid:80:[::1]",
            "-6",
            "--connect-to",
            "::{six}",
            "--url",
            "http://a.invalid/second",
        ],
    ),
];

/// A socket in this folder that leads to the server.
pub(crate) fn unix(dir: &Path, server: SocketAddr) {
    let listener = UnixListener::bind(dir.join("socket")).unwrap();
    thread::spawn(move || {
        for client in listener.incoming().filter_map(Result::ok) {
            relay((client.try_clone().unwrap(), client), server);
        }
    });
}

/// An address of IPv6 that leads to the server; `None` where there is no IPv6.
pub(crate) fn six(server: SocketAddr) -> Option<SocketAddr> {
    let listener = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).ok()?;
    let addr = listener.local_addr().ok()?;
    thread::spawn(move || {
        for client in listener.incoming().filter_map(Result::ok) {
            relay((client.try_clone().unwrap(), client), server);
        }
    });
    Some(addr)
}

/// Carries what both halves of a connection say, until both are done.
fn relay<S: Read + Write + Send + 'static>((mut from, mut to): (S, S), server: SocketAddr) {
    let mut upstream = TcpStream::connect(server).unwrap();
    let mut down = upstream.try_clone().unwrap();
    thread::spawn(move || {
        let _ = copy(&mut from, &mut upstream);
        let _ = upstream.shutdown(Shutdown::Write);
    });
    thread::spawn(move || copy(&mut down, &mut to));
}
