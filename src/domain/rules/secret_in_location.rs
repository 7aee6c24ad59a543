//! `secret-in-location`: a token or password stands in the Location.

use super::session_id_in_url::is_session_param;
use crate::domain::classify::intent::is_presigned;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::params::Param;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::{Origin, is_loopback};
use crate::domain::secret::{has_token_shape, named_like_a_secret};

super::rule! {
    /// ## What it does
    /// Flags every query or fragment parameter of a `Location` that carries a secret by name,
    /// with a value of at least 16 characters, or a value that is a token by its shape. It is
    /// an error when the secret goes to another site, over http, or to a page whose
    /// `Referrer-Policy` lets the whole URL out.
    ///
    /// ## Why it matters
    /// URLs end up in logs, history, Referer headers and proxies, so a token placed in Location
    /// is effectively published.
    ///
    /// ## When it is silent
    /// One-time values that a protocol carries in the URL (`code` with `state`, CAS `ticket`)
    /// and the signatures of presigned URLs have their own rules, and so have session ids. A
    /// parameter that the request had already, on the same site, is info.
    id: "secret-in-location",
    group: Group::Credentials,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "session or access token handed to another app by query string",
        Medium: "implicit OAuth flow",
        Medium: "password-reset or magic link bounced through a tracker",
        Low: "debug parameter left in",
    ],
    fix: Medium: "deliver tokens in a response body, a Secure HttpOnly cookie or via a one-time code with form_post",
    // checked: RFC 6750 §2.3 (the query is not recommended for tokens) and §5.3 (no bearer tokens in page URLs: browser
    // history, server logs)
    references: [
        "RFC 9110 §17.9",
        "RFC 9700 §4.3.2",
        "RFC 6749 §3.1.2.1",
        "RFC 6750 §2.3, §5.3",
        "CWE-598",
        "ASVS 5.0 14.2.1",
        "WSTG-SESS-04",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target().filter(|_| !is_presigned(hop)) else { return };
    for param in hop.params.iter().filter(|param| is_secret(param) || named(hop, param)) {
        let to = if hop.cross_site { "another site" } else { "the URL" };
        let host = Origin::of(next).host;
        let message = format!(
            "{} carries a secret into {to} ({host}), and with it into logs, history and Referer",
            quoted(&param.name)
        );
        report.add_as(
            severity(hop, param),
            Anchor::location_bytes(param.at.clone()),
            message,
            report.usual_fix(),
        );
    }
}

/// The user calls it a secret.
fn named(hop: &HopEvidence<'_>, param: &Param) -> bool {
    !param.value.is_empty() && hop.policy().secrets.parameter(&param.name)
}

fn is_secret(param: &Param) -> bool {
    if is_session_param(&param.name) {
        return false;
    }
    has_token_shape(&param.value)
        || param.value.len() >= 16 && named_like_a_secret(&param.name, &param.value)
}

fn severity(hop: &HopEvidence<'_>, param: &Param) -> Severity {
    let plain = hop.next.is_some_and(|next| next.scheme() == "http" && !is_loopback(next));
    if hop.cross_site || plain || leaks_by_referrer(hop) {
        return Severity::Error;
    }
    let echoed = hop.base_param(&param.name).is_some_and(|base| base.value == param.value);
    if echoed { Severity::Info } else { Severity::Warning }
}

/// The page that gets the secret sends its whole URL on. Without a policy browsers send no more than the origin
/// (Referrer Policy, strict-origin-when-cross-origin).
fn leaks_by_referrer(hop: &HopEvidence<'_>) -> bool {
    let policy = hop.next_hop.and_then(|next| next.exchange.fields().text("Referrer-Policy"));
    policy.is_some_and(|policy| {
        let last = policy.rsplit(',').next().unwrap_or_default().trim();
        matches!(last, "unsafe-url" | "no-referrer-when-downgrade")
    })
}
