//! What the program prints, as a test reads it.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::io::Write;
use std::process::Output;

use serde_json::Value;

use crate::{programs, schema};

pub(crate) const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");
const SCHEMA: &str = include_str!("../../assets/trace.schema.json");

pub(crate) fn hopstep(args: &[&str]) -> Output {
    programs::clean(HOPSTEP).args(args).output().unwrap()
}

/// A trace as text.
pub(crate) fn text(args: &[&str]) -> String {
    String::from_utf8(hopstep(&[&["trace"], args].concat()).stdout).unwrap()
}

/// A trace as a document that keeps to the schema.
pub(crate) fn document(args: &[&str]) -> Value {
    let output = hopstep(&[&["trace", "--format", "json"], args].concat());
    schema::document(&output.stdout, SCHEMA)
}

/// What `hopstep open` makes of this document.
pub(crate) fn reopened(document: &Value) -> Value {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(document.to_string().as_bytes()).unwrap();
    let path = file.path().to_str().unwrap();
    schema::document(&hopstep(&["open", path, "--format", "json"]).stdout, SCHEMA)
}

/// What is noted of the lines of a head.
pub(crate) fn messages(head: &Value) -> Vec<&str> {
    let deviations = head["deviations"].as_array().unwrap();
    deviations.iter().map(|of| of["message"].as_str().unwrap()).collect()
}
