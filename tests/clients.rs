//! Every client against what it was measured to do: `tests/clients/` has the scenarios and the outcomes.
//!
//! Each scenario is played through the chain machine with the client's parameters; number of requests, origin, method,
//! target, body, credentials, cookies, Referer, Host and ending must be those the real client showed. What is known to
//! differ is in `tests/clients/exceptions.toml`, by name and with its reason.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "clients/play.rs"]
mod play;
#[path = "clients/program.rs"]
mod program;
#[path = "clients/record.rs"]
mod record;
#[path = "clients/sockets.rs"]
mod sockets;
#[path = "live/world.rs"]
mod world;

use std::collections::BTreeMap;

use hopstep::domain::client::Client;
use play::Played;
use program::Program;
use record::{Exceptions, Outcome, Scenario};
use sockets::Wire;

/// The share of scenario x client pairs that must agree without being listed as exceptions.
const AGREEMENT: f64 = 0.995;
/// Chains played at a time over sockets.
const WORKERS: usize = 4;

/// The program itself runs every scenario as curl, and one in so many as each of the others.
const SPREAD: usize = 5;

/// Agreeing and all pairs of one client, and what differed.
#[derive(Default)]
struct Tally {
    agreed: usize,
    all: usize,
    differences: Vec<String>,
}

#[test]
fn every_client_does_what_it_was_measured_to_do() {
    let scenarios = record::scenarios();
    let exceptions = record::exceptions();
    let mut tallies = BTreeMap::<String, Tally>::new();
    for measured in record::measured() {
        let scenario = &scenarios[&measured.scenario];
        for outcome in &measured.outcomes {
            for client in &outcome.clients {
                let difference = difference(client, scenario, outcome);
                note(
                    tallies.entry(client.clone()).or_default(),
                    client,
                    scenario,
                    difference,
                    &exceptions,
                );
            }
        }
    }
    report(&tallies);
}

#[test]
fn every_parameter_rests_on_scenarios_in_which_its_client_was_measured() {
    let mut shown = BTreeMap::<String, Vec<String>>::new();
    for measured in record::measured() {
        for client in measured.outcomes.iter().flat_map(|outcome| &outcome.clients) {
            shown.entry(client.clone()).or_default().push(measured.scenario.clone());
        }
    }
    for client in Client::all() {
        let read = client.evidence.iter().any(|from| from.starts_with("read"));
        for of in client.parameters() {
            let rests = read || shown[&client.name].iter().any(|id| id.starts_with(&of.scenarios));
            assert!(rests, "{}: {} rests on {}, not measured", client.name, of.name, of.scenarios);
        }
    }
}

/// The same over loopback sockets, through the engine: what the servers saw is compared.
#[test]
fn every_client_does_the_same_over_sockets() {
    let all = over_sockets(
        |_, _| true,
        || {
            let mut wire = Wire::start();
            move |client, scenario, outcome| wire.play(client, scenario, outcome)
        },
    );
    assert!(all > 5000, "{all}");
}

/// And by `hopstep trace --as CLIENT`, the program as its users run it.
#[test]
fn the_program_does_the_same() {
    let spread = |client: &str, number: usize| {
        let of = Client::all().iter().position(|of| of.name == client);
        client == "curl" || (number + of.unwrap_or(0)).is_multiple_of(SPREAD)
    };
    let all = over_sockets(spread, || {
        let program = Program::start();
        move |client, scenario, outcome| program.play(client, scenario, outcome)
    });
    assert!(all > 700, "{all}");
}

/// Plays the scenario x client pairs that are `chosen` and no exceptions, some at a time; all must agree. Says how many.
fn over_sockets<P>(chosen: impl Fn(&str, usize) -> bool, start: impl Fn() -> P + Sync) -> usize
where
    P: FnMut(&str, &Scenario, &Outcome) -> Played,
{
    let (scenarios, exceptions, measured) =
        (record::scenarios(), record::exceptions(), record::measured());
    let mut pairs = Vec::new();
    for (number, measured) in measured.iter().enumerate() {
        let scenario = &scenarios[&measured.scenario];
        let fits = |client: &str| {
            exceptions.reason(client, &scenario.id).is_none() && chosen(client, number)
        };
        let fitting = measured.pairs().filter(|(client, _)| fits(client));
        if sockets::plays(scenario) {
            pairs.extend(fitting.map(|(client, outcome)| (client, scenario, outcome)));
        }
    }
    let differences: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS)
            .map(|worker| {
                let mine = pairs.iter().skip(worker).step_by(WORKERS);
                scope.spawn(|| differences(mine, start()))
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    println!("{} of {} agree over sockets", pairs.len() - differences.len(), pairs.len());
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    pairs.len()
}

fn differences<'a>(
    pairs: impl Iterator<Item = &'a (&'a str, &'a Scenario, &'a Outcome)>,
    mut play: impl FnMut(&str, &Scenario, &Outcome) -> Played,
) -> Vec<String> {
    pairs
        .filter_map(|(client, scenario, outcome)| {
            let difference = compare(scenario, outcome, &play(client, scenario, outcome))?;
            Some(format!("{client} {}: {difference}", scenario.id))
        })
        .collect()
}

fn difference(client: &str, scenario: &Scenario, outcome: &Outcome) -> Option<String> {
    let played = play::play(client, scenario, outcome);
    compare(scenario, outcome, &played)
}

fn note(
    tally: &mut Tally,
    client: &str,
    scenario: &Scenario,
    difference: Option<String>,
    exceptions: &Exceptions,
) {
    tally.all += 1;
    let listed = exceptions.reason(client, &scenario.id);
    match (difference, listed) {
        (None, None) => tally.agreed += 1,
        (None, Some(_)) => {
            tally
                .differences
                .push(format!("{client} {}: agrees, but is listed as an exception", scenario.id));
        }
        (Some(difference), None) => {
            tally.differences.push(format!("{client} {}: {difference}", scenario.id));
        }
        (Some(_), Some(_)) => {}
    }
}

fn report(tallies: &BTreeMap<String, Tally>) {
    let (mut agreed, mut all, mut text) = (0, 0, String::new());
    for (client, tally) in tallies {
        agreed += tally.agreed;
        all += tally.all;
        let share = 100.0 * tally.agreed as f64 / tally.all as f64;
        text += &format!("{client:42} {:3} of {:3} ({share:.1} %)\n", tally.agreed, tally.all);
    }
    let differences: Vec<&str> =
        tallies.values().flat_map(|tally| tally.differences.iter().map(String::as_str)).collect();
    let share = agreed as f64 / all as f64;
    println!("{text}{agreed} of {all} agree ({:.2} %)", 100.0 * share);
    assert!(differences.is_empty(), "{text}{}", differences.join("\n"));
    assert!(share >= AGREEMENT, "{text}only {:.2} % agree", 100.0 * share);
}

/// The first thing that differs, in words.
fn compare(scenario: &Scenario, outcome: &Outcome, played: &Played) -> Option<String> {
    let measured = outcome.without_challenges();
    let shown = if outcome.is_cut() { played.cut() } else { played.requests.clone() };
    if !outcome.is_cut() && shown.len() != measured.len()
        || outcome.count.is_some_and(|count| outcome.is_cut() && count != played.requests.len())
    {
        let targets: Vec<&str> = played.requests.iter().map(|r| r.target.as_str()).collect();
        return Some(format!(
            "sends {} requests, not {:?}: {targets:?}, ends {:?}",
            played.requests.len(),
            outcome.count.unwrap_or(measured.len()),
            played.ending
        ));
    }
    for (index, (ours, theirs)) in shown.iter().zip(&measured).enumerate().skip(1) {
        if let Some(difference) = ours.difference(theirs, &measured[0], scenario) {
            return Some(format!("request {}: {difference}", index + 1));
        }
    }
    let ended_well =
        outcome.end.ok || outcome.end.status.is_some_and(|status| status >= 400 && status != 999);
    if !outcome.was_challenged() && played.ended_well != ended_well {
        return Some(format!("ends {:?}, measured {:?}", played.ending, outcome.end));
    }
    None
}
