//! Causes: why a chain goes wrong, likeliest first, each with what speaks for it.
//!
//! The worst finding is explained by what the chain shows of this very case; the others by the catalogue, one step less likely.

use super::contradiction;
use super::remedy::{Place, Topic, topic};
use super::{Cause, contradiction::Contradiction};
use crate::domain::classify::intent::Kind;
use crate::domain::evidence::cookies::SetLine;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::{Effort, Finding, Likelihood, Severity};
use crate::domain::http::failure::FailureKind;
use crate::domain::redirect::cookies::uses_jar;
use crate::domain::rules::{self, cycle};

/// More than these are noise.
const MOST: usize = 6;

pub(super) fn of(evidence: &Evidence<'_>, findings: &[Finding]) -> Vec<Cause> {
    let mut grave: Vec<&Finding> =
        findings.iter().filter(|f| f.severity >= Severity::Warning).collect();
    grave.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), rank(finding.rule)));
    let mut causes: Vec<Cause> = Vec::new();
    for (at, finding) in grave.iter().enumerate() {
        let own = special(evidence, finding).unwrap_or_else(|| usual(evidence, finding));
        for mut cause in own {
            if at > 0 {
                cause.likelihood = less(cause.likelihood);
            }
            let known = causes
                .iter()
                .any(|other| other.text == cause.text || other.rule == finding.rule && at > 0);
            if !known {
                causes.push(cause);
            }
        }
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.likelihood));
    causes.truncate(MOST);
    causes
}

/// What comes first among findings of one severity: what explains the others.
fn rank(rule: &str) -> usize {
    const FIRST: [&str; 12] = [
        "cookie-gated-loop",
        "tls-termination-loop",
        "redirect-loop",
        "tls-failure-on-hop",
        "location-scheme-typo",
        "location-unrendered-template",
        "api-login-redirect",
        "body-dropped-on-redirect",
        "write-method-on-ambiguous-redirect",
        "post-rewritten-to-get",
        "https-to-http-downgrade",
        "credential-lost-then-rejected",
    ];
    const LAST: [&str; 4] = [
        "chain-ends-in-error",
        "json-expected-html-delivered",
        "permanent-redirect-without-expiry",
        "chain-too-long",
    ];
    match (FIRST.iter().position(|known| *known == rule), LAST.contains(&rule)) {
        (Some(at), _) => at,
        (None, true) => usize::MAX,
        (None, false) => FIRST.len(),
    }
}

/// Causes that this very chain shows; `None` where the catalogue knows as much.
fn special(evidence: &Evidence<'_>, finding: &Finding) -> Option<Vec<Cause>> {
    match finding.rule {
        "cookie-gated-loop" => cookie_loop(evidence, finding),
        "redirect-loop" => contradiction(evidence, finding),
        "chain-ends-in-error" => failure(evidence, finding),
        "api-login-redirect" => login(hop_of(evidence, finding)?, finding),
        "post-rewritten-to-get" | "write-method-on-ambiguous-redirect" => {
            Some(ambiguous(evidence, hop_of(evidence, finding)?, finding))
        }
        _ => None,
    }
}

/// The catalogue's causes, with the finding for evidence.
fn usual(evidence: &Evidence<'_>, finding: &Finding) -> Vec<Cause> {
    let Some(rule) = rules::by_id(finding.rule) else { return Vec::new() };
    let place = match hop_of(evidence, finding)
        .or_else(|| evidence.hops.iter().rev().find(|hop| hop.redirects()))
    {
        Some(hop) => Place::of(hop, topic(finding.rule)),
        None => Place::client(&evidence.chain.client.name),
    };
    let causes = rule.causes.iter().take(2);
    causes
        .map(|cause| make(finding, cause.likelihood, cause.text.to_owned(), place.clone()))
        .collect()
}

fn cookie_loop(evidence: &Evidence<'_>, finding: &Finding) -> Option<Vec<Cause>> {
    let (entry, period) = cycle(evidence)?;
    let hop = evidence
        .hops
        .iter()
        .skip(entry - 1)
        .take(period)
        .find(|hop| hop.fields().contains("Set-Cookie"))?;
    let line = SetLine::all(hop).into_iter().next()?;
    let client = &evidence.chain.client;
    let refused = line.refusal(hop.base());
    let (text, place, fix) = match (uses_jar(client), refused) {
        (_, Some(refusal)) => (
            format!(
                "the server waits for its cookie {:?}, which clients refuse: {refusal}",
                line.name
            ),
            Place::of(hop, Topic::Other),
            "correct the cookie's attributes".to_owned(),
        ),
        (false, None) => (
            format!(
                "the server waits for its cookie {:?}, and {} keeps no cookies",
                line.name, client.name
            ),
            Place::client(&client.name),
            "keep cookies: --cookies on, or curl -b ''".to_owned(),
        ),
        (true, None) => (
            format!(
                "the server waits for its cookie {:?}, whose domain, path or Secure keeps it away",
                line.name
            ),
            Place::of(hop, Topic::Other),
            "widen the cookie's Domain or Path to the URL that waits for it".to_owned(),
        ),
    };
    let cause = Cause {
        fix,
        effort: Effort::Easy,
        hop: Some(hop.hop.index),
        ..make(finding, Likelihood::High, text, place)
    };
    let text = "the server does not notice that the cookie is missing the second time".to_owned();
    let server = Cause {
        fix: "answer 4xx, or go on without the cookie, when it is missing the second time"
            .to_owned(),
        effort: Effort::Medium,
        ..make(finding, Likelihood::Medium, text, Place::of(hop, Topic::Other))
    };
    Some(vec![cause, server])
}

fn contradiction(evidence: &Evidence<'_>, finding: &Finding) -> Option<Vec<Cause>> {
    let (entry, period) = cycle(evidence)?;
    let lap = evidence.hops.get(entry - 1..entry - 1 + period)?;
    let Contradiction { about, sides, hop } = contradiction::of(lap)?;
    let place =
        lap.last().map_or_else(|| Place::client("client"), |last| Place::of(last, Topic::Status));
    let cause = Cause {
        evidence: sides,
        fix: format!("decide on one form of {about}, and drop the other rule"),
        hop: Some(hop),
        ..make(finding, Likelihood::High, format!("two layers disagree about {about}"), place)
    };
    let stale = "an old permanent redirect is still cached somewhere".to_owned();
    let cached = make(finding, Likelihood::Low, stale, Place::client(&evidence.chain.client.name));
    Some(vec![
        cause,
        Cause {
            fix: "ask past the caches (Cache-Control: no-cache)".to_owned(),
            effort: Effort::Easy,
            ..cached
        },
    ])
}

/// What a failed last hop says of its cause.
fn failure(evidence: &Evidence<'_>, finding: &Finding) -> Option<Vec<Cause>> {
    let last = evidence.hops.last()?;
    let failure = last.hop.exchange.failure.as_ref()?;
    let host = last.base().host_str().unwrap_or_default();
    let text = match failure.kind {
        FailureKind::Dns => format!("the name {host} does not exist, or not here"),
        FailureKind::Connect => format!("nothing listens at {host}, or a firewall is in between"),
        FailureKind::Tls => format!("{host} has no certificate that holds for its name"),
        FailureKind::Proxy => "the proxy refuses this target".to_owned(),
        FailureKind::Timeout => format!("{host} does not answer in time"),
        FailureKind::Protocol => format!("{host} does not speak HTTP as it should"),
        FailureKind::Body => format!("{host} breaks off in the middle of its answer"),
        FailureKind::Cancelled => return None,
    };
    let redirect = evidence.hops.iter().rev().nth(1)?;
    let mut evidence = vec![failure.message.clone()];
    if !failure.cause.is_empty() {
        evidence.push(failure.cause.clone());
    }
    let place = Place::of(redirect, Topic::Other);
    let cause = Cause {
        evidence,
        hop: Some(last.hop.index),
        ..make(finding, Likelihood::High, text, place)
    };
    Some(vec![match failure.hint.is_empty() {
        true => cause,
        false => Cause { fix: failure.hint.clone(), effort: Effort::Easy, ..cause },
    }])
}

fn login(hop: &HopEvidence<'_>, finding: &Finding) -> Option<Vec<Cause>> {
    let place = Place::of(hop, Topic::Unauthorized);
    let fields = &hop.request().fields;
    let credential = fields.iter().find(|field| {
        field.is("Authorization")
            || crate::domain::secret::secretish_header(&field.name, &field.text())
    });
    let client = Place::client(&hop.chain.client.name);
    let token = match credential {
        Some(field) => Cause {
            evidence: vec![format!(
                "{} was sent, and the answer is a login page all the same",
                field.name
            )],
            fix: "get a new token, and check that it is for this host and this audience".to_owned(),
            effort: Effort::Easy,
            ..make(
                finding,
                Likelihood::High,
                "the credential has expired, or is for another audience".to_owned(),
                client,
            )
        },
        None => Cause {
            evidence: vec!["the request carries no credential".to_owned()],
            fix: "send a credential: -u, --oauth2-bearer or -H 'Authorization: …'".to_owned(),
            effort: Effort::Easy,
            ..make(
                finding,
                Likelihood::High,
                "the request carries no credential".to_owned(),
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
        ..make(finding, Likelihood::High, middleware.to_owned(), place)
    };
    let wrong_host = "the base URL points at the web application instead of the API".to_owned();
    let base = Cause {
        fix: "use the API's own base URL".to_owned(),
        effort: Effort::Easy,
        ..make(finding, Likelihood::Medium, wrong_host, Place::client(&hop.chain.client.name))
    };
    Some(vec![token, server, base])
}

fn ambiguous(evidence: &Evidence<'_>, hop: &HopEvidence<'_>, finding: &Finding) -> Vec<Cause> {
    let mut causes = Vec::new();
    let place = Place::of(hop, Topic::Status);
    let (status, method) = (hop.status(), hop.method());
    if hop.intent.kind.is_canonicalisation() {
        let target = hop.next.map(crate::domain::http::request::display_url).unwrap_or_default();
        causes.push(Cause {
            evidence: hop.intent.evidence.iter().map(|sign| (*sign).to_owned()).collect(),
            fix: format!("send the {method} to {target} at once"),
            effort: Effort::Easy,
            ..make(
                finding,
                Likelihood::High,
                "the client's URL is not the canonical one".to_owned(),
                Place::client(&hop.chain.client.name),
            )
        });
        let rule = format!(
            "the rule for addresses applies to every method, and answers {status} to {method}"
        );
        causes.push(make(finding, Likelihood::High, rule, place));
        return causes;
    }
    let what = if hop.sends_form() { "a form" } else { "a write" };
    let helper =
        format!("the redirect helper of the framework answers {status} to {what} by default");
    causes.push(make(finding, Likelihood::High, helper, place));
    let upgrade = evidence
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
                finding,
                Likelihood::Medium,
                "the client's base URL is http, so the journey starts with a rewrite".to_owned(),
                Place::client(&hop.chain.client.name),
            )
        });
    }
    let gateway = "a gateway rewrites 307 or 308 into this status".to_owned();
    causes.push(make(finding, Likelihood::Low, gateway, Place::of(hop, Topic::Other)));
    causes
}

/// A cause with the finding's own fix and evidence.
fn make(finding: &Finding, likelihood: Likelihood, text: String, place: Place) -> Cause {
    let effort = rules::by_id(finding.rule).map_or(Effort::Medium, |rule| rule.fix.effort);
    let mut evidence = vec![finding.message.clone()];
    evidence.extend(place.evidence);
    Cause {
        text,
        likelihood,
        evidence,
        fix: finding.fix.clone(),
        effort,
        place: place.name,
        example: place.example,
        rule: finding.rule,
        hop: finding.hop,
    }
}

fn less(likelihood: Likelihood) -> Likelihood {
    match likelihood {
        Likelihood::High => Likelihood::Medium,
        Likelihood::Medium | Likelihood::Low => Likelihood::Low,
    }
}

fn hop_of<'e, 'a>(evidence: &'e Evidence<'a>, finding: &Finding) -> Option<&'e HopEvidence<'a>> {
    evidence.hops.get(finding.hop?.checked_sub(1)?)
}
