//! `maintenance-as-redirect`: the service is down, and says so with a redirect and 200.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect to a page or host named for maintenance that answers 200.
    ///
    /// ## Why it matters
    /// Monitors, caches and crawlers see success while the service is down.
    ///
    /// ## When it is silent
    /// Pages about maintenance: the path must be the word itself. A target that answers 503.
    id: "maintenance-as-redirect",
    group: Group::ApiContract,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "load balancer failover action is a redirect",
        Medium: "queueing product",
        Low: "page about maintenance services",
    ],
    fix: Easy: "answer 503 with Retry-After on the original URL",
    references: [
        "RFC 9110 §15.6.4",
        "RFC 9110 §10.2.3",
        "galaxyproject/infrastructure-playbook#43",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let answered = hop.next_hop.and_then(|next| next.status()) == Some(200);
    if hop.intent.kind != Kind::Maintenance || !answered {
        return;
    }
    let message =
        format!("the service is down, but monitors and crawlers see {} and 200", hop.status());
    report.add(Anchor::StatusLine, message, report.usual_fix());
}
