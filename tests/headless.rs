//! The program as a user runs it, without a terminal: output and exit status.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/schema.rs"]
mod schema;

use std::io::Read;
use std::process::{Output, Stdio};

use recorder::{Recorder, Seen, respond};
use serde_json::{Value, json};

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

fn hopstep(args: &[&str]) -> Output {
    programs::clean(HOPSTEP).args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A world of redirects.
fn world() -> Recorder {
    Recorder::start(|seen: &Seen| match seen.target.as_str() {
        "/two" => respond("302 Found", &["Location: /one"], "moved"),
        "/one" => respond("301 Moved Permanently", &["Location: /end"], ""),
        "/loop" => respond("302 Found", &["Location: /loop"], ""),
        "/endless" => endless(seen),
        path if path.starts_with("/endless?") => endless(seen),
        "/ftp" => respond("302 Found", &["Location: ftp://a.test/"], ""),
        "/bare" => respond("302 Found", &[], ""),
        "/gone" => respond("404 Not Found", &["Content-Type: text/plain"], "gone"),
        "/set" => respond("302 Found", &["Location: /end", "Set-Cookie: sid=1; Path=/"], ""),
        "/short" => {
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nabc".to_vec()
        }
        "/nothing" => Vec::new(),
        "/hostile" => hostile(),
        _ => respond("200 OK", &["Content-Type: text/plain"], "the end\n"),
    })
}

fn endless(seen: &Seen) -> Vec<u8> {
    let n: u32 = seen.target.split_once('?').map_or(0, |(_, n)| n.parse().unwrap());
    respond("302 Found", &[&format!("Location: /endless?{}", n + 1)], "")
}

/// Escapes, bidi controls and invalid UTF-8 in every place a server can write to.
fn hostile() -> Vec<u8> {
    let evil = b"\x1b[2J\x1b]52;c;AAAA\x07\x9b31m\xe2\x80\xae\x7f\xff\t";
    let body = [b"<h1>\x1b[31m\x00\x9b\xc2\x9b", &evil[..]].concat();
    let head = format!("\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n", body.len());
    [
        b"HTTP/1.1 302 Fo",
        &evil[..],
        head.as_bytes(),
        b"X-Evil: ",
        evil,
        b"\r\nSet-Cookie: a",
        evil,
        b"=1\r\nLocation: /end?",
        evil,
        b"\r\n\r\n",
        &body,
    ]
    .concat()
}

fn document(output: &Output) -> Value {
    schema::document(&output.stdout, include_str!("../assets/trace.schema.json"))
}

#[test]
fn every_outcome_has_its_exit_status_and_a_document() {
    let world = world();
    for (args, target, status, outcome) in [
        (&[][..], "/two", 0, json!({"kind": "final", "reason": null})),
        (&["--max-hops", "-1"], "/gone", 0, json!({"kind": "final", "reason": null})),
        (&["-f"], "/gone", 1, json!({"kind": "final", "reason": null})),
        (&["--fail-on", "warning"], "/one", 1, json!({"kind": "final", "reason": null})),
        (&["--fail-on", "error"], "/end", 0, json!({"kind": "final", "reason": null})),
        (&[], "/loop", 3, json!({"kind": "stopped", "reason": "loop"})),
        (&["--max-redirs", "4"], "/endless", 3, json!({"kind": "stopped", "reason": "max-hops"})),
        (&["--fail-on", "hint"], "/loop", 3, json!({"kind": "stopped", "reason": "loop"})),
        (
            &["--loop", "follow", "--max-hops", "3"],
            "/loop",
            3,
            json!({"kind": "stopped", "reason": "max-hops"}),
        ),
        (&[], "/ftp", 3, json!({"kind": "stopped", "reason": "unsupported-scheme"})),
        (&[], "/bare", 0, json!({"kind": "final", "reason": null})),
        (&[], "/short", 4, json!({"kind": "failed", "reason": null})),
        (&[], "/nothing", 4, json!({"kind": "failed", "reason": null})),
    ] {
        let url = world.url(target);
        let output = hopstep(&[&["trace", "--format", "json", &url], args].concat());
        assert_eq!(output.status.code(), Some(status), "{args:?} {target}: {}", stderr(&output));
        assert_eq!(document(&output)["outcome"], outcome, "{args:?} {target}");
        let errors = stderr(&output);
        assert_eq!(errors.lines().count(), usize::from(status > 2), "{errors}");
        assert!(errors.is_empty() || errors.starts_with("hopstep: hop "), "{errors}");
    }
}

#[test]
fn the_document_tells_what_went_over_the_wire() {
    let world = world();
    let output =
        hopstep(&["trace", "--format", "json", "-d", "a=b", "-H", "x-own: 1", &world.url("/two")]);
    let document = document(&output);
    let sent: Vec<(String, Vec<u8>)> = world.take()[0].fields.clone();
    let told: Vec<(String, Vec<u8>)> = document["hops"][0]["request"]["headers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().into()))
        .collect();
    assert_eq!(told, sent);
    let hop = &document["hops"][0];
    assert_eq!(hop["request"]["body"], json!({"size": 3, "text": "a=b", "truncated": false}));
    assert_eq!(hop["response"]["body"]["text"], "moved");
    assert_eq!(hop["redirect"]["action"], "follow");
    assert_eq!(
        hop["redirect"]["changes"][0],
        json!({"kind": "method", "from": "POST", "to": "GET"})
    );
    assert_eq!(hop["connection"]["remote_addr"], world.addr.to_string());
    assert_eq!(document["hops"][1]["connection"]["reused"], true);
    assert_eq!(document["hops"].as_array().unwrap().len(), 3);
}

#[test]
fn ndjson_is_one_object_a_line() {
    let world = world();
    let output = hopstep(&["trace", "--format", "ndjson", &world.url("/two")]);
    let lines: Vec<Value> =
        stdout(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let types: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["start", "hop", "hop", "hop", "end"]);
    assert_eq!(lines[2]["index"], 2);
    assert_eq!(lines[4]["outcome"]["kind"], "final");
}

#[test]
fn text_is_the_default_and_what_a_pipe_gets_without_a_command() {
    let world = world();
    let url = world.url("/two");
    for args in [&["trace", &url][..], &[&url]] {
        let output = hopstep(args);
        assert_eq!(output.status.code(), Some(0));
        let text = stdout(&output);
        assert!(text.contains("< HTTP/1.1 302 Found"), "{text}");
        assert!(text.contains("✔ 200 OK after 2 redirects"), "{text}");
        assert!(!text.contains('\x1b'));
    }
    assert!(stdout(&hopstep(&["trace", "--color", "always", &url])).contains("\x1b["));
}

#[test]
fn no_hostile_byte_reaches_standard_output_or_error() {
    let world = world();
    for format in ["text", "json", "ndjson"] {
        let output =
            hopstep(&["trace", "--cookies", "on", "--format", format, &world.url("/hostile")]);
        for text in [stdout(&output), stderr(&output)] {
            let shown = |c: char| c == '\n' || hopstep::domain::escape::is_visible(c);
            assert!(text.chars().all(shown), "{format}: {text:?}");
        }
        assert!(!output.stdout.is_empty());
    }
    let typed = hopstep(&["trace", "--as", "x\x1b[2J", "http://a.test/"]);
    assert_eq!(typed.status.code(), Some(2));
    assert!(!stderr(&typed).contains('\x1b'));
}

#[test]
fn what_was_seen_before_a_failure_is_printed() {
    let world =
        Recorder::start(|_| respond("302 Found", &["Location: http://127.0.0.1:1/"], "first"));
    let output = hopstep(&["trace", "--format", "json", &world.url("/")]);
    let document = document(&output);
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(document["hops"][0]["response"]["body"]["text"], "first");
    assert_eq!(document["hops"][1]["response"], Value::Null);
    assert_eq!(document["hops"][1]["error"]["kind"], "connect");
}

#[test]
fn the_command_line_is_refused_in_one_line_before_anything_is_sent() {
    let world = world();
    let url = world.url("/end");
    for args in [
        &["trace", "-o", "x", &url][..],
        &["trace", "--digest", &url],
        &["trace", "-d", "@/nonexistent", &url],
        &["trace", "-b", "/nonexistent", &url],
        &["trace", "--max-redirs", "x", &url],
        &["trace"],
        &[],
        &["trace", "ftp://a.test/"],
        &["trace", "--nonsense", &url],
    ] {
        let output = hopstep(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let errors = stderr(&output);
        assert!(errors.starts_with("hopstep: ") && errors.lines().count() == 1, "{errors}");
        assert!(output.stdout.is_empty());
    }
    assert_eq!(world.take(), []);
}

#[test]
fn netrc_gives_each_host_its_own_credentials_and_without_the_file_there_are_none() {
    let world = world();
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("netrc");
    std::fs::write(&file, "machine 127.0.0.1 login me password \"open\n").unwrap();
    let path = file.to_str().unwrap();
    let output = hopstep(&["trace", "--netrc-file", path, &world.url("/end")]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).ends_with("line 1: a quote is not closed\n"));
    assert_eq!(world.take(), []);
    let url = world.url("/end");
    let absent = &["trace", "--netrc-file", "/nonexistent", &url][..];
    for args in [absent, &["trace", "-n", &url]] {
        let output = hopstep(args);
        assert_eq!(stderr(&output).contains("/nonexistent can't be read"), args == absent);
        assert_eq!(world.take()[0].field("Authorization"), None);
    }
}

#[test]
fn redaction_reaches_every_format_and_standard_error() {
    let world = Recorder::start(|seen| match seen.target.split('?').next() {
        Some("/") => respond(
            "302 Found",
            &[
                "Location: http://127.0.0.1:1/cb?access_token=LOCTOKEN1",
                "Set-Cookie: sid=COOKIE123",
            ],
            "<a href='/cb?access_token=LOCTOKEN1'>COOKIE123</a>",
        ),
        _ => respond("200 OK", &[], "end"),
    });
    for (format, _) in hopstep::domain::export::Format::ALL {
        let output = hopstep(&[
            "trace",
            "--redact",
            "--format",
            format,
            "-u",
            "me:PASSWORD1",
            "-d",
            "pin=1&password=FORMPASS1",
            "-H",
            "X-Api-Key: HEADERKEY",
            &world.url("/?token=QUERYTOKEN"),
        ]);
        assert_eq!(output.status.code(), Some(4));
        let all = stdout(&output) + &stderr(&output);
        for secret in [
            "LOCTOKEN1",
            "COOKIE123",
            "PASSWORD1",
            "FORMPASS1",
            "HEADERKEY",
            "QUERYTOKEN",
            "bWU6UEFTU1dPUkQx",
        ] {
            assert!(!all.contains(secret), "{format}: {secret}\n{all}");
        }
        assert!(all.contains("***"), "{format}");
    }
}

/// `--follow` came with curl 8.16: a forced method is given up where the status rewrites it.
#[test]
fn follow_lets_the_status_decide_over_a_forced_method() {
    let world = Recorder::start(|seen| match seen.target.trim_start_matches('/') {
        status @ ("302" | "303" | "307") => {
            respond(&format!("{status} X"), &["Location: /end"], "")
        }
        _ => respond("200 OK", &[], "end"),
    });
    for (options, target, expected) in [
        (&["-X", "POST", "-d", "a"][..], "/302", ("GET", "")),
        (&["-X", "PATCH", "-d", "a"], "/307", ("PATCH", "a")),
        (&["-X", "PUT", "-d", "a"], "/303", ("GET", "")),
        (&["-X", "DELETE"], "/302", ("DELETE", "")),
    ] {
        let url = world.url(target);
        let output = hopstep(&[&["trace", "--follow"], options, &[&url]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let last = world.take().pop().unwrap();
        let seen = (last.method.as_str(), std::str::from_utf8(&last.body).unwrap());
        assert_eq!(seen, expected, "{options:?} {target}");
    }
}

/// A run in a folder of its own, with a project's file and a user's.
fn configured(project: &str, user: &str, args: &[&str]) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let (home, inner) = (dir.path().join("home"), dir.path().join("repo/inner"));
    std::fs::create_dir_all(home.join(".config/hopstep")).unwrap();
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::create_dir(dir.path().join("repo/.git")).unwrap();
    std::fs::write(dir.path().join("repo/hopstep.toml"), project).unwrap();
    std::fs::write(home.join(".config/hopstep/config.toml"), user).unwrap();
    programs::clean(HOPSTEP).args(args).current_dir(&inner).env("HOME", &home).output().unwrap()
}

#[test]
fn the_files_of_the_user_and_the_project_decide_how_a_chain_is_judged() {
    let world = Recorder::start(|seen| match seen.target.as_str() {
        "/end" => respond("200 OK", &[], "end"),
        _ => respond("302 Found", &["Location: /end"], ""),
    });
    let url = world.url("/?flavour=mint-choc-chip-1");
    let trace = ["trace", "--format", "json", "-d", "a=b", url.as_str()];
    let rules = |output: &Output| -> Vec<String> {
        let document = document(output);
        let hops = document["hops"].as_array().unwrap().iter();
        hops.flat_map(|hop| hop["findings"].as_array().unwrap().clone())
            .map(|finding| {
                format!(
                    "{} {}",
                    finding["rule"].as_str().unwrap(),
                    finding["severity"].as_str().unwrap()
                )
            })
            .collect()
    };
    let usual = rules(&configured("", "", &trace));
    assert!(usual.iter().any(|rule| rule == "post-rewritten-to-get warning"), "{usual:?}");
    let off = rules(&configured("[rules]\npost-rewritten-to-get = \"off\"\n", "", &trace));
    assert!(!off.iter().any(|rule| rule.starts_with("post-rewritten-to-get")), "{off:?}");
    let louder = configured("", "[rules]\npost-rewritten-to-get = \"error\"\n", &trace);
    assert!(rules(&louder).contains(&"post-rewritten-to-get error".to_owned()));
    let known = "[[suppress]]\nrule = \"post-rewritten-to-get\"\nurl = \"http://127.0.0.1:*/*\"\nreason = \"by design\"\n";
    let known = rules(&configured(known, "", &trace));
    assert!(!known.iter().any(|rule| rule.starts_with("post-rewritten-to-get")), "{known:?}");
    let redacted =
        configured("", "[secrets]\nparameters = [\"flavour\"]\n", &["trace", "--redact", &url]);
    assert!(!stdout(&redacted).contains("mint-choc-chip-1"));
    let client = document(&configured("client = \"node\"", "client = \"go\"", &trace));
    assert_eq!(client["client"], "node");
}

#[test]
fn a_fault_of_the_configuration_is_told_with_its_place_and_nothing_is_sent() {
    let world = world();
    let output = configured("", "\nclint = \"go\"\n", &["trace", &world.url("/end")]);
    assert_eq!(output.status.code(), Some(2));
    let expected = "hopstep: ~/.config/hopstep/config.toml:2:1: the file takes no \"clint\" (did you mean \"client\"?)\n";
    assert_eq!(stderr(&output), expected);
    let absent = configured("", "", &["trace", "--config", "/nonexistent", &world.url("/end")]);
    assert_eq!(absent.status.code(), Some(2));
    assert_eq!(world.take(), []);
    let shown = configured("theme = \"dark\"", "client = \"go\"", &["config", "--show"]);
    let text = stdout(&shown);
    assert!(
        text.contains("client = \"go\"") && text.contains("# ~/.config/hopstep/config.toml:1"),
        "{text}"
    );
    assert!(text.contains("repo/hopstep.toml:1") && text.contains("# default"), "{text}");
}

#[test]
fn a_closed_pipe_ends_the_program_quietly() {
    let world = world();
    for format in ["text", "json", "ndjson"] {
        let mut child = programs::clean(HOPSTEP)
            .args(["trace", "--format", format, "--max-redirs", "50", &world.url("/endless")])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        child.wait().unwrap();
        assert!(!errors.contains("pipe") && !errors.contains("panicked"), "{errors}");
    }
}

#[test]
fn an_interrupt_prints_what_was_seen() {
    let world = Recorder::start(|seen| match seen.target.as_str() {
        "/" => respond("302 Found", &["Location: /slow"], ""),
        _ => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
    });
    let child = programs::clean(HOPSTEP)
        .args(["trace", "--format", "json", &world.url("/")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut requests = 0;
    while requests < 2 {
        requests += world.take().len();
    }
    let killed =
        std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", stderr(&output));
    let document = document(&output);
    assert_eq!(document["hops"].as_array().unwrap().len(), 2);
    assert_eq!(stderr(&output), "hopstep: hop 2: interrupted\n");
}

#[test]
fn the_time_limit_is_for_the_whole_chain() {
    let world = Recorder::start(|seen| match seen.target.as_str() {
        "/" => respond("302 Found", &["Location: /slow"], ""),
        _ => b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
    });
    let output = hopstep(&["trace", "--format", "json", "-m", "3", &world.url("/")]);
    assert_eq!(output.status.code(), Some(4));
    let document = document(&output);
    assert_eq!(document["hops"][1]["error"]["kind"], "timeout");
    assert_eq!(document["hops"][1]["response"]["body"]["text"], "half");
}

#[test]
fn redirect_bodies_that_still_arrive_are_given_a_second() {
    let world = Recorder::start(|seen| match seen.target.as_str() {
        "/" => b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 100\r\n\r\nhalf".to_vec(),
        _ => respond("200 OK", &[], "end"),
    });
    // the server never ends it
    let output = hopstep(&["trace", "--format", "json", &world.url("/")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let document = document(&output);
    assert_eq!(document["hops"][0]["response"]["body"]["complete"], false);
    let error = document["hops"][0]["error"]["message"].as_str().unwrap();
    assert!(error.contains("still arriving"), "{error}");
    assert_eq!(document["hops"][0]["response"]["body"]["text"], "half");
    assert_eq!(document["hops"][1]["response"]["body"]["complete"], true);
}

#[test]
fn cookies_are_read_and_written_in_files() {
    let world = world();
    let dir = tempfile::tempdir().unwrap();
    let (read, write) = (dir.path().join("in"), dir.path().join("out"));
    std::fs::write(&read, "127.0.0.1\tFALSE\t/\tFALSE\t0\told\t1\n").unwrap();
    let (read, write) = (read.to_str().unwrap(), write.to_str().unwrap());
    // a jar that is written is begun where it is not there yet
    let output = hopstep(&["trace", "-b", read, "-b", write, "-c", write, &world.url("/set")]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let seen = world.take();
    assert_eq!(seen[0].field("Cookie").as_deref(), Some("old=1"));
    assert!(seen[1].field("Cookie").unwrap().contains("sid=1"));
    assert!(std::fs::read_to_string(write).unwrap().contains("sid\t1"));
}

#[test]
fn a_pasted_command_says_what_it_leaves_out() {
    let world = world();
    let command = format!("curl -sSL -o /dev/null -X POST '{}' | head -1", world.url("/end"));
    let output = hopstep(&["trace", &command]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stderr(&output), "hopstep: left out of the curl command: -o, | head -1\n");
    assert_eq!(world.take()[0].method, "POST");
}

#[test]
fn help_version_man_page_and_completions_are_printed() {
    for (args, wanted) in [
        (&["--help"][..], "--max-redirs"),
        (&["trace", "--help"], "--format"),
        (&["--version"], concat!("hopstep ", env!("CARGO_PKG_VERSION"))),
        (&["man"], ".TH hopstep"),
        (&["completions", "bash"], "complete"),
        (&["completions", "zsh"], "#compdef hopstep"),
        (&["completions", "fish"], "complete -c hopstep"),
        (&["completions", "elvish"], "edit:completion"),
        (&["completions", "powershell"], "Register-ArgumentCompleter"),
        (&["completions", "nushell"], "export extern hopstep"),
        (&["man", "check"], ".TH hopstep-check"),
    ] {
        let output = hopstep(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}");
        assert!(stdout(&output).contains(wanted), "{args:?}");
    }
}
