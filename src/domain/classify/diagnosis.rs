//! Diagnosis: what a whole chain is doing, whether its statuses are right, why it goes wrong and what to do, likeliest first.
//!
//! Says nothing that the chain does not show: each cause carries its evidence.

mod causes;
mod contradiction;
mod remedy;
mod sentence;
mod status;

use crate::domain::chain::Chain;
use crate::domain::evidence::{Aside, Evidence};
use crate::domain::finding::{Effort, Finding, Likelihood};
use crate::domain::policy::Policy;
use crate::domain::rules;

pub use status::StatusAdvice;

/// The verdict on a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnosis {
    /// What the chain is doing, in one sentence.
    pub sentence: String,
    /// One for each redirect whose purpose is known.
    pub statuses: Vec<StatusAdvice>,
    /// Likeliest first; empty when nothing is wrong.
    pub causes: Vec<Cause>,
}

/// One reason why the chain goes wrong, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cause {
    /// One sentence, without a full stop.
    pub text: String,
    pub likelihood: Likelihood,
    /// What speaks for it.
    pub evidence: Vec<String>,
    pub fix: String,
    pub effort: Effort,
    /// Where the fix is to be made: `client`, `hop 2 (nginx)`, `application`.
    pub place: String,
    /// The fix in the configuration language of that place; may be empty.
    pub example: String,
    /// The rule whose finding this explains.
    pub rule: &'static str,
    /// The hop (from 1) that causes it, where it is one.
    pub hop: Option<usize>,
}

impl Diagnosis {
    /// The causes in the order of their fixes: easy ones first.
    pub fn by_effort(&self) -> Vec<&Cause> {
        let mut causes: Vec<&Cause> = self.causes.iter().collect();
        causes.sort_by_key(|cause| cause.effort);
        causes.dedup_by(|a, b| a.fix == b.fix);
        causes
    }
}

/// The verdict on this chain, by the catalogue's own policy.
pub fn diagnose(chain: &Chain) -> Diagnosis {
    let policy = Policy::default();
    let evidence = Evidence::of(chain, Aside { policy: &policy, probes: &[], baseline: None });
    let findings = rules::weigh(&evidence);
    of(&evidence, &findings)
}

/// The verdict where evidence and findings are at hand.
pub fn of(evidence: &Evidence<'_>, findings: &[Finding]) -> Diagnosis {
    Diagnosis {
        sentence: sentence::of(evidence, findings),
        statuses: status::of(evidence),
        causes: causes::of(evidence, findings),
    }
}
