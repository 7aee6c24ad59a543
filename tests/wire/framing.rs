//! How requests and bodies are framed: exact heads out, chunks, trailers and answers before the request's end in.

use std::io::Read;

use hopstep::domain::http::body::RequestBody;
use hopstep::domain::http::head::DeviationKind;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::request::Request;
use hopstep::domain::http::settings::Settings;

use crate::run::{Run, failure, get};
use crate::server::Server;

fn post(server: &Server, body: Vec<u8>) -> Request {
    let mut request = get(&server.url("/up"));
    request.method = Method::POST;
    request.fields.push("Content-Length", body.len().to_string());
    request.body = Some(RequestBody::new(body));
    request
}

#[test]
fn a_request_goes_out_as_it_stands_and_nothing_is_added() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut request = get(&server.url("/a"));
    request.fields.remove("Host");
    request.fields.remove("Accept");
    request.fields.push("x-LOWER", "1");
    request.exact_target = Some("/a/%2e%2e/b\\c d?q=|^`".to_owned());
    let exchange = Run::new(Settings::default()).fetch(request);
    let raw = "GET /a/%2e%2e/b\\c d?q=|^` HTTP/1.1\r\nUser-Agent: t\r\nx-LOWER: 1\r\n\r\n";
    assert_eq!(server.request(0), raw);
    assert_eq!(exchange.sent.unwrap().raw, raw);
    assert_eq!(exchange.notes, Vec::<String>::new());
}

#[test]
fn a_value_that_would_break_its_line_is_not_sent() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut request = get(&server.url("/a"));
    request.fields.push("X", "a\r\nEvil: 1");
    let exchange = Run::new(Settings::default()).fetch(request);
    assert!(failure(&exchange).1.contains("The value of X holds a control byte"));
    assert_eq!(server.connections(), 0);
}

#[test]
fn chunks_and_trailers_are_kept_as_they_came() {
    let server = Server::answering(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=\"b\"\r\nabc\r\n1\r\nd\r\n0\r\nX-Sum: 7\r\nx-SUM: 8\r\n\r\n",
    );
    let mut run = Run::new(Settings::default());
    let exchange = run.get(&server.url("/"));
    assert_eq!((exchange.failure.as_ref(), run.body(&exchange)), (None, b"abcd".to_vec()));
    let chunks: Vec<_> = exchange.body.chunks.iter().map(|c| (c.size, &c.extension[..])).collect();
    assert_eq!(chunks, [(3, &b"a=\"b\""[..]), (1, b""), (0, b"")]);
    let trailers: Vec<_> = exchange.trailers.iter().map(|f| (f.name.as_str(), f.text())).collect();
    assert_eq!(trailers, [("X-Sum", "7".to_owned()), ("x-SUM", "8".to_owned())]);
    // and the connection lives on
    assert!(run.get(&server.url("/")).connection.reused);
}

#[test]
fn bytes_after_a_body_are_noted_and_never_read_as_the_next_answer() {
    let server =
        Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 500 X\r\n\r\n");
    let mut run = Run::new(Settings::default());
    for _ in 0..2 {
        let exchange = run.get(&server.url("/"));
        assert_eq!((exchange.status(), exchange.connection.reused), (Some(200), false));
        let kinds: Vec<_> = exchange.response.unwrap().deviations.iter().map(|d| d.kind).collect();
        assert_eq!(kinds, [DeviationKind::ExtraBytes]);
    }
}

#[test]
fn an_answer_before_the_end_of_the_request_is_told() {
    let server = Server::new(|peer| {
        peer.stream.read_exact(&mut [0; 100]).unwrap();
        peer.send(b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
        peer.wait_for_close();
    });
    let exchange = Run::new(Settings::default()).fetch(post(&server, vec![b'x'; 64 << 20]));
    assert_eq!((exchange.status(), exchange.answered_early), (Some(413), true));
    let small = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let exchange = Run::new(Settings::default()).fetch(post(&small, b"a=b".to_vec()));
    assert!(!exchange.answered_early);
}

/// A server that reads the head first sees the body only after it said that it wants it.
#[test]
fn a_body_waits_where_the_request_expects_100_continue() {
    let server = Server::new(|peer| {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            peer.stream.read_exact(&mut byte).unwrap();
            head.push(byte[0]);
        }
        peer.send(b"HTTP/1.1 100 Continue\r\n\r\n");
        let mut body = [0; 5];
        peer.stream.read_exact(&mut body).unwrap();
        peer.send(&[b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", &body[..]].concat());
    });
    let mut run = Run::new(Settings::default());
    let mut request = post(&server, b"hello".to_vec());
    request.fields.push("Expect", "100-continue");
    let exchange = run.fetch(request);
    assert_eq!(exchange.informational[0].status, 100);
    assert_eq!((run.body(&exchange), exchange.answered_early), (b"hello".to_vec(), false));
}

#[test]
fn a_body_that_is_refused_before_it_was_sent_is_not_sent() {
    let server = Server::answering("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
    let mut request = get(&server.url("/up"));
    request.method = Method::POST;
    request.fields.push("Expect", "100-continue");
    request.fields.push("X-Content-Length", "5");
    request.body = Some(RequestBody::new("hello"));
    let mut run = Run::new(Settings::default());
    let exchange = run.fetch(request);
    assert_eq!((exchange.status(), exchange.answered_early), (Some(417), true));
    // what was announced and not sent must not be taken for the next request
    assert!(!run.get(&server.url("/")).connection.reused);
}

#[test]
fn a_chunked_request_is_framed() {
    let server = Server::new(|peer| {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"0\r\n\r\n") {
            let mut byte = [0];
            peer.stream.read_exact(&mut byte).unwrap();
            bytes.push(byte[0]);
        }
        let body = bytes.split(|&b| b == b'\n').skip(4).collect::<Vec<_>>().join(&b'\n');
        let length = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        peer.send(&[length.as_bytes(), &body[..]].concat());
    });
    let mut request = get(&server.url("/up"));
    request.method = Method::PUT;
    request.fields.remove("Accept");
    request.fields.push("Transfer-Encoding", "chunked");
    request.body = Some(RequestBody::new("hello world"));
    let mut run = Run::new(Settings::default());
    let exchange = run.fetch(request);
    assert_eq!(run.body(&exchange), b"\r\nb\r\nhello world\r\n0\r\n\r\n");
}
