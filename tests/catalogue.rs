//! Every rule is documented, has its cases, stands in its place, and the README's table is current.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/world.rs"]
mod world;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use hopstep::domain::finding::{Anchor, Finding};
use hopstep::domain::rules::{self, ALL};
use world::World;

#[test]
fn rules_are_sorted_and_found_by_their_id() {
    assert!(ALL.is_sorted_by(|a, b| a.id < b.id));
    assert!(ALL.iter().all(|rule| rules::by_id(rule.id).is_some_and(|found| found.id == rule.id)));
}

#[test]
fn each_rule_stands_in_the_file_of_its_name() {
    for rule in ALL {
        let path = format!("src/domain/rules/{}.rs", rule.id.replace('-', "_"));
        let code = fs::read_to_string(root().join(&path)).unwrap_or_else(|_| panic!("no {path}"));
        assert!(code.starts_with(&format!("//! `{}`: ", rule.id)), "{path} opens otherwise");
    }
    let files = fs::read_dir(root().join("src/domain/rules")).unwrap().count();
    assert_eq!(files, ALL.len(), "a file in src/domain/rules that is no rule of ALL");
}

#[test]
fn each_rule_is_documented() {
    for rule in ALL {
        let docs: Vec<&str> = rule.doc_lines().collect();
        assert_eq!(docs.first(), Some(&"## What it does"), "{}", rule.id);
        assert!(docs.contains(&"## Why it matters"), "{}", rule.id);
        assert!(!rule.summary().is_empty(), "{}", rule.id);
        assert!(!rule.causes.is_empty() && !rule.references.is_empty(), "{}", rule.id);
        assert!(
            rule.causes.is_sorted_by(|a, b| a.likelihood >= b.likelihood),
            "{}: causes",
            rule.id
        );
    }
}

#[test]
fn each_rule_has_a_case_that_flags_and_two_that_pass() {
    let mut faults = String::new();
    for rule in ALL {
        let worlds = World::all(&format!("rules/{}", rule.id));
        let count = |start: &str| {
            let named = |world: &&World| {
                world.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(start))
            };
            worlds.iter().filter(named).count()
        };
        if count("flags-") < 1 || count("passes-") < 2 {
            let _ = writeln!(
                faults,
                "{}: {} flags, {} passes",
                rule.id,
                count("flags-"),
                count("passes-")
            );
        }
        for world in &worlds {
            let name = world.path.file_name().unwrap().to_string_lossy().into_owned();
            let wanted = world.expect.findings.as_deref().unwrap_or_default();
            let flags = wanted.iter().any(|finding| finding.rule == rule.id);
            if world.expect.findings.is_none() || flags != name.starts_with("flags-") {
                let _ = writeln!(
                    faults,
                    "{}: expects otherwise than its name says",
                    world.path.display()
                );
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// Each finding that a world expects says its part; where it marks bytes, which ones; where the field stands there more
/// than once, which of them.
#[test]
fn each_anchor_is_asserted_to_the_byte() {
    let (mut faults, mut asserted) = (String::new(), Vec::new());
    for world in World::all("") {
        let chain = world.play();
        let mut findings = world.judge(&chain);
        for want in world.expect.findings.iter().flatten() {
            let Some(at) = findings.iter().position(|finding| want.fits(finding, &chain)) else {
                continue;
            };
            let finding = findings.remove(at);
            let bytes = want.marks.is_some() || want.start.is_some() && want.end.is_some();
            let which = match &finding.anchor {
                Anchor::Header(field) => {
                    let hop = finding.hop.and_then(|hop| chain.hops.get(hop - 1));
                    let lines = hop.map_or(0, |hop| hop.exchange.fields().all(&field.name).count());
                    want.header.is_some() && (lines < 2 || bytes || want.occurrence.is_some())
                }
                Anchor::RequestHeader(_) => want.header.is_some(),
                _ => true,
            };
            if want.part.is_none() || has_bytes(&finding) && !bytes || !which {
                let (path, rule) = (world.path.display(), finding.rule);
                let _ = writeln!(faults, "{path}: {rule}: {:?} is not asserted", finding.anchor);
            }
            asserted.push(finding.rule);
        }
    }
    for rule in ALL.iter().filter(|rule| !asserted.contains(&rule.id)) {
        let _ = writeln!(faults, "{}: no world expects it", rule.id);
    }
    assert!(faults.is_empty(), "\n{faults}");
}

fn has_bytes(finding: &Finding) -> bool {
    match &finding.anchor {
        Anchor::Header(field) | Anchor::RequestHeader(field) => field.bytes.is_some(),
        Anchor::Body(range) => range.is_some(),
        Anchor::StatusLine
        | Anchor::RequestLine
        | Anchor::Step
        | Anchor::Tls
        | Anchor::Timing
        | Anchor::Chain => false,
    }
}

/// Chains as they should be, of 40 kinds at least: no error, no warning.
#[test]
fn well_made_chains_are_left_alone() {
    use hopstep::domain::finding::Severity;
    let worlds = World::all("wellmade");
    assert!(worlds.len() >= 40, "{}", worlds.len());
    let mut faults = String::new();
    for world in &worlds {
        for finding in world.judge(&world.play()) {
            if finding.severity >= Severity::Warning {
                let _ = writeln!(faults, "{}: {}", world.path.display(), finding.rule);
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// The demo's loop, login and checkout, with the cause that each was built with.
#[test]
fn the_diagnosis_names_the_cause_that_a_scenario_was_built_with() {
    use hopstep::domain::classify::diagnosis::diagnose;
    for (world, cause) in [
        ("slash-loop", "two layers disagree about the trailing slash"),
        ("tls-termination-loop", "TLS"),
        ("cookie-loop", "curl keeps no cookies"),
        ("api-login-with-a-token", "the credential has expired"),
        ("checkout", "the redirect helper of the framework answers 302 to a form"),
    ] {
        let path = root().join(format!("tests/cases/diagnosis/{world}.toml"));
        let diagnosis = diagnose(&World::read(&path).play());
        let first = diagnosis.causes.first().unwrap_or_else(|| panic!("{world}: no cause"));
        assert!(first.text.contains(cause), "{world}: {}", first.text);
    }
}

#[test]
fn the_table_of_rules_in_the_readme_is_current() {
    let Ok(readme) = fs::read_to_string(root().join("README.md")) else { return };
    let (begin, end) = ("<!-- rules:begin -->\n", "<!-- rules:end -->");
    let Some((before, rest)) = readme.split_once(begin) else { return };
    let (table, after) = rest.split_once(end).expect("the end of the table");
    if std::env::var_os("HOPSTEP_UPDATE").is_some() {
        let current = format!("{before}{begin}{}{end}{after}", rule_table());
        return fs::write(root().join("README.md"), current).unwrap();
    }
    assert_eq!(table, rule_table(), "HOPSTEP_UPDATE=1 cargo test --test catalogue writes it anew");
}

fn rule_table() -> String {
    let mut table = "| rule | group | severity | what it flags |\n|---|---|---|---|\n".to_owned();
    for rule in ALL {
        let summary = rule.summary().replace('|', "\\|");
        let summary = summary.split_once(". ").map_or(summary.as_str(), |(first, _)| first);
        let summary = summary.strip_prefix("Flags ").unwrap_or(summary).trim_end_matches('.');
        let (id, group, severity) = (rule.id, rule.group.id(), rule.severity.id());
        let _ = writeln!(table, "| `{id}` | {group} | {severity} | {summary} |");
    }
    table
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
