//! HTTP/2: what is recorded is what went over the wire, line by line.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::field::Fields;
use hopstep::domain::http::head::DeviationKind;
use hopstep::domain::http::request::{FieldSource, Request};
use hopstep::domain::http::settings::{Settings, VersionPreference};
use hopstep::fetch::{Fetch, FetchId};

use crate::http2::{field, frame, headers, serve};
use crate::run::{Run, get};
use crate::server::Server;

fn url(server: &Server, path: &str) -> String {
    format!("http://{}{path}", server.addr)
}

fn run() -> Run {
    let version = VersionPreference::Http2PriorKnowledge;
    Run::new(Settings { version, ..Settings::default() })
}

fn answering(frames: Vec<u8>) -> Server {
    Server::new(move |peer| serve(&mut peer.stream, &frames))
}

fn fetch(run: &mut Run, request: Request) -> Exchange {
    let id = run.start(Fetch::new(FetchId(0), request));
    run.done(id)
}

fn lines(fields: &Fields) -> Vec<String> {
    fields.iter().map(|field| format!("{}: {}", field.name, field.text())).collect()
}

fn block(fields: &[(&str, &str)]) -> Vec<u8> {
    fields.iter().flat_map(|(name, value)| field(name, value)).collect()
}

#[test]
fn lines_of_a_head_stand_in_the_order_in_which_they_came() {
    let head = [
        (":status", "302"),
        ("set-cookie", "a=1"),
        ("x", "1"),
        ("set-cookie", "b=2"),
        (":path", "/evil"),
        ("location", "/y"),
        ("x", "2"),
    ];
    let server = answering(frame(1, 5, 1, &block(&head[..4])[..]));
    let exchange = fetch(&mut run(), get(&url(&server, "/x")));
    assert_eq!(lines(exchange.fields()), ["set-cookie: a=1", "x: 1", "set-cookie: b=2"]);
    assert_eq!(exchange.failure, None);
    // a pseudo-field behind a field is refused, and all of it is shown
    let server = answering(frame(1, 5, 1, &block(&head)));
    let exchange = fetch(&mut run(), get(&url(&server, "/x")));
    let head = exchange.response.unwrap();
    assert_eq!(lines(&head.fields)[3..], ["location: /y", "x: 2"]);
    assert_eq!((head.strays[0].before, head.strays[0].bytes.as_slice()), (3, &b":path: /evil"[..]));
    assert_eq!(head.deviations[0].kind, DeviationKind::UnknownPseudo);
    assert!(exchange.failure.unwrap().message.contains(":path: /evil"));
}

#[test]
fn the_request_is_recorded_as_it_went_out() {
    let server = answering(headers("204", &[], true));
    let mut request = get(&url(&server, "/x?y"));
    for (name, value) in [("X-A", "1"), ("X-B", "2"), ("X-A", "3")] {
        request.fields.push(name, value);
        request.sources.push(FieldSource::User);
    }
    let exchange = fetch(&mut run(), request);
    let sent = exchange.sent.unwrap();
    assert_eq!(sent.target, "/x?y");
    // h2 puts lines of one name together, and so they went
    let want = ["user-agent: t", "accept: */*", "x-a: 1", "x-a: 3", "x-b: 2"];
    assert_eq!(lines(&sent.fields), want);
    assert_eq!(exchange.notes, [""; 0]);
}

#[test]
fn another_authority_than_the_urls_is_told() {
    let server = answering(headers("204", &[], true));
    let mut request = get(&url(&server, "/x"));
    request.fields.set("Host", "other.test");
    let exchange = fetch(&mut run(), request);
    assert!(exchange.notes[0].contains("other.test as its :authority"), "{:?}", exchange.notes);
}

#[test]
fn interim_heads_and_trailers_keep_their_lines() {
    let frames = [
        headers("103", &[("link", "</a>"), ("x", "1"), ("link", "</b>")], false),
        headers("200", &[], false),
        frame(0, 0, 1, b"body"),
        frame(1, 5, 1, &block(&[("t", "1"), ("u", "2"), ("t", "3")])),
    ];
    let server = answering(frames.concat());
    let exchange = fetch(&mut run(), get(&url(&server, "/x")));
    assert_eq!(lines(&exchange.informational[0].fields), ["link: </a>", "x: 1", "link: </b>"]);
    assert_eq!(lines(&exchange.trailers), ["t: 1", "u: 2", "t: 3"]);
}

#[test]
fn trailers_that_are_refused_are_kept_with_what_is_wrong() {
    let trailers = block(&[("t", "1"), ("bad", "\x1b")]);
    let frames = [headers("200", &[], false), frame(0, 0, 1, b"body"), frame(1, 5, 1, &trailers)];
    let server = answering(frames.concat());
    let exchange = fetch(&mut run(), get(&url(&server, "/x")));
    assert_eq!(lines(&exchange.trailers), ["t: 1", "bad: \x1b"]);
    assert!(exchange.failure.unwrap().cause.contains("The trailer bad"));
}

#[test]
fn codes_and_words_of_a_broken_off_stream_are_told() {
    let reset = answering(frame(3, 0, 1, &11u32.to_be_bytes()));
    let goaway = [&0u32.to_be_bytes()[..], &11u32.to_be_bytes(), b"too many"].concat();
    let goaway = answering(frame(7, 0, 0, &goaway));
    let cause = |server: &Server| {
        fetch(&mut run(), get(&url(server, "/x"))).failure.map(|failure| failure.cause)
    };
    assert_eq!(cause(&reset).as_deref(), Some("RST_STREAM: ENHANCE_YOUR_CALM (11)"));
    let words = "GOAWAY: ENHANCE_YOUR_CALM (11), “too many”";
    assert_eq!(cause(&goaway).as_deref(), Some(words));
}

#[test]
fn a_session_that_takes_no_more_requests_gets_none() {
    let goaway = [&1u32.to_be_bytes()[..], &[0; 4]].concat();
    let server = answering([frame(7, 0, 0, &goaway), headers("204", &[], true)].concat());
    let mut run = run();
    for _ in 0..3 {
        let exchange = fetch(&mut run, get(&url(&server, "/x")));
        assert_eq!((exchange.status(), exchange.connection.reused), (Some(204), false));
        assert_eq!((exchange.failure, exchange.notes), (None, Vec::new()));
    }
}

#[test]
fn a_request_that_the_server_did_not_look_at_is_sent_again_as_curl_does() {
    let refusal = frame(3, 0, 1, &7u32.to_be_bytes());
    let always = answering(refusal.clone());
    let exchange = fetch(&mut run(), get(&url(&always, "/x")));
    assert_eq!(exchange.failure.unwrap().cause, "RST_STREAM: REFUSED_STREAM (7)");
    assert!(exchange.notes[0].contains("5 times more"), "{:?}", exchange.notes);
    assert_eq!(always.connections.load(Ordering::SeqCst), 6);
    let asked = Arc::new(AtomicUsize::new(0));
    let twice = Server::new({
        move |peer| {
            let heeds = asked.fetch_add(1, Ordering::SeqCst) == 2;
            let answer = if heeds { headers("204", &[], true) } else { refusal.clone() };
            serve(&mut peer.stream, &answer);
        }
    });
    let exchange = fetch(&mut run(), get(&url(&twice, "/x")));
    assert_eq!((exchange.status(), exchange.failure), (Some(204), None));
    assert!(exchange.notes[0].contains("2 times more"), "{:?}", exchange.notes);
}
