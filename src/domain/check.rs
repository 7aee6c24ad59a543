//! `hopstep check`: what files say redirects must be, and how a chain is held against it.
//!
//! ```text
//!  suite.toml ─┐                                        ┌─▶ report (text, JUnit, SARIF, …)
//!  map.csv    ─┼▶ Row (request + Expect) ─▶ Chain ─▶ Outcome
//!  _redirects ─┤                          (headless)    └─▶ snapshot (`--update`, `--diff`)
//!  sitemap.xml ┘
//! ```
//!
//! Pure: files come in as text, environment and variables as arguments. A file with faults gives no row at all.

pub mod before;
pub mod change;
pub mod expectation;
pub mod fault;
pub mod fetched;
pub mod json_path;
pub mod judge;
pub mod map;
pub mod matcher;
pub mod outcome;
pub(super) mod reader;
pub mod redirects;
pub mod report;
mod request;
pub mod sitemap;
pub mod snapshot;
pub mod suite;
pub mod variables;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::chain::Limits;
use super::client::Client;
use super::finding::Severity;
use super::http::request::Draft;
use super::import::curl::Inputs;
use expectation::Expect;
pub use reader::duration;
use variables::Environment;

/// One chain to run and what it must be.
#[derive(Clone, Debug)]
pub struct Row {
    pub place: Place,
    pub name: String,
    /// Which of several clients this is for; `None` where the check names none.
    pub client_named: bool,
    /// Which credentials of the matrix it is sent with.
    pub with: Option<String>,
    pub draft: Draft,
    pub client: Arc<Client>,
    pub limits: Limits,
    /// For the whole chain.
    pub max_time: Option<Duration>,
    pub expect: Arc<Expect>,
    /// The least severity that fails.
    pub fail_on: Option<Severity>,
    /// Why it can't be tried from here; nothing is sent then.
    pub skip: Option<String>,
}

/// Where a row is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub file: Arc<str>,
    /// From 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What the command line says about every row.
#[derive(Clone)]
pub struct Setup<'a> {
    /// `--env`
    pub environment: Option<&'a str>,
    /// `--var NAME=VALUE`
    pub variables: &'a [(String, String)],
    /// The process's environment.
    pub process: Environment<'a>,
    /// What files name: bodies of requests, relative to the suite.
    pub inputs: &'a dyn Inputs,
    /// What every request has unless its row says otherwise; its URL is not sent.
    pub draft: &'a Draft,
    pub client: &'a Arc<Client>,
    pub limits: Limits,
    pub max_time: Option<Duration>,
    pub fail_on: Option<Severity>,
    /// `--base`: what paths in a map are relative to.
    pub base: Option<&'a url::Url>,
}

impl fmt::Debug for Setup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Setup")
            .field("environment", &self.environment)
            .field("base", &self.base)
            .finish_non_exhaustive()
    }
}
