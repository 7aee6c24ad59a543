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
    // checked: RFC 9309 is about crawling (allow, disallow) and knows no `noindex`, so it is no reference here
    references: [
        "Google Search Central: block indexing",
        "Google Search Central: robots meta tag and X-Robots-Tag",
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
    if hop.fields().all("X-Robots-Tag").any(|field| is_no_index(&field.text())) {
        return Some("X-Robots-Tag");
    }
    let page = hop.media().as_deref() == Some("text/html");
    let meta = page
        && hop.tags().iter().any(|tag| {
            tag.is("meta")
                && tag.get("name").is_some_and(|name| name.eq_ignore_ascii_case("robots"))
                && tag.get("content").is_some_and(is_no_index)
        });
    meta.then_some("the robots meta tag")
}

/// `noindex` or `none` among the rules; those with a value (`max-image-preview:none`) say other things, and
/// `googlebot: noindex` names whom it is for.
fn is_no_index(rules: &str) -> bool {
    const VALUED: [&str; 4] =
        ["max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"];
    let forbids = |rule: &str| {
        let (name, said) = rule.split_once(':').unwrap_or(("", rule));
        !VALUED.contains(&name.trim()) && matches!(said.trim(), "noindex" | "none")
    };
    rules.to_ascii_lowercase().split(',').any(forbids)
}
