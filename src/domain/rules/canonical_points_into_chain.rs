//! `canonical-points-into-chain`: the page names as canonical an address that redirects to it.

use url::Url;

use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a 200 page whose canonical link is a URL of this chain that redirects, or its own
    /// URL with another scheme.
    ///
    /// ## Why it matters
    /// The page names as canonical an address that redirects back to it.
    ///
    /// ## When it is silent
    /// A canonical link to another host, made on purpose.
    id: "canonical-points-into-chain",
    group: Group::Seo,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "canonical still has http or the old host",
        Medium: "slash policy differs between CMS and server",
    ],
    fix: Easy: "make canonical, redirects, sitemap and hreflang agree",
    references: [
        "RFC 6596 §3",
        "RFC 8288 §3",
        "Google Search Central: canonicalization",
        "docs.squirrelscan.com canonical-chain",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some((last, earlier)) = evidence.hops.split_last() else { return };
    if last.status() != 200 {
        return;
    }
    let found = in_field(last).or_else(|| in_page(last));
    let Some((url, anchor)) = found else { return };
    let page = |url: &Url| url[..url::Position::AfterQuery].to_owned();
    let redirecting = earlier.iter().find(|hop| page(hop.base()) == page(&url));
    let own = last.base();
    let other_scheme =
        url.scheme() != own.scheme() && url.host() == own.host() && url.path() == own.path();
    let why = match redirecting {
        Some(hop) => format!("redirects here (hop {})", hop.hop.index),
        None if other_scheme => format!("is this page on {}", url.scheme()),
        None => return,
    };
    let texts = (format!("the canonical address {} {why}", page(&url)), report.usual_fix());
    report.add_on(last.hop.index, Severity::Warning, anchor, texts);
}

fn in_field(hop: &HopEvidence<'_>) -> Option<(Url, Anchor)> {
    hop.fields().all("Link").enumerate().find_map(|(at, field)| {
        let text = field.text();
        let link = text.split(',').find(|link| {
            let plain = link.replace(['"', ' '], "").to_ascii_lowercase();
            plain.contains(";rel=canonical")
        })?;
        let target = link.split_once('<')?.1.split_once('>')?.0;
        let anchor = FieldAnchor { name: field.name.clone(), occurrence: at + 1, bytes: None };
        Some((hop.base().join(target).ok()?, Anchor::Header(anchor)))
    })
}

fn in_page(hop: &HopEvidence<'_>) -> Option<(Url, Anchor)> {
    if hop.media().as_deref() != Some("text/html") {
        return None;
    }
    let tag = hop.tags().iter().find(|tag| {
        tag.is("link") && tag.get("rel").is_some_and(|rel| rel.eq_ignore_ascii_case("canonical"))
    })?;
    let url = hop.base().join(tag.get("href")?).ok()?;
    Some((url, Anchor::Body(Some(tag.at.clone()))))
}
