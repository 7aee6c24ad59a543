//! Shortcut: the one redirect that would do for a run of redirects to other forms of the same address.

use super::Remedy;
use super::case::Case;
use crate::domain::classify::fixes;
use crate::domain::evidence::HopEvidence;
use crate::domain::http::request::display_url;
use crate::domain::rules::{collapsible, is_for_hsts};

/// Several redirects that could be one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shortcut {
    /// The first hop and the last (from 1).
    pub first: usize,
    pub last: usize,
    pub from: String,
    pub to: String,
    /// What it should answer with.
    pub status: u16,
    pub remedy: Remedy,
}

impl Shortcut {
    /// `hops 1 to 3 could be one redirect: 301 from http://a to https://b`
    pub fn sentence(&self) -> String {
        let Shortcut { first, last, from, to, status, .. } = self;
        format!("hops {first} to {last} could be one redirect: {status} from {from} to {to}")
    }
}

/// The longest run that could be shortened.
pub(super) fn of(case: &Case<'_, '_>) -> Option<Shortcut> {
    let runs = collapsible(case.evidence).into_iter().filter(|run| !is_for_hsts(run));
    let run = runs.max_by_key(|run| run.len())?;
    let (first, last) = (run.first()?, run.last()?);
    let writes = !matches!(first.method(), "GET" | "HEAD");
    let keeps = |hop: &HopEvidence<'_>| matches!(hop.status(), 307 | 308);
    let status = if writes || run.iter().all(keeps) { 308 } else { 301 };
    let remedy = case.at(first, None);
    let example = case.issuer(first).zip(fixes::named("canonical"));
    let example = example.map_or_else(Vec::new, |(of, fix)| fix.example(of.row.id, status));
    Some(Shortcut {
        first: first.hop.index,
        last: last.hop.index,
        from: first.request().display_url(),
        to: display_url(last.next?),
        status,
        remedy: Remedy { example, ..remedy },
    })
}
