//! Plays a scenario with the program itself: `hopstep trace --as CLIENT`, and what counts is what the servers saw.
//!
//! Every name of the measurement is led to loopback servers, one for each of its origins, and every other name to an address
//! where nobody listens: nothing is looked up.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use hopstep::domain::client::policy::Refusal;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::request::{Credentials, Draft, FieldEdit, FieldSource, Request};
use serde_json::Value;

use crate::play::{self, Played, Sent};
use crate::record::{Outcome, Scenario};
use crate::sockets::{self, FIRST, SECOND};
use crate::world::{Seen, World};

/// The measuring servers, without those that speak TLS.
const MEASURED: [(&str, &str); 4] =
    [("127.0.77.1", "80"), ("127.0.77.1", "8080"), ("127.0.77.2", "80"), ("127.0.77.2", "8080")];
/// Where names lead that the measurement could not resolve.
const NOWHERE: &str = "::127.0.77.9:9";

/// A server for each origin of the measurement, and the options that lead to them.
pub(crate) struct Program {
    world: World<4>,
    routes: Vec<String>,
    /// What `-T` reads.
    upload: tempfile::NamedTempFile,
}

impl Program {
    pub(crate) fn start() -> Program {
        let world = World::at(["127.0.0.1", "127.0.0.1", "127.0.0.2", "127.0.0.2"]);
        let routes = routes(&world);
        Program { world, routes, upload: tempfile::NamedTempFile::new().unwrap() }
    }

    pub(crate) fn play(&self, name: &str, scenario: &Scenario, outcome: &Outcome) -> Played {
        self.world.play(&sockets::answers(scenario));
        let draft = play::draft(name, scenario, &outcome.without_challenges()[0]);
        let mut command = self.command(name, &draft);
        if play::jar_is_on(&play::client(name), scenario) {
            command.args(["--cookies", "on"]);
        }
        let streamed = draft.body.as_ref().filter(|body| body.streamed);
        let output = run(command, streamed.map_or(b"", |body| &body.bytes));
        let (ending, ended_well) = ending(name, &output);
        let seen = self.world.seen();
        let requests = seen.iter().map(|seen| self.sent(seen)).collect();
        Played { requests, ending, ended_well }
    }

    /// `hopstep trace`, as somebody at a shell would ask for this request.
    fn command(&self, name: &str, draft: &Draft) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hopstep"));
        command.env_clear().env("HOME", "/nonexistent");
        command.args(["trace", "--format", "json", "--loop", "follow", "-m", "60", "--as"]);
        command.args(name.split(' ').filter(|word| *word != "-X")).args(&self.routes);
        self.body(&mut command, draft);
        for edit in &draft.fields {
            if let FieldEdit::Set(field) = edit {
                command.args(["-H", &line(field)]);
            }
        }
        if let Some(Credentials::Basic { user, password }) = &draft.credentials {
            command.args(["-u", &format!("{user}:{password}")]);
        }
        command.args(draft.referer.iter().flat_map(|referer| ["-e", referer]));
        command.arg(draft.url.as_str());
        command
    }

    /// The options that choose method and body.
    fn body(&self, command: &mut Command, draft: &Draft) {
        let method = draft.method.as_str();
        if draft.forced {
            command.args(["-X", method]);
        }
        match (&draft.body, method) {
            (Some(body), _) if body.streamed => drop(command.args(["-T", "-"])),
            (Some(body), "PUT") if !draft.forced => {
                std::fs::write(self.upload.path(), &body.bytes).unwrap();
                command.arg("-T").arg(self.upload.path());
            }
            (Some(body), _) => {
                command.arg("--data-raw").arg(std::str::from_utf8(&body.bytes).unwrap());
            }
            (None, "POST") if !draft.forced => drop(command.args(["--data-raw", ""])),
            (None, "HEAD") => drop(command.arg("-I")),
            (None, _) => {}
        }
    }

    /// What the server saw, at the origin of the measurement that it stands for.
    fn sent(&self, seen: &Seen) -> Sent {
        let at = self.world.origins.iter().position(|origin| *origin == seen.origin).unwrap();
        let (host, port) = MEASURED[at];
        let fields = seen.fields.iter().map(|(name, value)| Field::new(name, value.clone()));
        let request = Request {
            method: hopstep::domain::http::method::Method::parse(&seen.method).unwrap(),
            url: url::Url::parse(&seen.origin).unwrap(),
            fields: fields.collect(),
            sources: vec![FieldSource::User; seen.fields.len()],
            body: None,
            exact_target: None,
            written: None,
            http10: false,
        };
        let target = String::from_utf8_lossy(&seen.target).into_owned();
        let line = (format!("http://{host}:{port}"), seen.method.clone(), target);
        Sent::seen(line, seen.body.len() as u64, request)
    }
}

/// A field in the form of `-H`.
fn line(field: &Field) -> String {
    let value = String::from_utf8(field.value.clone()).unwrap();
    let name = &field.name;
    if value.is_empty() { format!("{name};") } else { format!("{name}: {value}") }
}

fn routes(world: &World<4>) -> Vec<String> {
    let mut routes = Vec::new();
    for ((address, port), origin) in MEASURED.iter().zip(&world.origins) {
        let hosts = if *address == "127.0.77.1" { &FIRST[..] } else { &SECOND[..] };
        let to = &origin["http://".len()..];
        let rules = hosts.iter().map(|host| format!("{host}:{port}:{to}"));
        routes.extend(rules.flat_map(|rule| ["--connect-to".to_owned(), rule]));
    }
    routes.extend(["--connect-to", NOWHERE].map(str::to_owned));
    routes
}

fn run(mut command: Command, input: &[u8]) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // a program that reads nothing may have ended already
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// How the chain ended in the printed document, and whether the client would have handed out a response.
fn ending(name: &str, output: &Output) -> (String, bool) {
    let printed: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{name}: {}", String::from_utf8_lossy(&output.stderr)));
    let outcome = (printed["outcome"]["kind"].as_str(), printed["outcome"]["reason"].as_str());
    let last = printed["hops"].as_array().and_then(|hops| hops.last()).unwrap();
    let well = match outcome {
        (Some("final"), _) => true,
        (Some("stopped"), Some("max-hops")) => play::client(name).limit.at_limit == Refusal::Final,
        (Some("failed"), _) => last["error"]["kind"] == "body",
        _ => false,
    };
    (format!("{outcome:?}"), well)
}
