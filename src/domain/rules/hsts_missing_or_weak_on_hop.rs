//! `hsts-missing-or-weak-on-hop`: an https redirect without a lasting HSTS.

use crate::domain::evidence::Evidence;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::hsts::Hsts;
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::origin::{is_loopback, same_site};

super::rule! {
    /// ## What it does
    /// Flags an https redirect whose `Strict-Transport-Security` is absent, unreadable,
    /// repeated or shorter than a year, where the chain started at http on the same site, or
    /// another hop of the same host sends it.
    ///
    /// ## Why it matters
    /// A redirecting host is often visited only for the redirect, so if that response lacks
    /// HSTS the host never becomes protected.
    ///
    /// ## When it is silent
    /// Addresses and loopback have no HSTS. One finding for each host is enough.
    id: "hsts-missing-or-weak-on-hop",
    group: Group::Transport,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "header configured only on 200 responses (e.g. nginx add_header without always)",
        Medium: "redirect issued by a CDN or load balancer before the app",
        Low: "rollout with a short max-age",
    ],
    fix: Easy: "send Strict-Transport-Security with max-age >= 31536000 on every https response including 3xx",
    references: [
        "RFC 6797 §6.1",
        "RFC 6797 §7.2",
        "ASVS 5.0 3.4.1",
        "hstspreload redirects.http.first_redirect.no_hsts",
        "WSTG-CONF-07",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let mut seen = Vec::new();
    for hop in evidence.hops.iter().filter(|hop| applies(evidence, hop)) {
        let hsts = Hsts::of(hop.fields());
        let host = hop.base().host_str().unwrap_or_default();
        if seen.contains(&host) {
            continue;
        }
        let (what, occurrence) = match hsts {
            Hsts::Absent => ("has no Strict-Transport-Security", None),
            Hsts::Repeated => {
                ("has more than one Strict-Transport-Security: only the first counts", Some(2))
            }
            Hsts::Unreadable => ("has a Strict-Transport-Security without a max-age", Some(1)),
            Hsts::Set { .. } if hsts.is_strong() => continue,
            Hsts::Set { .. } => ("asks for https for less than a year", Some(1)),
        };
        seen.push(host);
        let anchor = occurrence.map_or(Anchor::StatusLine, |occurrence| {
            Anchor::Header(FieldAnchor {
                name: "Strict-Transport-Security".to_owned(),
                occurrence,
                bytes: None,
            })
        });
        let texts = (format!("this redirect of {host} {what}"), report.usual_fix());
        report.add_on(hop.hop.index, Severity::Warning, anchor, texts);
    }
}

fn applies(evidence: &Evidence<'_>, hop: &HopEvidence<'_>) -> bool {
    let base = hop.base();
    if base.scheme() != "https" || !hop.redirects() || base.domain().is_none() || is_loopback(base)
    {
        return false;
    }
    let from_http = evidence
        .hops
        .first()
        .is_some_and(|first| first.base().scheme() == "http" && same_site(first.base(), base));
    let elsewhere = evidence.hops.iter().any(|other| {
        other.hop.index != hop.hop.index
            && other.base().scheme() == "https"
            && other.base().host() == base.host()
            && Hsts::of(other.fields()) != Hsts::Absent
    });
    from_http || elsewhere
}
