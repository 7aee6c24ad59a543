//! Causes: why a chain goes wrong, likeliest first, each with what speaks for it.
//!
//! The worst finding is explained by what the chain shows of this very case; the others by the catalogue, one step less likely.

mod particular;

use super::case::Case;
use super::{Cause, Remedy};
use crate::domain::finding::{Effort, Finding, Likelihood, Severity};
use crate::domain::rules;

/// More than these are noise.
const MOST: usize = 6;

/// Findings that say more of a loop than that it is one.
const LOOPS: [&str; 2] = ["cookie-gated-loop", "tls-termination-loop"];

pub(super) fn of(case: &Case<'_, '_>) -> Vec<Cause> {
    let mut grave: Vec<&Finding> =
        case.findings.iter().filter(|f| f.severity >= Severity::Warning).collect();
    grave.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), rank(finding.rule)));
    let mut causes: Vec<Cause> = Vec::new();
    let known = grave.iter().any(|f| LOOPS.contains(&f.rule));
    grave.retain(|finding| !(known && finding.rule == "redirect-loop"));
    for (at, finding) in grave.iter().enumerate() {
        let own = special(case, finding).unwrap_or_else(|| usual(case, finding));
        for mut cause in own {
            if at > 0 {
                cause.likelihood = less(cause.likelihood);
            }
            let known = causes
                .iter()
                .any(|other| other.text == cause.text || other.rule == finding.rule && at > 0);
            if !known {
                causes.push(cause);
            }
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.likelihood));
    causes.truncate(MOST);
    causes
}

/// What comes first among findings of one severity: what explains the others.
fn rank(rule: &str) -> usize {
    const FIRST: [&str; 12] = [
        "cookie-gated-loop",
        "tls-termination-loop",
        "redirect-loop",
        "tls-failure-on-hop",
        "location-scheme-typo",
        "location-unrendered-template",
        "api-login-redirect",
        "body-dropped-on-redirect",
        "write-method-on-ambiguous-redirect",
        "post-rewritten-to-get",
        "https-to-http-downgrade",
        "credential-lost-then-rejected",
    ];
    const LAST: [&str; 6] = [
        "session-cookie-exposed-to-plaintext",
        "hsts-missing-or-weak-on-hop",
        "chain-ends-in-error",
        "json-expected-html-delivered",
        "permanent-redirect-without-expiry",
        "chain-too-long",
    ];
    match (FIRST.iter().position(|known| *known == rule), LAST.contains(&rule)) {
        (Some(at), _) => at,
        (None, true) => usize::MAX,
        (None, false) => FIRST.len(),
    }
}

/// Causes that this very chain shows; `None` where the catalogue knows as much.
fn special(case: &Case<'_, '_>, finding: &Finding) -> Option<Vec<Cause>> {
    match finding.rule {
        "cookie-gated-loop" => particular::cookie_loop(case, finding),
        "redirect-loop" => particular::contradiction(case, finding),
        "chain-ends-in-error" => particular::failure(case, finding),
        "tls-failure-on-hop" => particular::no_session(case, finding),
        "api-login-redirect" => Some(particular::login(case, case.hop_of(finding)?, finding)),
        "post-rewritten-to-get" | "write-method-on-ambiguous-redirect" => {
            Some(particular::ambiguous(case, case.hop_of(finding)?, finding))
        }
        _ => None,
    }
}

/// What the finding says of its cause, or else the catalogue's causes, with the finding for evidence.
fn usual(case: &Case<'_, '_>, finding: &Finding) -> Vec<Cause> {
    let Some(rule) = rules::by_id(finding.rule) else { return Vec::new() };
    let remedy = case.remedy_of(finding);
    if let Some(cause) = finding.cause {
        return vec![make(case, finding, (Likelihood::High, cause.to_owned()), remedy)];
    }
    let causes = rule.causes.iter().take(2);
    causes
        .map(|cause| make(case, finding, (cause.likelihood, cause.text.to_owned()), remedy.clone()))
        .collect()
}

/// A cause with the finding's own fix and evidence.
fn make(
    case: &Case<'_, '_>,
    finding: &Finding,
    (likelihood, text): (Likelihood, String),
    remedy: Remedy,
) -> Cause {
    let effort = rules::by_id(finding.rule).map_or(Effort::Medium, |rule| rule.fix.effort);
    let mut evidence = vec![finding.message.clone()];
    let is_servers = remedy != case.client();
    evidence.extend(case.hop_of(finding).filter(|_| is_servers).and_then(|hop| case.says_who(hop)));
    Cause {
        text,
        likelihood,
        evidence,
        fix: finding.fix.clone(),
        effort,
        remedy,
        rule: finding.rule,
        hop: finding.hop,
    }
}

fn less(likelihood: Likelihood) -> Likelihood {
    match likelihood {
        Likelihood::High => Likelihood::Medium,
        Likelihood::Medium | Likelihood::Low => Likelihood::Low,
    }
}
