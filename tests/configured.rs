//! What a user's file and a project's file say of judging, as the user sees it: on the command line, and written from the
//! screen into `hopstep.toml`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/terminal.rs"]
mod terminal;

use std::path::PathBuf;

use recorder::{Recorder, respond};
use serde_json::Value;
use terminal::{Terminal, command};

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

/// A folder with a home and a repository, each with its file.
struct Place(tempfile::TempDir);

impl Place {
    fn new(project: &str, user: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        let place = Place(folder);
        std::fs::create_dir_all(place.home().join(".config/hopstep")).unwrap();
        std::fs::create_dir_all(place.repository().join(".git")).unwrap();
        std::fs::write(place.home().join(".config/hopstep/config.toml"), user).unwrap();
        std::fs::write(place.repository().join("hopstep.toml"), project).unwrap();
        place
    }

    fn home(&self) -> PathBuf {
        self.0.path().join("home")
    }

    fn repository(&self) -> PathBuf {
        self.0.path().join("repository")
    }

    fn project(&self) -> String {
        std::fs::read_to_string(self.repository().join("hopstep.toml")).unwrap()
    }

    /// What `trace` prints there.
    fn trace(&self, args: &[&str]) -> String {
        let mut command = programs::clean(HOPSTEP);
        command.arg("trace").args(args).current_dir(self.repository()).env("HOME", self.home());
        let output = command.output().unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The rules that speak about this, each with how bad it is.
    fn rules(&self, args: &[&str]) -> Vec<String> {
        let document = self.trace(&[args, &["--format", "json"]].concat());
        let document: Value = serde_json::from_str(&document).unwrap();
        let of = |value: &Value| value["findings"].as_array().unwrap().clone();
        let hops = document["hops"].as_array().unwrap().iter().flat_map(of);
        hops.chain(of(&document))
            .map(|finding| {
                let word = |key: &str| finding[key].as_str().unwrap().to_owned();
                format!("{} {}", word("rule"), word("severity"))
            })
            .collect()
    }
}

fn has(rules: &[String], rule: &str) -> bool {
    rules.iter().any(|known| known.starts_with(rule))
}

/// Each on its own, once in the project's file and once in the user's.
fn in_each_file(text: &str) -> [Place; 2] {
    [Place::new(text, ""), Place::new("", text)]
}

/// Two hops within one host, then to another.
fn world() -> (Recorder, String) {
    let other = Recorder::start(|_| respond("200 OK", &["Content-Type: text/plain"], "the end"));
    let port = other.addr.port();
    let first = Recorder::start(move |seen| {
        let location = match seen.target.as_str() {
            "/far" => format!("Location: http://localhost:{port}/"),
            _ => "Location: /far".to_owned(),
        };
        respond("302 Found", &[&location], "")
    });
    // the other server lives as long as the test program
    std::mem::forget(other);
    let url = first.url("/near");
    (first, url)
}

#[test]
fn hosts_of_one_owner_may_get_each_others_credentials() {
    let (_server, url) = world();
    let ask = ["-H", "X-Api-Key: 9f8e7d6c5b4a39281706f5e4d3c2b1a0", url.as_str()];
    let rule = "custom-credential-forwarded-cross-origin";
    assert!(has(&Place::new("", "").rules(&ask), &format!("{rule} error")));
    for place in in_each_file("[hosts]\nfirst-party = [\"127.0.0.1\", \"localhost\"]\n") {
        assert!(has(&place.rules(&ask), &format!("{rule} info")));
    }
}

#[test]
fn a_chain_that_leaves_the_trusted_targets_is_found() {
    let (_server, url) = world();
    let rule = "offsite-hop-not-allowlisted";
    assert!(!has(&Place::new("", "").rules(&[&url]), rule));
    for place in in_each_file("[hosts]\nredirect-targets = [\"127.0.0.1\"]\n") {
        assert!(has(&place.rules(&[&url]), rule));
    }
    for place in in_each_file("[hosts]\nredirect-targets = [\"127.0.0.1\", \"localhost\"]\n") {
        assert!(!has(&place.rules(&[&url]), rule));
    }
}

#[test]
fn names_of_the_users_own_are_secret() {
    let (_server, url) = world();
    let url = format!("{url}?ticket_no=shh-17");
    let ask = ["-H", "X-Inner: shh-18", "--redact", url.as_str()];
    assert!(Place::new("", "").trace(&ask).contains("shh-17"));
    let secrets = "[secrets]\nparameters = [\"ticket_no\"]\nheaders = [\"X-Inner\"]\n";
    for place in in_each_file(secrets) {
        for format in ["text", "json", "curl"] {
            let text = place.trace(&[&ask[..], &["--format", format]].concat());
            assert!(!text.contains("shh-1"), "{format}: {text}");
        }
        let rule = "custom-credential-forwarded-cross-origin";
        assert!(has(&place.rules(&ask), rule), "a secret header goes to another origin");
    }
}

#[test]
fn thresholds_are_the_users() {
    let (_server, url) = world();
    let rule = "chain-too-long";
    assert!(!has(&Place::new("", "").rules(&[&url]), rule));
    for place in in_each_file("[limits]\nredirects = 1\n") {
        assert!(has(&place.rules(&[&url]), rule));
    }
    // under no load is a hop this slow; how fast one is, a test can't say
    let patient = Place::new("[limits]\nslow-hop = \"1h\"\n", "");
    assert!(!has(&patient.rules(&[&url]), "slow-hop"));
}

/// `x` on a finding writes into the project's file, keeps what is there, and `trace` follows it; `U` takes it back.
#[test]
fn a_finding_is_switched_off_from_the_screen() {
    let (_server, url) = world();
    let before = "# ours\n[limits]\nredirects = 1 # strict\n";
    let place = Place::new(before, "");
    assert!(has(&place.rules(&[&url]), "chain-too-long"));
    let mut hopstep = command(HOPSTEP, &["--no-history", &url]);
    hopstep.cwd(place.repository());
    hopstep.env("HOME", place.home());
    let mut terminal = Terminal::start(hopstep, 100, 30);
    terminal.wait_for_text("GET 302");
    terminal.keys("c");
    terminal.wait_for_text("done");
    terminal.keys("8");
    terminal.wait_for_text("chain-too-long");
    terminal.keys("x");
    terminal.wait_for_text("hopstep.toml: chain-too-long");
    terminal.keys("\r");
    terminal.wait_for("the rule gone", |_| place.project() != before);
    let written = place.project();
    assert!(written.starts_with(before) && written.contains("chain-too-long"), "{written}");
    assert!(!has(&place.rules(&[&url]), "chain-too-long"));
    terminal.wait_for_text("is off");
    terminal.keys("U");
    terminal.wait_for("the file as it was", |_| place.project() == before);
    terminal.keys("q");
    assert_eq!(terminal.exit_status(), 0);
}
