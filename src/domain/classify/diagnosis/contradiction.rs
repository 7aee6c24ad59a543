//! Contradiction: two hops of a circle that undo each other.

use super::case::Case;
use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::http::request::display_url;

/// What the hops of a circle disagree about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Contradiction {
    /// `the trailing slash`
    pub(super) about: &'static str,
    /// The kind of fix that settles it.
    pub(super) fix: &'static str,
    /// What each hop does, with who answered.
    pub(super) sides: Vec<String>,
    /// The last hop of the circle (from 1).
    pub(super) hop: usize,
}

/// The disagreement, where the hops of one lap show one.
pub(super) fn of(case: &Case<'_, '_>, lap: &[HopEvidence<'_>]) -> Option<Contradiction> {
    let last = lap.last().filter(|_| lap.len() > 1)?;
    let (about, fix) = about(lap)?;
    let sides = lap.iter().map(|hop| side(case, hop)).collect();
    Some(Contradiction { about, fix, sides, hop: last.hop.index })
}

fn about(lap: &[HopEvidence<'_>]) -> Option<(&'static str, &'static str)> {
    let any = |kind: Kind| lap.iter().any(|hop| hop.intent.kind == kind);
    let downgrades = lap.iter().any(|hop| {
        hop.base().scheme() == "https" && hop.next.is_some_and(|next| next.scheme() == "http")
    });
    if downgrades {
        Some(("the scheme (http or https)", "proxy"))
    } else if any(Kind::TrailingSlash) {
        Some(("the trailing slash", "slash"))
    } else if any(Kind::WwwApex) {
        Some(("the host name (with or without www)", "canonical"))
    } else if any(Kind::CaseEncoding) {
        Some(("the spelling of the path", "encode"))
    } else if any(Kind::LocaleGeo) {
        Some(("the language", "vary"))
    } else {
        None
    }
}

fn side(case: &Case<'_, '_>, hop: &HopEvidence<'_>) -> String {
    let who = case.issuer(hop).map_or_else(String::new, |issuer| format!(" ({})", issuer.row.name));
    let target = hop.next.map_or_else(String::new, display_url);
    format!("hop {}{who} leads to {target}", hop.hop.index)
}
