//! `lookalike-authority`: the target's host is made to be mistaken for the site.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::confusable::{Imitation, imitation, unicode};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a target host that begins with this host's whole name, holds this site's domain
    /// among its labels, looks the same letter by letter, or mixes scripts in a label.
    ///
    /// ## Why it matters
    /// The target is built to be mistaken for the trusted site.
    ///
    /// ## When it is silent
    /// Hosts of the same site, the same name under another country's domain, and content
    /// networks that carry their customers' names.
    id: "lookalike-authority",
    group: Group::OpenRedirect,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "prefix or suffix match in the return-URL validator",
        Low: "legitimate regional partner domain",
    ],
    fix: Medium: "compare parsed registrable domains, never substrings; remove the target",
    references: [
        "RFC 3986 §7.6",
        "RFC 9110 §4.2.4",
        "CWE-601",
        "CWE-1007",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    let Some(found) = imitation(hop.base(), next) else { return };
    let (own, host) =
        (hop.base().host_str().unwrap_or_default(), next.host_str().unwrap_or_default());
    let shown = quoted(&unicode(host));
    let message = match found {
        Imitation::Prefix => format!("{shown} begins like {own}, but belongs to somebody else"),
        Imitation::Inside => {
            format!("{shown} has this site's name in it, but belongs to somebody else")
        }
        Imitation::Lookalike => format!("{shown} ({host}) looks like {own}"),
        Imitation::MixedScripts => format!("{shown} ({host}) mixes letters of several scripts"),
    };
    let at = hop.location.as_ref().and_then(|location| location.host.clone());
    report.add(
        at.map_or_else(Anchor::location, Anchor::location_bytes),
        message,
        report.usual_fix(),
    );
}
