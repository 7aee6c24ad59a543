//! Status advice: whether each redirect's status suits its purpose, and which would.

use crate::domain::classify::intent::{Kind, rows};
use crate::domain::evidence::{Evidence, HopEvidence, is_redirect_status};
use crate::domain::finding::Likelihood;
use crate::domain::rules::programmatic;

/// The judgement on one redirect's status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusAdvice {
    /// From 1.
    pub hop: usize,
    pub status: u16,
    pub right: bool,
    /// What would be right, best first; empty where it is right.
    pub better: Vec<u16>,
    /// One sentence.
    pub sentence: String,
}

/// One for each redirection that something can be said about.
pub(super) fn of(evidence: &Evidence<'_>) -> Vec<StatusAdvice> {
    evidence.hops.iter().filter_map(advise).collect()
}

fn advise(hop: &HopEvidence<'_>) -> Option<StatusAdvice> {
    let status = hop.status();
    if !(300..400).contains(&status) || hop.location.is_none() {
        return None;
    }
    let (better, why) = wrong(hop).unwrap_or_default();
    let right = better.is_empty();
    let sentence = match right {
        true if hop.intent.confidence < Likelihood::Medium => return None,
        true => format!("{status} is right for this ({})", hop.intent.kind.id()),
        false => format!("{status} is the wrong status here: {why}"),
    };
    Some(StatusAdvice { hop: hop.hop.index, status, right, better, sentence })
}

/// What would be right, and why.
fn wrong(hop: &HopEvidence<'_>) -> Option<(Vec<u16>, String)> {
    let (status, kind, method) = (hop.status(), hop.intent.kind, hop.method());
    let target = hop.next.map_or("the target", |next| next.path());
    let writes = !matches!(method, "GET" | "HEAD" | "OPTIONS");
    if !is_redirect_status(status) {
        return Some((vec![302, 301, 303, 307, 308], "not every client follows it".to_owned()));
    }
    if kind.asks_for_login() && programmatic(hop).is_some() {
        return Some((
            vec![401],
            "a program asked; 401 with WWW-Authenticate tells it what is missing".to_owned(),
        ));
    }
    if kind == Kind::Maintenance {
        return Some((vec![503], "503 with Retry-After says that the service is down".to_owned()));
    }
    let ambiguous = writes && matches!(status, 301 | 302);
    let intended = kind == Kind::PostRedirectGet && hop.accept().prefers_html();
    if ambiguous && !intended {
        let keep = if status == 301 { 308 } else { 307 };
        return Some(match kind.is_canonicalisation() {
            true => (
                vec![308, 307],
                format!("{keep} keeps {method} and its body on the way to {target}"),
            ),
            false => (
                vec![303, keep],
                format!(
                    "303 if {target} shows the result, {keep} if the {method} must be repeated there"
                ),
            ),
        });
    }
    let passing = kind.is_journey() || matches!(kind, Kind::LocaleGeo | Kind::CaptivePortal);
    if passing && matches!(status, 301 | 308) {
        return Some((
            vec![302, 303],
            "it depends on the visitor, so it must not be permanent".to_owned(),
        ));
    }
    let lasting = kind.is_canonicalisation() || kind == Kind::ApiVersionMove;
    if lasting && !writes && matches!(status, 302 | 303 | 307) {
        let expected =
            rows().iter().find(|row| row.kind == kind).map(|row| row.expected_status.clone());
        return Some((
            expected.unwrap_or_default(),
            "this will not change, so it can be permanent".to_owned(),
        ));
    }
    None
}
