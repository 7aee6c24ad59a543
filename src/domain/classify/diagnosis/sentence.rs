//! The sentence: what a chain is doing, step by step, and how it ends.

use std::borrow::Cow;

use url::Url;

use crate::domain::chain::{Ending, Verdict};
use crate::domain::classify::intent::Kind;
use crate::domain::classify::intent::relation::is_same;
use crate::domain::evidence::text::bare;
use crate::domain::evidence::{Evidence, HopEvidence, is_redirect_status};
use crate::domain::finding::Finding;
use crate::domain::redirect::StopReason;
use crate::domain::redirect::fault;
use crate::domain::rules::cycle;

/// More steps than this are summed up.
const STEPS: usize = 4;

/// One sentence on the whole chain.
pub(super) fn of(evidence: &Evidence<'_>, findings: &[Finding]) -> String {
    let has = |rule: &str| findings.iter().any(|finding| finding.rule == rule);
    if evidence.hops.is_empty() {
        return "Nothing has been asked yet.".to_owned();
    }
    let lap = cycle(evidence).map_or(usize::MAX, |(entry, period)| entry - 1 + period);
    let mut parts = steps(evidence, lap);
    if has("redirect-loop") {
        parts.push("goes round in a circle".to_owned());
        return close(parts, String::new());
    }
    let lost = lost_body(evidence);
    parts.push(end(evidence));
    close(parts, lost.unwrap_or_default())
}

/// What each redirect does; equal neighbours are one step.
fn steps(evidence: &Evidence<'_>, most: usize) -> Vec<String> {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for hop in evidence.hops.iter().take(most).filter(|hop| leads_on(hop)) {
        let step = step(hop);
        match parts.last_mut() {
            Some((last, count)) if *last == step => *count += 1,
            _ => parts.push((step, 1)),
        }
    }
    if parts.len() > STEPS {
        let count: usize = parts.iter().map(|(_, count)| count).sum();
        let (first, last) = (parts.first().cloned(), parts.last().cloned());
        let middle = (format!("redirects {} more times", count.saturating_sub(2)), 1);
        parts = first.into_iter().chain([middle]).chain(last).collect();
    }
    let told = |(step, count)| if count > 1 { format!("{step} ({count} times)") } else { step };
    parts.into_iter().map(told).collect()
}

/// It is a redirect, or the client took it for one, and there is somewhere to go.
fn leads_on(hop: &HopEvidence<'_>) -> bool {
    match hop.hop.verdict {
        Verdict::Follow => true,
        Verdict::Stop(StopReason::InvalidLocation) | Verdict::Final => false,
        Verdict::Stop(_) | Verdict::Failed => hop.redirects(),
    }
}

/// What one redirect does, as a verb with its object.
fn step(hop: &HopEvidence<'_>) -> String {
    let read = hop.hop.resolution.as_ref();
    // where clients read the Location otherwise than browsers do, the chain goes where its own client does
    let Some(next) = read.and_then(|of| of.target.as_ref()).or(hop.next) else {
        return "redirects to something that is no URL".to_owned();
    };
    let (base, host) = (hop.base(), next.host_str().map(bare).unwrap_or_default());
    if is_same(base, next) && hop.intent.kind == Kind::Unknown {
        return "redirects to itself".to_owned();
    }
    match hop.intent.kind {
        Kind::HstsInternal => "goes to https by the client's own knowledge".to_owned(),
        Kind::CaptivePortal => "is intercepted by the network".to_owned(),
        Kind::OauthOidcRequest => format!("asks {host} to sign the visitor in"),
        Kind::OauthOidcResponse => format!("brings the answer of the login to {host}"),
        Kind::Saml => format!("hands a SAML message to {host}"),
        Kind::Login => format!("asks for a login at {host}{}", path(next)),
        Kind::SessionCookieBounce => "tests whether a cookie sticks".to_owned(),
        Kind::ConsentWall => format!("asks for consent at {host}"),
        Kind::Maintenance => "says that the service is down".to_owned(),
        Kind::PostRedirectGet => format!("shows the result of the form at {}", path(next)),
        Kind::StorageDownload => format!("fetches the object from {host}"),
        Kind::LoadBalancerRegion => format!("goes to {host}, which is in charge"),
        Kind::HttpsUpgrade if base.host() == next.host() => match next.port() {
            Some(port) => format!("upgrades to https at port {port}"),
            None => "upgrades to https".to_owned(),
        },
        Kind::HttpsUpgrade => format!("upgrades to https at {host}"),
        Kind::WwwApex => format!("goes to the name {host}"),
        Kind::TrailingSlash if next.path().ends_with('/') => "adds a slash to the path".to_owned(),
        Kind::TrailingSlash => "takes the slash off the path".to_owned(),
        Kind::CaseEncoding => "corrects the spelling of the address".to_owned(),
        Kind::ContentNegotiation => format!("chooses a representation ({})", path(next)),
        Kind::LocaleGeo => "chooses a language or country".to_owned(),
        Kind::UrlShortener => format!("opens a short link to {host}"),
        Kind::TrackingAffiliate => {
            let here = base.host_str().unwrap_or_default();
            format!("counts a click at {here} on the way to {host}")
        }
        Kind::ApiVersionMove => "moves to a later version of the API".to_owned(),
        Kind::MovedContent | Kind::Unknown
            if base.host() == next.host() && base.scheme() == next.scheme() =>
        {
            within_host(base, next)
        }
        Kind::MovedContent | Kind::Unknown
            if base.scheme() == "https" && next.scheme() == "http" =>
        {
            format!("leaves https for http://{host}")
        }
        Kind::MovedContent | Kind::Unknown if next.host().is_none() => {
            format!("redirects to the scheme {}", next.scheme())
        }
        Kind::MovedContent | Kind::Unknown if next.path() == "/" => {
            format!("redirects to {host}")
        }
        Kind::MovedContent | Kind::Unknown => format!("redirects to {host}{}", path(next)),
    }
}

/// What changes between two URLs of the same scheme and host.
fn within_host(base: &Url, next: &Url) -> String {
    let port = next.port_or_known_default().filter(|_| base.port() != next.port());
    let onto = port.map(|port| format!("port {port} of the same host"));
    let same_path = base.path() == next.path();
    match (onto, same_path, base.query() == next.query()) {
        (Some(onto), true, _) => format!("redirects to {onto}"),
        (Some(onto), false, _) => format!("redirects to {onto}, at {}", path(next)),
        (None, true, false) if next.query().is_none() => "takes the query off".to_owned(),
        (None, true, false) if base.query().is_none() => "adds a query".to_owned(),
        (None, true, false) => "goes to the same path with another query".to_owned(),
        (None, _, _) => ["redirects to ", &path(next)].concat(),
    }
}

/// How the chain ends, or where it stands.
fn end(evidence: &Evidence<'_>) -> String {
    let last = evidence.hops.last();
    let status = last.map_or(0, HopEvidence::status);
    match evidence.chain.ending() {
        Some(Ending::Final) if is_redirect_status(status) => match last.and_then(|hop| hop.next) {
            Some(_) => {
                format!("ends with {status}, which {} does not follow", evidence.chain.client.name)
            }
            None => format!("ends with a {status} that leads nowhere"),
        },
        Some(Ending::Final) if evidence.hops.len() == 1 => {
            format!("is answered with {status} at once")
        }
        Some(Ending::Final) => format!("ends with {status}"),
        Some(Ending::Stopped(reason)) => {
            format!("stops: {}", fault::stops(reason, last.map(|last| last.hop)))
        }
        Some(Ending::Failed(kind)) => format!("goes no further: {}", kind.words()),
        None => match evidence.pending() {
            Some(next) => format!("would go on with {} {}", next.method, path(&next.url)),
            None => "is under way".to_owned(),
        },
    }
}

/// What a lost method means to the user.
fn lost_body(evidence: &Evidence<'_>) -> Option<String> {
    let hop = evidence.hops.iter().find(|hop| {
        !hop.next_edited
            && hop.request().body_len() > 0
            && hop.next_request.is_some_and(|next| next.body_len() == 0)
    })?;
    let next = hop.next_request?;
    let shown = hop.status() == 303
        || hop.intent.kind == Kind::PostRedirectGet && hop.accept().prefers_html();
    if shown {
        return None;
    }
    let size = hop.request().body_len();
    Some(match next.method == hop.request().method {
        true => format!(": hop {} loses the body ({size} B)", hop.hop.index),
        false => format!(
            ": hop {} turns the {} into {}, and the body ({size} B) is lost",
            hop.hop.index,
            hop.method(),
            next.method
        ),
    })
}

fn close(parts: Vec<String>, tail: String) -> String {
    let text = match parts.split_last() {
        None => return "Nothing has been asked yet.".to_owned(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{}, then {last}", rest.join(", ")),
    };
    format!("This chain {text}{tail}.")
}

fn path(url: &Url) -> Cow<'_, str> {
    bare(url.path())
}
