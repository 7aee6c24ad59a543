//! The engine against raw loopback servers: what went over the wire is what is recorded.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "wire/framing.rs"]
mod framing;
#[path = "wire/http2.rs"]
mod http2;
#[path = "wire/lines.rs"]
mod lines;
#[path = "wire/run.rs"]
mod run;
#[path = "wire/server.rs"]
mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use hopstep::domain::http::body::{Bodies, RequestBody};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::head::DeviationKind;
use hopstep::domain::http::method::Method;
use hopstep::domain::http::settings::Settings;
use hopstep::domain::http::timing::Phase;
use hopstep::fetch::{BodyStore, Engine, Event, Fetch, FetchId, Remote};
use run::{Run, failure, get};
use server::{Nobody, Server};

fn fetch(server: &Server) -> Exchange {
    Run::new(Settings::default()).fetch(get(&server.url("/x")))
}

#[test]
fn both_heads_are_recorded_byte_for_byte() {
    let head = "HTTP/1.1 302 Elsewhere\r\nx-ODD: 1\r\nLocation: /é\r\nX-Odd:2\r\nContent-Length: 2\r\n\r\n";
    let server = Server::answering(format!("{head}ok"));
    let mut run = Run::new(Settings::default());
    let mut request = get(&server.url("/a?b#c"));
    request.fields.push("X-Two", "1");
    request.fields.push("X-Empty", "");
    let exchange = run.fetch(request);
    assert_eq!(exchange.failure, None);
    let sent = exchange.sent.as_ref().unwrap();
    assert_eq!(String::from_utf8_lossy(&sent.raw), server.request(0));
    assert_eq!(sent.target, "/a?b");
    let names: Vec<_> = sent.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["Host", "User-Agent", "Accept", "X-Two", "X-Empty"]);
    let response = exchange.response.as_ref().unwrap();
    assert_eq!(response.raw, head.as_bytes());
    assert_eq!(response.reason, "Elsewhere");
    let names: Vec<_> = response.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["x-ODD", "Location", "X-Odd", "Content-Length"]);
    assert_eq!(run.body(&exchange), b"ok");
    assert!(exchange.body.complete && !exchange.body.truncated);
    assert_eq!(exchange.connection.remote_addr, Some(server.addr));
    assert!(exchange.connection.local_addr.is_some());
    assert!(exchange.timing.connect.is_some() && exchange.timing.dns.is_none());
}

#[test]
fn all_256_byte_values_are_recorded_as_they_came() {
    for byte in 0..=255u8 {
        let mut head = b"HTTP/1.1 200 OK\r\nX: a".to_vec();
        head.push(byte);
        head.extend_from_slice(b"b\r\nContent-Length: 0\r\n\r\n");
        let server = Server::closing(head.clone());
        let exchange = fetch(&server);
        let raw = exchange.response.expect("recorded even where it is refused").raw;
        assert_eq!(raw, head, "byte {byte}");
    }
}

#[test]
fn a_post_is_sent_whole_and_its_head_recorded_without_the_body() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let mut request = get(&server.url("/"));
    request.method = Method::POST;
    request.fields.push("Content-Length", "5");
    request.body = Some(RequestBody::new("a=b&c"));
    let exchange = Run::new(Settings::default()).fetch(request);
    assert!(server.request(0).ends_with("\r\n\r\na=b&c"));
    let sent = exchange.sent.unwrap();
    assert!(sent.raw.ends_with(b"Content-Length: 5\r\n\r\n"), "{:?}", sent.raw);
}

#[test]
fn interim_responses_are_kept_before_the_final_one() {
    let server = Server::closing(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
    );
    let exchange = fetch(&server);
    let interim: Vec<_> = exchange.informational.iter().map(|head| head.status).collect();
    assert_eq!((interim, exchange.status()), (vec![100, 103], Some(204)));
}

#[test]
fn hops_of_one_origin_share_a_connection() {
    let server =
        Server::answering("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 3\r\n\r\nabc");
    let mut run = Run::new(Settings::default());
    let reused: Vec<_> =
        (0..5).map(|_| run.fetch(get(&server.url("/x"))).connection.reused).collect();
    assert_eq!(reused, [false, true, true, true, true]);
    assert_eq!(server.connections(), 1);
}

#[test]
fn the_next_hop_started_at_the_head_still_shares_the_connection() {
    let server =
        Server::answering("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 3\r\n\r\nabc");
    let mut run = Run::new(Settings::default());
    let mut left = 6;
    run.start(Fetch::new(FetchId(0), get(&server.url("/x"))));
    while let Some((_, event)) = run.engine.next(Some(Duration::from_secs(60))) {
        // a body that comes with its head is told by the end alone
        if matches!(event, Event::Head(_) | Event::Done(_)) && left > 0 {
            left -= 1;
            run.start(Fetch::new(FetchId(0), get(&server.url("/x"))));
        }
    }
    assert_eq!(server.connections(), 1);
    assert_eq!(server.requests.lock().unwrap().len(), 7);
}

/// Five redirects whose bodies go on until the chain has its end: it has that before the first of them has.
#[test]
fn dripping_redirect_bodies_do_not_hold_up_the_chain() {
    let over = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&over);
    let server = Server::new(move |peer| {
        while let Some(request) = peer.request() {
            if request.starts_with(b"GET /end") {
                peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
                continue;
            }
            peer.send(b"HTTP/1.1 302 Found\r\nLocation: /next\r\nContent-Length: 4\r\n\r\na");
            while !seen.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(5));
            }
            peer.send(b"bbb");
        }
    });
    let mut run = Run::new(Settings::default());
    run.start(Fetch::new(FetchId(0), get(&server.url("/1"))));
    let (mut heads, mut ends) = (1, vec![]);
    while let Some((id, event)) = run.engine.next(Some(Duration::from_secs(60))) {
        match event {
            Event::Head(exchange) if exchange.status() == Some(302) => {
                heads += 1;
                let path = if heads > 5 { "/end".to_owned() } else { format!("/{heads}") };
                run.start(Fetch::new(FetchId(0), get(&server.url(&path))));
            }
            Event::Done(exchange) => {
                over.fetch_or(id.0 == 6, Ordering::SeqCst);
                ends.push((id.0, run.body(&exchange), exchange.body.complete));
            }
            Event::Phase(_) | Event::Head(_) | Event::Body { .. } => {}
        }
    }
    let slow = (1..=5).map(|hop| (hop, b"abbb".to_vec(), true));
    assert_eq!(ends[0], (6, b"done".to_vec(), true));
    // they drip side by side: which of them is done first is up to the scheduler
    ends[1..].sort();
    assert_eq!(ends[1..], slow.collect::<Vec<_>>());
    assert_eq!(server.connections(), 6);
}

#[test]
fn every_departure_that_clients_bear_is_noted() {
    let server = Server::closing(
        "HTTP/1.1 200 OK\nA : 1\r\nB: 2\r\n fold\r\nbad\r\nContent-Length: 1\r\n\r\nxEXTRA",
    );
    let exchange = fetch(&server);
    assert_eq!(exchange.failure, None);
    let kinds: Vec<_> = exchange.response.unwrap().deviations.iter().map(|d| d.kind).collect();
    use DeviationKind::*;
    assert_eq!(kinds, [BareLf, SpaceBeforeColon, FoldedLine, NoColon, ExtraBytes]);
}

#[test]
fn a_head_that_is_refused_is_recorded_with_its_location() {
    let cases = [
        ("HTTP/1.1 302 Found\r\nLocation: /y\r\nX: a\0b\r\n\r\n", "NUL"),
        ("HTTP/1.1 abc Found\r\nLocation: /y\r\n\r\n", "status"),
        ("HTTP/3.7 302 Found\r\nLocation: /y\r\n\r\n", "version"),
        (
            "HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "differ",
        ),
        ("HTTP/1.1 302 Found\r\nLocation: /y\r\nContent-Length: +1\r\n\r\n", "number"),
    ];
    for (answer, word) in cases {
        let exchange = fetch(&Server::closing(answer));
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::Protocol, "{answer:?}");
        assert!(message.contains(word), "{message}");
        assert_eq!(exchange.fields().text("location").unwrap(), "/y");
    }
}

#[test]
fn a_server_that_breaks_off_is_told_by_where_it_did() {
    let half = fetch(&Server::closing("HTTP/1.1 302 Found\r\nLocation: /y\r\nX-H"));
    assert_eq!(failure(&half).0, FailureKind::Protocol);
    assert!(failure(&half).1.contains("in the middle of its head"), "{}", failure(&half).1);
    assert_eq!(half.fields().text("location").unwrap(), "/y");
    let none = fetch(&Server::closing(""));
    assert!(failure(&none).1.contains("closed the connection without answering"));
    assert_eq!(none.failure.unwrap().phase, Phase::Wait);
    let short = fetch(&Server::closing("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
    assert_eq!(
        failure(&short),
        (FailureKind::Body, "The body is short: 3 of the 9 bytes announced arrived.")
    );
    assert!(!short.body.complete);
    let chunks = fetch(&Server::closing(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nZZ\r\n",
    ));
    assert!(failure(&chunks).1.contains("malformed after 3 bytes"), "{:?}", chunks.failure);
    let last = fetch(&Server::closing(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ));
    assert!(failure(&last).1.contains("before its last chunk"), "{:?}", last.failure);
    let other = fetch(&Server::closing("SSH-2.0-OpenSSH_9.2\r\n\r\n"));
    assert_eq!(failure(&other), (FailureKind::Protocol, "The answer is not HTTP."));
    assert_eq!(other.response, None);
}

#[test]
fn nobody_listening_is_a_refusal() {
    let free = Nobody::new();
    let exchange = Run::new(Settings::default()).fetch(get(&format!("http://{}/", free.addr)));
    assert_eq!(failure(&exchange).0, FailureKind::Connect);
    assert!(failure(&exchange).1.contains("refused the connection"));
    assert_eq!(exchange.sent, None);
}

#[test]
fn a_name_that_does_not_exist_is_a_dns_failure() {
    let exchange = Run::new(Settings::default()).fetch(get("http://nowhere.invalid/"));
    assert_eq!(failure(&exchange).0, FailureKind::Dns);
    assert_eq!(exchange.failure.unwrap().phase, Phase::Dns);
}

#[test]
fn a_head_without_end_is_cut_off_and_kept() {
    let server = Server::new(|peer| {
        peer.request();
        peer.send(b"HTTP/1.1 302 Found\r\nLocation: /y\r\n");
        while peer.send(&b"X-Filler: 0123456789012345678901234567890123456789\r\n".repeat(20)) {}
    });
    let exchange = fetch(&server);
    assert_eq!(failure(&exchange).0, FailureKind::Protocol);
    assert!(failure(&exchange).1.contains("400 KiB") || failure(&exchange).1.contains("10,000"));
    assert_eq!(exchange.fields().text("location").unwrap(), "/y");
}

#[test]
fn a_cancelled_fetch_keeps_what_arrived() {
    let server = Server::new(|peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc");
        peer.wait_for_close();
    });
    let mut run = Run::new(Settings::default());
    let id = run.start(Fetch::new(FetchId(0), get(&server.url("/"))));
    while !matches!(run.engine.next(None), Some((_, Event::Head(_)))) {}
    // the three bytes came with the head
    run.engine.next(Some(Duration::from_millis(50)));
    run.engine.cancel(id);
    let exchange = run.done(id);
    assert_eq!(failure(&exchange).0, FailureKind::Cancelled);
    assert_eq!(exchange.failure.as_ref().unwrap().phase, Phase::Receive);
    assert_eq!((exchange.status(), run.body(&exchange)), (Some(200), b"abc".to_vec()));
    assert_eq!(&exchange.body.head[..], b"abc");
}

#[test]
fn an_interrupt_from_another_thread_ends_the_wait() {
    let server = Server::new(|peer| peer.wait_for_close());
    let mut run = Run::new(Settings::default());
    let id = run.start(Fetch::new(FetchId(0), get(&server.url("/"))));
    let interrupter = run.engine.interrupter();
    std::thread::spawn(move || interrupter.interrupt());
    assert_eq!(failure(&run.done(id)).0, FailureKind::Cancelled);
}

#[test]
fn the_time_limit_names_the_phase() {
    let server = Server::new(|peer| peer.wait_for_close());
    let mut run = Run::new(Settings::default());
    let limit = Some(Duration::from_secs(2));
    let id = run.start(Fetch { limit, ..Fetch::new(FetchId(0), get(&server.url("/"))) });
    let exchange = run.done(id);
    assert_eq!(
        failure(&exchange),
        (FailureKind::Timeout, "The time limit was reached before the server answered.")
    );
    assert!(exchange.sent.is_some());
}

#[test]
fn a_kept_connection_that_was_closed_is_replaced_by_a_new_one() {
    let server = Server::new(|peer| {
        peer.request();
        peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        // takes the second request, says nothing, closes
        peer.request();
    });
    let mut run = Run::new(Settings::default());
    run.fetch(get(&server.url("/1")));
    let second = run.fetch(get(&server.url("/2")));
    assert_eq!((second.status(), second.failure), (Some(200), None));
    assert_eq!(second.notes.len(), 1);
}

#[test]
fn the_remote_engine_tells_the_same_story() {
    let server = Server::answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    let (events, told) = std::sync::mpsc::channel();
    let sink = Arc::new(move |id, event| events.send((id, event)).unwrap());
    let store = Arc::new(BodyStore::new());
    let mut engine = Remote::new(Settings::default(), store.clone(), sink).unwrap();
    engine.start(Fetch::new(FetchId(7), get(&server.url("/"))));
    let mut phases = vec![];
    loop {
        match told.recv_timeout(Duration::from_secs(60)).unwrap().1 {
            Event::Phase(phase) => phases.push(phase),
            Event::Done(exchange) => {
                assert_eq!(store.read(exchange.body.id, 0, 9), b"hi");
                break;
            }
            Event::Head(_) | Event::Body { .. } => {}
        }
    }
    assert_eq!(phases, [Phase::Connect, Phase::Wait, Phase::Receive]);
}
