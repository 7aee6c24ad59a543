//! Heads that are not as others are: what is told of them, and that a saved trace gives them back.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "support/printed.rs"]
mod printed;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/schema.rs"]
mod schema;
#[path = "wire/server.rs"]
mod server;

use printed::{document, messages, reopened, text};
use serde_json::json;
use server::Server;

#[test]
fn a_request_in_http_1_0_says_why_unless_it_was_asked_for() {
    let server = Server::closing("HTTP/1.0 302 Found\r\nLocation: /b\r\n\r\n".to_owned());
    for (options, first, reason) in [
        (&[][..], "1.1", "It went as HTTP/1.0: curl asks in that once"),
        (&["-0"], "1.0", ""),
        (&["--as", "requests"], "1.1", ""),
    ] {
        let document = document(&[options, &["--max-redirs", "1", &server.url("/")]].concat());
        let (hops, again) = (&document["hops"], reopened(&document));
        assert_eq!(hops[0]["request"]["http_version"], first, "{options:?}");
        let version = if options == ["--as", "requests"] { "1.1" } else { "1.0" };
        assert_eq!(hops[1]["request"]["http_version"], version, "{options:?}");
        assert_eq!(again["hops"][1]["request"], hops[1]["request"]);
        assert_eq!(again["given"], document["given"]);
        let notes = hops[1]["notes"].as_array().unwrap();
        assert_eq!(notes.len(), usize::from(!reason.is_empty()), "{notes:?}");
        assert!(notes.iter().all(|note| note.as_str().unwrap().starts_with(reason)), "{notes:?}");
    }
}

#[test]
fn a_head_that_its_fields_do_not_give_back_is_saved_byte_by_byte() {
    let folded = "HTTP/1.1 302 Found\r\nLocation: /b\r\n folded\r\nX: 1\r\n\r\n";
    let odd = "HTTP/1.2 302  \r\nLocation: /b\r\n\r\n";
    let latin = b"HTTP/1.1 302 Found\r\nLocation: /\xe9\r\n\r\n";
    for (head, bytes) in [
        (folded.as_bytes(), true),
        (odd.as_bytes(), true),
        (latin, true),
        (b"HTTP/1.1 302 Found\r\nLocation: /b\r\n\r\n", false),
    ] {
        let server = Server::closing(head.to_vec());
        let options = ["--max-redirs", "0", &server.url("/")];
        let first = document(&options);
        assert_eq!(first["hops"][0]["response"]["raw"].is_string(), bytes, "{first}");
        assert_eq!(reopened(&first), first);
        let hidden = document(&[&["--redact"], &options[..]].concat());
        let open = hidden["hops"][0]["response"]["raw"].is_string();
        assert_eq!(open, bytes && head != folded.as_bytes(), "a secret may go on behind a fold");
    }
}

#[test]
fn an_empty_line_before_the_status_line_is_told_on_it() {
    let server = Server::closing("\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let document = document(&[&server.url("/")]);
    let response = &document["hops"][0]["response"];
    assert!(messages(response)[0].starts_with("an empty line stands before"), "{response}");
    assert_eq!((&response["status"], &reopened(&document)), (&json!(200), &document));
    let text = text(&[&server.url("/")]);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| *line == "< HTTP/1.1 200 OK").unwrap();
    assert!(lines[at + 1].starts_with("^ an empty line stands before"), "{text}");
}
