//! `client-side-redirect-only`: only browsers go on from here.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::onward::{Onward, onward};
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a page that is no redirection and sends browsers on by itself: a `Refresh` field
    /// or meta refresh with a URL within 10 seconds, or a nearly empty page whose script
    /// assigns a literal URL to `location`.
    ///
    /// ## Why it matters
    /// Only browsers continue from here: none of eight measured clients follows Refresh, so
    /// tools report this page as the destination.
    ///
    /// ## When it is silent
    /// Pages that reload themselves. A script on a page with text of its own.
    id: "client-side-redirect-only",
    group: Group::Html,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "static hosting without redirect support",
        Medium: "login bounce that must survive SameSite=Strict",
        Medium: "bot check or consent wall",
        Low: "timed 'you will be redirected' page",
    ],
    fix: Easy: "send a real 3xx; keep the HTML only as fallback",
    // checked: the steps as browsers' sources quote them (Ladybird LibWeb): the first valid refresh of a page counts, a
    // field as well as a meta element
    references: [
        "HTML: shared declarative refresh steps",
        "Google Search Central: redirects and Google Search",
        "curl/curl#3657",
        "quark-zju/unshorten#8",
        "WSTG-CLNT-04",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if (300..400).contains(&hop.status()) {
        return;
    }
    let Some(found) = onward(hop).into_iter().find(|found| is_away(hop, found)) else { return };
    let (severity, anchor, how) = match &found {
        Onward::Field { name, .. } => {
            let anchor = FieldAnchor { name: name.clone(), occurrence: 1, bytes: None };
            (Severity::Warning, Anchor::Header(anchor), "a Refresh field")
        }
        Onward::Meta { at, .. } => {
            (Severity::Warning, Anchor::Body(Some(at.clone())), "a meta refresh")
        }
        Onward::Script { at, literal, .. } => {
            let sure = literal.contains("://");
            let severity = if sure { Severity::Warning } else { Severity::Info };
            (severity, Anchor::Body(Some(at.clone())), "a script")
        }
        Onward::Link { .. } => return,
    };
    let message = format!("only browsers go on from here, by {how}, to {}", found.target());
    report.add_as(severity, anchor, message, report.usual_fix());
}

fn is_away(hop: &HopEvidence<'_>, found: &Onward) -> bool {
    let page = |url: &url::Url| url[..url::Position::AfterQuery].to_owned();
    let soon = match found {
        Onward::Field { seconds, .. } | Onward::Meta { seconds, .. } => *seconds <= 10,
        Onward::Script { .. } => true,
        Onward::Link { .. } => false,
    };
    soon && page(found.target()) != page(hop.base())
}
