//! `hopstep clients URL` as a user runs it: who ends where, how few requests that takes, and the documents it prints.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/schema.rs"]
mod schema;

use std::process::Output;

use recorder::{Recorder, Seen, respond};
use serde_json::{Value, json};

fn world() -> Recorder {
    Recorder::start(|seen: &Seen| match seen.target.as_str() {
        "/order" => respond("302 Found", &["Location: /paid"], ""),
        "/paid" => respond("307 Temporary Redirect", &["Location: /end"], ""),
        "/loop" => respond("302 Found", &["Location: /loop"], ""),
        "/nothing" => Vec::new(),
        "/hostile" => respond(
            "302 F\u{1b}[2Jound",
            &["Location: /end?\u{202e}|x|`<script>", "X: \u{1b}]52;c;AA\u{7}"],
            "",
        ),
        _ => respond("200 OK", &["Content-Type: text/plain"], "the end\n"),
    })
}

fn clients(args: &[&str]) -> Output {
    programs::clean(env!("CARGO_BIN_EXE_hopstep")).arg("clients").args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The document, held against its schema.
fn document(args: &[&str]) -> Value {
    let output = clients(&[args, &["--format", "json"]].concat());
    schema::document(&output.stdout, include_str!("../assets/clients.schema.json"))
}

/// The group of this client.
fn group<'a>(document: &'a Value, client: &str) -> &'a Value {
    let groups = document["groups"].as_array().unwrap();
    groups.iter().find(|of| of["clients"].as_array().unwrap().contains(&json!(client))).unwrap()
}

#[test]
fn a_request_is_sent_once_for_all_clients_that_agree_on_it() {
    let world = world();
    let url = world.url("/order");
    let document = document(&["-X", "PUT", "-d", "a=b", &url]);
    let seen = world.take();
    assert_eq!(document["requests_sent"], seen.len());
    assert_eq!(seen.iter().filter(|seen| seen.target == "/order").count(), 1);
    let groups = document["groups"].as_array().unwrap();
    let clients: usize = groups.iter().map(|of| of["clients"].as_array().unwrap().len()).sum();
    assert_eq!(clients, 21);
    let puts = seen.iter().filter(|of| of.target == "/paid" && of.method == "PUT").count();
    let all = seen.iter().filter(|of| of.target == "/paid").count();
    assert!(puts >= 1 && all < 8, "{seen:?}");
    let kept = group(&document, "node");
    assert_eq!(kept["hops"][1]["request"]["method"], "PUT");
    assert_eq!(group(&document, "requests")["hops"][1]["request"]["method"], "GET");
    assert_eq!(
        group(&document, "urllib")["outcome"],
        json!({"kind": "stopped", "reason": "refused-by-client"})
    );
    assert_eq!(document["disagreement"]["method"], true);
    // the first request is the same for all
    assert!(groups.iter().all(|of| of["hops"][0]["request_number"] == 1));
}

#[test]
fn what_is_told_of_a_client_is_what_a_trace_as_that_client_sends() {
    let world = world();
    let url = world.url("/order");
    let document = document(&["-d", "a=b", &url]);
    for client in hopstep::domain::client::Client::names() {
        world.take();
        programs::clean(env!("CARGO_BIN_EXE_hopstep"))
            .args(["trace", "--as", client, "-d", "a=b", &url])
            .output()
            .unwrap();
        let sent: Vec<Value> = world
            .take()
            .iter()
            .map(|seen| json!([seen.method, world.url(&seen.target), seen.body.len()]))
            .collect();
        let hops = group(&document, client)["hops"].as_array().unwrap();
        let told: Vec<Value> = hops
            .iter()
            .map(|hop| &hop["request"])
            .map(|of| json!([of["method"], of["url"], of["body_size"]]))
            .collect();
        assert_eq!(told, sent, "{client}");
    }
}

#[test]
fn a_dry_run_sends_what_one_client_sends_and_says_where_prediction_ends() {
    let world = world();
    let document =
        document(&["--dry-run", "--as", "node", "-X", "PUT", "-d", "a=b", &world.url("/order")]);
    let seen: Vec<_> = world.take().into_iter().map(|seen| (seen.method, seen.target)).collect();
    let sent = ["/order", "/paid", "/end"].map(|target| ("PUT".to_owned(), target.to_owned()));
    assert_eq!(seen, sent);
    assert_eq!(group(&document, "node")["outcome"]["kind"], "final");
    let parted = group(&document, "requests");
    assert_eq!(parted["outcome"], json!({"kind": "unknown", "reason": null}));
    assert_eq!(parted["not_sent"]["method"], "GET");
    assert_eq!(parted["not_sent"]["url"], world.url("/paid"));
    let method = json!({"hop": 2, "kind": "method", "name": null, "other": "PUT", "own": "GET"});
    assert!(parted["differences"].as_array().unwrap().contains(&method));
}

#[test]
fn the_client_in_charge_decides_the_exit_status() {
    let world = world();
    for (args, target, status) in [
        (&[][..], "/order", 0),
        (&[], "/loop", 3),
        (&[], "/nothing", 4),
        (&["-X", "PUT", "-d", "a", "--as", "urllib"], "/order", 3),
        (&["--format", "har"], "/order", 2),
    ] {
        let output = clients(&[args, &[&world.url(target)]].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?} {target}");
    }
}

#[test]
fn outliers_come_first_and_differences_are_named() {
    let world = world();
    let text = stdout(&clients(&["-X", "PUT", "-d", "a=b", &world.url("/order")]));
    let first = text.lines().nth(3).unwrap();
    assert!(first.starts_with("  1 client "), "{text}");
    for words in ["▶ ", "hop 2: GET instead of PUT", "hop 1: stops: this client refuses the step"]
    {
        assert!(text.contains(words), "{words} not in\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 110), "{text}");
    assert!(text.ends_with("▲ depends on the client: whether it goes on, the method, the body\n"));
}

#[test]
fn no_byte_of_a_server_reaches_the_output_unescaped() {
    let world = world();
    for format in ["text", "json", "markdown"] {
        let output = clients(&["--format", format, "--color", "never", &world.url("/hostile")]);
        let text = stdout(&output);
        let safe = |c: char| c == '\n' || hopstep::domain::escape::is_visible(c);
        assert!(text.chars().all(safe), "{format}: {text}");
        assert!(!text.contains("<script>") || format != "markdown" || text.contains('`'), "{text}");
    }
}

#[test]
fn without_a_url_the_table_of_profiles_is_printed() {
    let text = stdout(&clients(&[]));
    assert!(text.contains("requests") && text.contains("Follows 30 redirects"), "{text}");
    let table: Value = serde_json::from_slice(&clients(&["--format", "json"]).stdout).unwrap();
    assert_eq!(table["clients"].as_array().unwrap().len(), 21);
    assert!(stdout(&clients(&["--format", "markdown"])).starts_with("| client |"));
}
