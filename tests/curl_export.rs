//! Copy as curl: real curl, given the copied command in a shell, sends the very same request.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;

use std::ffi::OsString;
use std::io::Write;

use hopstep::cli::{self, Command, Run};
use hopstep::domain::chain::Chain;
use hopstep::domain::export::curl;
use hopstep::domain::http::body::RequestBody;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::request::{FieldEdit, Request};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use recorder::{Recorder, Seen, respond};

/// Command lines of hopstep, without the URL.
const CASES: &[&[&str]] = &[
    &[],
    &["-X", "POST"],
    &["-X", "DELETE"],
    &["-X", "PURGE", "-d", "a"],
    &["-I"],
    &["-d", "a=b&c=d"],
    &["-d", ""],
    &["-d", "it's $HOME `id` !! \\ \"q\" #x ~ *"],
    &["--data-raw", "@/etc/passwd"],
    &["--data-raw", "line one\nline two\n"],
    &["--data-raw", "wow!\nline two!"],
    &["--data-raw", "tab\there\r\n"],
    &["--data-raw", "-n 100%d \\n"],
    &["--data-raw", "příliš žluťoučký 漢字 👍"],
    &["--data-raw", "hidden \u{202e}\u{200b} text"],
    &["--json", "{\"a\": 'b'}"],
    &["-X", "PUT", "--json", "{}"],
    &["-X", "GET", "-d", "body of a GET"],
    &["-d", "x", "-H", "Content-Type: text/plain; charset=utf-8"],
    &["-d", "x", "-H", "Content-Type:"],
    &["-d", "x", "-H", "Content-Type;"],
    &["-H", "Accept:", "-H", "User-Agent:"],
    &["-H", "Accept: text/html", "-H", "Accept: text/plain"],
    &["-H", "X-Dup: 1", "-H", "x-dup: 2", "-H", "X-Dup: 1"],
    &["-H", "X-Empty;", "-H", "X-Last: 1"],
    &["-H", "X-Quote: it's \"q\" $x `y` !z \\ %41"],
    &["-H", "X-Unicode: žluť 漢"],
    &["-H", "X-Tab: a\tb"],
    &["-H", "X-Escape: \u{1b}[31mred"],
    &["-H", "Host: other.test"],
    &["-H", "Host: other.test:81", "-H", "X-A: 1"],
    &["-A", "agent/1 (it's)", "-e", "http://from.test/?a=1;b", "-b", "k=v; l='x'"],
    &["-A", ""],
    &["-e", "http://from.test/;auto"],
    &["-H", "Referer: http://x.test/;auto"],
    &["-b", "a=1", "-H", "X-A: 1"],
    &["-H", "Cookie: a=1", "-H", "X-B: 2", "-A", "x"],
    &["-H", "Cookie: novalue"],
    &["-H", "X-Before: 1", "-H", "Accept: */*"],
    &["-H", "User-Agent: mine", "-H", "Accept: x/y"],
    &["-u", "user:pa'ss"],
    &["--oauth2-bearer", "token"],
    &["--compressed"],
    &["-r", "0-99"],
    &["-F", "a=b", "-F", "c=d;type=text/plain"],
    &["-X", "OPTIONS", "-H", "Access-Control-Request-Method: PUT"],
    &["-H", "Content-Length: 0", "-X", "POST"],
    &["--http1.1", "-4", "--connect-timeout", "5"],
];

const TARGETS: &[&str] = &[
    "/",
    "/a/b?x=1&y=2",
    "/[1-3]/{a,b}?q=[x]",
    "/it's/$HOME/`id`/!x",
    "/a%20b/%2Fc?e=%00&f=+",
    "/~x/;p=1?#frag",
    "/'\"<>\\^|",
    "/žluť?ď=ť",
    "/-dash",
];

#[test]
fn real_curl_sends_the_same_request() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::ok();
    for case in CASES {
        assert_same(&server, &request(&run(case, &server.url("/x?y=1"))));
    }
    for target in TARGETS {
        assert_same(&server, &request(&run(&["-g"], &server.url(target))));
    }
}

#[test]
fn real_curl_sends_bytes_that_no_argument_can_hold() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::ok();
    let mut request = request(&run(&["-d", "x"], &server.url("/")));
    let all: Vec<u8> = (0..=255).collect();
    for body in [all, b"-\0-".to_vec(), b"%s%%\\n'\"$x".repeat(20_000), vec![b'x'; 3 << 20]] {
        request.fields.set("Content-Length", body.len().to_string());
        request.body = Some(RequestBody::new(body));
        assert_same(&server, &request);
    }
    let run = run(&[], &server.url("/"));
    let mut draft = run.draft.unwrap();
    draft.fields.push(FieldEdit::Set(Field::new("X-Latin", b"caf\xe9 \xff".to_vec())));
    let chain = Chain::new(draft, run.client, run.limits, run.jar, 0);
    assert_same(&server, &chain.ready().unwrap().request);
}

#[test]
fn settings_are_part_of_the_command() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::ok();
    let port = server.addr.port();
    let resolve = format!("a.test:{port}:127.0.0.1");
    let connect = format!("b.test:80:127.0.0.1:{port}");
    let proxy = server.url("");
    let at = |host: &str| format!("http://{host}:{port}/x");
    for (options, url) in [
        (vec!["--resolve", &resolve], at("a.test")),
        (vec!["--connect-to", &connect], "http://b.test/x".to_owned()),
    ] {
        let run = run(&options, &url);
        let command = curl::request(&request(&run), &run.settings);
        let seen = shell("sh", &command, &server);
        assert_eq!(seen.len(), 1, "{command}");
        assert_eq!(seen[0].target, "/x");
    }
    let run = run(&["-x", &proxy, "-U", "u:p"], "http://c.test/x");
    let command = curl::request(&request(&run), &run.settings);
    let seen = shell("sh", &command, &server);
    assert_eq!(seen[0].target, "http://c.test/x", "{command}");
    assert_eq!(seen[0].field("Proxy-Authorization").as_deref(), Some("Basic dTpw"));
}

#[test]
fn a_chain_led_by_curls_rules_is_one_command_and_another_is_one_a_hop() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::start(|seen| match seen.target.as_str() {
        "/start" => respond("302 Found", &["Location: /next?a=[1]", "Set-Cookie: s=1"], ""),
        "/next?a=[1]" => respond("307 Temporary Redirect", &["Location: /end"], ""),
        "/loop" => respond("301 Moved", &["Location: /loop"], ""),
        _ => respond("200 OK", &[], "end"),
    });
    for (options, target, commands) in [
        (&["-d", "a=b", "-H", "X-A: 1", "-u", "u:p"][..], "/start", 1),
        (&["-X", "PUT", "-d", "a=b", "--cookies", "on"], "/start", 1),
        (&["--json", "{}", "--post302", "-e", ";auto"], "/start", 1),
        (&["--max-redirs", "1"], "/start", 1),
        (&[], "/loop", 1),
        (&["-g"], "/{a,b}|[1-3]\\[?x[y]='\u{e9}", 1),
        (&["--as", "go", "-d", "a=b"], "/start", 3),
    ] {
        let run = run(options, &server.url(target));
        let settings = run.settings.clone();
        let chain = follow(run);
        let sent = server.take();
        let command = curl::chain(&chain, &settings);
        assert_eq!(command.matches("curl ").count(), commands, "{command}");
        let seen = shell("sh", &command, &server);
        assert_eq!(normal(&seen), normal(&sent), "{command}");
    }
}

#[test]
fn any_field_and_body_survive_the_shell() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::ok();
    let value = proptest::collection::vec(
        prop_oneof![4 => 0x20u8..0x7f, 1 => Just(b'\t'), 1 => 0x80u8..=0xff],
        0..40,
    );
    let name = "[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]{0,12}";
    let fields = proptest::collection::vec((name, value), 0..5);
    let body = proptest::option::of(proptest::collection::vec(any::<u8>(), 0..80));
    let mut runner = TestRunner::new(Config { cases: 60, ..Config::default() });
    runner
        .run(&(fields, body), |(fields, body)| {
            let run = run(&[], &server.url("/"));
            let mut draft = run.draft.unwrap();
            for (name, value) in fields {
                draft.fields.push(match value.trim_ascii() {
                    [] => FieldEdit::Empty(format!("X-{name}")),
                    value => FieldEdit::Set(Field::new(format!("X-{name}"), value)),
                });
            }
            draft.body = body.map(RequestBody::new);
            let chain = Chain::new(draft, run.client, run.limits, run.jar, 0);
            assert_same(&server, &chain.ready().unwrap().request);
            Ok(())
        })
        .unwrap();
}

#[test]
fn a_copied_command_can_be_pasted_back() {
    for case in CASES.iter().filter(|case| !case.contains(&"--connect-timeout")) {
        let first = request(&run(case, "http://a.test/x?y=1"));
        let settings = Default::default();
        let command = curl::request(&first, &settings);
        let again = request(&run(&[], &command));
        let fields = |request: &Request| {
            let mut all: Vec<Field> = request.fields.iter().cloned().collect();
            all.sort_by(|a, b| a.name.cmp(&b.name));
            all
        };
        assert_eq!(
            (&again.method, &again.url, &again.body),
            (&first.method, &first.url, &first.body)
        );
        assert_eq!(fields(&again), fields(&first), "{command}");
    }
}

fn run(options: &[&str], url: &str) -> Run {
    let args: Vec<OsString> = options.iter().copied().chain([url]).map(OsString::from).collect();
    match cli::parse(&args, &|_| None) {
        Ok(Command::Open(run)) => *run,
        other => panic!("{args:?}: {other:?}"),
    }
}

fn request(run: &Run) -> Request {
    let run = run.clone();
    let chain = Chain::new(run.draft.unwrap(), run.client, run.limits, run.jar, 0);
    chain.ready().unwrap().request.clone()
}

fn follow(run: Run) -> Chain {
    use hopstep::fetch::{BodyStore, Engine, Event, Fetch, FetchId, Local};
    let store = std::sync::Arc::new(BodyStore::new());
    let mut engine = Local::new(run.settings, store).unwrap();
    let mut chain = Chain::new(run.draft.unwrap(), run.client, run.limits, run.jar, 0);
    while let Some(request) = chain.send() {
        engine.start(Fetch::new(FetchId(chain.hops.len() as u64), request));
        loop {
            if let Some((_, Event::Done(exchange))) = engine.next(None) {
                chain.receive(*exchange, 0);
                break;
            }
        }
    }
    chain
}

/// What arrives when a shell runs the command.
fn shell(shell: &str, command: &str, server: &Recorder) -> Vec<Seen> {
    let script = command.replace("curl ", "curl -q -s -o /dev/null ");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(script.as_bytes()).unwrap();
    let output = programs::clean(shell).arg(file.path()).output().unwrap();
    let seen = server.take();
    assert!(!seen.is_empty(), "{command}\n{}", String::from_utf8_lossy(&output.stderr));
    seen
}

fn assert_same(server: &Recorder, request: &Request) {
    let command = curl::request(request, &Default::default());
    let plain = |c: char| c == '\n' || hopstep::domain::escape::is_visible(c);
    assert!(command.chars().all(plain), "{command:?}");
    let wanted = Seen {
        method: request.method.to_string(),
        target: request.target().to_owned(),
        version: if request.http10 { "HTTP/1.0" } else { "HTTP/1.1" }.to_owned(),
        fields: request.fields.iter().map(|f| (f.name.clone(), f.value.clone())).collect(),
        body: request.body.as_ref().map(|body| body.bytes.to_vec()).unwrap_or_default(),
    };
    for shell_name in ["sh", "bash"] {
        let seen = shell(shell_name, &command, server);
        assert_eq!(normal(&seen), normal(std::slice::from_ref(&wanted)), "{command}");
    }
}

/// Names in lower case; Content-Length last, since curl decides where it stands.
fn normal(seen: &[Seen]) -> Vec<Seen> {
    let one = |seen: &Seen| {
        let mut seen = seen.clone();
        for (name, _) in &mut seen.fields {
            name.make_ascii_lowercase();
        }
        seen.fields.sort_by_key(|(name, _)| name == "content-length");
        seen
    };
    seen.iter().map(one).collect()
}
