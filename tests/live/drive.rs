//! Real clients, each told to make a request and follow its redirects.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use crate::generate::Trial;

/// A client that can be told to run a trial, and returns when it is done with it.
pub(crate) trait Driver {
    fn run(&mut self, trial: &Trial);
}

pub(crate) struct Curl;

impl Driver for Curl {
    fn run(&mut self, trial: &Trial) {
        let mut curl = quiet("curl");
        curl.args(["-q", "-s", "-L", "-m", "20", "-o", "/dev/null"]);
        match (trial.method.as_str(), &trial.body) {
            ("GET", _) => {}
            ("HEAD", _) => drop(curl.arg("-I")),
            ("PUT", Some(body)) => return upload(curl, body, trial),
            ("POST", Some(body)) => drop(curl.args(["--data-raw", body])),
            (method, body) => {
                curl.args(["-X", method]);
                curl.args(body.iter().flat_map(|body| ["--data-raw", body]));
            }
        }
        finish_curl(curl, trial);
    }
}

/// `-T` of a file, so that the body can be sent again.
fn upload(mut curl: Command, body: &str, trial: &Trial) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), body).unwrap();
    curl.arg("-T").arg(file.path());
    finish_curl(curl, trial);
}

fn finish_curl(mut curl: Command, trial: &Trial) {
    for (name, value) in &trial.fields {
        curl.args(["-H", &format!("{name}: {value}")]);
    }
    if let Some((user, password)) = &trial.credentials {
        curl.args(["-u", &format!("{user}:{password}")]);
    }
    curl.arg(&trial.url).status().unwrap();
}

pub(crate) struct Wget;

impl Driver for Wget {
    fn run(&mut self, trial: &Trial) {
        let mut wget = quiet("wget");
        wget.args(["--no-config", "-q", "-O", "/dev/null", "-t", "1", "-T", "20", "--no-hsts"]);
        wget.arg(format!("--method={}", trial.method));
        if let Some(body) = &trial.body {
            wget.arg(format!("--body-data={body}"));
        }
        for (name, value) in &trial.fields {
            wget.arg(format!("--header={name}: {value}"));
        }
        wget.arg(&trial.url).status().unwrap();
    }
}

/// A program without the user's settings and proxies.
fn quiet(program: &str) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
        .env("LC_ALL", "C.UTF-8")
        .env("HOME", "/nonexistent")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

/// The real reqwest, which is in the program anyway, with its default policy.
pub(crate) struct Reqwest {
    runtime: tokio::runtime::Runtime,
    client: reqwest::Client,
}

impl Reqwest {
    pub(crate) fn start() -> Reqwest {
        // plain HTTP only is spoken, and yet it wants to know who would encrypt
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20));
        Reqwest { runtime, client: client.build().unwrap() }
    }
}

impl Driver for Reqwest {
    fn run(&mut self, trial: &Trial) {
        let method = reqwest::Method::from_bytes(trial.method.as_bytes()).unwrap();
        let mut request = self.client.request(method, &trial.url);
        for (name, value) in &trial.fields {
            request = request.header(name, value);
        }
        if let Some(body) = &trial.body {
            request = request.body(body.clone());
        }
        // a redirect that it can't or won't follow is an error to it; what counts is what it sent
        let _ = self.runtime.block_on(async { request.send().await?.bytes().await });
    }
}

/// A script that takes a trial a line as JSON and answers each with a line.
pub(crate) struct Script {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Script {
    pub(crate) fn start(program: &str, script: &str) -> Script {
        Script::with(program, script, &[])
    }

    /// One of the npm clients, from the folder that has `node_modules`.
    pub(crate) fn npm(client: &str, folder: &Path) -> Script {
        Script::with("node", "driver_npm.mjs", &[client.as_ref(), folder.as_os_str()])
    }

    /// Go's net/http, compiled by the Go of this folder.
    pub(crate) fn go(folder: &Path) -> Script {
        let mut go = Command::new(folder.join("go"));
        go.envs([("GOTOOLCHAIN", "local"), ("GOPROXY", "off"), ("CGO_ENABLED", "0")]);
        go.env("GOCACHE", GO_CACHE).arg("run");
        Script::of(go.arg(in_tests("clients/measure/drivers/http.go")))
    }

    fn with(program: &str, script: &str, args: &[&OsStr]) -> Script {
        Script::of(Command::new(program).arg(in_tests("live").join(script)).args(args))
    }

    fn of(command: &mut Command) -> Script {
        let mut child = command
            .env("no_proxy", "*")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let input = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Script { child, input, output }
    }
}

impl Driver for Script {
    fn run(&mut self, trial: &Trial) {
        let line = serde_json::json!({
            "method": trial.method,
            "url": trial.url,
            "fields": trial.fields,
            "credentials": trial.credentials,
            "body": trial.body,
        });
        writeln!(self.input, "{line}").unwrap();
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        assert!(!answer.is_empty(), "the script has ended");
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn in_tests(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(path)
}

/// Whether Python has this module; absent, the test says so and passes.
pub(crate) fn python_has(module: &str) -> bool {
    let found = quiet("python3").args(["-c", &format!("import {module}")]).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        println!("Python's {module} is not installed: nothing tested");
    }
    found
}

/// The folder in which `.ci/run` has installed the npm clients (`HOPSTEP_NPM` names another one), and Node to run them;
/// absent, the test says so and passes.
pub(crate) fn npm_folder(client: &str) -> Option<PathBuf> {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients");
    let folder = std::env::var_os("HOPSTEP_NPM").map_or_else(usual, PathBuf::from);
    let found = folder.join("node_modules").join(client).exists()
        && quiet("node").arg("--version").status().is_ok_and(|status| status.success());
    if !found {
        println!("npm's {client} is not installed: nothing tested");
    }
    found.then_some(folder)
}

/// Where Go keeps what it has compiled.
pub(crate) const GO_CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/go-cache");
/// The version that was measured, but for its patch.
const GO: &str = "go version go1.27";

/// The folder of a Go of the measured version: where `just clients-go` installs it, or on the path; absent, the test says
/// so and passes.
pub(crate) fn go_folder() -> Option<PathBuf> {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/clients/go/go/bin");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::iter::once(installed).chain(std::env::split_paths(&path)).find(|folder| {
        let mut go = quiet(&folder.join("go").to_string_lossy());
        let output = go.env("GOTOOLCHAIN", "local").arg("version").stdout(Stdio::piped()).output();
        output.is_ok_and(|output| output.stdout.starts_with(GO.as_bytes()))
    });
    if found.is_none() {
        println!("no Go 1.27 is installed (`just clients-go`): nothing tested");
    }
    found
}

/// Whether there is a Node that the npm clients run on: their measurement was on 20 and 24.
pub(crate) fn node_is_recent() -> bool {
    let Ok(output) = quiet("node").arg("--version").stdout(Stdio::piped()).output() else {
        return false;
    };
    let version = String::from_utf8_lossy(&output.stdout).into_owned();
    let major = version.trim_start_matches('v').split('.').next().and_then(|of| of.parse().ok());
    major.is_some_and(|major: u32| major >= 20)
}
