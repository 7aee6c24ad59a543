//! Causes that a chain itself shows: a cookie that does not come back, rules that contradict each other, a failed hop, a login, a write.

use super::super::case::Case;
use super::super::contradiction::{self as contradictions, Contradiction};
use super::{Cause, make};
use crate::domain::classify::fixes;
use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::SetLine;
use crate::domain::finding::{Effort, Finding, Likelihood, Severity};
use crate::domain::http::failure::FailureKind;
use crate::domain::http::timing::Phase;
use crate::domain::redirect::cookies::uses_jar;
use crate::domain::rules::cycle;

pub(super) fn cookie_loop(case: &Case<'_, '_>, finding: &Finding) -> Option<Vec<Cause>> {
    let (entry, period) = cycle(case.evidence)?;
    let hop = case
        .evidence
        .hops
        .iter()
        .skip(entry - 1)
        .take(period)
        .find(|hop| hop.fields().contains("Set-Cookie"))?;
    let line = SetLine::all(hop).into_iter().next()?;
    let client = &case.evidence.chain.client;
    let refused = line.refusal(hop.base());
    let (text, place, fix) = match (uses_jar(client), refused) {
        (_, Some(refusal)) => (
            format!(
                "the server waits for its cookie {:?}, which clients refuse: {refusal}",
                line.name
            ),
            case.at(hop, fixes::named("cookie")),
            "correct the cookie's attributes".to_owned(),
        ),
        (false, None) => (
            format!(
                "the server waits for its cookie {:?}, and {} keeps no cookies",
                line.name, client.name
            ),
            case.client(),
            "keep cookies: --cookies on, or curl -b ''".to_owned(),
        ),
        (true, None) => (
            format!(
                "the server waits for its cookie {:?}, whose domain, path or Secure keeps it away",
                line.name
            ),
            case.at(hop, fixes::named("cookie")),
            "widen the cookie's Domain or Path to the URL that waits for it".to_owned(),
        ),
    };
    let cause = Cause {
        fix,
        effort: Effort::Easy,
        hop: Some(hop.hop.index),
        ..make(case, finding, (Likelihood::High, text), place)
    };
    let text = "the server does not notice that the cookie is missing the second time".to_owned();
    let server = Cause {
        fix: "answer 4xx, or go on without the cookie, when it is missing the second time"
            .to_owned(),
        effort: Effort::Medium,
        ..make(case, finding, (Likelihood::Medium, text), case.at(hop, None))
    };
    Some(vec![cause, server])
}

pub(super) fn contradiction(case: &Case<'_, '_>, finding: &Finding) -> Option<Vec<Cause>> {
    let (entry, period) = cycle(case.evidence)?;
    let lap = case.evidence.hops.get(entry - 1..entry - 1 + period)?;
    let Contradiction { about, fix, sides, hop } = contradictions::of(case, lap)?;
    let place = lap.last().map_or_else(|| case.client(), |last| case.at(last, fixes::named(fix)));
    let cause = Cause {
        evidence: sides,
        fix: format!("decide on one form of {about}, and drop the other rule"),
        hop: Some(hop),
        ..make(
            case,
            finding,
            (Likelihood::High, format!("two layers disagree about {about}")),
            place,
        )
    };
    let stale = "an old permanent redirect is still cached somewhere".to_owned();
    let cached = make(case, finding, (Likelihood::Low, stale), case.client());
    Some(vec![
        cause,
        Cause {
            fix: "ask past the caches (Cache-Control: no-cache)".to_owned(),
            effort: Effort::Easy,
            ..cached
        },
    ])
}

/// Why there is no TLS session; `None` where a certificate was refused, of which the catalogue knows the causes.
pub(super) fn no_session(case: &Case<'_, '_>, finding: &Finding) -> Option<Vec<Cause>> {
    let hop = case.hop_of(finding).filter(|hop| !is_certificates(hop))?;
    let failure = hop.hop.exchange.failure.as_ref()?;
    let place = case.remedy_of(finding);
    let evidence = Some(&failure.cause).filter(|cause| !cause.is_empty()).cloned();
    let cause = make(case, finding, (Likelihood::High, failure.clause().to_owned()), place);
    Some(vec![Cause { evidence: evidence.into_iter().collect(), ..cause }])
}

/// The host's certificate would not do.
fn is_certificates(hop: &HopEvidence<'_>) -> bool {
    let tls = hop.hop.exchange.connection.tls.as_ref();
    tls.is_some_and(|tls| tls.verify_error.is_some())
}

/// What a failed last hop says of its cause.
pub(super) fn failure(case: &Case<'_, '_>, finding: &Finding) -> Option<Vec<Cause>> {
    let last = case.evidence.hops.last()?;
    let failure = last.hop.exchange.failure.as_ref()?;
    let host = last.base().host_str().unwrap_or_default();
    let text = match failure.kind {
        FailureKind::Dns => format!("the name {host} does not exist, or not here"),
        FailureKind::Connect if failure.phase >= Phase::Wait => {
            format!("{host} breaks off the connection instead of answering")
        }
        FailureKind::Connect => format!("nothing listens at {host}, or a firewall is in between"),
        // told by the finding on the certificate
        FailureKind::Tls if is_certificates(last) && tells_of_tls(case) => return Some(Vec::new()),
        FailureKind::Tls if is_certificates(last) => format!("{host} has no valid certificate"),
        FailureKind::Tls | FailureKind::Proxy => failure.clause().to_owned(),
        FailureKind::Timeout => format!("{host} does not answer in time"),
        FailureKind::Protocol => format!("{host} does not speak HTTP as it should"),
        FailureKind::Body => format!("{host} breaks off in the middle of its answer"),
        FailureKind::Cancelled => return None,
    };
    let redirect = case.evidence.hops.iter().rev().nth(1)?;
    let mut evidence = vec![failure.message.clone()];
    if !failure.cause.is_empty() {
        evidence.push(failure.cause.clone());
    }
    let place = match failure.kind {
        // the host that was named may be the wrong one
        FailureKind::Dns => case.at(redirect, None),
        FailureKind::Connect if failure.phase < Phase::Wait => case.at(redirect, None),
        FailureKind::Proxy => case.client(),
        FailureKind::Connect
        | FailureKind::Tls
        | FailureKind::Timeout
        | FailureKind::Protocol
        | FailureKind::Body
        | FailureKind::Cancelled => case.at(last, None),
    };
    let cause = Cause {
        evidence,
        hop: Some(last.hop.index),
        ..make(case, finding, (Likelihood::High, text), place)
    };
    Some(vec![match failure.hint.is_empty() {
        true => cause,
        false => Cause { fix: failure.hint.clone(), effort: Effort::Easy, ..cause },
    }])
}

fn tells_of_tls(case: &Case<'_, '_>) -> bool {
    let grave = |finding: &Finding| finding.severity >= Severity::Warning;
    case.findings.iter().any(|finding| finding.rule == "tls-failure-on-hop" && grave(finding))
}

pub(super) fn login(case: &Case<'_, '_>, hop: &HopEvidence<'_>, finding: &Finding) -> Vec<Cause> {
    let place = case.at(hop, fixes::named("unauthorized"));
    let fields = &hop.request().fields;
    let credential = fields.iter().find(|field| {
        field.is("Authorization")
            || crate::domain::secret::secretish_header(&field.name, &field.text())
    });
    let client = case.client();
    let token = match credential {
        Some(field) => Cause {
            evidence: vec![format!(
                "{} was sent, and the answer is a login page all the same",
                field.name
            )],
            fix: "get a new token, and check that it is for this host and this audience".to_owned(),
            effort: Effort::Easy,
            ..make(
                case,
                finding,
                (
                    Likelihood::High,
                    "the credential has expired, or is for another audience".to_owned(),
                ),
                client,
            )
        },
        None => Cause {
            evidence: vec!["the request carries no credential".to_owned()],
            fix: "send a credential: -u, --oauth2-bearer or -H 'Authorization: …'".to_owned(),
            effort: Effort::Easy,
            ..make(
                case,
                finding,
                (Likelihood::High, "the request carries no credential".to_owned()),
                client,
            )
        },
    };
    let elsewhere = hop.cross_origin;
    let middleware = match elsewhere {
        true => "a gateway or sign-on proxy in front of the API sends programs to its login page",
        false => "the login middleware for browsers covers this path too",
    };
    let server = Cause {
        fix: finding.fix.clone(),
        effort: Effort::Easy,
        ..make(case, finding, (Likelihood::High, middleware.to_owned()), place)
    };
    let wrong_host = "the base URL points at the web application instead of the API".to_owned();
    let base = Cause {
        fix: "use the API's own base URL".to_owned(),
        effort: Effort::Easy,
        ..make(case, finding, (Likelihood::Medium, wrong_host), case.client())
    };
    vec![token, server, base]
}

pub(super) fn ambiguous(
    case: &Case<'_, '_>,
    hop: &HopEvidence<'_>,
    finding: &Finding,
) -> Vec<Cause> {
    let mut causes = Vec::new();
    let place = case.at(hop, fixes::named("status"));
    let (status, method) = (hop.status(), hop.method());
    if hop.intent.kind.is_canonicalisation() {
        let target = hop.next.map(crate::domain::http::request::display_url).unwrap_or_default();
        causes.push(Cause {
            evidence: hop.intent.evidence.iter().map(|sign| (*sign).to_owned()).collect(),
            fix: format!("send the {method} to {target} at once"),
            effort: Effort::Easy,
            ..make(
                case,
                finding,
                (Likelihood::High, "the client's URL is not the canonical one".to_owned()),
                case.client(),
            )
        });
        let rule = format!(
            "the rule for addresses applies to every method, and answers {status} to {method}"
        );
        causes.push(make(case, finding, (Likelihood::High, rule), place));
        return causes;
    }
    let what = if hop.sends_form() { "a form" } else { "a write" };
    let helper =
        format!("the redirect helper of the framework answers {status} to {what} by default");
    causes.push(make(case, finding, (Likelihood::High, helper), place));
    let upgrade = case
        .evidence
        .hops
        .iter()
        .take(hop.hop.index - 1)
        .find(|earlier| earlier.intent.kind == Kind::HttpsUpgrade);
    if let Some(earlier) = upgrade {
        causes.push(Cause {
            evidence: vec![format!("hop {} only upgrades to https", earlier.hop.index)],
            fix: "use the https URL in the client".to_owned(),
            effort: Effort::Easy,
            hop: Some(earlier.hop.index),
            ..make(
                case,
                finding,
                (
                    Likelihood::Medium,
                    "the client's base URL is http, so the journey starts with a rewrite"
                        .to_owned(),
                ),
                case.client(),
            )
        });
    }
    let gateway = "a gateway rewrites 307 or 308 into this status".to_owned();
    causes.push(make(case, finding, (Likelihood::Low, gateway), case.at(hop, None)));
    causes
}
