//! hopstep's own options: one row each, and the values they take.

use crate::domain::export::Format;
use crate::domain::import::curl::lex::Row;

/// hopstep's own options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Own {
    As,
    Cookies,
    Format,
    MaxHops,
    Loop,
    MaxBody,
    ShowBody,
    FailOn,
    Redact,
    Color,
    DryRun,
    Probe,
    Config,
    /// `--env`, of a `.http` file
    Environment,
    /// `hopstep config --show`
    Show,
    Yes,
    NoHistory,
    HistorySecrets,
    Help,
    Version,
}

const fn row(key: Own, long: &'static str, value: &'static str, help: &'static str) -> Row<Own> {
    Row { key, long, short: 0, value, help }
}

/// All of them, in the order of the help page.
pub(crate) const ROWS: &[Row<Own>] = &[
    row(Own::As, "as", "CLIENT", "whose redirect rules decide the next request [curl]"),
    row(
        Own::Cookies,
        "cookies",
        "auto|on|off",
        "remember Set-Cookie between hops; auto is what the client does [auto]",
    ),
    row(
        Own::Format,
        "format",
        "FORMAT",
        "what is printed: text, json, ndjson, har, markdown, curl, hurl, sarif, junit [text]",
    ),
    row(Own::MaxHops, "max-hops", "N", "the same as --max-redirs [the client's own limit]"),
    row(Own::Loop, "loop", "stop|follow", "follow goes on to the client's limit [stop]"),
    row(Own::MaxBody, "max-body", "BYTES", "how much of each body is kept [1G]"),
    row(Own::ShowBody, "show-body", "BYTES", "how much of each body goes into JSON output [1M]"),
    row(
        Own::FailOn,
        "fail-on",
        "SEVERITY",
        "findings that exit with 1: error, warning, info, hint, never [never; check: error]",
    ),
    row(Own::Redact, "redact", "", "put * for every byte of a secret, in every output"),
    row(Own::Color, "color", "auto|always|never", "colour on standard output [auto]"),
    row(Own::DryRun, "dry-run", "", "clients: send one client's requests, predict the others'"),
    row(
        Own::Probe,
        "probe",
        "",
        "trace, check: then ask each hop again in other ways (HEAD, another language, ...)",
    ),
    row(Own::Config, "config", "FILE", "read this instead of the config.toml in the user's folder"),
    row(Own::Environment, "env", "NAME", "variables of a .http file: its http-client.env.json"),
    row(Own::Show, "show", "", "config: print it, which is what it does anyway"),
    row(Own::NoHistory, "no-history", "", "the TUI does not record its runs"),
    row(Own::HistorySecrets, "history-secrets", "", "the TUI records secrets too"),
    row(Own::Yes, "yes", "", "the TUI sends risky steps without asking"),
    Row { short: b'h', ..row(Own::Help, "help", "", "this page") },
    Row { short: b'V', ..row(Own::Version, "version", "", "the version") },
];

/// A value that an option takes, by its name on the command line.
pub trait Choice: Copy + Sized + 'static {
    const ALL: &'static [(&'static str, Self)];

    /// The choice of this name; the error lists all names.
    fn named(name: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map(|(_, choice)| *choice).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|(name, _)| *name).collect();
            format!("expects {}", names.join(", "))
        })
    }
}

impl Choice for Format {
    const ALL: &'static [(&'static str, Format)] = Format::ALL;
}

/// `--color`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Color {
    /// On a terminal that is not `TERM=dumb`, unless `NO_COLOR` or `CLICOLOR_FORCE` says otherwise.
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether standard output gets colour. `CLICOLOR_FORCE` beats `NO_COLOR`, as both beat the terminal.
    pub fn on(self, terminal: bool, env: &dyn Fn(&str) -> Option<String>) -> bool {
        let set = |name: &str| env(name).is_some_and(|value| !value.is_empty() && value != "0");
        match self {
            Color::Always => true,
            Color::Never => false,
            Color::Auto if set("CLICOLOR_FORCE") => true,
            Color::Auto if env("TERM").is_some_and(|term| term == "dumb") => false,
            Color::Auto => terminal && env("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

impl Choice for Color {
    const ALL: &'static [(&'static str, Color)] =
        &[("auto", Color::Auto), ("always", Color::Always), ("never", Color::Never)];
}

/// `--cookies`
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Cookies {
    /// What the client does by default.
    #[default]
    Auto,
    On,
    Off,
}

impl Choice for Cookies {
    const ALL: &'static [(&'static str, Cookies)] =
        &[("auto", Cookies::Auto), ("on", Cookies::On), ("off", Cookies::Off)];
}

/// `--loop`: whether a loop is followed to the client's limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct FollowLoops(pub(crate) bool);

impl Choice for FollowLoops {
    const ALL: &'static [(&'static str, FollowLoops)] =
        &[("stop", FollowLoops(false)), ("follow", FollowLoops(true))];
}

/// A number of bytes, with `K`, `M` or `G` for powers of 1024.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let expected = || "expects a number of bytes, such as 65536, 64K, 1M or 2G".to_owned();
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let shift = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return Err(expected()),
    };
    let number: u64 = digits.parse().map_err(|_| expected())?;
    number.checked_mul(1 << shift).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_take_a_unit() {
        assert_eq!(bytes("65536"), Ok(65536));
        assert_eq!(bytes("64K"), Ok(65536));
        assert_eq!(bytes("1GiB"), Ok(1 << 30));
        assert!(bytes("x").is_err());
        assert!(bytes("99999999999G").is_err());
    }

    #[test]
    fn a_wrong_choice_lists_the_right_ones() {
        assert_eq!(Color::named("blue"), Err("expects auto, always, never".to_owned()));
    }
}
