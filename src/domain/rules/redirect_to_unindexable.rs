//! `redirect-to-unindexable`: a permanent redirect leads to a page that forbids indexing.

use crate::domain::evidence::hosts::is_internal_name;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a chain that starts with 301 or 308 and ends on a 200 page with `noindex`, in
    /// `X-Robots-Tag` or in a robots meta tag.
    ///
    /// ## Why it matters
    /// A permanent move tells search engines to index a page that forbids it.
    ///
    /// ## When it is silent
    /// Hosts inside a network.
    id: "redirect-to-unindexable",
    group: Group::Seo,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "staging noindex left on after migration",
        Low: "intentional removal",
    ],
    fix: Easy: "remove noindex from the target or drop the redirect",
    references: [
        "Google Search Central: block indexing",
        "RFC 9309 §2.2",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let [first, .., last] = evidence.hops.as_slice() else { return };
    let permanent = first.redirects_with(&[301, 308]);
    if !permanent || last.status() != 200 || is_internal_name(last.base()) {
        return;
    }
    let Some(place) = forbids(last) else { return };
    let message = format!(
        "the move is permanent, but {place} of the target forbids search engines to index it"
    );
    report.add(Anchor::Chain, message, report.usual_fix());
}

fn forbids(hop: &HopEvidence<'_>) -> Option<&'static str> {
    let says = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.split([',', ' ', ':']).any(|word| matches!(word, "noindex" | "none"))
    };
    if hop.fields().all("X-Robots-Tag").any(|field| says(&field.text())) {
        return Some("X-Robots-Tag");
    }
    let page = hop.media().as_deref() == Some("text/html");
    let meta = page
        && hop.tags().iter().any(|tag| {
            tag.is("meta")
                && tag.get("name").is_some_and(|name| name.eq_ignore_ascii_case("robots"))
                && tag.get("content").is_some_and(says)
        });
    meta.then_some("the robots meta tag")
}
