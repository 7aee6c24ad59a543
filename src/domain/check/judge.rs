//! Holds a finished chain against what a row says it must be.
//!
//! What a check states is held against the chain; of what it does not state the rules speak, at the row's `--fail-on`.
//! A rule that speaks of what is stated has nothing to add (see `stated`).

mod body;
mod hop;
mod plain;
mod stated;

use super::Row;
use super::before::Before;
use super::expectation::Expect;
use super::outcome::{Flaw, Miss, Outcome, State, cut, ending_id};
use crate::domain::baseline::Baseline;
use crate::domain::chain::{Chain, Ending};
use crate::domain::evidence::{Aside, media_type};
use crate::domain::export::words;
use crate::domain::finding::{Finding, Severity};
use crate::domain::http::body::Bodies;
use crate::domain::http::failure::FailureKind;
use crate::domain::policy::Policy;
use crate::domain::rules;

/// What is known beside the chain.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub bodies: &'a dyn Bodies,
    pub policy: &'a Policy,
    /// How rows went before.
    pub before: &'a Before,
    /// Of chains that are as expected the report tells numbers only.
    pub brief: bool,
}

impl std::fmt::Debug for Known<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Known").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// What came of a row whose chain has ended.
pub fn outcome(row: &Row, number: u64, chain: &Chain, known: Known<'_>) -> Outcome {
    let mut outcome = Outcome::of(row, number);
    outcome.misses = misses(&row.expect, chain, known.bodies);
    let baseline = known.before.of(&outcome);
    let findings = findings(row, chain, (known.policy, baseline));
    outcome.findings = findings.iter().map(Flaw::of).collect();
    let good = outcome.misses.is_empty() && outcome.findings.is_empty();
    match known.brief && good {
        true => outcome.take_counts(chain),
        false => outcome.take(chain),
    }
    outcome.state = match chain.ending() {
        _ if good => State::Held,
        Some(Ending::Failed(_)) if row.expect.ending.is_empty() => State::Broken,
        Some(Ending::Failed(_) | Ending::Stopped(_) | Ending::Final) | None => State::Failed,
    };
    outcome
}

/// Whether another try may end better: the network or an overloaded server was the cause.
pub fn is_passing_trouble(chain: &Chain) -> bool {
    let Some(last) = chain.hops.last() else { return false };
    match chain.ending() {
        Some(Ending::Failed(kind)) => match kind {
            FailureKind::Dns
            | FailureKind::Connect
            | FailureKind::Timeout
            | FailureKind::Protocol
            | FailureKind::Body => true,
            FailureKind::Tls | FailureKind::Proxy | FailureKind::Cancelled => false,
        },
        Some(Ending::Final) => matches!(last.status(), Some(429 | 502 | 503 | 504)),
        Some(Ending::Stopped(_)) | None => false,
    }
}

fn misses(expect: &Expect, chain: &Chain, bodies: &dyn Bodies) -> Vec<Miss> {
    let mut all = Vec::new();
    ending(expect, chain, &mut all);
    for of in &expect.hop {
        hop::held(of, chain, &mut all);
    }
    if expect.target_answers && all.is_empty() {
        target_answers(chain, &mut all);
    }
    whole(expect, chain, &mut all);
    last(expect, chain, &mut all);
    body::held(expect, chain, bodies, &mut all);
    for cookie in &expect.cookies {
        hop::cookie(cookie, None, &chain.hops, &mut all);
    }
    all
}

/// Without a word on it, a chain ends in a final response.
fn ending(expect: &Expect, chain: &Chain, all: &mut Vec<Miss>) {
    let seen = chain.ending().map_or("nothing", ending_id);
    let fits = match expect.ending.is_empty() {
        true => seen == "final",
        false => expect.ending.iter().any(|wanted| wanted == seen),
    };
    if !fits {
        let expected = match expect.ending.is_empty() {
            true => "a final response".to_owned(),
            false => expect.ending.join(" or "),
        };
        let seen = format!("{seen} ({})", words::ending(chain));
        all.push(miss(Some(chain.hops.len().max(1)), "ending", expected, seen));
    }
}

/// What a redirect map promises of a target.
fn target_answers(chain: &Chain, all: &mut Vec<Miss>) {
    let second = chain.hops.get(1);
    let status = second.and_then(|hop| hop.status());
    if status.is_none_or(|status| status >= 400) {
        let seen = second.map_or_else(|| "no request".to_owned(), words::answer);
        all.push(miss(Some(2), "status", "below 400".to_owned(), seen));
    }
}

fn whole(expect: &Expect, chain: &Chain, all: &mut Vec<Miss>) {
    let hops = u32::try_from(chain.hops.len()).unwrap_or(u32::MAX);
    if let Some(wanted) = expect.hops
        && !wanted.holds(hops)
    {
        let way: Vec<String> = chain.hops.iter().map(words::answer).collect();
        let seen = format!("{hops} ({})", way.join(", "));
        all.push(miss(None, "hops", wanted.to_string(), seen));
    }
    let total = chain.elapsed();
    if let Some(most) = expect.time
        && total > most
    {
        let expected = format!("at most {}", words::milliseconds(most));
        all.push(miss(None, "time", expected, words::milliseconds(total)));
    }
}

/// What is stated of the last hop.
fn last(expect: &Expect, chain: &Chain, all: &mut Vec<Miss>) {
    let Some(last) = chain.hops.last() else { return };
    let at = Some(last.index);
    if let Some(wanted) = &expect.status
        && !wanted.holds(last.status())
    {
        all.push(miss(at, "status", wanted.to_string(), words::answer(last)));
    }
    if let Some(wanted) = &expect.url
        && !wanted.holds_for(Some(&last.request.url))
    {
        all.push(miss(at, "url", wanted.to_string(), last.request.url.to_string()));
    }
    if let Some(wanted) = &expect.media_type {
        let seen = last.exchange.fields().text("Content-Type").map(|value| media_type(&value));
        let seen: Vec<String> = seen.into_iter().collect();
        if !wanted.holds(&seen) {
            all.push(miss(at, "media type", wanted.to_string(), lines(&seen)));
        }
    }
    hop::fields(at, "header", &expect.headers, last.exchange.fields(), all);
}

/// The findings that count.
fn findings(
    row: &Row,
    chain: &Chain,
    (policy, baseline): (&Policy, Option<&Baseline>),
) -> Vec<Finding> {
    if row.fail_on.is_none() && row.expect.deny.is_empty() && baseline.is_none() {
        return Vec::new();
    }
    let only_errors = row.fail_on == Some(Severity::Error) && row.expect.deny.is_empty();
    let as_before = baseline.is_none_or(|before| *before == Baseline::of(chain));
    let usual = policy.severities.is_empty() && as_before && chain.probes.is_empty();
    if only_errors && usual && plain::is_plain(chain) {
        return Vec::new();
    }
    let findings = rules::judge_with(chain, Aside { policy, baseline });
    let counts = |of: &Finding| {
        let named = |rules: &[&str]| rules.contains(&of.rule);
        named(&row.expect.deny)
            || fails(row, of.severity)
                && !named(&row.expect.allow)
                && !stated::speaks_of(of, &row.expect, chain)
    };
    findings.into_iter().filter(counts).collect()
}

fn fails(row: &Row, severity: Severity) -> bool {
    row.fail_on.is_some_and(|least| severity >= least)
}

fn miss(hop: Option<usize>, field: impl Into<String>, expected: String, seen: String) -> Miss {
    Miss { hop, field: field.into(), expected: cut(&expected), seen: cut(&seen) }
}

/// What was seen, in words.
fn lines(seen: &[String]) -> String {
    match seen {
        [] => "nothing".to_owned(),
        seen => seen.join(" and "),
    }
}

#[cfg(test)]
mod tests;
