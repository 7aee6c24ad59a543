//! `chain-ends-in-error`: the redirects lead to something that does not work.

use url::Position;

use crate::domain::chain::Ending;
use crate::domain::evidence::text::bare;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;
use crate::domain::http::failure::{Failure, FailureKind};

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
    let target = bare(&last.base()[Position::BeforeHost..Position::AfterPath]);
    let status = last.status();
    let usual = report.usual_fix();
    let (severity, message, fix) = match (ending, status) {
        (Ending::Failed(_), _) => {
            let host = last.base().host_str().unwrap_or_default();
            let failure = last.hop.exchange.failure.as_ref();
            let why = failure.map_or("", Failure::clause);
            (Severity::Error, format!("the redirects end in a failure at {host}: {why}"), usual)
        }
        (_, 429 | 503) => {
            let message = format!("the redirects end in {status} at {target}: it may work later");
            (Severity::Warning, message, usual)
        }
        (_, 401) if is_fair_challenge(last) => (
            Severity::Info,
            format!("{target} asks for credentials, and none were sent"),
            "send credentials: -u, --oauth2-bearer or -n".to_owned(),
        ),
        (_, 401 | 403 | 407) => (
            Severity::Error,
            format!("the redirects end in {status} at {target}"),
            "send credentials that the target accepts, or redirect to what needs none".to_owned(),
        ),
        (_, 400..) => {
            (Severity::Error, format!("the redirects end in {status} at {target}"), usual)
        }
        _ => return,
    };
    report.add_as(severity, Anchor::Chain, message, fix);
    match status {
        401 => report.because("the target refuses the credentials, or they did not get there"),
        403 => report.because("the target is there, and this client or user may not see it"),
        404 | 410 => report.because("the last redirect names a page that is not there"),
        405 | 501 => report.because("the target does not take the method that the redirects left"),
        407 => report.because("the proxy asks for credentials"),
        429 => report.because("the target has had too many requests from here"),
        503 => report.because("the target is overloaded, or down for maintenance"),
        500.. => report.because("the target itself is broken, or out of order for now"),
        _ => {}
    }
}

/// A challenge to a request that never had credentials.
fn is_fair_challenge(last: &HopEvidence<'_>) -> bool {
    last.fields().contains("WWW-Authenticate")
        && !last.chain.hops.iter().any(|hop| hop.request.fields.contains("Authorization"))
}
