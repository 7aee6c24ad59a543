//! `--probe` through sockets: what is sent is said first, goes to the hop's own origin only, and its findings appear, each
//! where the server has the fault and nowhere else.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;

use std::process::Output;
use std::sync::atomic::{AtomicUsize, Ordering};

use recorder::{Recorder, Seen, respond};
use serde_json::Value;

fn hopstep(args: &[&str]) -> Output {
    programs::clean(env!("CARGO_BIN_EXE_hopstep")).args(args).output().unwrap()
}

fn trace(url: &str, more: &[&str]) -> (Value, String) {
    let output = hopstep(&[&["trace", "--format", "json", url], more].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    let document = serde_json::from_slice(&output.stdout);
    (document.unwrap_or_else(|error| panic!("{error}\n{said}")), said)
}

/// Rule and severity of each finding on hop 1 that only a probe can tell.
fn probed(document: &Value) -> Vec<(String, String)> {
    const RULES: [&str; 7] = [
        "redirect-unstable",
        "head-and-get-disagree",
        "host-header-poisoned-location",
        "negotiated-redirect-without-vary",
        "open-redirect-from-input",
        "deep-link-collapsed-to-root",
        "preflight-redirected",
    ];
    let findings = document["hops"][0]["findings"].as_array().unwrap();
    let word = |of: &Value, key: &str| of[key].as_str().unwrap().to_owned();
    let all = findings.iter().map(|of| (word(of, "rule"), word(of, "severity")));
    all.filter(|(rule, _)| RULES.contains(&rule.as_str())).collect()
}

/// One fault per path; `/well…` has none.
fn faulty() -> Recorder {
    let count = AtomicUsize::new(0);
    Recorder::start(move |seen: &Seen| {
        let path = seen.target.split(['?', '#']).next().unwrap_or_default();
        let to = |target: &str| respond("302 Found", &[&format!("Location: {target}")], "");
        let host = |name: &str| seen.field(name).unwrap_or_default();
        match path {
            "/unstable" => to(&format!("/end{}", count.fetch_add(1, Ordering::SeqCst))),
            "/head" if seen.method == "HEAD" => respond("200 OK", &[], ""),
            "/poisoned" if seen.field("X-Forwarded-Host").is_some() => {
                to(&format!("https://{}/end", host("X-Forwarded-Host")))
            }
            "/host" => to(&format!("http://{}/end", host("Host"))),
            "/language" if host("Accept-Language") == "fr" => to("/fr"),
            "/open" => {
                let next = url::Url::parse(&format!("http://a.invalid{}", seen.target)).unwrap();
                let next = next.query_pairs().find(|(name, _)| name == "next");
                to(&next.map_or("/end".to_owned(), |(_, next)| next.into_owned()))
            }
            "/end" | "/fr" | "/" => respond("200 OK", &[], ""),
            "/products/12" => respond("301 Moved Permanently", &["Location: /"], ""),
            "/cors" if seen.method == "OPTIONS" => to("/end"),
            path if path.starts_with("/end") => respond("200 OK", &[], ""),
            "/hopstep-no-such-path" => respond("301 Moved Permanently", &["Location: /"], ""),
            _ => to("/end"),
        }
    })
}

#[test]
fn each_probe_rule_flags_the_server_with_its_fault_and_no_other() {
    let server = faulty();
    let found = |target: &str, more: &[&str]| {
        probed(&trace(&server.url(target), &[&["--probe"], more].concat()).0)
    };
    let one = |rule: &str, severity: &str| vec![(rule.to_owned(), severity.to_owned())];
    for (target, rule, severity) in [
        ("/unstable", "redirect-unstable", "warning"),
        ("/head", "head-and-get-disagree", "warning"),
        ("/poisoned", "host-header-poisoned-location", "error"),
        ("/host", "host-header-poisoned-location", "error"),
        ("/language", "negotiated-redirect-without-vary", "warning"),
        ("/open?next=%2Fend", "open-redirect-from-input", "error"),
        ("/products/12", "deep-link-collapsed-to-root", "warning"),
    ] {
        assert_eq!(found(target, &[]), one(rule, severity), "{target}");
    }
    assert_eq!(found("/well", &[]), []);
    assert_eq!(found("/well?next=%2Fend", &["-H", "Accept-Language: de"]), []);
    let origin = ["-H", "Origin: http://a.invalid"];
    assert_eq!(found("/cors", &origin), one("preflight-redirected", "error"));
}

#[test]
fn nothing_is_probed_unasked_and_what_is_sent_is_said_before() {
    let server = faulty();
    trace(&server.url("/well"), &[]);
    assert_eq!(server.take().len(), 2);
    let (document, said) = trace(&server.url("/well"), &["--probe", "-H", "Cookie: sid=abc"]);
    let sent = server.take();
    let probes = document["probes"].as_array().unwrap();
    assert_eq!(probes.len(), sent.len() - 2, "{said}");
    let first = said.lines().next().unwrap();
    assert!(first.contains("probe: hop 1: sends 14 requests to http://127.0.0.1:"), "{said}");
    assert!(first.contains("with Cookie: the same request again, 2 times;"), "{said}");
    assert!(sent.iter().all(|seen| seen.body.is_empty()));
    assert!(sent.iter().all(|seen| ["GET", "HEAD", "OPTIONS"].contains(&seen.method.as_str())));
    // a body or another method is never sent a second time
    trace(&server.url("/well"), &["--probe", "-d", "a=1", "-X", "POST", "--max-hops", "0"]);
    assert_eq!(server.take().len(), 1);
}

#[test]
fn probes_go_to_the_origin_of_their_own_hop() {
    let other = Recorder::ok();
    let target = other.url("/end");
    let server = Recorder::start(move |seen: &Seen| match seen.target.as_str() {
        "/hopstep-no-such-path" => respond("404 Not Found", &[], ""),
        _ => respond("302 Found", &[&format!("Location: {target}")], ""),
    });
    let (document, _) = trace(&server.url("/go"), &["--probe", "-H", "X-Own: 1"]);
    let hops = |at: u64| {
        let probes = document["probes"].as_array().unwrap();
        probes.iter().filter(|probe| probe["hop"] == at).count()
    };
    assert_eq!(server.take().len(), 1 + hops(1));
    assert_eq!(other.take().len(), 1 + hops(2));
    // the final hop is only asked again, and for its head
    assert_eq!(hops(2), 3);
}

#[test]
fn a_saved_trace_with_probes_is_opened_with_their_findings() {
    let server = faulty();
    let folder = tempfile::tempdir().unwrap();
    for format in ["json", "ndjson"] {
        let url = server.url("/open?next=%2Fend");
        let saved = hopstep(&["trace", "--probe", "--format", format, &url]).stdout;
        let file = folder.path().join(format!("chain.{format}"));
        std::fs::write(&file, saved).unwrap();
        let opened = hopstep(&["open", file.to_str().unwrap()]).stdout;
        let opened = String::from_utf8(opened).unwrap();
        assert!(opened.contains("open-redirect-from-input"), "{format}: {opened}");
    }
}

#[test]
fn check_probes_when_it_is_told_to() {
    let server = faulty();
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("suite.toml");
    let url = server.url("/poisoned");
    std::fs::write(
        &suite,
        format!("[[check]]\nname = \"poisoned\"\nurl = \"{url}\"\n[check.expect]\nhops = 2\n"),
    )
    .unwrap();
    let check = |more: &[&str]| {
        let output = hopstep(&[&["check", suite.to_str().unwrap(), "--retry", "0"], more].concat());
        let (out, said) = (&output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
        (output.status.code(), String::from_utf8_lossy(out).into_owned() + &said)
    };
    let (status, said) = check(&[]);
    assert_eq!((status, said.contains("probe: hop 1")), (Some(0), false), "{said}");
    let (status, said) = check(&["--probe"]);
    assert_eq!(status, Some(1), "{said}");
    assert!(said.contains("host-header-poisoned-location"), "{said}");
    assert!(said.contains("probe: hop 1: sends"), "{said}");
}

#[test]
fn commands_that_do_not_probe_refuse_it() {
    for command in ["clients", "compare"] {
        let output = hopstep(&[command, "--probe", "http://127.0.0.1:1/"]);
        assert_eq!(output.status.code(), Some(2), "{command}");
    }
}
