//! `hopstep compare` as a user runs it: where variants part, environments that are the same, the document.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/schema.rs"]
mod schema;

#[cfg(unix)]
#[path = "support/terminal.rs"]
mod terminal;

use std::io::Write as _;
use std::process::{Output, Stdio};

use recorder::{Recorder, Seen, respond};
use serde_json::{Value, json};

/// The lab's checkout: the 302 lets a client turn the POST into a GET.
fn world() -> Recorder {
    Recorder::start(|seen: &Seen| match (seen.target.as_str(), seen.method.as_str()) {
        ("/checkout", _) => respond("302 Found", &["Location: /orders/17"], ""),
        ("/absolute", _) => {
            let host = seen.field("Host").unwrap();
            respond("301 Moved Permanently", &[&format!("Location: http://{host}/end")], "")
        }
        ("/private", _) => respond("302 Found", &["Location: /end?token=hunter2hunter2"], ""),
        ("/loop", _) => respond("302 Found", &["Location: /loop"], ""),
        ("/orders/17", "POST") => respond("405 Method Not Allowed", &[], ""),
        _ => respond("200 OK", &["Content-Type: text/plain"], "the end \u{1b}[2J\n"),
    })
}

fn compare(args: &[&str]) -> Output {
    programs::clean(env!("CARGO_BIN_EXE_hopstep")).arg("compare").args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The document, held against its schema.
fn document(args: &[&str]) -> Value {
    let output = compare(&[args, &["--format", "json"]].concat());
    schema::document(&output.stdout, include_str!("../assets/compare.schema.json"))
}

#[test]
fn clients_part_behind_the_302_that_makes_some_of_them_get() {
    let world = world();
    let url = world.url("/checkout");
    let args = ["--clients", "curl,requests,got", "-d", "a=b", &url];
    let output = compare(&args);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("✔ requests agrees with curl"), "{text}");
    let parted = "▲ got parts from curl at hop 2, after the 302 of hop 1: method: POST, not GET";
    assert!(text.contains(parted), "{text}");
    let markdown = stdout(&compare(&[&args[..], &["--format", "markdown"]].concat()));
    assert!(markdown.contains("| `got` | `405 Method Not Allowed"), "{markdown}");
    assert_eq!(compare(&[&args[..], &["-f"]].concat()).status.code(), Some(1));
    let looped = world.url("/loop");
    let stopped = compare(&["--methods", "GET,PUT", &looped]);
    assert_eq!(stopped.status.code(), Some(3));
    let said = String::from_utf8(stopped.stderr).unwrap();
    let names: Vec<&str> = said.lines().filter_map(|line| line.split(": ").nth(1)).collect();
    assert_eq!(names, ["GET", "PUT"], "{said}");
}

#[test]
fn environments_are_equal_where_hosts_are_mapped() {
    let (old, new) = (world(), world());
    let host = |world: &Recorder| {
        world.url("").trim_start_matches("http://").trim_end_matches('/').to_owned()
    };
    let (left, right) = (old.url("/absolute"), new.url("/absolute"));
    let parts = document(&[&left, &right]);
    assert_eq!(parts["comparisons"][0]["parted"]["importance"], "destination");
    let map = format!("{}={}", host(&old), host(&new));
    let same = document(&["--map-host", &map, &left, &right]);
    assert_eq!(same["comparisons"][0]["parted"], Value::Null);
    assert_eq!(same["comparisons"][0]["agrees"], true);
    let text = stdout(&compare(&["--map-host", &map, &left, &right]));
    assert!(text.contains("✔ ") && !text.contains("destination"), "{text}");
}

#[test]
fn the_document_has_what_was_varied_and_no_secret() {
    let world = world();
    let url = world.url("/checkout");
    let methods = document(&["--methods", "GET,POST,HEAD", "-d", "a=b", &url]);
    let names: Vec<&Value> =
        methods["variants"].as_array().unwrap().iter().map(|of| &of["name"]).collect();
    assert_eq!(names, ["GET", "POST", "HEAD"]);
    let post = &methods["comparisons"][0];
    assert_eq!(post["parted"], Value::Null, "{post}");
    let asked = |of: &&Value| of["what"] == "method";
    let method = post["differences"].as_array().unwrap().iter().find(asked).unwrap();
    assert_eq!(method["asked"], true);
    assert_eq!(method["hops"], json!({ "reference": 1, "variant": 1 }));

    let args = ["-H", "Authorization: Bearer one-secret", "--without", "auth", "--with"];
    let private = world.url("/private");
    let args = [&args[..], &["Authorization: Bearer other-secret", "--redact", &private]].concat();
    let auth = document(&args);
    assert_eq!(auth["comparisons"][0]["parted"]["importance"], "credentials");
    assert_eq!(auth["comparisons"].as_array().unwrap().len(), 2);
    for format in ["text", "json", "markdown"] {
        let text = stdout(&compare(&[&args[..], &["--format", format]].concat()));
        assert!(!text.contains("secret") && !text.contains("hunter2"), "{format}: {text}");
        assert!(!text.contains('\u{1b}'));
    }
    let seen = world.take();
    assert!(
        seen.iter().any(|of| of
            .field("Authorization")
            .is_some_and(|value| value == "Bearer other-secret"))
    );
    let lines = |of: &Seen| of.fields.iter().filter(|(name, _)| name == "Authorization").count();
    assert!(seen.iter().all(|of| lines(of) < 2));
}

#[test]
fn a_body_on_standard_input_is_sent_in_every_variant() {
    let world = world();
    let url = world.url("/orders/17");
    let mut hopstep = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
    hopstep.args(["compare", "--clients", "curl,requests,got", "-d", "@-", &url]);
    let mut child = hopstep.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"item=teapot\n").unwrap();
    assert!(child.wait().unwrap().success());
    let bodies: Vec<String> =
        world.take().iter().map(|seen| String::from_utf8_lossy(&seen.body).into_owned()).collect();
    assert_eq!(bodies, ["item=teapot"; 3]);
}

#[cfg(unix)]
#[test]
fn on_the_screen_the_chains_are_runs_side_by_side() {
    let world = world();
    let url = world.url("/checkout");
    let args = ["compare", "--tui", "--clients", "curl,requests,got", "-d", "a=b", &url];
    let mut terminal = terminal::hopstep(&args);
    // requests goes curl's way, got does not: it is the one beside curl
    terminal.wait_for_text("Runs 1 and 3 part at hop 2: method");
    terminal.wait_for_text("run 1: curl");
    terminal.wait_for_text("run 3: got");
    // the last row of the frame: all of it is there
    terminal.wait_for_text("Esc close");
    world.take();
    terminal.keys("\x1b");
    terminal.wait_for("the chain alone", |output| {
        !output.parser.screen().contents().contains("Esc close")
    });
    terminal.keys("o");
    terminal.wait_for_text("requests  POST");
    terminal.keys("\x03");
    assert_eq!(terminal.exit_status(), 0);
    assert_eq!(world.take().len(), 0, "nothing is sent anew");
}
