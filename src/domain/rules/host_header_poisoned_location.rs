//! `host-header-poisoned-location`: a request field decides the host of the Location.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::probed::target;
use crate::domain::finding::Anchor;
use crate::domain::probe::{CANARY, ProbeKind};

super::rule! {
    /// ## What it does
    /// Flags a redirect whose `Location` takes its host from `Host`, `X-Forwarded-Host`,
    /// `Forwarded` or `X-Host` of the request. Needs a probe.
    ///
    /// ## Why it matters
    /// Absolute redirects built from an attacker-supplied header can be cached or mailed to
    /// other users.
    ///
    /// ## When it is silent
    /// Servers that refuse a foreign host.
    id: "host-header-poisoned-location",
    group: Group::OpenRedirect,
    severity: Severity::Error,
    needs: Needs::Probe,
    causes: [
        High: "default virtual host answers any name",
        High: "framework trusts X-Forwarded-Host from everyone",
        Low: "test system",
    ],
    fix: Medium: "build URLs from a configured base and accept forwarded headers only from trusted proxies",
    references: [
        "RFC 9110 §7.2",
        "CWE-348",
        "WSTG-INPV-17",
        "ASVS 5.0 4.1.3",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let poisoned = hop.probes().find_map(|probe| match &probe.kind {
        ProbeKind::HostField(name) => {
            target(probe)?.host_str().is_some_and(|host| host == CANARY).then_some(name)
        }
        _ => None,
    });
    let Some(name) = poisoned else { return };
    let at = hop.location.as_ref().and_then(|location| location.host.clone());
    let message = format!("{name} of the request decides which host this leads to");
    report.add(
        at.map_or_else(Anchor::location, Anchor::location_bytes),
        message,
        report.usual_fix(),
    );
}
