//! `--redact` through sockets: a secret of each kind in every place, and not one of them in any format, on standard error or
//! in what is said of probes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;

use hopstep::domain::export::Format;
use recorder::{Recorder, Seen, respond};

/// What each place holds: by name, by shape and by entropy.
const SECRETS: &[&str] = &[
    "QUERYs3cret01",
    "USERINFOpw02",
    "FRAGMENTtok03",
    "HEADERapikey04",
    "ghp_HEADERshape05abcdef0123456789",
    "COOKIEsid06a9f3c1e7b2d4",
    "BODYjsonpw07",
    "BODYformpw08",
    "BODYpartpw17",
    "LOCATIONtok09",
    "LOCATIONpw10",
    "SETCOOKIEsid11f3a9c1e7",
    "RESPONSEtok12",
    "BEARERtok13abcdef",
    "NESTEDtok14",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaGFwZTE1In0.c2lnbmF0dXJlMTU",
    "OWNNAMEpin16",
    "USERtoken18a9f3c1e7",
];

fn server() -> Recorder {
    Recorder::start(|seen: &Seen| {
        let host = seen.field("Host").unwrap_or_default();
        match seen.target.split('?').next().unwrap_or_default() {
            "/in" => respond(
                "302 Found",
                &[
                    &format!(
                        "Location: http://u:LOCATIONpw10@{host}/next?access_token=LOCATIONtok09#id_token=LOCATIONtok09"
                    ),
                    "Set-Cookie: sid=SETCOOKIEsid11f3a9c1e7; Path=/",
                    "X-Note: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaGFwZTE1In0.c2lnbmF0dXJlMTU",
                ],
                "<a href=\"/next?access_token=LOCATIONtok09\">Found</a> QUERYs3cret01",
            ),
            "/next" => {
                respond("303 See Other", &["Location: /end?next=%2Fcb%3Ftoken%3DNESTEDtok14"], "")
            }
            _ => {
                let echo = seen.field("Authorization").unwrap_or_default();
                let body = format!(
                    "{{\"refresh_token\": \"RESPONSEtok12\", \"echo\": \"NESTEDtok14 {echo}\"}}"
                );
                respond("200 OK", &["Content-Type: application/json"], &body)
            }
        }
    })
}

/// A configuration with a name of its own, the URL to ask, and what is said of it on the command line.
struct Asked {
    folder: tempfile::TempDir,
    url: String,
    common: Vec<String>,
}

const JSON: [&str; 2] = ["--json", "{\"user\": \"me\", \"password\": \"BODYjsonpw07\"}"];
const FORM: [&str; 4] =
    ["-d", "user=me&password=BODYformpw08", "--oauth2-bearer", "BEARERtok13abcdef"];

/// The parts of a multipart body.
const PARTS: [&str; 4] = ["-F", "user=me", "-F", "password=BODYpartpw17;type=text/plain"];

fn asked(server: &Recorder) -> Asked {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.toml");
    std::fs::write(&config, "[secrets]\nparameters = [\"shoe-size\"]\n").unwrap();
    let url = format!(
        "http://me:USERINFOpw02@{}/in?token=QUERYs3cret01&shoe-size=OWNNAMEpin16#access_token=FRAGMENTtok03",
        server.addr
    );
    let common = [
        "--config",
        config.to_str().unwrap(),
        "-H",
        "X-Api-Key: HEADERapikey04",
        "-H",
        "X-Note: ghp_HEADERshape05abcdef0123456789",
        "-b",
        "sid=COOKIEsid06a9f3c1e7b2d4",
    ];
    let common = common.map(str::to_owned).to_vec();
    Asked { folder, url, common }
}

/// What the program prints, on both streams; nothing secret may be there.
fn shows_nothing(command: &mut std::process::Command, what: &str) -> String {
    let output = command.output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    for secret in SECRETS {
        assert!(!out.contains(secret), "{what}: {secret}\n{out}");
        assert!(!said.contains(secret), "{what}: {secret} on standard error\n{said}");
    }
    // user:password as Basic would write it
    for encoded in ["bWU6VVNFUklORk9wdzAy", "dTpMT0NBVElPTnB3MTA"] {
        assert!(!out.contains(encoded), "{what}: {encoded}\n{out}");
    }
    out
}

#[test]
fn no_format_of_trace_shows_a_secret_of_any_kind_from_any_place() {
    let server = server();
    let asked = asked(&server);
    for (name, _) in Format::ALL {
        for more in [&JSON[..], &FORM[..], &PARTS[..], &["--probe"][..]] {
            let mut command = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
            command.args(["trace", "--redact"]).args(&asked.common).args(more);
            let out = shows_nothing(
                command.args(["--format", name, &asked.url]),
                &format!("trace {name} {more:?}"),
            );
            assert!(out.contains("/next") || *name == "curl", "{name}: {out}");
        }
    }
}

#[test]
fn neither_clients_nor_compare_shows_a_secret() {
    let server = server();
    let asked = asked(&server);
    let clients = ["--clients", "curl,browser,go"];
    let without = ["--without", "cookies", "--without", "auth", "--with"];
    let without = [&without[..], &["Authorization: Bearer BEARERtok13abcdef"]].concat();
    let verbs: [(&str, &[&str]); 5] = [
        ("clients", &[]),
        ("clients", &["--dry-run"]),
        ("compare", &clients),
        ("compare", &["--methods", "GET,POST,HEAD"]),
        ("compare", &without),
    ];
    for (verb, options) in verbs {
        for more in [&JSON[..], &FORM[..]] {
            for format in ["text", "json", "markdown"] {
                let mut command = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
                command.args([verb, "--redact"]).args(&asked.common).args(options).args(more);
                let what = format!("{verb} {options:?} {more:?} {format}");
                let out = shows_nothing(command.args(["--format", format, &asked.url]), &what);
                assert!(!out.is_empty(), "{what}");
            }
        }
    }
}

/// `-u TOKEN:`, as APIs have it that know no password.
#[test]
fn a_token_in_the_place_of_the_user_is_masked() {
    let server = server();
    let url = format!("http://{}/in?token=QUERYs3cret01", server.addr);
    for (name, _) in Format::ALL {
        let mut command = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
        command.args(["trace", "--redact", "-u", "USERtoken18a9f3c1e7:", "--format", name, &url]);
        shows_nothing(&mut command, name);
    }
}

#[test]
fn what_is_said_of_a_wrong_command_line_shows_no_secret() {
    for wrong in [
        &["ftp://me:USERINFOpw02@x.invalid/?token=QUERYs3cret01"][..],
        &["http://me:USERINFOpw02@[x/?token=QUERYs3cret01"],
        &["http://localhost/?token=QUERYs3cret01", "http://localhost/"],
    ] {
        let mut command = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
        shows_nothing(command.args(["trace", "--redact"]).args(wrong), &format!("{wrong:?}"));
    }
}

/// What was recorded with its secrets (`--history-secrets`) is masked when it is shown.
#[test]
fn what_history_shows_and_exports_is_masked() {
    use hopstep::domain::history::Entry;
    let server = server();
    let asked = asked(&server);
    let program = || programs::clean(env!("CARGO_BIN_EXE_hopstep"));
    let mut trace = program();
    trace.arg("trace").args(&asked.common).args(JSON).args(["--format", "json", &asked.url]);
    let document = String::from_utf8(trace.output().unwrap().stdout).unwrap();
    assert!(document.contains("QUERYs3cret01"));
    let path = asked.folder.path().join("state/hopstep/history.sqlite3");
    let mut history = hopstep::store::history::History::open(&path).unwrap();
    let entry = Entry { url: asked.url.clone(), method: "POST".to_owned(), ..Entry::default() };
    let id = history.record(&entry, &document).unwrap().to_string();
    drop(history);
    let config = &asked.common[..2];
    let show = |args: &[&str]| {
        let mut command = program();
        command.env("XDG_STATE_HOME", asked.folder.path().join("state"));
        command.args(["history", "--redact"]).args(config).args(args);
        shows_nothing(&mut command, &format!("history {args:?}"))
    };
    assert!(show(&["list"]).contains("/in?"));
    assert!(show(&["list", "--format", "json"]).contains("/in?"));
    assert!(show(&["export", &id]).contains("/next"));
    for (name, _) in Format::ALL {
        let out = show(&["show", &id, "--format", name]);
        assert!(!out.is_empty(), "{name}");
    }
}
