//! Every crate that comes in has a licence that `deny.toml` allows: the licence check of cargo deny, without the tool.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn allowed() -> Vec<String> {
    let text = include_str!("../deny.toml");
    let table: toml::Table = toml::from_str(text).unwrap();
    let allow = table["licenses"]["allow"].as_array().unwrap();
    allow.iter().map(|of| of.as_str().unwrap().to_owned()).collect()
}

/// Whether an SPDX expression is met; `/` is the old way to write OR. No crate needs deeper nesting than one pair of brackets.
fn is_met(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    if let Some((before, rest)) = expression.split_once('(') {
        let (inner, after) = rest.split_once(')').expect(&expression);
        // the bracket stands for a licence that is allowed or none
        let stand_in = if is_met(inner, allowed) { allowed[0].as_str() } else { "none" };
        return is_met(&format!("{before}{stand_in}{after}"), allowed);
    }
    let all =
        |terms: &str| terms.split(" AND ").all(|term| allowed.iter().any(|of| of == term.trim()));
    expression.split(" OR ").any(all)
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    // crates of other platforms may not be on this machine: then the registry is asked
    let output = match output.status.success() {
        true => output,
        false => Command::new(env!("CARGO"))
            .args(["metadata", "--format-version", "1", "--locked"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap(),
    };
    if !output.status.success() {
        eprintln!("cargo metadata can't be had here: {}", String::from_utf8_lossy(&output.stderr));
        return;
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let allowed = allowed();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 50);
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| {
            let licence = package["license"].as_str().unwrap_or_default();
            !is_met(licence, &allowed)
        })
        .map(|package| format!("{}: {}", package["name"], package["license"]))
        .collect();
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned()];
    for (expression, met) in [
        ("MIT", true),
        ("GPL-3.0 OR MIT", true),
        ("GPL-3.0/MIT", true),
        ("MIT AND GPL-3.0", false),
        ("MIT AND (GPL-3.0 OR ISC)", true),
        ("(MIT AND GPL-3.0) OR GPL-2.0", false),
        ("", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

/// What `cargo deb` puts into the package is in the repository, or made by the build and the recipe `just deb`.
#[test]
fn every_file_of_the_debian_package_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest: toml::Table =
        fs::read_to_string(root.join("Cargo.toml")).unwrap().parse().unwrap();
    let deb = &manifest["package"]["metadata"]["deb"];
    let recipe = fs::read_to_string(root.join("justfile")).unwrap_or_default();
    let more = &deb["variants"]["full"]["merge-assets"]["append"];
    let assets = [&deb["assets"], more].into_iter().flat_map(|of| of.as_array().unwrap());
    for asset in assets {
        let source = asset[0].as_str().unwrap();
        let made = source == "target/release/hopstep"
            || recipe.is_empty()
            || source.starts_with("target/") && recipe.contains(source.trim_end_matches('*'));
        assert!(made || root.join(source).is_file(), "{source}");
        assert!(asset[1].as_str().unwrap().starts_with("usr/"), "{source}");
    }
}
