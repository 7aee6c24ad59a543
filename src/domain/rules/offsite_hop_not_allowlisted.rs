//! `offsite-hop-not-allowlisted`: the chain goes to a site that is not on the list.

use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::same_site;

super::rule! {
    /// ## What it does
    /// Flags a redirect to a site other than the first that the configured list of sites does
    /// not name.
    ///
    /// ## Why it matters
    /// Every additional site in the chain can see, alter or break the journey.
    ///
    /// ## When it is silent
    /// Without a list.
    id: "offsite-hop-not-allowlisted",
    group: Group::OpenRedirect,
    severity: Severity::Info,
    needs: Needs::Config,
    causes: [
        High: "marketing tracker or shortener",
        Medium: "vendor-hosted login or checkout",
        Low: "expired partner domain taken over",
    ],
    fix: Easy: "add the site on purpose or remove the hop",
    references: [
        "ASVS 5.0 3.7.2",
        "ASVS 5.0 3.7.3",
        "CWE-601",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some(sites) = &evidence.aside.policy.allowed_sites else { return };
    let Some(first) = evidence.hops.first().map(|hop| hop.base()) else { return };
    for hop in &evidence.hops {
        let Some(next) = hop.target().filter(|next| !same_site(first, next)) else { continue };
        let host = next.host_str().unwrap_or_default();
        let listed = sites.iter().any(|site| {
            host.strip_suffix(site.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        });
        if !listed {
            let texts = (
                format!("{host} is not on the list of sites this chain may visit"),
                report.usual_fix(),
            );
            report.add_on(hop.hop.index, Severity::Error, Anchor::Step, texts);
        }
    }
}
