//! Files that other programs and hopstep itself wrote, opened and judged anew.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;

use std::path::{Path, PathBuf};
use std::process::Output;

use recorder::{Recorder, Seen, respond};
use serde_json::Value;

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

fn hopstep(args: &[&str]) -> Output {
    programs::clean(HOPSTEP).args(args).output().unwrap()
}

fn fixture(name: &str) -> String {
    format!("{}/tests/import/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A file of this content in a folder that goes with the test.
fn saved(folder: &tempfile::TempDir, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn open(file: &Path, more: &[&str]) -> Output {
    let mut args = vec!["open", file.to_str().unwrap()];
    args.extend(more);
    hopstep(&args)
}

/// The documents of an output, one after the other.
fn documents(output: &Output) -> Vec<Value> {
    let read = serde_json::Deserializer::from_slice(&output.stdout).into_iter::<Value>();
    read.collect::<Result<_, _>>().unwrap()
}

fn world() -> Recorder {
    Recorder::start(|seen: &Seen| match seen.target.as_str() {
        "/two" => respond("302 Found", &["Location: /one", "Set-Cookie: sid=1"], "moved"),
        "/one" => respond("301 Moved Permanently", &["Location: /end"], ""),
        "/loop" => respond("302 Found", &["Location: /loop"], ""),
        "/ftp" => respond("302 Found", &["Location: ftp://a.test/"], ""),
        "/bare" => respond("302 Found", &[], ""),
        "/gone" => respond("404 Not Found", &["Content-Type: text/plain"], "gone"),
        "/latin" => b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\
                      Content-Length: 4\r\n\r\n<\xe9>\n"
            .to_vec(),
        "/bytes" => b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n\x00\xff\x01\x02".to_vec(),
        "/odd" => b"HTTP/1.1 302 Found\nX-A : 1\r\nLocation: /end\r\nLocation: /one\r\n\
                    Content-Length: 0\r\n\r\n"
            .to_vec(),
        "/short" => {
            b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nabc".to_vec()
        }
        "/nothing" => Vec::new(),
        "/evil" => respond("302 Found", &["Location: /end?\x1b[2J\u{202e}"], "\x1b]52;c;AA\x07"),
        _ => respond("200 OK", &["Content-Type: text/plain"], "the end\n"),
    })
}

#[test]
fn a_saved_trace_is_judged_by_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let url = world().url("/two");
    let traced = hopstep(&["trace", "--format", "json", "-d", "a=b", &url]);
    let file = saved(&folder, "saved.json", &traced.stdout);
    let config = saved(&folder, "config.toml", b"[rules]\npost-rewritten-to-get = \"off\"\n");
    let told = |more: &[&str]| {
        let output = open(&file, &[&["--format", "json"], more].concat());
        String::from_utf8(output.stdout).unwrap().contains("\"post-rewritten-to-get\"")
    };
    assert!(told(&[]));
    assert!(!told(&["--config", config.to_str().unwrap()]));
}

#[test]
fn a_saved_trace_opens_as_what_it_was() {
    let world = world();
    let folder = tempfile::tempdir().unwrap();
    let runs: [(&str, &[&str]); 14] = [
        ("/two", &["-d", "a=b", "-u", "joe:secret", "-H", "X-Api-Key: k", "-H", "Accept:"]),
        ("/two", &["--as", "requests", "-X", "PUT", "-d", "a", "-A", "me", "-e", "http://b.test/"]),
        ("/two", &["--post301", "--post302", "-d", "x", "--max-hops", "1"]),
        ("/two", &["-b", "a=b", "--cookies", "on", "--compressed", "--oauth2-bearer", "t"]),
        ("/loop", &[]),
        ("/loop", &["--loop", "follow", "--max-hops", "5"]),
        ("/ftp", &[]),
        ("/bare", &[]),
        ("/gone", &["-f"]),
        ("/latin", &["-I"]),
        ("/bytes", &[]),
        ("/odd", &["-G", "-d", "q=1", "-L"]),
        ("/short", &["--fail-on", "warning"]),
        ("/evil", &[]),
    ];
    for (number, (path, options)) in runs.into_iter().enumerate() {
        let traced = |format: &str| {
            let mut args = vec!["trace", "--format", format];
            args.extend(options);
            let url = world.url(path);
            args.push(&url);
            hopstep(&args)
        };
        let json = traced("json");
        let file = saved(&folder, &format!("{number}.json"), &json.stdout);
        let again = open(&file, &["--format", "json"]);
        assert_eq!(documents(&again), documents(&json), "{path} {options:?}");
        let lines = traced("ndjson");
        let file = saved(&folder, &format!("{number}.ndjson"), &lines.stdout);
        let again = open(&file, &["--format", "ndjson"]);
        let own = ["-f", "--fail-on"].iter().any(|option| options.contains(option));
        assert!(own || again.status == lines.status, "{path} {options:?}");
        assert_eq!(documents(&again).last(), documents(&lines).last(), "{path} {options:?}");
    }
}

#[test]
fn our_own_har_is_judged_like_the_run_itself() {
    let world = world();
    let folder = tempfile::tempdir().unwrap();
    for path in ["/two", "/loop", "/ftp", "/gone", "/nothing"] {
        let url = world.url(path);
        let lines = hopstep(&["trace", "--format", "ndjson", &url]);
        let har = hopstep(&["trace", "--format", "har", &url]);
        let file = saved(&folder, "x.har", &har.stdout);
        let again = open(&file, &["--format", "ndjson"]);
        assert_eq!(again.status, lines.status, "{path}");
        let found = |of: &Output| {
            let end = documents(of).pop().unwrap();
            let rules = end["findings"].as_array().unwrap().iter();
            rules.map(|of| (of["rule"].clone(), of["hop"].clone())).collect::<Vec<_>>()
        };
        assert_eq!(found(&again), found(&lines), "{path}");
    }
}

#[test]
fn a_browsers_archive_is_grouped_into_chains() {
    let output = hopstep(&["open", &fixture("chromium.har"), "--format", "json"]);
    assert_eq!(output.status.code(), Some(4), "the second chain failed");
    let chains = documents(&output);
    let shape = |chain: &Value| -> Vec<(String, Option<u64>)> {
        let hops = chain["hops"].as_array().unwrap().iter();
        hops.map(|hop| {
            let url = hop["request"]["url"].as_str().unwrap().to_owned();
            (url, hop["response"]["status"].as_u64())
        })
        .collect()
    };
    assert_eq!(
        shape(&chains[0]),
        [
            ("http://shop.test/".to_owned(), Some(307)),
            ("https://shop.test/".to_owned(), Some(302)),
            ("https://shop.test/home".to_owned(), Some(200)),
        ]
    );
    assert_eq!(shape(&chains[1])[1], ("http://shop.test/welcome".to_owned(), None));
    assert_eq!(shape(&chains[2]), [("https://shop.test/logo.png".to_owned(), Some(200))]);
    assert_eq!(chains.len(), 3, "a data: URL is no hop");
    let clients: Vec<_> = chains.iter().map(|chain| chain["client"].clone()).collect();
    assert_eq!(clients, ["browser", "fetch", "browser"]);
    let second = &chains[0]["hops"][1];
    assert_eq!(second["cookies"]["stored"].as_array().unwrap().len(), 2, "joined lines are two");
    assert!(second["connection"]["tls"].is_null(), "nothing is invented");
    assert!(second["notes"][0].as_str().unwrap().contains("nor the TLS session"));
    let failed = &chains[1]["hops"][1]["error"];
    assert_eq!(failed["kind"], "connect");
    assert!(failed["message"].as_str().unwrap().contains("ERR_CONNECTION_REFUSED"));
    let rules: Vec<_> = chains[1]["hops"][0]["findings"].as_array().unwrap().iter().collect();
    assert!(rules.iter().any(|of| of["rule"] == "https-to-http-downgrade"), "{rules:?}");
}

#[test]
fn archives_of_other_programs_open_too() {
    for (name, client, hops, status) in [
        ("firefox.har", "browser", 2, 0),
        ("mitmproxy.har", "requests", 2, 0),
        ("charles.har", "okhttp", 1, 0),
    ] {
        let output = hopstep(&["open", &fixture(name), "--format", "json"]);
        let document = documents(&output).remove(0);
        assert_eq!(document["client"], client, "{name}");
        assert_eq!(document["hops"].as_array().unwrap().len(), hops, "{name}");
        assert_eq!(output.status.code(), Some(status), "{name}: {:?}", document["outcome"]);
    }
    let output = hopstep(&["open", &fixture("firefox.har"), "--format", "json"]);
    assert_eq!(documents(&output)[0]["hops"][1]["response"]["body"]["text"], "moved\n");
}

/// Made from the lab with Chromium 156 (the export of its DevTools, and Playwright's recordHar) and mitmdump's hardump in front of
/// curl 7.88.
#[test]
fn archives_that_chromium_and_mitmproxy_wrote_of_the_lab_are_judged() {
    let find = |document: &Value, rule: &str| -> bool {
        let hops = document["hops"].as_array().unwrap();
        hops.iter().any(|hop| {
            let findings = hop["findings"].as_array().unwrap();
            findings.iter().any(|finding| finding["rule"] == rule)
        })
    };
    for (name, client) in [
        ("chromium-devtools.har", "browser"),
        ("chromium-recorded.har", "browser"),
        ("mitmproxy-recorded.har", "curl"),
    ] {
        let output = hopstep(&["open", &fixture(name), "--format", "json"]);
        let documents = documents(&output);
        let upgrade = &documents[0];
        assert_eq!(upgrade["client"], client, "{name}");
        assert_eq!(upgrade["hops"][0]["response"]["status"], 301, "{name}");
        assert_eq!(upgrade["hops"][1]["request"]["url"], "https://shop.test/", "{name}");
        assert_eq!(upgrade["hops"][0]["intent"]["id"], "https-upgrade", "{name}");
        let mut posts = documents.iter().filter(|of| of["hops"][0]["request"]["method"] == "POST");
        let post = posts.next_back().unwrap();
        assert!(post["hops"].as_array().unwrap().len() >= 2, "{name}");
        assert_eq!(post["outcome"]["kind"], "final", "{name}");
        // the forum answers 303, the shop 302
        let of_shop = post["hops"][0]["request"]["url"] == "https://shop.test/checkout";
        let rewritten = of_shop || client == "curl";
        assert_eq!(find(post, "post-rewritten-to-get"), rewritten, "{name}");
        assert_eq!(upgrade["hops"][1]["connection"]["reused"], false, "{name}");
    }
}

#[test]
fn one_of_several_chains_can_be_picked_and_another_client_can_judge() {
    let file = fixture("chromium.har");
    let output = hopstep(&["open", &file, "2", "--as", "curl", "--format", "har"]);
    assert_eq!(output.status.code(), Some(4));
    let archive: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(archive["log"]["entries"].as_array().unwrap().len(), 2);
    let output = hopstep(&["open", &file, "--format", "har"]);
    assert_eq!(output.status.code(), Some(2), "one archive holds one chain");
    assert_eq!(hopstep(&["open", &file, "9"]).status.code(), Some(2));
}

#[test]
fn what_is_wrong_with_a_file_is_said_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let cases: [(&str, &str); 13] = [
        ("", "the file is empty"),
        ("{", "line 1, column 1: EOF while parsing"),
        ("<html>", "line 1: expected a HAR file or a hopstep trace"),
        ("{\n \"a\": }", "line 2, column 7, a: expected value"),
        ("{}", "neither a HAR file (log) nor a trace (schema)"),
        ("{\"schema\":\"hopstep.trace/9\"}", "schema: \"hopstep.trace/9\" is not read"),
        (
            "{\"log\":{\"entries\":[\n{\"startedDateTime\":1}]}}",
            "line 2, column 20, log.entries[0].startedDateTime: invalid type",
        ),
        ("{\"log\":{\"entries\":[]}}", "log.entries: there is no entry of an http or https URL"),
        (
            "{\"log\":{\"entries\":[{\"startedDateTime\":\"x\",\"request\":{\"method\":\"GET\",\
             \"url\":\"http://a.test/\"},\"response\":{}}]}}",
            "log.entries[0].startedDateTime: not a time",
        ),
        (
            "{\"log\":{\"entries\":[{\"startedDateTime\":\"x\",\"request\":{\"method\":\"GET\",\
             \"url\":\"http://\\u001b[2J/\"},\"response\":{}}]}}",
            "log.entries[0].request.url: not a URL",
        ),
        (
            "{\"schema\":\"hopstep.trace/1\",\"client\":\"lynx\",\"started_at\":\
             \"2026-11-01T10:00:00.000Z\",\"hops\":[]}",
            "client: \"lynx\" is not known",
        ),
        ("{\"type\":\"hop\"}\n", "line 1: a hop before the line of type \"start\""),
        (
            "{\"type\":\"start\",\"schema\":\"hopstep.trace/1\",\"client\":\"curl\",\"started_at\":\
             \"2026-11-01T10:00:00.000Z\"}\n{\"type\":\"hop\",\"request\":7}\n",
            "line 2, column 25, request: invalid type",
        ),
    ];
    for (content, expected) in cases {
        let file = saved(&folder, "x", content.as_bytes());
        let output = open(&file, &[]);
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{error}");
        assert!(output.stdout.is_empty());
        assert!(error.contains(&format!("x: {expected}")), "{error}\nexpected {expected}");
        assert!(!error.contains('\x1b'));
    }
    let output = hopstep(&["open", "/nonexistent/x.har"]);
    assert_eq!(output.status.code(), Some(2));
    let output = hopstep(&["open", "-k", "x.har"]);
    assert_eq!(output.status.code(), Some(2), "options of a request mean nothing here");
}

#[test]
fn a_file_of_any_size_is_refused_before_memory_runs_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("big.har");
    std::fs::File::create(&path).unwrap().set_len((256 << 20) + 1).unwrap();
    let output = open(&path, &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("more than 256 MiB"));
}

#[test]
fn hostile_files_reach_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "\\u001b[2J\\u202e\\u009b31m";
    let archive = format!(
        "{{\"log\":{{\"entries\":[{{\"startedDateTime\":\"2026-11-01T10:00:00Z\",\"request\":\
         {{\"method\":\"GET\",\"url\":\"http://a.test/?{evil}\",\"headers\":[{{\"name\":\"X{evil}\",\
         \"value\":\"{evil}\"}}]}},\"response\":{{\"status\":302,\"statusText\":\"{evil}\",\
         \"headers\":[{{\"name\":\"Location\",\"value\":\"/{evil}\"}}],\
         \"content\":{{\"text\":\"{evil}\"}},\"_error\":\"{evil}\"}}}}]}}}}"
    );
    let file = saved(&folder, "evil.har", archive.as_bytes());
    for format in ["text", "json", "ndjson", "markdown", "curl", "hurl", "har"] {
        let output = open(&file, &["--format", format]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty() && !text.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{format}");
    }
}

#[test]
fn requests_of_an_http_file_are_listed_picked_and_sent() {
    let world = world();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("order.json"), "{\"id\":17}").unwrap();
    let text = format!(
        "@base = {}\n\n# @name end\nGET {{{{base}}}}/end\n\n### order\nPOST {{{{base}}}}/two\n\
         Content-Type: application/json\nX-A: b\n\n< ./order.json\n",
        world.url("")
    );
    let file = saved(&folder, "shop.http", text.as_bytes());
    let listed = String::from_utf8(open(&file, &[]).stdout).unwrap();
    assert_eq!(listed.lines().count(), 2);
    assert!(listed.contains("2  order  POST "), "{listed}");
    assert!(world.take().is_empty(), "nothing is sent for a list");
    let name = file.to_str().unwrap();
    let output = hopstep(&["trace", &format!("{name}#order")]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let seen = world.take();
    assert_eq!((seen[0].method.as_str(), seen[0].body.as_slice()), ("POST", &b"{\"id\":17}"[..]));
    assert_eq!(seen[0].field("X-A").as_deref(), Some("b"));
    assert_eq!(seen.last().unwrap().target, "/end");
    for (args, why) in [
        (&["trace", name][..], "2 requests; name one of them: end, order"),
        (&["trace", &format!("{name}#none")], "none: no such request"),
        (&["trace", "-d", "a", &format!("{name}#end")], "the file says what is sent"),
    ] {
        let output = hopstep(args);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(why), "{stderr}");
    }
    assert!(world.take().is_empty());
}

#[test]
fn options_and_an_environment_go_with_an_http_file() {
    let world = world();
    let folder = tempfile::tempdir().unwrap();
    let environments = format!(r#"{{"dev": {{"base": "{}"}}}}"#, world.url(""));
    saved(&folder, "http-client.env.json", environments.as_bytes());
    saved(&folder, "http-client.private.env.json", br#"{"dev": {"token": "t0ken"}}"#);
    let text = "GET {{base}}/end\nAuthorization: Bearer {{token}}\nX-A: of the file\n";
    let file = saved(&folder, "shop.http", text.as_bytes());
    let name = file.to_str().unwrap();
    let output = hopstep(&["trace", "-H", "X-A: told", name, "--env", "dev"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let seen = world.take();
    let field = |name: &str| seen[0].field(name);
    assert_eq!(field("Authorization").as_deref(), Some("Bearer t0ken"));
    assert_eq!(field("X-A").as_deref(), Some("told"));
    let listed = open(&file, &["--env", "dev", "-k"]);
    assert!(String::from_utf8(listed.stdout).unwrap().contains("/end"));
    for (args, why) in [
        (&["trace", name][..], "--env an environment"),
        (&["trace", name, "--env", "prod"], "no such environment"),
        (&["trace", &world.url("/end"), "--env", "dev"], "goes with a .http file"),
    ] {
        let output = hopstep(args);
        assert_eq!(output.status.code(), Some(2));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(why), "{stderr}");
    }
    assert!(world.take().is_empty());
}
