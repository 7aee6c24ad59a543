//! `chain-ends-in-error`: the redirects lead to something that does not work.

use crate::domain::chain::Ending;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;
use crate::domain::http::failure::FailureKind;

super::rule! {
    /// ## What it does
    /// Flags a chain with at least one redirect whose last response is 400 or above, or whose
    /// last hop failed. 429 and 503 are a warning: they may pass.
    ///
    /// ## Why it matters
    /// The redirect sends clients to something that does not work.
    ///
    /// ## When it is silent
    /// A 401 with a challenge answers a request without credentials as it should: info. What
    /// the user cancelled is no failure.
    id: "chain-ends-in-error",
    group: Group::Chain,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "target removed or renamed after the rule was written",
        Medium: "target needs auth that the hop dropped",
        Medium: "region or bot block at the target",
        Low: "temporary outage",
    ],
    fix: Medium: "fix or remove the redirect target; answer 404/410 directly when nothing replaces the page",
    references: [
        "RFC 9110 §15.5.5",
        "RFC 9110 §15.5.11",
        "lycheeverse/lychee#1725",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let (Some(last), Some(ending)) = (evidence.hops.last(), evidence.chain.ending()) else {
        return;
    };
    if evidence.hops.len() < 2 || ending == Ending::Failed(FailureKind::Cancelled) {
        return;
    }
    let host = last.base().host_str().unwrap_or_default();
    let status = last.status();
    let (severity, message) = match (ending, status) {
        (Ending::Failed(_), _) => {
            let why =
                last.hop.exchange.failure.as_ref().map_or("", |failure| failure.message.as_str());
            (Severity::Error, format!("the redirects lead to {host}, which fails: {why}"))
        }
        (_, 429 | 503) => (
            Severity::Warning,
            format!("the redirects end in {status} at {host}: it may work later"),
        ),
        (_, 401) if is_fair_challenge(last) => {
            (Severity::Info, format!("{host} asks for credentials, and none were sent"))
        }
        (_, 400..) => (Severity::Error, format!("the redirects end in {status} at {host}")),
        _ => return,
    };
    report.add_as(severity, Anchor::Chain, message, report.usual_fix());
}

/// A challenge to a request that never had credentials.
fn is_fair_challenge(last: &HopEvidence<'_>) -> bool {
    last.fields().contains("WWW-Authenticate")
        && !last.chain.hops.iter().any(|hop| hop.request.fields.contains("Authorization"))
}
