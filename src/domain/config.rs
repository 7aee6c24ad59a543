//! Configuration: what the user's `config.toml` and a project's `hopstep.toml` say, each value with the place it is from.
//!
//! Pure: files come in as text. The project's file is laid over the user's: lists grow, everything else is replaced. A file
//! with faults counts for nothing; every fault has line, column, what was expected and the nearest name there is.

pub mod edit;
mod read;
mod show;

use std::collections::BTreeMap;
use std::time::Duration;

use super::check::fault::Fault;
use super::finding::Severity;
use super::policy::{Policy, Suppression};
use super::secret::Names;

/// A file's name and its text.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    pub name: &'a str,
    pub text: &'a str,
}

/// Where a value is from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
}

/// A value and where it is from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed<T> {
    pub value: T,
    pub origin: Origin,
}

type Maybe<T> = Option<Placed<T>>;

/// How many chains the history keeps, where nothing else is said, and for how many days.
pub const HISTORY_CHAINS: u32 = 2000;
pub const HISTORY_DAYS: u32 = 180;

/// Everything that is configured; what is absent has its default.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Config {
    /// `client`: what `--as` is by default.
    pub client: Maybe<String>,
    /// `theme`
    pub theme: Maybe<String>,
    /// `hyperlinks`: whether references on the screen lead to what they mean.
    pub hyperlinks: Maybe<bool>,
    /// `keymap`: the preset of keys.
    pub keymap: Maybe<String>,
    /// `[keys]`: keys for actions.
    pub keys: BTreeMap<String, Placed<Vec<String>>>,
    pub history: History,
    /// `[rules]`: severity per rule, `None` is off.
    pub rules: BTreeMap<String, Placed<Option<Severity>>>,
    pub hosts: Hosts,
    pub secrets: Secrets,
    pub limits: Thresholds,
    /// `[[suppress]]`
    pub suppressions: Vec<Placed<Suppression>>,
}

/// `[history]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct History {
    /// Whether chains are recorded.
    pub record: Maybe<bool>,
    /// How many chains are kept.
    pub chains: Maybe<u32>,
    /// How many days a chain is kept.
    pub days: Maybe<u32>,
    /// Whether secrets are recorded too.
    pub secrets: Maybe<bool>,
}

/// `[hosts]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Hosts {
    /// They and their subdomains may get credentials and bodies meant for each other.
    pub first_party: Vec<Placed<String>>,
    /// The sites a chain may lead to; empty: any.
    pub redirect_targets: Vec<Placed<String>>,
}

/// `[secrets]`: names on top of those that are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Secrets {
    pub parameters: Vec<Placed<String>>,
    pub headers: Vec<Placed<String>>,
}

/// `[limits]`
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Thresholds {
    pub redirects: Maybe<u32>,
    pub login_redirects: Maybe<u32>,
    pub slow_hop: Maybe<Duration>,
}

impl Config {
    /// The user's file with the project's over it; or everything that is wrong in them.
    pub fn read(files: &[File<'_>]) -> Result<Config, Vec<Fault>> {
        let (mut config, mut faults) = (Config::default(), Vec::new());
        for file in files {
            if let Err(found) = read::over(&mut config, *file) {
                faults.extend(found);
            }
        }
        if faults.is_empty() { Ok(config) } else { Err(faults) }
    }

    /// How findings are judged.
    pub fn policy(&self) -> Policy {
        let usual = Policy::default();
        let number = |placed: &Maybe<u32>| placed.as_ref().map(|placed| placed.value as usize);
        let sites = values(&self.hosts.redirect_targets);
        Policy {
            redirects: number(&self.limits.redirects).unwrap_or(usual.redirects),
            login_redirects: number(&self.limits.login_redirects).unwrap_or(usual.login_redirects),
            slow_hop: self.limits.slow_hop.as_ref().map_or(usual.slow_hop, |placed| placed.value),
            allowed_sites: (!sites.is_empty()).then_some(sites),
            trusted: values(&self.hosts.first_party),
            severities: self.rules.iter().map(|(id, of)| (id.clone(), of.value)).collect(),
            secrets: self.names(),
            suppressions: values(&self.suppressions),
        }
    }

    /// Names that the user calls secret.
    pub fn names(&self) -> Names {
        Names::new(&values(&self.secrets.parameters), &values(&self.secrets.headers))
    }

    /// Every value, one a line, with the place it is from.
    pub fn show(&self) -> String {
        show::all(self)
    }
}

fn values<T: Clone>(placed: &[Placed<T>]) -> Vec<T> {
    placed.iter().map(|placed| placed.value.clone()).collect()
}

#[cfg(test)]
mod tests;
