//! Stated: what a check says itself, so that a rule has nothing to add.

use super::super::expectation::Expect;
use crate::domain::chain::Chain;
use crate::domain::finding::Finding;

/// Whether a finding speaks of something that the check states.
pub(super) fn speaks_of(finding: &Finding, expect: &Expect, chain: &Chain) -> bool {
    let last = chain.hops.len();
    let says = |hop: usize| expect.hop.iter().filter(move |of| of.at == hop);
    match finding.rule {
        "chain-ends-in-error" => {
            expect.status.is_some()
                || !expect.ending.is_empty()
                || says(last).any(|of| of.status.is_some())
        }
        "redirect-loop" | "tls-termination-loop" | "cookie-gated-loop" => {
            expect.ending.iter().any(|ending| ending == "loop" || ending == "max-hops")
        }
        "tls-failure-on-hop" => expect.ending.iter().any(|ending| ending == "tls"),
        "non-http-redirect-target" => {
            expect.ending.iter().any(|ending| ending == "unsupported-scheme")
        }
        "location-missing-or-empty" => {
            expect.ending.iter().any(|ending| ending == "missing-location")
        }
        "chain-too-long" => expect.hops.is_some(),
        "slow-hop" => expect.time.is_some() || expect.hop.iter().any(|of| of.time.is_some()),
        // the method of the request that follows decides
        "post-rewritten-to-get"
        | "write-method-on-ambiguous-redirect"
        | "client-breaks-redirect-method"
        | "body-dropped-on-redirect" => {
            finding.hop.is_some_and(|hop| says(hop + 1).any(|of| of.method.is_some()))
        }
        _ => false,
    }
}
