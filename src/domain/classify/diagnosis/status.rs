//! Status advice: whether each redirect's status suits its purpose, and which would.

use crate::domain::classify::intent::{Kind, rows};
use crate::domain::evidence::text::bare;
use crate::domain::evidence::{Evidence, HopEvidence, is_redirect_status};
use crate::domain::finding::Likelihood;
use crate::domain::rules::programmatic;

/// The judgement on one redirect's status.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusAdvice {
    /// From 1.
    pub hop: usize,
    pub status: u16,
    pub fit: Fit,
    /// What would be right, best first; what else could be where it depends; empty where it is right.
    pub better: Vec<u16>,
    /// One sentence.
    pub sentence: String,
}

/// Whether a status suits its redirect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fit {
    Right,
    /// On something that only the site's owner knows.
    Depends,
    Wrong,
}

impl Fit {
    /// The name in documents.
    pub fn id(self) -> &'static str {
        match self {
            Fit::Right => "right",
            Fit::Depends => "depends",
            Fit::Wrong => "wrong",
        }
    }
}

/// One for each redirection with a Location.
pub(super) fn of(evidence: &Evidence<'_>) -> Vec<StatusAdvice> {
    evidence.hops.iter().filter_map(advise).collect()
}

fn advise(hop: &HopEvidence<'_>) -> Option<StatusAdvice> {
    let status = hop.status();
    if !(300..400).contains(&status) || hop.location.is_none() {
        return None;
    }
    let advice = |fit, better, sentence| {
        Some(StatusAdvice { hop: hop.hop.index, status, fit, better, sentence })
    };
    if let Some((better, why)) = wrong(hop) {
        return advice(Fit::Wrong, better, format!("{status} is the wrong status here: {why}"));
    }
    let known = hop.intent.confidence >= Likelihood::Medium && hop.intent.kind != Kind::Unknown;
    if known && hop.intent.kind != Kind::MovedContent {
        let why = format!("{status} is right for this ({})", hop.intent.kind.id());
        return advice(Fit::Right, Vec::new(), why);
    }
    let (better, sentence) = open(hop);
    advice(if better.is_empty() { Fit::Right } else { Fit::Depends }, better, sentence)
}

/// What can be said where the purpose is not known.
fn open(hop: &HopEvidence<'_>) -> (Vec<u16>, String) {
    let from = bare(hop.base().path());
    let status = hop.status();
    match status {
        301 | 308 => (
            vec![302],
            format!("{status} is right if {from} has moved for good, 302 if it may come back"),
        ),
        303 => (Vec::new(), "303 is right: see the result elsewhere, with GET".to_owned()),
        _ => {
            let lasting = if status == 307 { 308 } else { 301 };
            (
                vec![lasting],
                format!(
                    "{status} is right if {from} comes back some day, {lasting} if it has moved for good, 200 if the page could be answered here"
                ),
            )
        }
    }
}

/// What would be right, and why.
fn wrong(hop: &HopEvidence<'_>) -> Option<(Vec<u16>, String)> {
    let (status, kind, method) = (hop.status(), hop.intent.kind, hop.method());
    let target = hop.next.map_or("the target", |next| next.path());
    let writes = !matches!(method, "GET" | "HEAD" | "OPTIONS");
    let why = |better: &[u16], text: &str| Some((better.to_vec(), text.to_owned()));
    if !is_redirect_status(status) {
        return why(&[302, 301, 303, 307, 308], "not every client follows it");
    }
    if kind.asks_for_login() && programmatic(hop).is_some() {
        return why(&[401], "a program asked; 401 with WWW-Authenticate tells it what is missing");
    }
    if kind == Kind::Maintenance {
        return why(&[503], "503 with Retry-After says that the service is down");
    }
    if is_itself(hop) {
        return why(&[200], "it leads to the URL it was asked for; 200 with the page would end it");
    }
    let ambiguous = writes && matches!(status, 301 | 302);
    let intended = kind == Kind::PostRedirectGet && hop.accept().prefers_html();
    if ambiguous && !intended {
        return Some(ambiguous_write(hop, target));
    }
    let passing = kind.is_journey() || matches!(kind, Kind::LocaleGeo | Kind::CaptivePortal);
    if passing && matches!(status, 301 | 308) {
        return why(&[302, 303], "it depends on the visitor, so it must not be permanent");
    }
    let lasting = kind.is_canonicalisation() || kind == Kind::ApiVersionMove;
    if lasting && !writes && matches!(status, 302 | 303 | 307) {
        let expected = rows().iter().find(|row| row.kind == kind);
        let expected = expected.map(|row| row.expected_status.to_vec()).unwrap_or_default();
        return Some((expected, "this will not change, so it can be permanent".to_owned()));
    }
    None
}

/// 301 or 302 to a method that writes.
fn ambiguous_write(hop: &HopEvidence<'_>, target: &str) -> (Vec<u16>, String) {
    let (method, status) = (hop.method(), hop.status());
    let keep = if status == 301 { 308 } else { 307 };
    match hop.intent.kind.is_canonicalisation() {
        true => {
            (vec![308, 307], format!("{keep} keeps {method} and its body on the way to {target}"))
        }
        false => (
            vec![303, keep],
            format!(
                "303 if {target} shows the result, {keep} if the {method} must be repeated there"
            ),
        ),
    }
}

/// The very same request would be sent again.
fn is_itself(hop: &HopEvidence<'_>) -> bool {
    let same = |next: &url::Url| {
        next[..url::Position::AfterQuery] == hop.base()[..url::Position::AfterQuery]
    };
    hop.next.is_some_and(same)
        && !hop.fields().contains("Set-Cookie")
        && hop.next_request.is_some_and(|next| next.method == hop.request().method)
}
