//! `referer-leaks-url-cross-origin`: the Referer tells another origin the whole URL.

use crate::domain::evidence::{HopEvidence, url_params};
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::origin::{Origin, same_origin};
use crate::domain::http::request::FieldSource;
use crate::domain::secret::secretish;

super::rule! {
    /// ## What it does
    /// Flags a `Referer` that the client adds by itself, with path or query, on a request to
    /// another origin: a warning when there is a query, info when it is the path only.
    ///
    /// ## Why it matters
    /// Go's net/http and reqwest add the full previous URL as Referer on every hop, so query
    /// secrets reach the next origin.
    ///
    /// ## When it is silent
    /// A `Referrer-Policy` on the redirect that forbids it, and a Referer that the user wrote.
    id: "referer-leaks-url-cross-origin",
    group: Group::Credentials,
    severity: Severity::Warning,
    needs: Needs::Observed,
    causes: [
        High: "client adds Referer automatically",
        Medium: "Referrer-Policy: unsafe-url",
        Low: "legacy app depends on full Referer",
    ],
    fix: Easy: "send Referrer-Policy: strict-origin-when-cross-origin (or no-referrer) on the redirect, and switch automatic Referer off in the client",
    references: [
        "RFC 9110 §10.1.3",
        "RFC 9110 §17.9",
        "Fetch: HTTP-redirect fetch",
        "RFC 9700 §4.2",
        "ASVS 5.0 3.4.5",
        "CWE-200",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.next_request else { return };
    let own = next
        .sourced()
        .find(|(field, source)| field.is("Referer") && *source == FieldSource::Client);
    let Some(referer) = own.and_then(|(field, _)| field.text().parse().ok()) else { return };
    let referer: url::Url = referer;
    let bare = referer.path() == "/" && referer.query().is_none();
    let secret = url_params(&referer).iter().any(|param| secretish(&param.name, &param.value));
    if bare || same_origin(&referer, &next.url) || !secret && !lets_out(hop) {
        return;
    }
    let to = Origin::of(&next.url);
    let (severity, what) = match (secret, referer.query().is_some()) {
        (true, _) => (Severity::Warning, "a secret in its query"),
        (false, true) => (Severity::Warning, "its query"),
        (false, false) => (Severity::Info, "its path"),
    };
    let message = format!("the Referer tells {to} the URL of {} with {what}", Origin::of(&referer));
    let line = Anchor::RequestHeader(FieldAnchor {
        name: "Referer".to_owned(),
        occurrence: 1,
        bytes: None,
    });
    match hop.next_hop {
        Some(next) => report.add_on(next.index, severity, line, (message, report.usual_fix())),
        None => report.add_as(severity, Anchor::Step, message, report.usual_fix()),
    }
}

/// The redirect has no policy, or one that sends the whole URL.
fn lets_out(hop: &HopEvidence<'_>) -> bool {
    hop.fields().text("Referrer-Policy").is_none_or(|policy| policy.contains("unsafe-url"))
}
