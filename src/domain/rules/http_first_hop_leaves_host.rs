//! `http-first-hop-leaves-host`: the first redirect of a bare domain goes elsewhere before https.

use crate::domain::evidence::Evidence;
use crate::domain::evidence::hsts::Hsts;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::registrable_domain;

super::rule! {
    /// ## What it does
    /// Flags a chain that starts at `http://` a registrable domain and goes on to another host,
    /// or not to https: the domain itself never sends HSTS.
    ///
    /// ## Why it matters
    /// Jumping straight to www or another host skips https on the apex, so the apex never gets
    /// an HSTS entry and cannot be preloaded.
    ///
    /// ## When it is silent
    /// Chains that never reach https. It is info unless some hop sends HSTS with
    /// `includeSubDomains` or `preload`: only then somebody wants HSTS on the domain.
    id: "http-first-hop-leaves-host",
    group: Group::Transport,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "one combined rule sends http apex to https www",
        Medium: "registrar URL-forwarding on the apex",
        Low: "apex has no certificate",
    ],
    fix: Easy: "first redirect http://host to https://host on the same host, then canonicalise",
    references: [
        "hstspreload redirects.http.www_first",
        "hstspreload redirects.http.first_redirect.insecure",
        "RFC 6797 §7.2",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some(hop) = evidence.hops.first() else { return };
    let (base, Some(next)) = (hop.base(), hop.target()) else { return };
    let Some(host) = base.domain().filter(|host| registrable_domain(host) == Some(host)) else {
        return;
    };
    let leaves = next.scheme() != "https" || next.host() != base.host();
    if base.scheme() != "http" || !leaves || !matches!(next.scheme(), "http" | "https") {
        return;
    }
    let reaches = evidence.hops.iter().any(|hop| {
        hop.base().scheme() == "https" || hop.next.is_some_and(|next| next.scheme() == "https")
    });
    if !reaches {
        return;
    }
    let wanted = evidence.hops.iter().any(|hop| Hsts::of(hop.fields()).is_wide());
    let severity = if wanted { Severity::Warning } else { Severity::Info };
    let message = format!(
        "http://{host} does not go to https://{host} first, so {host} never gets an HSTS entry"
    );
    let fix = format!(
        "redirect http://{host} to https://{host}, and only from there to {}",
        next.host_str().unwrap_or_default()
    );
    report.add_on(hop.hop.index, severity, Anchor::Step, (message, fix));
}
