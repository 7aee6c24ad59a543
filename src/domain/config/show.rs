//! Every value in TOML's own notation, with the place it is from.

use std::fmt::Write as _;
use std::time::Duration;

use super::{Config, HISTORY_CHAINS, HISTORY_DAYS, Maybe, Placed};
use crate::domain::finding::Severity;
use crate::domain::policy::Policy;

/// The column of the places.
const PLACES: usize = 48;

pub(super) fn all(config: &Config) -> String {
    let usual = Policy::default();
    let mut lines = Lines(String::new());
    lines.one("client", &config.client, "curl", |name| text(name));
    lines.one("theme", &config.theme, "the program's own", |name| text(name));
    lines.one("hyperlinks", &config.hyperlinks, "", bool::to_string);
    lines.one("keymap", &config.keymap, "default", |name| text(name));
    for (action, keys) in &config.keys {
        let shown: Vec<String> = keys.value.iter().map(text).collect();
        lines.line(&format!("keys.{action}"), &format!("[{}]", shown.join(", ")), &place(keys));
    }
    let history = &config.history;
    lines.one("history.record", &history.record, "true", bool::to_string);
    let (chains, days) = (HISTORY_CHAINS.to_string(), HISTORY_DAYS.to_string());
    lines.one("history.chains", &history.chains, &chains, u32::to_string);
    lines.one("history.days", &history.days, &days, u32::to_string);
    lines.one("history.secrets", &history.secrets, "false", bool::to_string);
    for (rule, severity) in &config.rules {
        let shown = text(severity.value.map_or("off", Severity::id));
        lines.line(&format!("rules.{rule}"), &shown, &place(severity));
    }
    lines.list("hosts.first-party", &config.hosts.first_party);
    lines.list("hosts.redirect-targets", &config.hosts.redirect_targets);
    lines.list("secrets.parameters", &config.secrets.parameters);
    lines.list("secrets.headers", &config.secrets.headers);
    let limits = &config.limits;
    let (plain, login) = (usual.redirects.to_string(), usual.login_redirects.to_string());
    lines.one("limits.redirects", &limits.redirects, &plain, u32::to_string);
    lines.one("limits.login-redirects", &limits.login_redirects, &login, u32::to_string);
    lines.one("limits.slow-hop", &limits.slow_hop, &duration(&usual.slow_hop), duration);
    for known in &config.suppressions {
        let rule = &known.value;
        let shown = format!("{} at {}: {}", rule.rule, rule.url, rule.reason);
        lines.line("suppress", &text(&shown), &place(known));
    }
    lines.0
}

struct Lines(String);

impl Lines {
    fn line(&mut self, key: &str, value: &str, place: &str) {
        let setting = format!("{key} = {value}");
        let _ = writeln!(self.0, "{setting:PLACES$} # {place}");
    }

    /// A value, or its default; a default that nobody has named is left out.
    fn one<T>(&mut self, key: &str, of: &Maybe<T>, usual: &str, show: impl Fn(&T) -> String) {
        match of {
            Some(placed) => self.line(key, &show(&placed.value), &place(placed)),
            None if usual.is_empty() => {}
            None => {
                let plain = matches!(usual, "true" | "false")
                    || usual.starts_with(|first: char| first == '"' || first.is_ascii_digit());
                let usual = if plain { usual.to_owned() } else { text(usual) };
                self.line(key, &usual, "default");
            }
        }
    }

    fn list(&mut self, key: &str, items: &[Placed<String>]) {
        for item in items {
            self.line(key, &format!("[{}]", text(&item.value)), &place(item));
        }
        if items.is_empty() {
            self.line(key, "[]", "default");
        }
    }
}

fn text(value: impl AsRef<str>) -> String {
    format!("{:?}", value.as_ref())
}

fn duration(value: &Duration) -> String {
    text(format!("{}ms", value.as_millis()))
}

fn place<T>(placed: &Placed<T>) -> String {
    format!("{}:{}", placed.origin.file, placed.origin.line)
}
