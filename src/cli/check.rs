//! `hopstep check FILE...`: its own options beside those of a request.

use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::Command;
use super::own::{Choice, Own};
use super::parse::{Key, Tokens, request};
use super::run::{FailOn, Run};
use crate::domain::check::duration;
use crate::domain::check::report::Format;
use crate::domain::finding::Severity;
use crate::domain::import::curl::lex::{Row, Token};
use crate::domain::import::curl::{Refusal, url as typed_url};

/// Files to check and how.
#[derive(Debug)]
pub struct Check {
    pub files: Vec<String>,
    /// What every request has; the URL of its draft is not sent.
    pub run: Run,
    pub options: Options,
}

/// The options of `check` alone.
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    pub format: Format,
    pub concurrency: usize,
    pub per_host: Option<usize>,
    /// Requests a second.
    pub rate: Option<f64>,
    pub retries: u32,
    pub in_order: bool,
    pub resume: Option<PathBuf>,
    /// Part `.0` of `.1`.
    pub shard: (u64, u64),
    pub environment: Option<String>,
    pub variables: Vec<(String, String)>,
    pub base: Option<Url>,
    pub update: bool,
    pub diff: bool,
    pub every: Option<Duration>,
    pub on_change: Option<String>,
    pub baseline: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            format: Format::Text,
            concurrency: 16,
            per_host: None,
            rate: None,
            retries: 2,
            in_order: true,
            resume: None,
            shard: (1, 1),
            environment: None,
            variables: Vec::new(),
            base: None,
            update: false,
            diff: false,
            every: None,
            on_change: None,
            baseline: None,
        }
    }
}

/// The names of the options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opt {
    Format,
    Environment,
    Variable,
    Base,
    Concurrency,
    PerHost,
    Rate,
    Retry,
    Order,
    Resume,
    Shard,
    Update,
    Diff,
    Every,
    OnChange,
    Baseline,
}

const fn row(key: Opt, long: &'static str, value: &'static str, help: &'static str) -> Row<Opt> {
    Row { key, long, short: 0, value, help }
}

/// All of them, in the order of the help page.
pub(crate) const ROWS: &[Row<Opt>] = &[
    row(
        Opt::Format,
        "format",
        "FORMAT",
        "text, json, ndjson, junit, sarif, markdown, html, github [text]",
    ),
    row(Opt::Environment, "env", "NAME", "take the variables of [env.NAME]"),
    row(Opt::Variable, "var", "NAME=VALUE", "set a variable of the suites"),
    row(Opt::Base, "base", "URL", "what paths in maps and _redirects files are relative to"),
    row(Opt::Concurrency, "concurrency", "N", "rows at the same time [16]"),
    row(Opt::PerHost, "per-host", "N", "requests at the same time to one host [no limit]"),
    row(Opt::Rate, "rate", "N", "requests a second, or 600/m in a minute [no limit]"),
    row(Opt::Retry, "retry", "N", "further tries after passing trouble [2]"),
    row(Opt::Order, "order", "file|done", "report rows in this order [file]"),
    row(Opt::Resume, "resume", "FILE", "keep a journal there, and go on where it ends"),
    row(Opt::Shard, "shard", "I/N", "run part I of N only"),
    row(Opt::Update, "update", "", "write the chains seen now into the suites as expectations"),
    row(Opt::Diff, "diff", "", "show what --update would change; exit 1 when there is something"),
    row(Opt::Every, "every", "TIME", "run again and again, such as every 5m; print changes only"),
    row(
        Opt::OnChange,
        "on-change",
        "COMMAND",
        "run this when something changed, changes on its input",
    ),
    row(
        Opt::Baseline,
        "baseline",
        "FILE",
        "a chain that goes another way than in this JSON or ndjson report fails",
    ),
];

/// Reads what follows `check`.
pub(super) fn check(
    tokens: Tokens,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Command, Refusal> {
    let (mut files, mut rest, mut options) = (Vec::new(), Vec::new(), Options::default());
    for token in tokens {
        match token {
            Token::Operand(file) => files.push(String::from_utf8_lossy(&file).into_owned()),
            Token::Option { key: Key::Check(opt), name, value, .. } => {
                let text = String::from_utf8_lossy(&value).into_owned();
                let taken = options.take(opt, &text);
                taken.map_err(|why| Refusal::new(format!("{name} {text}").trim_end(), why))?;
            }
            Token::Option { .. } => rest.push(token),
        }
    }
    if files.is_empty() {
        return Err(Refusal::new(
            "hopstep check",
            "expects a file: .toml, .csv, _redirects or a sitemap",
        ));
    }
    options.agree()?;
    let given = |own: Own| {
        rest.iter()
            .any(|token| matches!(token, Token::Option { key: Key::Own(key), .. } if *key == own))
    };
    let (fail_on, max_body, show_body) =
        (given(Own::FailOn), given(Own::MaxBody), given(Own::ShowBody));
    let mut run = request(rest)?.finish_as_template(env)?;
    let unheard = [
        (
            run.cookie_jar.is_some(),
            "-c",
            "hopstep check writes no cookies: each row has a jar of its own",
        ),
        (run.output.fail, "-f", "state the status in the file, or leave it to the rules"),
        (run.yes, "--yes", "hopstep check asks nothing"),
        (show_body, "--show-body", "hopstep check prints no bodies"),
        (
            run.output.redact && (options.update || options.diff),
            "--redact",
            "not beside --update or --diff: what is expected must be what was seen",
        ),
    ];
    if let Some((_, what, why)) = unheard.into_iter().find(|(given, _, _)| *given) {
        return Err(Refusal::new(what, why));
    }
    if !fail_on {
        run.output.fail_on = FailOn(Some(Severity::Error));
    }
    if !max_body {
        run.settings.max_body = MAX_BODY;
    }
    Ok(Command::Check(Box::new(Check { files, run, options })))
}

impl Options {
    /// Options that can't be meant together.
    fn agree(&self) -> Result<(), Refusal> {
        let whole = self.resume.is_none() && self.shard == (1, 1);
        let faults = [
            (self.update && self.diff, "--update and --diff", "choose one"),
            (
                self.every.is_some() && (self.update || self.diff),
                "--every",
                "not beside --update or --diff",
            ),
            (self.every.is_some() && self.resume.is_some(), "--every", "not beside --resume"),
            (
                (self.update || self.diff) && !whole,
                "--update and --diff",
                "not beside --resume or --shard",
            ),
            (
                self.baseline.is_some() && (self.update || self.diff),
                "--baseline",
                "not beside --update or --diff: they compare with the file itself",
            ),
            (self.on_change.is_some() && self.every.is_none(), "--on-change", "goes with --every"),
        ];
        match faults.into_iter().find(|(wrong, _, _)| *wrong) {
            Some((_, what, why)) => Err(Refusal::new(what, why)),
            None => Ok(()),
        }
    }

    fn take(&mut self, opt: Opt, text: &str) -> Result<(), String> {
        match opt {
            Opt::Format => self.format = Format::named(text)?,
            Opt::Environment => self.environment = Some(text.to_owned()),
            Opt::Variable => {
                let (name, value) = text.split_once('=').ok_or("expects NAME=VALUE")?;
                self.variables.push((name.to_owned(), value.to_owned()));
            }
            Opt::Base => self.base = Some(typed_url::parse(text).map_err(|refusal| refusal.why)?),
            Opt::Concurrency => self.concurrency = number(text, 1..=1024)?,
            Opt::PerHost => self.per_host = Some(number(text, 1..=1024)?),
            Opt::Rate => self.rate = Some(rate(text)?),
            Opt::Retry => {
                self.retries = u32::try_from(number(text, 0..=20)?).unwrap_or_default();
            }
            Opt::Order => self.in_order = Order::named(text)?.0,
            Opt::Resume => self.resume = Some(PathBuf::from(text)),
            Opt::Shard => self.shard = shard(text)?,
            Opt::Update => self.update = true,
            Opt::Diff => self.diff = true,
            Opt::Every => {
                let every = duration(text).filter(|every| !every.is_zero());
                self.every = Some(every.ok_or("expects a time such as 30s, 5m or 1h")?);
            }
            Opt::OnChange => self.on_change = Some(text.to_owned()),
            Opt::Baseline => self.baseline = Some(PathBuf::from(text)),
        }
        Ok(())
    }
}

fn number(text: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| format!("expects a number from {} to {}", range.start(), range.end()))
}

/// `50`, `50/s`, `600/m`
fn rate(text: &str) -> Result<f64, String> {
    let (number, unit) = text.split_once('/').unwrap_or((text, "s"));
    let seconds = duration(&format!("1{unit}")).map(|unit| unit.as_secs_f64());
    let number = number.parse::<f64>().ok().filter(|number| number.is_finite() && *number > 0.0);
    let per_second = number.zip(seconds).map(|(number, seconds)| number / seconds);
    per_second.ok_or_else(|| "expects a number such as 50, 50/s or 600/m".to_owned())
}

fn shard(text: &str) -> Result<(u64, u64), String> {
    let parts = text
        .split_once('/')
        .and_then(|(index, of)| Some((index.parse::<u64>().ok()?, of.parse::<u64>().ok()?)));
    parts
        .filter(|(index, of)| (1..=*of).contains(index))
        .ok_or_else(|| "expects I/N with I from 1 to N, such as 2/4".to_owned())
}

impl Choice for Format {
    const ALL: &'static [(&'static str, Format)] = Format::ALL;
}

/// `--order`
#[derive(Clone, Copy)]
struct Order(bool);

impl Choice for Order {
    const ALL: &'static [(&'static str, Order)] = &[("file", Order(true)), ("done", Order(false))];
}

/// How much of each body is kept, where `--max-body` does not say.
const MAX_BODY: u64 = 1 << 20;

/// A row without a limit of its own may take this long.
pub const MAX_TIME: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_or_refused_with_what_is_expected() {
        let mut options = Options::default();
        options.take(Opt::Rate, "600/m").unwrap();
        assert_eq!(options.rate, Some(10.0));
        options.take(Opt::Shard, "2/4").unwrap();
        assert_eq!(options.shard, (2, 4));
        for (opt, text) in [
            (Opt::Shard, "5/4"),
            (Opt::Shard, "0/4"),
            (Opt::Rate, "-1"),
            (Opt::Concurrency, "0"),
            (Opt::Order, "up"),
            (Opt::Base, "ftp://a.test"),
            (Opt::Variable, "x"),
        ] {
            assert!(options.take(opt, text).is_err(), "{opt:?} {text}");
        }
    }
}
