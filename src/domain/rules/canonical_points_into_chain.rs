//! `canonical-points-into-chain`: the page names as canonical an address that redirects to it.

use url::Url;

use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a 200 page whose canonical link is a URL of this chain that redirects for good (301
    /// or 308), and, as info, an https page that names its own address on http.
    ///
    /// ## Why it matters
    /// The page names as canonical an address that redirects back to it.
    ///
    /// ## When it is silent
    /// A canonical link to another host, made on purpose; one from http to https; one to an
    /// address of the chain that redirects for now (302, 303, 307): it stays the address.
    id: "canonical-points-into-chain",
    group: Group::Seo,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "canonical still has http or the old host",
        Medium: "slash policy differs between CMS and server",
    ],
    fix: Easy: "make canonical, redirects, sitemap and hreflang agree",
    // checked: RFC 6596 §3 advises against naming the source of a permanent redirect (a temporary one is not named), and
    // allows a target of another scheme or host
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
    let on_http = (own.scheme(), url.scheme()) == ("https", "http");
    let itself = on_http && url.host() == own.host() && url.path() == own.path();
    let (severity, why) = match redirecting {
        Some(hop) if hop.redirects_with(&[301, 308]) => {
            (Severity::Warning, format!("redirects here for good (hop {})", hop.hop.index))
        }
        None if itself => (Severity::Info, "is this page on http".to_owned()),
        Some(_) | None => return,
    };
    let texts = (format!("the canonical address {} {why}", page(&url)), report.usual_fix());
    report.add_on(last.hop.index, severity, anchor, texts);
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
