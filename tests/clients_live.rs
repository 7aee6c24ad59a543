//! Fresh random chains against real clients: what the servers saw must be what hopstep would have sent.
//!
//! Loopback servers play each chain twice: to reqwest, curl, wget, Node's fetch, axios, follow-redirects and got, Go's net/http, Python's
//! requests, httpx, aiohttp and urllib, as far as they are installed, and, in memory, to the chain machine with that client's
//! parameters. The chains are the same in every run; `HOPSTEP_SEED` asks for others, `HOPSTEP_CHAINS` for more.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "live/drive.rs"]
mod drive;
#[path = "live/generate.rs"]
mod generate;
#[path = "live/predict.rs"]
mod predict;
#[path = "support/programs.rs"]
mod programs;
#[path = "live/world.rs"]
mod world;

use std::path::Path;
use std::process::Command;

use drive::Driver;
use generate::{Random, Trial};
use world::World;

/// Chains a client, unless `HOPSTEP_CHAINS` says how many.
const CHAINS: u64 = 120;
/// The share that must agree in every request.
const AGREEMENT: f64 = 0.99;

/// Locations in which a client is known to differ, with the reason; chains that have one are left out, others are made instead.
const KNOWN: [(&str, &str, &str); 3] = [
    ("go", "Location: /p?a b\r", "its Referer keeps the space of a query, hopstep's has %20"),
    ("go", "Location: /sp?x=%zz\r", "refuses a bad % in a path only, hopstep in a query too"),
    (
        "go",
        "Location: /q?#\r",
        "its Referer drops an empty fragment, and a redirect to it may drop the empty query",
    ),
];

fn is_known(client: &str, trial: &Trial) -> bool {
    let mut answers = trial.answers.iter().map(|answer| String::from_utf8_lossy(answer));
    answers.any(|answer| KNOWN.iter().any(|(of, line, _)| *of == client && answer.contains(line)))
}

fn agree(driver: &mut dyn Driver, client: &str) {
    let world = World::start();
    let mut differences = Vec::new();
    let asked = std::env::var("HOPSTEP_CHAINS").ok().and_then(|count| count.parse().ok());
    let chains = asked.unwrap_or(CHAINS);
    let first = std::env::var("HOPSTEP_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(0);
    let trials =
        (first..).map(|seed| (seed, Trial::generate(&mut Random::new(seed), &world, client)));
    let trials = trials.filter(|(_, trial)| !is_known(client, trial));
    for (seed, trial) in trials.take(chains as usize) {
        world.play(&trial.answers);
        driver.run(&trial);
        let seen = world.seen();
        let predicted = predict::predict(client, &trial, &world, &seen);
        if let Some(difference) = predict::difference(&seen, &predicted) {
            differences.push(format!("chain {seed}: {difference}\n{trial}"));
        }
    }
    let share = 1.0 - differences.len() as f64 / chains as f64;
    println!("{client}: {:.1} % of {chains} chains agree", 100.0 * share);
    assert!(share >= AGREEMENT, "{:.1} % agree\n{}", 100.0 * share, differences.join("\n"));
}

#[test]
fn curl_does_what_hopstep_says() {
    if programs::present("curl") {
        agree(&mut drive::Curl, "curl");
    }
}

#[test]
fn wget_does_what_hopstep_says() {
    if programs::present("wget") {
        agree(&mut drive::Wget, "wget");
    }
}

#[test]
fn node_does_what_hopstep_says() {
    if programs::present("node") {
        agree(&mut drive::Script::start("node", "driver.mjs"), "node");
    }
}

#[test]
fn the_npm_clients_do_what_hopstep_says() {
    for client in ["axios", "follow-redirects", "got"] {
        if let Some(folder) = drive::npm_folder(client) {
            agree(&mut drive::Script::npm(client, &folder), client);
        }
    }
}

#[test]
fn go_does_what_hopstep_says() {
    if let Some(folder) = drive::go_folder() {
        agree(&mut drive::Script::go(&folder), "go");
    }
}

#[test]
fn reqwest_does_what_hopstep_says() {
    agree(&mut drive::Reqwest::start(), "reqwest");
}

#[test]
fn urllib_does_what_hopstep_says() {
    if programs::present("python3") {
        agree(&mut drive::Script::start("python3", "driver_urllib.py"), "urllib");
    }
}

#[test]
fn requests_does_what_hopstep_says() {
    if drive::python_has("requests") {
        agree(&mut drive::Script::start("python3", "driver_requests.py"), "requests");
    }
}

#[test]
fn httpx_does_what_hopstep_says() {
    if drive::python_has("httpx") {
        agree(&mut drive::Script::start("python3", "driver_httpx.py"), "httpx");
    }
}

#[test]
fn aiohttp_does_what_hopstep_says() {
    if drive::python_has("aiohttp") {
        agree(&mut drive::Script::start("python3", "driver_aiohttp.py"), "aiohttp");
    }
}

fn is_measured_as_stored(client: &str) {
    is_measured_with(client, Path::new(""));
}

/// `tests/clients/measure/` drives the real client through all scenarios once more, in a network namespace of its own; the
/// programs of a folder go before others.
fn is_measured_with(client: &str, programs: &Path) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/clients/measure/measure.py");
    let mut unshare = Command::new("unshare");
    unshare.args([
        "--user",
        "--map-root-user",
        "--net",
        "--mount",
        "ip",
        "link",
        "set",
        "lo",
        "up",
    ]);
    if !unshare.output().is_ok_and(|output| output.status.success()) {
        return println!("no namespaces on this machine: {client} is not measured again");
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path);
    let path = std::env::join_paths(std::iter::once(programs.to_owned()).chain(others)).unwrap();
    let mut measure = Command::new("python3");
    measure.args([script, "--check", client]).env("GOCACHE", drive::GO_CACHE);
    if !programs.as_os_str().is_empty() {
        measure.env("PATH", path);
    }
    let output = measure.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn measured_again_curl_and_wget_do_what_is_stored() {
    for client in ["curl", "wget"] {
        if programs::present(client) && programs::present("python3") {
            is_measured_as_stored(client);
        }
    }
}

#[test]
fn measured_again_pythons_clients_do_what_is_stored() {
    for (module, client) in [
        ("urllib.request", "urllib"),
        ("requests", "requests"),
        ("httpx", "httpx"),
        ("aiohttp", "aiohttp"),
    ] {
        if drive::python_has(module) {
            is_measured_as_stored(client);
        }
    }
}

#[test]
fn measured_again_nodes_clients_do_what_is_stored() {
    if !drive::node_is_recent() {
        return println!("no Node of version 20 or later: its clients are not measured again");
    }
    is_measured_as_stored("node");
    for client in ["axios", "follow-redirects", "got"] {
        if drive::npm_folder(client).is_some() {
            is_measured_as_stored(client);
        }
    }
}

#[test]
fn measured_again_go_does_what_is_stored() {
    if let Some(folder) = drive::go_folder() {
        is_measured_with("go", &folder);
    }
}
