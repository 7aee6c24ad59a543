//! `redirect-hints-disagree`: the body of the redirect leads elsewhere than its Location.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::onward::{Onward, onward};
use crate::domain::finding::{Anchor, FieldAnchor};

super::rule! {
    /// ## What it does
    /// Flags a redirect whose `Refresh` field, meta refresh or only link leads to another URL
    /// than the `Location`. When just scheme or host differ it is a warning: a proxy rewrites
    /// one and not the other.
    ///
    /// ## Why it matters
    /// Browsers, old clients and people reading the page are sent to different places.
    ///
    /// ## When it is silent
    /// Bodies without a link, or with several.
    id: "redirect-hints-disagree",
    group: Group::Html,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "proxy rewrites Location but not the body",
        Medium: "two redirect layers",
        Low: "tampering",
    ],
    fix: Easy: "generate body and header from the same value",
    references: [
        "RFC 9110 §15.4.4",
        "RFC 9110 §15.4.2",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    let page = |url: &url::Url| url[..url::Position::AfterQuery].to_owned();
    let other = onward(hop).into_iter().find(|found| {
        !matches!(found, Onward::Script { .. }) && page(found.target()) != page(next)
    });
    let Some(found) = other else { return };
    let target = found.target();
    let same_path = target[url::Position::BeforePath..url::Position::AfterQuery]
        == next[url::Position::BeforePath..url::Position::AfterQuery];
    let severity = if same_path { Severity::Warning } else { Severity::Error };
    let anchor = match &found {
        Onward::Field { name, .. } => {
            Anchor::Header(FieldAnchor { name: name.clone(), occurrence: 1, bytes: None })
        }
        Onward::Meta { at, .. } | Onward::Link { at, .. } | Onward::Script { at, .. } => {
            Anchor::Body(Some(at.clone()))
        }
    };
    let message = match same_path {
        true => format!("this leads to {target} instead: a proxy rewrites Location but not this"),
        false => format!("this leads to {target}, the Location to {next}"),
    };
    report.add_as(severity, anchor, message, report.usual_fix());
}
