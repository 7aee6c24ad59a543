//! The formats that other programs read: documents keep to their schemas whatever a server sends, and scripts run with the
//! real tools.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/schema.rs"]
mod schema;
#[path = "support/world.rs"]
mod world;

use std::fs;
use std::process::{Command, Output};

use hopstep::domain::chain::Chain;
use hopstep::domain::client::Client;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::escape::is_visible;
use hopstep::domain::export::{self, Format, Record};
use hopstep::domain::http::body::{Bodies, BodyId};
use hopstep::domain::http::settings::{Proxies, ProxyChoice, Settings};
use hopstep::domain::redirect;
use hopstep::domain::rules;
use hopstep::lab::scenario::{self, Scenario};
use hopstep::lab::{self, Lab, Pace};
use recorder::{Recorder, Seen, respond};
use time::OffsetDateTime;
use url::Url;
use world::World;

/// What no server should be able to say to a terminal, a viewer or a shell.
const HOSTILE: &str = "/\u{1b}[2J\r\n\u{202e}\u{200b}'\"`;$(id)</testcase>]]>&amp;|\\|[x](javascript:1)<script>#{{x}}@all";

/// The same bytes for every body.
struct Body;

impl Bodies for Body {
    fn read(&self, _: BodyId, start: u64, len: usize) -> Vec<u8> {
        b"\xff\0\x1b[2J</html>".iter().copied().skip(start as usize).take(len).collect()
    }
}

fn documents(chain: &Chain) -> Vec<(Format, String)> {
    let findings = rules::judge(chain);
    let record = Record {
        chain,
        findings: &findings,
        diagnosis: None,
        started_at: OffsetDateTime::UNIX_EPOCH,
        bodies: &Body,
        show_body: 8,
        settings: &Settings::default(),
        fail_on: None,
    };
    let all = Format::ALL.iter();
    all.map(|(_, format)| (*format, export::document(*format, &record, false))).collect()
}

/// Every world of the cases, and one whose every text is hostile.
fn chains() -> Vec<Chain> {
    let mut worlds = World::all("");
    worlds.retain(|world| !world.path.to_string_lossy().contains("clients/"));
    assert!(worlds.len() > 30);
    worlds.push(hostile());
    worlds.iter().map(World::play).collect()
}

fn hostile() -> World {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let text = quoted(HOSTILE);
    // curl stops at controls in a Location
    let location = quoted(&HOSTILE.replace(char::is_control, ""));
    let world = format!(
        "request = {{ method = \"POST\", target = \"http://a.test/x\", body = {text}, fields = [[\"X-A\", {text}]] }}\n\
         [[responses]]\nstatus = 302\nreason = {text}\nbody = {text}\n\
         fields = [[\"Location\", {location}], [\"Set-Cookie\", \"a=b; Max-Age=1\"], [\"X-B\", {text}], [\"X-L\", \"\\u00ff\", \"latin-1\"]]\n\
         [[responses]]\nstatus = 0\nfacts = {{ failure = \"protocol\", message = {text} }}\n",
    );
    toml::from_str(&world).unwrap()
}

#[test]
fn documents_keep_to_their_schemas_whatever_a_server_sends() {
    let har = schema::validator(include_str!("schemas/har-1.2.json"));
    let sarif = schema::validator(include_str!("schemas/sarif-2.1.0.json"));
    for chain in chains() {
        for (format, document) in documents(&chain) {
            match format {
                Format::Har => schema::keeps_to(&har, &serde_json::from_str(&document).unwrap()),
                Format::Sarif => {
                    schema::keeps_to(&sarif, &serde_json::from_str(&document).unwrap())
                }
                Format::Junit => schema::is_xml(&document),
                Format::Json | Format::Ndjson | Format::Text => {}
                Format::Markdown | Format::Curl | Format::Hurl => {}
            }
        }
    }
}

#[test]
fn a_body_that_the_limit_cut_says_so_in_text_and_document() {
    let server = Recorder::start(|seen| match seen.target.as_str() {
        "/long" => respond("200 OK", &[], &"0123456789".repeat(1 << 20)),
        _ => respond("200 OK", &[], "0123456789"),
    });
    let run = |options: &[&str]| {
        let output = programs::clean(env!("CARGO_BIN_EXE_hopstep"))
            .arg("trace")
            .args(options)
            .output()
            .unwrap();
        text(&output.stdout)
    };
    for (path, cut) in [("/long", true), ("/", false)] {
        let options = ["--max-body", "10", &server.url(path)];
        let document = run(&[&["--format", "json"], &options[..]].concat());
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let hop = &document["hops"][0];
        let body = &hop["response"]["body"];
        assert_eq!((&body["text"], &body["truncated"]), (&"0123456789".into(), &cut.into()));
        assert_eq!(body["complete"], true, "the server did not cut it");
        let notes = hop["notes"].to_string();
        let said = format!("limit; {} of its 10485760 bytes were read.", body["size"]);
        assert_eq!(notes.contains(&said), cut, "{notes}");
        assert_eq!(
            run(&options).contains("10 bytes of the body are kept, which is the limit"),
            cut
        );
    }
}

#[test]
fn nothing_invisible_is_in_any_document() {
    for chain in chains() {
        for (format, document) in documents(&chain) {
            let bad = document.chars().find(|c| *c != '\n' && !is_visible(*c));
            assert_eq!(bad, None, "{format:?} {document}");
            assert!(document.ends_with('\n'), "{format:?}");
        }
    }
}

#[test]
fn a_server_writes_no_markup_in_markdown() {
    let chain = hostile().play();
    let documents = documents(&chain);
    let (_, markdown) = documents.iter().find(|(format, _)| *format == Format::Markdown).unwrap();
    let fence = |line: &&str| line.starts_with("```");
    assert_eq!(markdown.lines().filter(fence).count() % 2, 0, "{markdown}");
    let mut in_block = false;
    for line in markdown.lines() {
        in_block ^= line.starts_with("```");
        if !in_block {
            let bare = unescaped(&outside_code(line));
            assert!(!bare.contains('<') && !bare.contains("](") && !bare.contains('@'), "{line}");
        }
    }
    let table = markdown.lines().filter(|line| line.starts_with("| "));
    for row in table {
        let cells = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
        assert_eq!(cells, 6, "{row}");
    }
}

/// The line without what a backslash makes text.
fn unescaped(line: &str) -> String {
    let mut letters = line.chars();
    let mut out = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => drop(letters.next()),
            letter => out.push(letter),
        }
    }
    out
}

/// The line without its code spans.
fn outside_code(line: &str) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        let escaped = rest[..at].ends_with('\\');
        let ticks = rest[at..].len() - rest[at..].trim_start_matches('`').len();
        let fence = "`".repeat(ticks);
        out.push_str(&rest[..at]);
        let after = &rest[at + ticks..];
        match after.find(&fence).filter(|_| !escaped) {
            Some(end) => rest = &after[end + ticks..],
            None => rest = after,
        }
    }
    out + rest
}

/// The commands walk the chain that was seen, as far as real curl is of this mind.
#[test]
fn exported_curl_commands_run_with_real_curl() {
    if absent("curl") {
        return;
    }
    let lab = lab::start(scenario::all(), Pace::Swift).unwrap();
    for (scenario, script) in scripts(&lab, "curl") {
        lab.forget();
        let run = Command::new("sh").arg("-c").arg(&script).output().unwrap();
        let seen: Vec<String> = lab.seen().iter().map(|seen| format!("{seen:?}")).collect();
        assert!(run.status.success(), "{}: {script}\n{}", scenario.id, text(&run.stderr));
        assert_eq!(seen.len(), scenario.expect.hops.len(), "{}: {script}\n{seen:#?}", scenario.id);
    }
}

#[test]
fn exported_hurl_files_run_green_with_real_hurl() {
    if absent("hurl") {
        return;
    }
    let lab = lab::start(scenario::all(), Pace::Swift).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (scenario, script) in scripts(&lab, "hurl") {
        let file = folder.path().join(format!("{}.hurl", scenario.id));
        fs::write(&file, &script).unwrap();
        let run = programs::clean("hurl").arg("--test").arg(&file).output().unwrap();
        assert!(run.status.success(), "{}: {script}\n{}", scenario.id, text(&run.stderr));
    }
}

/// Requests of every shape: real hurl sends the very same ones, hop by hop, and holds the answers.
#[test]
fn real_hurl_sends_requests_of_every_shape_again() {
    if absent("hurl") {
        return;
    }
    let server = Recorder::start(|seen: &Seen| match seen.target.split('?').next() {
        Some("/302") => respond("302 Found", &["Location: /end", "Set-Cookie: sid=1"], ""),
        Some("/307") => respond("307 Temporary Redirect", &["Location: /end"], ""),
        _ => respond("200 OK", &["Content-Type: text/plain"], "here\n"),
    });
    let folder = tempfile::tempdir().unwrap();
    let (upload, script) = (folder.path().join("up.bin"), folder.path().join("x.hurl"));
    fs::write(&upload, b"\xff\0bytes\n").unwrap();
    let upload = upload.display().to_string();
    let part = format!("f=@{upload};type=image/png");
    for (args, path) in [
        (&["-u", "me:p\"w{{"][..], "/302"),
        (&["--oauth2-bearer", "tok#en"], "/307"),
        (&["-b", "k=v; l=w", "-d", "a=b"], "/302"),
        (&["-F", "a=b c", "-F", &part], "/307"),
        (&["-T", &upload], "/307"),
        (&["-G", "-d", "a=b", "--data-urlencode", "q=\u{e4} &"], "/302"),
        (&["-X", "DELETE"], "/307"),
        (&["-X", "POST", "-d", "x=1"], "/302"),
        (&["--json", "{\"a\": \"`{{x}}`\"}"], "/307"),
        (&["-I"], "/302"),
    ] {
        let traced = programs::clean(env!("CARGO_BIN_EXE_hopstep"))
            .args(["trace", "--format", "hurl"])
            .args(args)
            .arg(format!("http://{}{path}", server.addr))
            .output()
            .unwrap();
        fs::write(&script, &traced.stdout).unwrap();
        let ours = said(&server);
        let run = programs::clean("hurl").arg("--test").arg(&script).output().unwrap();
        assert!(run.status.success(), "{args:?}: {}{}", text(&traced.stdout), text(&run.stderr));
        assert_eq!(said(&server), ours, "{args:?}: {}", text(&traced.stdout));
        assert_eq!(ours.len(), 2, "{args:?}");
    }
}

type Said = (String, String, Vec<Option<String>>, Vec<u8>);

/// What the requests since the last look said.
fn said(server: &Recorder) -> Vec<Said> {
    let names = ["Authorization", "Cookie", "Content-Type"];
    let one = |seen: Seen| {
        let fields = names.iter().map(|name| seen.field(name)).collect();
        (seen.method, seen.target, fields, seen.body)
    };
    server.take().into_iter().map(one).collect()
}

/// Each shell that is here offers a command, a command's own option and a client.
#[test]
fn completions_complete_in_the_shells_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let script = |shell: &str| {
        let hopstep = Command::new(env!("CARGO_BIN_EXE_hopstep"));
        let script = { hopstep }.args(["completions", shell]).output().unwrap().stdout;
        let file = folder.path().join(shell);
        fs::write(&file, &script).unwrap();
        (file.display().to_string(), text(&script))
    };
    let offers = |shell: &str, code: String, wanted: &str| {
        let run = Command::new(shell).args(["-c", &code]).output().unwrap();
        assert!(text(&run.stdout).contains(wanted), "{shell}: {wanted}: {}", text(&run.stderr));
    };
    for (words, word, wanted) in [
        ("hopstep che", "che", "check"),
        ("hopstep check --conc", "--conc", "--concurrency"),
        ("hopstep trace --as reqw", "reqw", "reqwest"),
    ] {
        let before = words.rsplit(' ').nth(1).unwrap();
        let at = words.split(' ').count() - 1;
        let bash = format!(
            "source {}; COMP_WORDS=({words}); COMP_CWORD={at}; _hopstep hopstep {word} {before}; echo ${{COMPREPLY[@]}}",
            script("bash").0
        );
        if !absent("bash") {
            offers("bash", bash, wanted);
        }
        if !absent("fish") {
            let code = format!("source {}; complete -C '{words}'", script("fish").0);
            offers("fish", code, wanted);
        }
    }
    // a URL in front of the commands would take a command's name for itself
    assert!(script("zsh").1.contains("case $line[1] in"));
    // neither fish nor Nushell takes an option with a dot in its name where they name all
    assert!(!script("nushell").1.contains("--http1.1 "));
}

/// Where `.ci/run` installs the npm packages of tests, outside the source tree.
fn npm() -> std::path::PathBuf {
    std::env::temp_dir().join("hopstep-npm")
}

#[test]
fn exported_archives_open_in_a_viewers_library_from_npm() {
    if absent("node") || !npm().join("node_modules/har-validator").is_dir() {
        eprintln!("npm's har-validator is not in {}", npm().display());
        return;
    }
    let lab = lab::start(scenario::all(), Pace::Swift).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (scenario, document) in scripts(&lab, "har") {
        let file = folder.path().join(format!("{}.har", scenario.id));
        fs::write(&file, document).unwrap();
        files.push(file);
    }
    // har-validator checks each; pagexray makes a page of each, as a viewer does, but of one that ends at a redirect it can't
    let script = "const {readFileSync} = require('fs'), har = require('har-validator'), page = require('pagexray');
        (async () => { for (const file of process.argv.slice(1)) { const read = JSON.parse(readFileSync(file));
        await har.har(read).catch(e => { throw Error(file + JSON.stringify(e.errors)) });
        if (read.log.entries.at(-1).response.redirectURL) continue;
        if (page.convert(read).length != 1) throw Error(file); } })()
        .catch(e => { console.error(e); process.exit(1) })";
    let run = Command::new("node")
        .args(["-e", script, "--"])
        .args(&files)
        .env("NODE_PATH", npm().join("node_modules"))
        .output()
        .unwrap();
    assert!(files.len() > 10 && run.status.success(), "{}", text(&run.stderr));
}

/// What `hopstep trace` prints for each scenario that curl can walk to its end over HTTP/1.1.
fn scripts<'a>(lab: &'a Lab, format: &'a str) -> impl Iterator<Item = (&'static Scenario, String)> {
    let fit = |scenario: &&Scenario| {
        scenario.expect.ending == "final"
            && scenario.request.client == "curl"
            && !scenario.servers.iter().any(|server| server.http2)
    };
    // a head that is refused is played by the pure domain only
    let walked = |scenario: &&Scenario| scenario.id != "hostile";
    scenario::all().iter().filter(fit).filter(walked).map(move |scenario| {
        let traced = trace(lab, scenario, format);
        assert!(traced.status.success(), "{}: {}", scenario.id, text(&traced.stderr));
        (scenario, text(&traced.stdout))
    })
}

fn trace(lab: &Lab, scenario: &Scenario, format: &str) -> Output {
    let url = Url::parse(&format!("http://{}", lab.proxy)).unwrap();
    let proxy = Some(ProxyChoice { url, source: "-x".to_owned() });
    let proxies = Proxies { http: proxy.clone(), https: proxy, bypass: Vec::new() };
    let settings = Settings { proxies, ..Settings::default() };
    let curl = Client::named("curl").unwrap();
    let (request, _) = redirect::start(&scenario.draft(), &curl, &Jar::default(), 0);
    programs::clean(env!("CARGO_BIN_EXE_hopstep"))
        .args(["trace", "--format", format])
        .arg(format!(
            "{} --cacert {}",
            export::curl::request(&request, &settings),
            lab.ca_file().display()
        ))
        .output()
        .unwrap()
}

fn absent(program: &str) -> bool {
    let absent = Command::new(program).arg("--version").output().is_err();
    if absent {
        eprintln!("{program} is not here; its test is skipped");
    }
    absent
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
