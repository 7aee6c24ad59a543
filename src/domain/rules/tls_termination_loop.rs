//! `tls-termination-loop`: a host keeps upgrading a request that is https already.

use super::redirect_loop::cycle;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a loop within one host in which an https URL is redirected to itself, or http and
    /// https of the same URL take turns.
    ///
    /// ## Why it matters
    /// The backend believes the request is plain http because the proxy ended TLS, so it keeps
    /// upgrading an already secure URL.
    ///
    /// ## When it is silent
    /// Other loops are `redirect-loop`'s alone.
    id: "tls-termination-loop",
    group: Group::Chain,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "CDN 'flexible' TLS: https outside, http to origin",
        High: "X-Forwarded-Proto missing or overwritten by a second proxy",
        Medium: "framework trusts no proxies by default",
        Low: "HSTS removed while a downgrade rule exists",
    ],
    fix: Easy: "forward and trust X-Forwarded-Proto (or Forwarded), or set the CDN to full TLS; do the upgrade in one place only",
    references: [
        "RFC 9110 §15.4",
        "RFC 9110 §7.6.3",
        "Cacti/cacti#6844",
        "h5bp/server-configs-apache#103",
        "TerriaJS/terriajs#2995",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some((entry, period)) = cycle(evidence) else { return };
    let lap: Vec<&HopEvidence<'_>> = evidence.hops.iter().skip(entry - 1).take(period).collect();
    let Some(first) = lap.first() else { return };
    let one_host = lap.iter().all(|hop| hop.base().host() == first.base().host());
    let page = |hop: &HopEvidence<'_>| {
        hop.base()[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
    };
    let one_page = lap.iter().all(|hop| page(hop) == page(first));
    let secure = lap.iter().any(|hop| hop.base().scheme() == "https");
    let waits_for_cookie = lap.iter().any(|hop| hop.fields().contains("Set-Cookie"));
    if !one_host || !one_page || !secure || waits_for_cookie {
        return;
    }
    let host = first.base().host_str().unwrap_or_default();
    let message = format!(
        "{host} redirects https to the same https URL: behind the proxy it sees http and upgrades for ever"
    );
    report.add(Anchor::Chain, message, report.usual_fix());
}
