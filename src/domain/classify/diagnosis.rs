//! Diagnosis: what a whole chain is doing, whether its statuses are right, why it goes wrong and what to do, likeliest first.
//!
//! Says nothing that the chain does not show: each cause carries its evidence.

mod case;
mod causes;
mod circle;
mod contradiction;
mod sentence;
mod shortcut;
mod status;

use super::intent::{Intent, Kind};
use super::issuer::Issuer;
use crate::domain::chain::Chain;
use crate::domain::client::parting::{Parting, partings};
use crate::domain::evidence::{Aside, Evidence};
use crate::domain::finding::{Effort, Finding, Likelihood};
use crate::domain::rules;

use case::Case;
pub use circle::{Break, Circle};
pub use shortcut::Shortcut;
pub use status::{Fit, StatusAdvice};

/// The verdict on a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnosis {
    /// What the chain is doing, in one sentence.
    pub sentence: String,
    /// What each hop is for and who answered it, in order.
    pub hops: Vec<Nature>,
    /// One for each redirect, in the order of the hops.
    pub statuses: Vec<StatusAdvice>,
    /// Likeliest first; empty when nothing is wrong.
    pub causes: Vec<Cause>,
    /// Where the fix of each finding is to be made, finding by finding.
    pub remedies: Vec<Remedy>,
    /// The hops that go round, where they do.
    pub circle: Option<Circle>,
    /// The one redirect that would do for several.
    pub shortcut: Option<Shortcut>,
    /// The hops after which clients do different things.
    pub partings: Vec<Parting>,
}

/// What a hop is for, and who answered it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Nature {
    /// `None` where the hop is no redirect; of kind `Unknown` where its purpose is not known.
    pub intent: Option<Intent>,
    /// `None` where it is no redirection, or nobody is recognised.
    pub issuer: Option<Issuer>,
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
    /// Where the fix is to be made.
    pub remedy: Remedy,
    /// The rule whose finding this explains.
    pub rule: &'static str,
    /// The hop (from 1) that causes it, where it is one.
    pub hop: Option<usize>,
}

/// Where a fix is made, and how it is said there.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Remedy {
    /// `client (curl)`, `hop 2 (nginx)`, `the server of hop 3`.
    pub place: String,
    /// In the configuration language of that place, a line each; empty where it is not known.
    pub example: Vec<String>,
}

impl Diagnosis {
    /// The causes in the order of their fixes: easy ones first.
    pub fn by_effort(&self) -> Vec<&Cause> {
        let mut causes: Vec<&Cause> = Vec::new();
        for cause in &self.causes {
            if !causes.iter().any(|known| known.fix == cause.fix) {
                causes.push(cause);
            }
        }
        causes.sort_by_key(|cause| cause.effort);
        causes
    }

    /// What is said about the status of this hop (from 1).
    pub fn status_of(&self, hop: usize) -> Option<&StatusAdvice> {
        let at = self.statuses.binary_search_by_key(&hop, |advice| advice.hop).ok()?;
        self.statuses.get(at)
    }
}

/// The verdict on this chain, by the policy it was run under.
pub fn diagnose(chain: &Chain) -> Diagnosis {
    judged(chain, Aside { policy: chain.limits.policy(), baseline: None }).1
}

/// Findings and diagnosis of this chain, from one look at it.
pub fn judged(chain: &Chain, aside: Aside<'_>) -> (Vec<Finding>, Diagnosis) {
    let evidence = Evidence::of(chain, aside);
    let findings = rules::weigh(&evidence);
    let diagnosis = of(&evidence, &findings);
    (findings, diagnosis)
}

/// The verdict where the findings are at hand.
pub fn explain(chain: &Chain, findings: &[Finding]) -> Diagnosis {
    let policy = chain.limits.policy();
    of(&Evidence::of(chain, Aside { policy, baseline: None }), findings)
}

/// The verdict where evidence and findings are at hand.
pub fn of(evidence: &Evidence<'_>, findings: &[Finding]) -> Diagnosis {
    let case = Case::of(evidence, findings);
    // all but the last two look at the case, which these take apart
    Diagnosis {
        sentence: sentence::of(evidence, findings),
        causes: causes::of(&case),
        remedies: findings.iter().map(|finding| case.remedy_of(finding)).collect(),
        circle: circle::of(&case),
        shortcut: shortcut::of(&case),
        partings: partings(evidence.chain),
        hops: natures(evidence, case.issuers),
        statuses: case.statuses,
    }
}

fn natures(evidence: &Evidence<'_>, issuers: Vec<Option<Issuer>>) -> Vec<Nature> {
    let hops = evidence.hops.iter().zip(issuers);
    hops.map(|(hop, issuer)| Nature {
        intent: (hop.redirects() || hop.intent.kind != Kind::Unknown).then(|| hop.intent.clone()),
        issuer,
    })
    .collect()
}
