//! `hopstep check` as a user runs it: a suite over the lab and each of its breaches, maps, a kill half-way, reports, updates.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/schema.rs"]
mod schema;
#[path = "support/socks.rs"]
mod socks;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use hopstep::domain::escape::is_visible;
use hopstep::lab::scenario;
use hopstep::lab::{self, Lab, Pace};
use recorder::{Recorder, Seen, respond};
use regex::Regex;
use serde_json::Value;

const SUITE: &str = include_str!("check/lab.toml");

fn check(args: &[&str]) -> Command {
    let mut command = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
    command.arg("check").args(args);
    command
}

fn over_lab(lab: &Lab, suite: &Path, format: &str) -> Output {
    let proxy = format!("http://{}", lab.proxy);
    let ca = lab.ca_file();
    let args = ["-x", &proxy, "--cacert", ca.to_str().unwrap(), "--retry", "0", "--format", format];
    check(&args).arg(suite).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}\n{}\n{}", text(&output.stdout), text(&output.stderr))
    })
}

/// What the report for people says of each check that does not hold: its name and its faults.
fn told(report: &str) -> Vec<(String, Vec<String>)> {
    let mut all: Vec<(String, Vec<String>)> = Vec::new();
    for line in report.lines() {
        if let Some(title) = line.strip_prefix("✖ ") {
            all.push((title.to_owned(), Vec::new()));
        } else if let (Some(fault), Some((_, faults))) = (line.strip_prefix("  · "), all.last_mut())
        {
            faults.push(fault.to_owned());
        }
    }
    all
}

/// The suite with every breach in it, and what each check must say.
fn broken() -> (String, Vec<String>) {
    let (mut lines, mut messages) = (Vec::<&str>::new(), Vec::new());
    for line in SUITE.lines() {
        if let Some(breach) = line.strip_prefix("#! ") {
            lines.pop();
            lines.push(breach);
        } else if let Some(message) = line.strip_prefix("#? ") {
            messages.push(message.to_owned());
        } else {
            lines.push(line);
        }
    }
    (lines.join("\n"), messages)
}

#[test]
fn a_suite_over_the_lab_holds_and_each_breach_names_hop_field_expected_and_seen() {
    let lab = lab::start(scenario::all(), Pace::Swift).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("lab.toml");
    fs::write(&suite, SUITE).unwrap();
    let good = over_lab(&lab, &suite, "json");
    let document = json(&good);
    for check in document["checks"].as_array().unwrap() {
        assert_eq!(check["state"], "held", "{}: {:#}", check["name"], check["misses"]);
    }
    assert_eq!(good.status.code(), Some(0));
    let (breaches, messages) = broken();
    assert_eq!(messages.len(), 30);
    fs::write(&suite, breaches).unwrap();
    let bad = over_lab(&lab, &suite, "text");
    assert_eq!(bad.status.code(), Some(1));
    let told = told(&text(&bad.stdout));
    let parts = Regex::new("^(hop [0-9]+|chain): [^:]+.*: expected .+, seen .+").unwrap();
    for (number, message) in (1..).zip(&messages) {
        let is_it = |(name, _): &&(String, Vec<String>)| name.starts_with(&format!("{number:02} "));
        let mut faults = told.iter().filter(is_it).flat_map(|(_, faults)| faults).peekable();
        assert!(faults.peek().is_some(), "{number} holds all the same");
        let fault = faults.find(|fault| fault.starts_with(message));
        assert!(fault.is_some_and(|fault| parts.is_match(fault)), "{message}: {fault:?} {told:#?}");
    }
    let schema = schema::validator(include_str!("../assets/check.schema.json"));
    for document in [document, json(&over_lab(&lab, &suite, "json"))] {
        schema::keeps_to(&schema, &document);
    }
}

/// A site that moves `/old/N` to `/new/N`, and a map of it.
struct Site {
    server: Recorder,
    requests: Arc<AtomicUsize>,
    folder: tempfile::TempDir,
}

impl Site {
    fn new(answer: impl Fn(&Seen) -> Option<Vec<u8>> + Send + Sync + 'static) -> Site {
        let requests = Arc::<AtomicUsize>::default();
        let counted = Arc::clone(&requests);
        let server = Recorder::start(move |seen: &Seen| {
            counted.fetch_add(1, Ordering::SeqCst);
            answer(seen).unwrap_or_else(|| match seen.target.strip_prefix("/old/") {
                Some(page) => {
                    respond("301 Moved Permanently", &[&format!("Location: /new/{page}")], "")
                }
                None => respond("200 OK", &["Content-Type: text/plain"], "here\n"),
            })
        });
        Site { server, requests, folder: tempfile::tempdir().unwrap() }
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, content.replace("BASE", &format!("http://{}", self.server.addr))).unwrap();
        path
    }

    fn map(&self, rows: usize) -> PathBuf {
        let mut text = "source,target,status\n".to_owned();
        for row in 1..=rows {
            let _ = writeln!(text, "BASE/old/{row},/new/{row},301");
        }
        self.file("map.csv", &text)
    }
}

fn numbers(output: &str) -> Vec<u64> {
    let lines = output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["type"] == "check").map(|line| line["row"].as_u64().unwrap()).collect()
}

#[test]
fn a_map_holds_in_order_and_shards_share_it_without_overlap() {
    let site = Site::new(|_| None);
    let map = site.map(60);
    let map = map.to_str().unwrap();
    let whole = check(&["--format", "ndjson", map]).output().unwrap();
    assert_eq!(whole.status.code(), Some(0));
    assert_eq!(numbers(&text(&whole.stdout)), (1..=60).collect::<Vec<u64>>());
    let mut all = BTreeSet::new();
    for shard in ["1/4", "2/4", "3/4", "4/4"] {
        let part = check(&["--format", "ndjson", "--order", "done", "--shard", shard, map]);
        let part = { part }.output().unwrap();
        let rows = numbers(&text(&part.stdout));
        assert_eq!(rows.len(), 15);
        assert!(rows.into_iter().all(|row| all.insert(row)));
    }
}

#[test]
fn rows_side_by_side_go_through_a_socks_proxy_and_keep_to_the_pace_that_is_asked_for() {
    let site = Site::new(|_: &Seen| None);
    let socks = socks::Socks::start();
    let proxy = format!("socks5h://{}", socks.addr);
    let args = ["-x", &proxy, "--concurrency", "5", "--per-host", "2", "--format", "ndjson"];
    let output = check(&args).arg(site.map(40)).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stdout));
    assert_eq!(numbers(&text(&output.stdout)), (1..=40).collect::<Vec<_>>());
    assert_eq!(site.requests(), 80);
    assert!(!socks.take().is_empty());
}

#[test]
fn killed_half_way_and_resumed_it_reports_each_url_once() {
    let killed = Arc::new(AtomicBool::new(false));
    let over = Arc::clone(&killed);
    // the second half is answered once the first run is dead
    let slow = move |seen: &Seen| {
        let row = seen.target.strip_prefix("/old/").and_then(|row| row.parse().ok());
        while row.is_some_and(|row: u32| row > 100) && !over.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(5));
        }
        None
    };
    let site = Site::new(slow);
    let map = site.map(200);
    let journal = site.folder.path().join("journal");
    let args = ["--format", "ndjson", "--concurrency", "2", "--resume"];
    let args = [&args[..], &[journal.to_str().unwrap(), map.to_str().unwrap()]].concat();
    let mut first = check(&args).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(first.stdout.take().unwrap()).lines();
    let seen = lines.take(60).count();
    // SIGKILL
    first.kill().unwrap();
    first.wait().unwrap();
    killed.store(true, Ordering::SeqCst);
    assert_eq!(seen, 60);
    let mut broken = fs::OpenOptions::new().append(true).open(&journal).unwrap();
    std::io::Write::write_all(&mut broken, b"{\"row\":7,\"fi").unwrap();
    let recorded = fs::read_to_string(&journal).unwrap().lines().count() - 2;
    assert!((60..200).contains(&recorded), "{recorded}");
    let second = check(&args).output().unwrap();
    assert_eq!(second.status.code(), Some(0), "{}", text(&second.stderr));
    assert_eq!(numbers(&text(&second.stdout)), (1..=200).collect::<Vec<u64>>());
    let other =
        check(&["--resume", journal.to_str().unwrap(), "--shard", "1/2"]).arg(&map).output();
    assert!(text(&other.unwrap().stderr).contains("journal of another run"));
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_stays_as_it_is() {
    let site = Site::new(|_| None);
    let map = site.map(1);
    for notes in ["mine, without a line end", "mine\n", "{\"journal\":\"mine\"}"] {
        let file = site.file("notes.txt", notes);
        let output = check(&["--resume"]).args([&file, &map]).output().unwrap();
        assert!(text(&output.stderr).contains("this file is no journal"), "{notes}");
        assert_eq!((output.status.code(), site.requests()), (Some(2), 0));
        assert_eq!(fs::read_to_string(&file).unwrap(), notes);
    }
}

#[test]
fn a_fault_in_any_file_sends_nothing() {
    let site = Site::new(|_| None);
    let map = site.file("map.csv", "BASE/old/1,/new/1\nBASE/old/2\n");
    let suite = site.file("s.toml", "[[check]]\nurl = \"BASE/old/1\"\nexpext = {}\n");
    let output = check(&[]).args([&map, &suite]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = text(&output.stderr);
    assert!(stderr.contains("map.csv:2:") && stderr.contains("expected source,target"), "{stderr}");
    assert!(stderr.contains("s.toml:3:1: check takes no \"expext\" (did you mean"), "{stderr}");
    assert_eq!((site.requests(), output.stdout.len()), (0, 0));
}

#[test]
fn a_file_without_a_row_does_not_hold() {
    let folder = tempfile::tempdir().unwrap();
    for (name, written) in
        [("m.csv", "from,to\n"), ("_redirects", "# none\n"), ("s.xml", "<urlset/>")]
    {
        let path = folder.path().join(name);
        fs::write(&path, written).unwrap();
        let output = check(&["--base", "http://localhost"]).arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(
            text(&output.stderr).ends_with(": there is nothing to check in it\n"),
            "{output:?}"
        );
    }
}

#[test]
fn a_server_that_asks_for_patience_is_asked_again() {
    let refused = AtomicBool::new(false);
    let site = Site::new(move |seen: &Seen| {
        let first = seen.target == "/old/1" && !refused.swap(true, Ordering::SeqCst);
        first.then(|| respond("503 Service Unavailable", &["Retry-After: 0"], ""))
    });
    let output = check(&["--format", "json"]).arg(site.map(1)).output().unwrap();
    let document = json(&output);
    assert_eq!(document["checks"][0]["tries"], 2);
    assert_eq!(document["checks"][0]["state"], "held");
}

#[test]
fn an_update_is_stable_and_a_changed_server_shows_exactly_what_changed() {
    let changed = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&changed);
    let site = Site::new(move |seen: &Seen| {
        let moved = seen.target == "/old/2" && switch.load(Ordering::SeqCst);
        moved.then(|| respond("302 Found", &["Location: /login?state=8f3a"], ""))
    });
    let suite = "# keep me\n[variables]\nbase = \"BASE\"\n\n[[check]] # one\nurl = \"{{base}}/old/1\"\n\n[[check]]\nurl = \"{{base}}/old/2\"\n";
    let suite = site.file("s.toml", suite);
    let run = |option: &str| check(&[option]).arg(&suite).output().unwrap();
    assert_eq!(run("--update").status.code(), Some(0));
    let once = fs::read_to_string(&suite).unwrap();
    assert!(once.starts_with("# keep me\n") && once.contains("[[check]] # one"), "{once}");
    assert_eq!(run("--update").status.code(), Some(0));
    assert_eq!(fs::read_to_string(&suite).unwrap(), once);
    assert_eq!((run("--diff").status.code(), run("--diff").stdout), (Some(0), Vec::new()));
    changed.store(true, Ordering::SeqCst);
    let diff = run("--diff");
    let lines = text(&diff.stdout);
    let changes: Vec<&str> = lines
        .lines()
        .filter(|line| {
            line.starts_with(['-', '+']) && !line.starts_with("---") && !line.starts_with("+++")
        })
        .collect();
    assert_eq!(
        changes,
        [
            "-    { status = 301, location = \"/new/2\" },",
            "+    { status = 302, location = { matches = '^/login\\?state=[^/?&#;]+$' } },",
        ]
    );
    assert_eq!(diff.status.code(), Some(1));
}

#[test]
fn reports_are_well_formed_whatever_a_server_sends() {
    let evil = "/\u{1b}[2J\u{202e}'\"`</testcase>]]>&amp;|[x](javascript:1)<script>alert(1)</script>{{x}}::error::";
    let site = Site::new(move |seen: &Seen| {
        let line = format!("Location: {evil}");
        seen.target.starts_with("/evil").then(|| respond("302 Fo<b>und", &[&line], "<script>"))
    });
    let suite = "[[check]]\nname = \"<i>evil\\u001b[31m\"\nurl = \"BASE/evil\"\n[check.expect]\nstatus = 404\n\
                 hop = [{ location = \"/x\" }]\n[[check]]\nurl = \"BASE/old/1\"\n";
    let suite = site.file("s.toml", suite);
    let report = |format: &str| {
        let output = check(&["--format", format]).arg(&suite).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {}", text(&output.stderr));
        let report = text(&output.stdout);
        let bad = report.chars().find(|c| *c != '\n' && !is_visible(*c));
        assert_eq!(bad, None, "{format}: {report}");
        report
    };
    schema::is_xml(&report("junit"));
    schema::document(report("sarif").as_bytes(), include_str!("schemas/sarif-2.1.0.json"));
    let html = report("html");
    assert!(!html.contains("<script") && !html.contains("<i>evil") && html.contains("&lt;script"));
    assert!(!html.contains("src=") && !html.contains("href=") && !html.contains("url("));
    let github = report("github");
    assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
    assert!(github.contains(",line=1,"), "{github}");
    assert!(report("text").contains("hop 1: Location: expected /x, seen"));
    assert!(report("markdown").contains("❌"));
}

#[test]
fn a_watch_tells_a_change_once_and_ends_on_sigterm() {
    let changed = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&changed);
    let site = Site::new(move |seen: &Seen| {
        let moved = seen.target == "/old/1" && switch.load(Ordering::SeqCst);
        moved.then(|| respond("302 Found", &["Location: /elsewhere"], ""))
    });
    let told = site.folder.path().join("told");
    let command = format!("cat >> {}", told.display());
    let args = ["--every", "50ms", "--format", "ndjson", "--on-change", &command];
    let mut watch = check(&args).arg(site.map(2)).stdout(Stdio::piped()).spawn().unwrap();
    while site.requests() < 8 {
        std::thread::sleep(Duration::from_millis(5));
    }
    changed.store(true, Ordering::SeqCst);
    let mut lines = BufReader::new(watch.stdout.take().unwrap()).lines();
    let line: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!((&line["type"], &line["before"]["state"]), (&"change".into(), &"held".into()));
    assert_eq!(line["after"]["hops"][0]["status"], 302);
    let runs = site.requests();
    while site.requests() < runs + 8 {
        std::thread::sleep(Duration::from_millis(5));
    }
    Command::new("kill").arg(watch.id().to_string()).status().unwrap();
    assert_eq!(watch.wait().unwrap().code(), Some(0));
    assert_eq!(lines.count(), 0);
    assert_eq!(fs::read_to_string(&told).unwrap().lines().count(), 1);
}

#[test]
fn a_chain_that_goes_another_way_than_in_an_earlier_report_fails_and_names_both_ways() {
    let changed = Arc::new(AtomicBool::new(false));
    let switch = Arc::clone(&changed);
    let site = Site::new(move |seen: &Seen| {
        let moved = seen.target == "/old/2" && switch.load(Ordering::SeqCst);
        moved.then(|| respond("302 Found", &["Location: /new/2"], ""))
    });
    let map = site.map(3);
    for format in ["json", "ndjson"] {
        changed.store(false, Ordering::SeqCst);
        let earlier = check(&["--format", format]).arg(&map).output().unwrap();
        assert_eq!(earlier.status.code(), Some(0));
        let before = site.file("before", &text(&earlier.stdout));
        let again = || check(&["--baseline", before.to_str().unwrap()]).arg(&map).output().unwrap();
        assert_eq!(again().status.code(), Some(0));
        changed.store(true, Ordering::SeqCst);
        let drifted = again();
        assert_eq!(drifted.status.code(), Some(1));
        let all: Vec<String> =
            told(&text(&drifted.stdout)).into_iter().flat_map(|(_, faults)| faults).collect();
        let drift: Vec<&String> = all.iter().filter(|of| of.contains("drift")).collect();
        let [drift] = drift[..] else { panic!("{all:#?}") };
        assert!(drift.starts_with(
            "chain: rule chain-drift-from-baseline: expected no error, seen hop 1 was 301 to "
        ));
        assert!(drift.contains("now it is 302 to "), "{drift}");
    }
    let none = site.file("none", "{\n  \"hops\": []\n}\n");
    let sent = site.requests();
    let refused = check(&["--baseline", none.to_str().unwrap()]).arg(&map).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("line 3: expected a report of hopstep check"));
    assert_eq!(site.requests(), sent);
}

#[test]
fn redact_keeps_secrets_out_of_every_report_and_the_journal() {
    const SECRET: &str = "s3cr3t-4f9a8b7c6d";
    let site = Site::new(move |seen: &Seen| {
        let line = format!("Location: /cb?access_token={SECRET}&lang=de");
        let cookie = format!("Set-Cookie: session={SECRET}");
        seen.target.starts_with("/in").then(|| respond("302 Found", &[&line, &cookie], ""))
    });
    let suite = format!(
        "[[check]]\nname = \"sign in\"\nurl = \"BASE/in?token={SECRET}\"\nheaders = {{ Authorization = \"Bearer {SECRET}\" }}\n\
         [check.expect]\nhop = [{{ location = \"/x?token={SECRET}\", headers = {{ Set-Cookie = \"session={SECRET}-2\" }} }}]\n"
    );
    let suite = site.file("s.toml", &suite);
    let formats = ["text", "json", "ndjson", "junit", "sarif", "markdown", "html", "github"];
    for format in formats {
        let journal = site.folder.path().join(format!("{format}.journal"));
        let args = ["--redact", "--format", format, "--fail-on", "hint", "--resume"];
        let output = check(&args).arg(&journal).arg(&suite).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{format}: {}", text(&output.stderr));
        let journal = fs::read_to_string(&journal).unwrap();
        let all = text(&output.stdout) + &text(&output.stderr) + &journal;
        assert!(!all.contains(SECRET), "{format}: {all}");
        assert!(all.contains("sign in"), "{format}");
    }
    let refused = check(&["--redact", "--update"]).arg(&suite).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("--redact: not beside --update"));
}

#[test]
fn a_map_is_updated_line_by_line() {
    let site = Site::new(|seen: &Seen| {
        let place = (seen.target == "/old/2").then_some("Location: /elsewhere/2")?;
        Some(respond("308 Permanent Redirect", &[place], ""))
    });
    let map = site.map(3);
    let before = fs::read_to_string(&map).unwrap();
    let run = |option: &str, file: &Path| check(&[option]).arg(file).output().unwrap();
    let diff = run("--diff", &map);
    assert_eq!(diff.status.code(), Some(1));
    let shown = text(&diff.stdout);
    assert!(shown.contains("/old/2,/new/2,301\n+") && shown.contains("/old/2,/elsewhere/2,308\n"));
    assert_eq!(fs::read_to_string(&map).unwrap(), before);
    assert_eq!(run("--update", &map).status.code(), Some(0));
    let after = fs::read_to_string(&map).unwrap();
    assert_eq!(after, before.replace("/old/2,/new/2,301", "/old/2,/elsewhere/2,308"));
    assert_eq!((run("--update", &map).stdout, run("--diff", &map).stdout), (vec![], vec![]));
    assert_eq!(check(&[]).arg(&map).output().unwrap().status.code(), Some(0));
}

#[test]
fn a_redirects_file_is_updated_rule_by_rule_and_keeps_its_placeholders() {
    let site = Site::new(|seen: &Seen| {
        let place = match seen.target.as_str() {
            "/old" => "Location: /elsewhere".to_owned(),
            path => format!("Location: /posts{}", path.strip_prefix("/news")?),
        };
        Some(respond("302 Found", &[&place], ""))
    });
    let file = site.file(
        "_redirects",
        "# moved\n/old  /new  301  # in May\n/news/*\t/blog/:splat\n/fine / 200\n",
    );
    let base = format!("http://{}", site.server.addr);
    let run = |option: &str| check(&[option, "--base", &base]).arg(&file).output().unwrap();
    assert_eq!(run("--diff").status.code(), Some(1));
    assert_eq!(run("--update").status.code(), Some(0));
    assert_eq!(
        fs::read_to_string(&file).unwrap(),
        "# moved\n/old  /elsewhere  302  # in May\n/news/*\t/posts/:splat 302\n/fine / 200\n"
    );
    let again = run("--update");
    assert_eq!((text(&again.stdout), text(&again.stderr)), (String::new(), String::new()));
    assert_eq!(check(&["--base", &base]).arg(&file).output().unwrap().status.code(), Some(0));
}
