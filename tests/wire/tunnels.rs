//! What proxies are told: the whole URI where they forward, CONNECT where they tunnel.

use std::io::Read;

use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::settings::{ConnectTo, Proxies, ProxyChoice, Settings};

use crate::run::{Run, failure};
use crate::server::Server;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

fn through(proxy: &Server, credentials: &str) -> Settings {
    let url = format!("http://{credentials}{}/", proxy.addr).parse().unwrap();
    let choice = ProxyChoice { url, source: "-x".to_owned() };
    let (http, https) = (Some(choice.clone()), Some(choice));
    Settings { proxies: Proxies { http, https, bypass: vec![] }, ..Settings::default() }
}

#[test]
fn a_proxy_is_given_the_whole_uri_and_its_credentials() {
    let proxy = Server::answering(OK);
    let exchange = Run::new(through(&proxy, "u:p@")).get("http://a.invalid/x?y#z");
    assert_eq!(exchange.status(), Some(200));
    assert_eq!(
        proxy.request(0),
        "GET http://a.invalid/x?y HTTP/1.1\r\nHost: a.invalid\r\nProxy-Authorization: Basic dTpw\r\n\
         User-Agent: t\r\nAccept: */*\r\n\r\n"
    );
    assert_eq!(exchange.connection.tunnel, None);
    assert_eq!(exchange.connection.proxy.unwrap().source, "-x");
}

/// `--connect-to` makes curl tunnel plain http as well, so that both sides of the tunnel can be seen here.
fn tunnelling(answer: &'static str) -> (Server, Exchange) {
    let proxy = Server::new(move |peer| {
        peer.request();
        peer.send(answer.as_bytes());
        while peer.request().is_some() && peer.send(OK) {}
    });
    let rule = ConnectTo { host: None, port: None, to_host: None, to_port: Some(8080) };
    let settings = Settings { connect_to: vec![rule], ..through(&proxy, "u:p@") };
    let exchange = Run::new(settings).get("http://a.invalid/x");
    (proxy, exchange)
}

#[test]
fn connect_and_its_answer_are_recorded_with_the_connection() {
    let (proxy, exchange) = tunnelling("HTTP/1.1 200 Established\r\nVia: p\r\n\r\n");
    assert_eq!((exchange.status(), exchange.failure.as_ref()), (Some(200), None));
    let asked = "CONNECT a.invalid:8080 HTTP/1.1\r\nHost: a.invalid:8080\r\nProxy-Authorization: Basic dTpw\r\n\
                 User-Agent: t\r\nProxy-Connection: Keep-Alive\r\n\r\n";
    assert_eq!(proxy.request(0), asked);
    assert!(proxy.request(1).starts_with("GET /x HTTP/1.1\r\nHost: a.invalid\r\nUser-Agent"));
    let tunnel = exchange.connection.tunnel.unwrap();
    assert_eq!(tunnel.request.raw, asked);
    let answer = tunnel.response.unwrap();
    assert_eq!((answer.status, answer.reason.as_str()), (200, "Established"));
    assert_eq!(answer.fields.text("via").unwrap(), "p");
}

#[test]
fn a_proxy_that_opens_no_tunnel_is_told_by_its_answer() {
    let cases = [
        (
            "HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n",
            "asks for credentials (407)",
            "407 Auth",
        ),
        ("HTTP/1.1 403 Not You\r\n\r\nno", "refused to open a tunnel", "403 Not You"),
        ("HTTP/1.1 502 Bad\r\n\r\n", "could not open a tunnel", "502 Bad"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "answer is not HTTP", "begins with \"SSH-2.0-Open"),
    ];
    for (answer, words, cause) in cases {
        let (_, exchange) = tunnelling(answer);
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::Proxy, "{message}");
        assert!(message.contains(words), "{message}");
        assert!(exchange.failure.as_ref().unwrap().cause.contains(cause), "{:?}", exchange.failure);
        assert_eq!(exchange.sent, None);
        assert!(exchange.connection.tunnel.is_some());
    }
}

/// A SOCKS 5 proxy that answers the greeting and the request like this.
fn socks(greeting: &'static [u8], answer: &'static [u8]) -> Exchange {
    let proxy = Server::new(move |peer| {
        let mut some = [0; 300];
        for reply in [greeting, answer] {
            if peer.stream.read(&mut some).is_err() || reply.is_empty() || !peer.send(reply) {
                return;
            }
        }
    });
    let url = format!("socks5h://{}", proxy.addr).parse().unwrap();
    let http = Some(ProxyChoice { url, source: "-x".to_owned() });
    let proxies = Proxies { http, https: None, bypass: vec![] };
    Run::new(Settings { proxies, ..Settings::default() }).get("http://a.invalid/x")
}

#[test]
fn a_socks_proxy_that_refuses_is_told_with_its_reason() {
    for (greeting, answer, why) in [
        (&[5, 0][..], &[5, 2, 0, 1, 0, 0, 0, 0, 0, 0][..], "rules do not allow"),
        (&[5, 0], &[5, 5, 0, 1], "connection refused"),
        (&[5, 255], &[], "credentials"),
        (b"HT", b"TP", "not SOCKS 5"),
        (&[5, 0], &[], "closed the connection"),
        (&[], &[], "closed the connection"),
    ] {
        let exchange = socks(greeting, answer);
        let failure = exchange.failure.unwrap();
        assert_eq!(failure.kind, FailureKind::Proxy, "{failure:?}");
        assert!(failure.message.contains("SOCKS"), "{failure:?}");
        assert!(failure.cause.contains(why), "{failure:?}");
    }
}
