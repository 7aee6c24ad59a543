//! The ways to a server: proxies, unix sockets, pinned addresses, address families.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "wire/http2_proxy.rs"]
mod http2_proxy;
#[path = "wire/run.rs"]
mod run;
#[path = "wire/secure_proxy.rs"]
mod secure_proxy;
#[path = "wire/server.rs"]
mod server;
#[path = "wire/tls.rs"]
mod tls;
#[path = "wire/tunnels.rs"]
mod tunnels;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::settings::{
    ConnectTo, Family, Proxies, ProxyChoice, Resolve, Settings, ToProxy, VersionPreference,
};
use run::{Run, failure};
use server::{Nobody, Peer, Server};
use tls::{Authority, answering};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

fn through(proxy: &str) -> Settings {
    let choice = ProxyChoice { url: url::Url::parse(proxy).unwrap(), source: "-x".to_owned() };
    let proxies = Proxies {
        http: Some(choice.clone()),
        https: Some(choice),
        bypass: vec!["direct.test".into()],
    };
    Settings { proxies, ..Settings::default() }
}

/// Copies both ways until both sides are done.
fn splice(peer: &mut Peer, to: SocketAddr) {
    let upstream = TcpStream::connect(to).unwrap();
    let (mut from, mut into) = (peer.stream.try_clone().unwrap(), upstream.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut from, &mut into));
    let _ = std::io::copy(&mut &upstream, &mut peer.stream);
}

#[test]
fn an_http_proxy_gets_the_absolute_form_and_is_named() {
    let proxy = Server::answering(OK);
    let settings = through(&format!("http://user:secret@{}", proxy.addr));
    let exchange = Run::new(settings).get("http://far.test/x?y");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    assert_eq!(exchange.sent.as_ref().unwrap().target, "http://far.test/x?y");
    assert!(proxy.request(0).contains("Proxy-Authorization: Basic dXNlcjpzZWNyZXQ="));
    let named = exchange.connection.proxy.unwrap();
    assert_eq!(named.source, "-x");
    assert!(!named.url.contains("secret"), "{}", named.url);
    assert_eq!(exchange.notes, Vec::<String>::new());
}

#[test]
fn a_tunnel_carries_https() {
    let authority = Authority::new("CA");
    let addr = answering(authority.for_names(&["far.test"]).config(), OK);
    let proxy = Server::new(move |peer| {
        if peer.request().is_some_and(|head| head.starts_with(b"CONNECT far.test:443 ")) {
            peer.send(b"HTTP/1.1 200 Connection established\r\n\r\n");
            splice(peer, addr);
        }
    });
    let extra_roots = vec![authority.der.clone()];
    let settings = Settings { extra_roots, ..through(&format!("http://{}", proxy.addr)) };
    let exchange = Run::new(settings).get("https://far.test/");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    assert_eq!(exchange.connection.tls.unwrap().verify_error, None);
}

#[test]
fn what_a_proxy_refuses_is_a_proxy_failure() {
    let cases = [
        ("HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n", "credentials (407)"),
        ("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "refused to open a tunnel"),
        ("", "closed the connection instead"),
    ];
    for (answer, words) in cases {
        let proxy = Server::closing(answer);
        let exchange =
            Run::new(through(&format!("http://{}", proxy.addr))).get("https://far.test/");
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::Proxy, "{:?}", exchange.failure);
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_407_to_a_plain_request_is_a_response() {
    let proxy = Server::closing("HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n");
    let exchange = Run::new(through(&format!("http://{}", proxy.addr))).get("http://far.test/");
    assert_eq!((exchange.status(), exchange.failure), (Some(407), None));
}

#[test]
fn a_proxy_that_can_not_be_reached_is_named() {
    let free = Nobody::new();
    for (proxy, url) in [
        ("http", "http://far.test/"),
        ("http", "https://far.test/"),
        ("socks5h", "http://far.test/"),
    ] {
        let exchange = Run::new(through(&format!("{proxy}://{}", free.addr))).get(url);
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::Proxy, "{proxy} {url} {:?}", exchange.failure);
        assert!(message.contains(&free.addr.to_string()), "{message}");
    }
}

#[test]
fn no_proxy_goes_around_the_proxy() {
    let server = Server::answering(OK);
    let proxy = Server::answering("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    let port = server.addr.port();
    let resolve = vec![Resolve { host: "direct.test".into(), port, to: vec![server.addr.ip()] }];
    let settings = Settings { resolve, ..through(&format!("http://{}", proxy.addr)) };
    let exchange = Run::new(settings).get(&format!("http://direct.test:{port}/"));
    assert_eq!((exchange.status(), exchange.connection.proxy), (Some(200), None));
    assert_eq!(proxy.connections(), 0);
}

/// A SOCKS 5 proxy without authentication (RFC 1928) that takes names and leads them all to one server.
fn socks5(to: SocketAddr, verdict: u8) -> Server {
    Server::new(move |peer| {
        let mut greeting = [0; 2];
        peer.stream.read_exact(&mut greeting).unwrap();
        let mut methods = vec![0; greeting[1].into()];
        peer.stream.read_exact(&mut methods).unwrap();
        peer.stream.write_all(&[5, 0]).unwrap();
        let mut head = [0; 5];
        peer.stream.read_exact(&mut head).unwrap();
        assert_eq!(head[3], 3, "a name is passed on");
        let mut rest = vec![0; usize::from(head[4]) + 2];
        peer.stream.read_exact(&mut rest).unwrap();
        peer.stream.write_all(&[5, verdict, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
        if verdict == 0 {
            splice(peer, to);
        }
    })
}

#[test]
fn socks5h_lets_the_proxy_look_up_the_name() {
    let server = Server::answering(OK);
    let proxy = socks5(server.addr, 0);
    let exchange =
        Run::new(through(&format!("socks5h://{}", proxy.addr))).get("http://far.invalid/x");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    assert_eq!(exchange.sent.unwrap().target, "/x");
}

#[test]
fn a_socks_proxy_that_refuses_is_a_proxy_failure() {
    let proxy = socks5("127.0.0.1:1".parse().unwrap(), 5);
    let exchange =
        Run::new(through(&format!("socks5h://{}", proxy.addr))).get("http://far.invalid/");
    assert_eq!(failure(&exchange).0, FailureKind::Proxy, "{:?}", exchange.failure);
}

#[cfg(unix)]
#[test]
fn a_unix_socket_carries_a_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s");
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            tls::read_head(&mut stream);
            stream.write_all(OK.as_bytes()).unwrap();
        }
    });
    let settings = Settings { unix_socket: Some(path), ..Settings::default() };
    let exchange = Run::new(settings).get("http://far.test/");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    let none = Settings { unix_socket: Some(folder.path().join("none")), ..Settings::default() };
    let exchange = Run::new(none).get("http://far.test/");
    assert!(failure(&exchange).1.contains("no unix socket at"), "{:?}", exchange.failure);
}

#[test]
fn connect_to_leads_a_url_with_a_port_elsewhere() {
    let server = Server::answering(OK);
    let rule = |host: &str, port| ConnectTo {
        host: Some(host.to_owned()),
        port: Some(port),
        to_host: Some("127.0.0.1".to_owned()),
        to_port: Some(server.addr.port()),
    };
    let connect_to = vec![rule("far.test", 8080), rule("127.0.0.9", 81)];
    let mut run = Run::new(Settings { connect_to, ..Settings::default() });
    for (n, host) in ["far.test:8080", "127.0.0.9:81"].into_iter().enumerate() {
        let exchange = run.get(&format!("http://{host}/x"));
        assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
        assert_eq!(exchange.connection.remote_addr, Some(server.addr));
        assert!(server.request(n).contains(&format!("Host: {host}\r\n")), "{}", server.request(n));
    }
}

#[test]
fn a_family_that_a_host_lacks_is_a_dns_failure() {
    let server = Server::answering(OK);
    let url = format!("http://localhost:{}/", server.addr.port());
    let only = |family| Run::new(Settings { family, ..Settings::default() }).get(&url);
    assert_eq!(only(Family::V4).status(), Some(200));
    assert_eq!(failure(&only(Family::V6)).0, FailureKind::Connect);
    let resolve =
        vec![Resolve { host: "x.test".into(), port: 80, to: vec!["127.0.0.1".parse().unwrap()] }];
    let exchange = Run::new(Settings { family: Family::V6, resolve, ..Settings::default() })
        .get("http://x.test/");
    assert!(failure(&exchange).1.contains("none of the kind"), "{:?}", exchange.failure);
}

#[test]
fn http2_that_was_asked_for_on_plain_http_is_said_to_have_gone_as_1_1() {
    let server = Server::answering(OK);
    let settings = Settings { version: VersionPreference::Http2, ..Settings::default() };
    let notes = Run::new(settings).get(&server.url("/a")).notes;
    assert!(notes[0].contains("went as HTTP/1.1"), "{notes:?}");
}

#[test]
fn all_256_byte_values_are_recorded_as_they_came() {
    let identity = tls::Identity::self_signed("p.test");
    for byte in 0..=255u8 {
        let mut head = b"HTTP/1.1 200 OK\r\nX: a".to_vec();
        head.push(byte);
        head.extend_from_slice(b"b\r\nContent-Length: 0\r\n\r\n");
        let exchange = Run::new(through_https(&identity, head.clone())).get("http://a.invalid/x");
        let raw = exchange.response.expect("recorded even where it is refused").raw;
        assert_eq!(raw, head, "byte {byte}");
    }
}

/// Behind an `https://` proxy that could speak HTTP/2; it answers every request with these bytes.
fn through_https(identity: &tls::Identity, answer: Vec<u8>) -> Settings {
    let addr = tls::serve(identity.config(), move |stream| {
        if tls::read_head(stream).is_some() {
            let _ = stream.write_all(&answer);
        }
    });
    let to_proxy = ToProxy { insecure: true, http2: true, ..ToProxy::default() };
    Settings { to_proxy, ..through(&format!("https://{addr}")) }
}

#[test]
fn http2_prior_knowledge_is_spoken_without_tls() {
    let server = Server::new(peer_http2);
    let settings =
        Settings { version: VersionPreference::Http2PriorKnowledge, ..Settings::default() };
    let exchange = Run::new(settings).get(&server.url("/"));
    assert_eq!((exchange.status(), &exchange.failure), (Some(204), &None));
}

fn peer_http2(peer: &mut Peer) {
    http2::serve(&mut peer.stream, &http2::headers("204", &[], true));
}

#[path = "wire/http2.rs"]
mod http2;
