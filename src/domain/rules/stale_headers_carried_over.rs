//! `stale-headers-carried-over`: fields of the first request make the second one wrong.

use url::{Position, Url};

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::request::Request;

super::rule! {
    /// ## What it does
    /// Flags a next request that keeps fields of a body it no longer has, a `Host` that is not
    /// the target's (an error), or a signature made for the first request; and conditions or
    /// ranges for another URL, once the answer shows that they mattered (304, 412, 416).
    ///
    /// ## Why it matters
    /// Headers that described the first request make the second one wrong: bogus 304/416,
    /// signature failures, or a loop on the wrong virtual host.
    ///
    /// ## When it is silent
    /// Fields that fit the next request as well: a message signature that covers nothing that
    /// has changed.
    id: "stale-headers-carried-over",
    group: Group::Protocol,
    severity: Severity::Warning,
    needs: Needs::Observed,
    causes: [
        High: "custom Host header set by the user",
        Medium: "client copies all headers",
        Low: "HTTP message signatures",
    ],
    fix: Medium: "rebuild request headers per hop; re-sign after redirects; use --resolve/--connect-to instead of a Host override",
    // checked: RFC 9421 §2.2: a signature may cover @method, @target-uri, @authority, @scheme, @request-target, @path and
    // @query, and then fails where these differ; one that covers other fields only still holds. RFC 9449 §4.2: a DPoP
    // proof names method (htm) and URI (htu) of its request
    references: [
        "RFC 9110 §15.4",
        "RFC 9110 §7.2",
        "RFC 9421 §2.2",
        "RFC 9449 §4.2",
        "psf/requests#4002",
        "psf/requests#5196",
        "curl/curl#20850",
        "ducaale/xh src/redirect.rs",
    ],
    check: Check::EachHop(check),
}

const OF_BODY: [&str; 5] = [
    "Content-Type",
    "Content-Encoding",
    "Content-Digest",
    "Content-Language",
    "X-Amz-Content-Sha256",
];
const OF_URL: [&str; 5] =
    ["If-None-Match", "If-Modified-Since", "If-Match", "If-Unmodified-Since", "Range"];

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.next_request else { return };
    let old = hop.request();
    let kept = |name: &&&str| {
        old.fields.contains(name)
            && next.fields.first(name).map(|f| &f.value) == old.fields.first(name).map(|f| &f.value)
    };
    let lost_body = old.body_len() > 0 && next.body_len() == 0 && next.method != old.method;
    let refused =
        hop.next_hop.and_then(|next| next.status()).filter(|s| matches!(s, 304 | 412 | 416));
    let (severity, message) = if let Some(host) = foreign_host(old, next) {
        (
            Severity::Error,
            format!("Host stays {host:?} while the target is {}", next.url.authority()),
        )
    } else if let Some(name) = signed(old, next).filter(|name| kept(&name)) {
        (
            Severity::Warning,
            format!("{name} was made for the first request and does not hold for the next"),
        )
    } else if lost_body && let Some(name) = OF_BODY.iter().find(kept) {
        (Severity::Warning, format!("{name} goes along though the body does not"))
    } else if let Some(status) = refused
        && old.url != next.url
        && let Some(name) = OF_URL.iter().find(kept)
    {
        (Severity::Warning, format!("{name} is meant for another URL, hence the {status}"))
    } else {
        return;
    };
    report.add_as(severity, Anchor::Step, message, report.usual_fix());
}

/// A Host of the user's own that the client keeps for another authority.
fn foreign_host(old: &Request, next: &Request) -> Option<String> {
    let [own, host] = [old, next].map(|request| request.fields.first("Host"));
    let host = own.filter(|own| host.is_some_and(|host| host.value == own.value))?;
    if host.value == old.url.authority().as_bytes() || old.url.host() == next.url.host() {
        return None;
    }
    let host = host.text();
    let name = host.split(':').next().map(str::to_ascii_lowercase);
    (name.as_deref() != next.url.host_str()).then_some(host)
}

/// The field with a signature or proof that does not hold for the next request.
fn signed(old: &Request, next: &Request) -> Option<&'static str> {
    if old.fields.contains("DPoP") && (old.method != next.method || !same_target(old, next)) {
        return Some("DPoP");
    }
    let covers = |name: &&str| {
        let text = old.fields.text(name).map(|text| text.to_ascii_lowercase());
        text.is_some_and(|text| changed(old, next).any(|component| text.contains(component)))
    };
    ["Signature-Input", "Signature"].into_iter().find(covers)
}

/// What differs, by the names of RFC 9421 §2.2 and those of the draft before it (draft-cavage-http-signatures).
fn changed(old: &Request, next: &Request) -> impl Iterator<Item = &'static str> {
    let part = |range: fn(&Url) -> &str| range(&old.url) != range(&next.url);
    let method = old.method != next.method;
    let authority = part(Url::authority);
    let own = old.target() != next.target();
    let all = [
        ("\"@method\"", method),
        ("\"@target-uri\"", !same_target(old, next)),
        ("\"@authority\"", authority),
        ("\"@scheme\"", part(Url::scheme)),
        ("\"@request-target\"", own),
        ("\"@path\"", part(Url::path)),
        ("\"@query", part(|url| url.query().unwrap_or_default())),
        ("\"host\"", authority),
        ("(request-target)", own || method),
        (" host", authority),
    ];
    all.into_iter().filter(|(_, differs)| *differs).map(|(component, _)| component)
}

fn same_target(old: &Request, next: &Request) -> bool {
    old.url[..Position::AfterQuery] == next.url[..Position::AfterQuery]
}
