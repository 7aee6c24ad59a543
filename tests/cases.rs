//! Every world in `tests/cases/` through the pure domain: targets, methods, changes, findings, ending.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/world.rs"]
mod world;

use std::fmt::Write as _;

use hopstep::domain::chain::Chain;
use hopstep::domain::classify;
use hopstep::domain::finding::{Finding, Severity};
use hopstep::domain::redirect::Change;
use world::{Expected, World};

#[test]
fn every_world_plays_as_it_says() {
    let mut faults = String::new();
    let worlds = World::all("");
    assert!(!worlds.is_empty());
    for world in &worlds {
        let chain = world.play();
        let mut found = Vec::new();
        compare_course(world, &chain, &mut found);
        compare_findings(world, &chain, &mut found);
        for fault in found {
            let _ = writeln!(faults, "{}: {fault}", world.path.display());
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

fn compare_course(world: &World, chain: &Chain, found: &mut Vec<String>) {
    let expect = &world.expect;
    let targets: Vec<String> = chain.hops.iter().map(|hop| hop.request.display_url()).collect();
    let methods: Vec<String> =
        chain.hops.iter().map(|hop| hop.request.method.to_string()).collect();
    let mut same = |what: &str, want: &Option<Vec<String>>, have: Vec<String>| {
        if let Some(want) = want
            && *want != have
        {
            found.push(format!("{what} {have:?}, not {want:?}"));
        }
    };
    same("targets", &expect.targets, targets);
    same("methods", &expect.methods, methods);
    let intents = classify::intents(chain);
    let intents = intents.iter().map(|intent| intent.as_ref().map_or("", |i| i.kind.id()));
    same("intents", &expect.intents, intents.map(str::to_owned).collect());
    let issuers = chain.hops.iter().map(|hop| classify::issuer(hop).map_or("", |i| i.row.id));
    same("issuers", &expect.issuers, issuers.map(str::to_owned).collect());
    if let Some(want) = &expect.ending
        && *want != world::ending(chain)
    {
        found.push(format!("ending {}, not {want}", world::ending(chain)));
    }
    let diagnosis = classify::diagnosis::diagnose(chain);
    let cause = diagnosis.causes.first().map_or("", |cause| &cause.text);
    if let Some(want) = expect.cause.as_ref().filter(|want| !cause.contains(*want)) {
        found.push(format!("most likely cause {cause:?}, not {want:?}"));
    }
    if let Some(want) = expect.sentence.as_ref().filter(|want| diagnosis.sentence != **want) {
        found.push(format!("sentence {:?}, not {want:?}", diagnosis.sentence));
    }
    if let Some(want) = &expect.changes {
        let steps = chain.hops.iter().skip(1).map(|hop| &hop.changes);
        let have: Vec<Vec<String>> =
            steps.chain(chain.ready().map(|next| &next.changes)).map(|c| words(c)).collect();
        if *want != have {
            found.push(format!("changes {have:?}, not {want:?}"));
        }
    }
}

fn compare_findings(world: &World, chain: &Chain, found: &mut Vec<String>) {
    let mut findings = world.judge(chain);
    if let Some(limit) = &world.expect.at_most {
        let limit = Severity::ALL.into_iter().find(|s| s.id() == limit).expect("a severity");
        for finding in findings.iter().filter(|finding| finding.severity > limit) {
            found.push(format!("too bad: {}", show(finding)));
        }
    }
    compare_others(world, chain, &findings, found);
    if let Some(only) = &world.expect.only {
        findings.retain(|finding| only.iter().any(|rule| rule == finding.rule));
    }
    let Some(wanted) = &world.expect.findings else { return };
    let mut missing: Vec<&Expected> = Vec::new();
    for want in wanted {
        match findings.iter().position(|finding| want.fits(finding, chain)) {
            Some(at) => drop(findings.remove(at)),
            None => missing.push(want),
        }
    }
    found.extend(missing.into_iter().map(|want| format!("missing {want:?}")));
    for finding in &findings {
        let marks = world::marked(finding, chain);
        found.push(format!("not expected: {} marks {marks:?}", show(finding)));
    }
}

/// No warning and no error goes unsaid, also where a world is about other rules.
fn compare_others(world: &World, chain: &Chain, all: &[Finding], found: &mut Vec<String>) {
    let mut others: Vec<&Finding> = all.iter().collect();
    for want in world.expect.findings.iter().flatten() {
        if let Some(at) = others.iter().position(|finding| want.fits(finding, chain)) {
            others.remove(at);
        }
    }
    let bad = others.iter().filter(|finding| finding.severity >= Severity::Warning);
    let mut have: Vec<&str> = bad.map(|finding| finding.rule).collect();
    let mut want: Vec<&str> = world.expect.also.iter().map(String::as_str).collect();
    have.sort_unstable();
    want.sort_unstable();
    if have != want {
        found.push(format!("other warnings and errors {have:?}, not {want:?}"));
    }
}

fn show(finding: &Finding) -> String {
    let Finding { rule, severity, hop, anchor, source: _, cause: _, message, fix } = finding;
    format!("{rule} {severity:?} hop {hop:?} {anchor:?}: {message} / {fix}")
}

fn words(changes: &[Change]) -> Vec<String> {
    changes
        .iter()
        .map(|change| match change {
            Change::Method { from, to } => format!("method {from} {to}"),
            Change::BodyDropped { .. } => "body-dropped".to_owned(),
            Change::HeaderRemoved { name } => format!("header-removed {name}"),
            Change::HeaderAdded { name } => format!("header-added {name}"),
            Change::HeaderChanged { name } => format!("header-changed {name}"),
        })
        .collect()
}

/// What `trace` stores of a world is the baseline of the same world: playing it again is no drift.
#[test]
fn a_stored_trace_is_the_baseline_of_its_own_chain() {
    use hopstep::domain::baseline::Baseline;
    use hopstep::domain::export::{Format, Record, document};
    struct NoBodies;
    impl hopstep::domain::http::body::Bodies for NoBodies {
        fn read(&self, _: hopstep::domain::http::body::BodyId, _: u64, _: usize) -> Vec<u8> {
            Vec::new()
        }
    }
    let settings = hopstep::domain::http::settings::Settings::default();
    for world in World::all("") {
        let chain = world.play();
        let coded = chain.hops.iter().filter_map(|hop| hop.location());
        if chain.hops.is_empty() || coded.into_iter().any(|l| std::str::from_utf8(l).is_err()) {
            continue;
        }
        let record = Record {
            chain: &chain,
            findings: &[],
            diagnosis: None,
            started_at: time::OffsetDateTime::UNIX_EPOCH,
            bodies: &NoBodies,
            show_body: 0,
            settings: &settings,
            fail_on: None,
        };
        for format in [Format::Json, Format::Ndjson] {
            let stored = Baseline::read(&document(format, &record, false)).expect("a baseline");
            assert_eq!(stored, Baseline::of(&chain), "{}", world.path.display());
        }
    }
}
