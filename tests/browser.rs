//! Reports of `hopstep check` as the programs read them that they are made for: HTML in Chromium, JUnit against its schema.
//!
//! Where a program is missing its test says so and passes, but for CI, which installs both.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use recorder::{Recorder, Seen, respond};

/// Everything here wants to run or to be fetched from `BASE`.
const EVIL: &str = "</code></td></table></details></title></style></script><script>document.title='ran'</script>\
                    <img src=BASE/pixel onerror=\"document.title='ran'\"><link rel=stylesheet href=BASE/css><iframe src=BASE/frame></iframe>\
                    <style>@import url(BASE/import);*{display:none}</style><svg onload=\"document.title='ran'\"><base href=BASE/>\
                    <meta http-equiv=refresh content=\"0;url=BASE/meta\">'\" style=\"background:url(BASE/bg)\" onmouseover=\"x";

/// A server that moves everything to hostile places, and the report on it.
struct Reported {
    _server: Recorder,
    folder: tempfile::TempDir,
    requests: Arc<AtomicUsize>,
}

fn reported(format: &str) -> Reported {
    let requests = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&requests);
    let server = Recorder::start(move |seen: &Seen| {
        counted.fetch_add(1, Ordering::SeqCst);
        match seen.target.as_str() {
            "/moved" => {
                let (location, field) =
                    (format!("Location: /here?{EVIL}"), format!("X-Evil: {EVIL}"));
                respond("302 <script>document.title='ran'</script>", &[&location, &field], EVIL)
            }
            _ => respond("200 OK", &["Content-Type: text/plain"], EVIL),
        }
    });
    let base = format!("http://{}", server.addr);
    let folder = tempfile::tempdir().unwrap();
    let suite = format!(
        "[[check]]\nname = '''{}'''\nurl = \"{base}/moved\"\n[check.expect]\nurl = \"{base}/there\"\nbody = {{ contains = \"absent\" }}\n\
         hop = [{{ status = 301, location = \"/there\", headers = {{ X-Evil = \"none\" }} }}]\n\
         [[check]]\nname = \"holds\"\nurl = \"{base}/\"\n",
        EVIL.replace("'''", "").replace("''", "").replace("BASE", &base),
    );
    fs::write(folder.path().join("suite.toml"), suite).unwrap();
    let output = programs::clean(env!("CARGO_BIN_EXE_hopstep"))
        .args(["check", "--format", format])
        .arg(folder.path().join("suite.toml"))
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    fs::write(folder.path().join("report"), output.stdout).unwrap();
    Reported { _server: server, folder, requests }
}

fn chromium(folder: &Path) -> (String, String) {
    let report = folder.join("report.html");
    fs::rename(folder.join("report"), &report).unwrap();
    let flags = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
                 --disable-component-update --disable-sync --disable-dev-shm-usage --enable-logging=stderr --dump-dom";
    let output = Command::new("chromium")
        .args(flags.split_whitespace())
        .arg(format!("--user-data-dir={}", folder.join("profile").display()))
        .arg(format!("file://{}", report.display()))
        .env("HOME", folder)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn the_html_report_shows_in_a_browser_and_nothing_hostile_runs_or_is_fetched() {
    if !programs::present("chromium") {
        return;
    }
    let reported = reported("html");
    let before = reported.requests.load(Ordering::SeqCst);
    let (page, log) = chromium(reported.folder.path());
    assert!(page.contains("<title>hopstep check</title>"), "{page}\n{log}");
    let count = |what: &str| page.matches(what).count();
    assert_eq!((count("<details "), count("<tr>")), (2, 3), "{page}");
    assert!(page.contains("class=\"row failed\" open") && page.contains("class=\"row held\""));
    for part in ["<script", "<img", "<link", "<iframe", "<svg", "<base", "<style>@", "refresh"] {
        let written = part == "refresh" && page.contains("http-equiv=refresh");
        assert!(written || !page.contains(part), "{part} is an element: {page}");
    }
    // what was expected and seen stands there to be read
    for part in ["hop 1", "status: expected <ins>301</ins>", "&lt;script&gt;", "X-Evil"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let console: Vec<&str> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
    assert_eq!(console, Vec::<&str>::new());
    assert_eq!(reported.requests.load(Ordering::SeqCst), before);
}

#[test]
fn the_junit_report_is_valid_by_the_schema_that_ci_servers_read_by() {
    if !programs::present("xmllint") {
        return;
    }
    let reported = reported("junit");
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemas/junit.xsd");
    let report = reported.folder.path().join("report");
    let mut lint = Command::new("xmllint");
    let output =
        lint.args(["--noout", "--nonet", "--schema", schema]).arg(report).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
