//! `slow-hop`: a redirect takes more time than the answer.

use std::time::Duration;

use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect that took more than a second (the limit can be set) and more than half
    /// of the chain's time, and redirects that together took more than two seconds and more
    /// than half; once the chain has ended.
    ///
    /// ## Why it matters
    /// A redirect should be the cheapest response a server makes, and its cost is paid before
    /// any content.
    ///
    /// A slow body counts too: hopstep and browsers go on without it, curl and most libraries read it first.
    ///
    /// ## When it is silent
    /// Fast chains, whatever the shares.
    id: "slow-hop",
    group: Group::Chain,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "redirect computed by a cold application",
        Medium: "new TLS handshake per host",
        Low: "distant client",
    ],
    fix: Medium: "answer at the edge, keep one origin, reuse connections",
    references: [
        "curl TODO: timing info for each redirect",
        "httpie/cli#183",
        "prantlf/nettime#15",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let limit = evidence.aside.policy.slow_hop;
    let time = |at: usize| {
        evidence.hops.get(at).map_or(Duration::ZERO, |hop| hop.hop.exchange.timing.total)
    };
    let count = evidence.hops.len();
    let all: Duration = (0..count).map(time).sum();
    if evidence.chain.ending().is_none() || all.is_zero() {
        return;
    }
    let redirects: Vec<usize> =
        (0..count).filter(|&at| evidence.hops.get(at).is_some_and(|hop| hop.redirects())).collect();
    let body = |hops: &[usize], words: (&str, &str)| {
        let beside = |&at: &usize| {
            let timing = evidence.hops.get(at).map(|hop| hop.hop.exchange.timing);
            timing.map_or(Duration::ZERO, |timing| timing.total.saturating_sub(timing.held()))
        };
        for_bodies(hops.iter().map(beside).sum(), hops.iter().map(|&at| time(at)).sum(), words)
    };
    let mut found = false;
    for &at in redirects.iter().filter(|&&at| time(at) > limit && time(at) * 2 > all) {
        found = true;
        let body = body(&[at], ("its body", "it"));
        let message =
            format!("this redirect took {} of {} ms{body}", time(at).as_millis(), all.as_millis());
        report.add_on(at + 1, Severity::Warning, Anchor::Timing, (message, report.usual_fix()));
    }
    let spent: Duration = redirects.iter().map(|&at| time(at)).sum();
    if !found && spent > limit * 2 && spent * 2 > all && redirects.len() > 1 {
        let body = body(&redirects, ("their bodies", "them"));
        let (count, spent, all) = (redirects.len(), spent.as_millis(), all.as_millis());
        // bodies arrive beside each other, so that the chain did not take their sum
        let message = match body.is_empty() {
            true => format!("{count} redirects took {spent} of {all} ms"),
            false => format!("{count} redirects take {spent} ms one after another{body}"),
        };
        report.add(Anchor::Chain, message, report.usual_fix());
    }
}

/// Whom it concerns where the heads came soon and the bodies did not.
fn for_bodies(bodies: Duration, spent: Duration, (name, it): (&str, &str)) -> String {
    if bodies * 2 < spent {
        return String::new();
    }
    let ms = bodies.as_millis();
    format!(", {ms} for {name}: clients that read {it}, as curl does, wait for {it}")
}
