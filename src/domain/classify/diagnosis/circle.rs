//! Circle: the hops that repeat in a loop, and what would have to change to break it.

use super::Remedy;
use super::case::Case;
use super::contradiction;
use crate::domain::classify::fixes;
use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::SetLine;
use crate::domain::http::request::display_url;
use crate::domain::redirect::cookies::uses_jar;
use crate::domain::rules::cycle;

/// One lap of a loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Circle {
    /// The hop (from 1) whose request comes back.
    pub entry: usize,
    /// The last hop of the lap.
    pub last: usize,
    /// Which hop repeats, in one sentence.
    pub sentence: String,
    /// What would break it, likeliest first.
    pub breaks: Vec<Break>,
}

/// One change that would end the loop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Break {
    pub text: String,
    pub remedy: Remedy,
}

pub(super) fn of(case: &Case<'_, '_>) -> Option<Circle> {
    let (entry, period) = cycle(case.evidence)?;
    let lap = case.evidence.hops.get(entry - 1..entry - 1 + period)?;
    let (first, last) = (lap.first()?, lap.last()?);
    let url = first.request().display_url();
    let (last_index, again) = (last.hop.index, entry + period);
    let sentence = match period {
        1 => format!("hop {entry} leads to itself: request {again} is request {entry} again"),
        _ => format!(
            "hop {last_index} leads back to hop {entry}, {url}: request {again} is request {entry} again"
        ),
    };
    let mut breaks: Vec<Break> =
        [proxy(case, last), cookie(case, lap), login(case, lap)].into_iter().flatten().collect();
    breaks.extend(sides(case, lap));
    if breaks.is_empty() {
        breaks.push(answer(case, last));
    }
    Some(Circle { entry, last: last_index, sentence, breaks })
}

/// The application behind a proxy sees http and upgrades for ever.
fn proxy(case: &Case<'_, '_>, last: &HopEvidence<'_>) -> Option<Break> {
    let ends_tls = case.findings.iter().any(|finding| finding.rule == "tls-termination-loop");
    ends_tls.then(|| Break {
        text: "the proxy that ends TLS sends X-Forwarded-Proto: https, and what stands behind it trusts that".to_owned(),
        remedy: case.at(last, fixes::named("proxy")),
    })
}

/// A cookie that has to come back.
fn cookie(case: &Case<'_, '_>, lap: &[HopEvidence<'_>]) -> Option<Break> {
    let (hop, line) =
        lap.iter().find_map(|hop| SetLine::all(hop).into_iter().next().map(|line| (hop, line)))?;
    let name = &line.name;
    Some(match line.refusal(hop.base()) {
        Some(refusal) => Break {
            text: format!("the cookie {name:?} of hop {} is not refused: {refusal}", hop.hop.index),
            remedy: case.at(hop, fixes::named("cookie")),
        },
        None if !uses_jar(&case.evidence.chain.client) => Break {
            text: format!("the client sends the cookie {name:?} back: --cookies on, or curl -b ''"),
            remedy: case.client(),
        },
        None => Break {
            text: format!(
                "the Domain, Path, Secure or SameSite of the cookie {name:?} lets it come back to the URL that waits for it"
            ),
            remedy: case.at(hop, fixes::named("cookie")),
        },
    })
}

/// Signing in that does not stick.
fn login(case: &Case<'_, '_>, lap: &[HopEvidence<'_>]) -> Option<Break> {
    let hop = lap.iter().find(|hop| hop.intent.kind.asks_for_login())?;
    let sets = lap.iter().any(|hop| hop.fields().contains("Set-Cookie"));
    (!sets).then(|| Break {
        text: format!(
            "hop {} accepts who is signed in: no hop of the circle sets a session cookie",
            hop.hop.index
        ),
        remedy: case.at(hop, fixes::named("cookie")),
    })
}

/// Either of two rules that contradict each other.
fn sides(case: &Case<'_, '_>, lap: &[HopEvidence<'_>]) -> Vec<Break> {
    let Some(contradiction) = contradiction::of(case, lap) else { return Vec::new() };
    let fix = fixes::named(contradiction.fix);
    let part = |hop: &HopEvidence<'_>| Break {
        text: format!(
            "hop {} answers {} itself, without the redirect to {}",
            hop.hop.index,
            hop.request().display_url(),
            hop.next.map(display_url).unwrap_or_default()
        ),
        remedy: case.at(hop, fix),
    };
    lap.iter().take(4).map(part).collect()
}

/// Nothing is known of the reason: what can be said all the same.
fn answer(case: &Case<'_, '_>, last: &HopEvidence<'_>) -> Break {
    let waits = match last.intent.kind {
        Kind::ConsentWall => "a consent",
        Kind::LocaleGeo => "a language",
        _ => "something",
    };
    Break {
        text: format!(
            "hop {} answers itself instead of redirecting, or says what it waits for: the same request gets the same answer, so it waits for {waits} that this client does not send",
            last.hop.index
        ),
        remedy: case.at(last, None),
    }
}
