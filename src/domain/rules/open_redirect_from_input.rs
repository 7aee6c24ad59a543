//! `open-redirect-from-input`: the request decides which site the redirect leads to.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::probed::target;
use crate::domain::evidence::steering::{Steering, source, steering};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::same_site;
use crate::domain::probe::{CANARY, ProbeKind};

super::rule! {
    /// ## What it does
    /// Flags a redirect to another site whose host (or the whole `Location`) stands in a query
    /// value, a path segment, a form field or the `Referer` of the request, after up to two
    /// rounds of percent-decoding. It is an error when a probe shows that the parameter takes any
    /// site.
    ///
    /// ## Why it matters
    /// The visitor decides where your trusted name sends people, which enables phishing and
    /// token theft.
    ///
    /// ## When it is silent
    /// Link shorteners, OAuth's `redirect_uri` and its like at an identity provider, links with
    /// a signature, and a round trip back to the site that wrote the parameter itself.
    id: "open-redirect-from-input",
    group: Group::OpenRedirect,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "return/next/url parameter trusted",
        Medium: "validator uses startsWith or a regex",
        Low: "intended public redirector or shortener",
    ],
    fix: Medium: "map short ids to targets server-side or compare the parsed origin with an allowlist; show an interstitial for the rest",
    references: [
        "CWE-601",
        "RFC 9700 §4.11.1",
        "ASVS 5.0 3.7.2",
        "WSTG-CLNT-04",
        "OWASP Unvalidated Redirects Cheat Sheet",
        "indico/flask-multipass#94",
        "miniflux/v2#4362",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let (Some(next), Some(location)) = (hop.target(), &hop.location) else { return };
    if let Some(name) = confirmed(hop) {
        let message = format!(
            "the parameter {} takes any site: a probe with {CANARY} was sent there",
            quoted(name)
        );
        let bytes = location.host.clone().unwrap_or(0..location.raw.len());
        let anchor = Anchor::location_bytes(bytes);
        report.add_as(Severity::Error, anchor, message, report.usual_fix());
        return report.comes_from(source(hop, &Steering::Query(name.to_owned())));
    }
    if !hop.cross_site || is_expected(hop) {
        return;
    }
    let Some(place) = steering(hop, next) else { return };
    let host = next.host_str().unwrap_or_default();
    let message =
        format!("{} in the request decides that this leads to {}", place.describe(), quoted(host));
    let bytes = location.host.clone().unwrap_or(0..location.raw.len());
    report.add(Anchor::location_bytes(bytes), message, report.usual_fix());
    report.comes_from(source(hop, &place));
}

/// The parameter in which a probe's canary was followed.
fn confirmed<'a>(hop: &HopEvidence<'a>) -> Option<&'a str> {
    hop.probes().find_map(|probe| match &probe.kind {
        ProbeKind::Parameter(name) => {
            target(probe).is_some_and(|to| to.host_str() == Some(CANARY)).then_some(name.as_str())
        }
        ProbeKind::OtherMethod
        | ProbeKind::Again
        | ProbeKind::PastCaches
        | ProbeKind::OtherPath
        | ProbeKind::Preflight
        | ProbeKind::Field(_)
        | ProbeKind::HostField(_) => None,
    })
}

/// Sending people elsewhere is what this hop is for, or it sends them back to where they came from.
fn is_expected(hop: &HopEvidence<'_>) -> bool {
    const SIGNATURES: [&str; 8] =
        ["sig", "signature", "hmac", "hash", "x-amz-signature", "mac", "digest", "checksum"];
    let signed = hop.base_params.iter().any(|param| {
        SIGNATURES.contains(&param.name.to_ascii_lowercase().as_str()) && param.value.len() >= 8
    });
    let round_trip = hop.next.is_some_and(|next| {
        hop.hop.index > 1
            && hop
                .chain
                .hops
                .iter()
                .take(hop.hop.index - 1)
                .any(|earlier| same_site(&earlier.request.url, next))
    });
    signed
        || round_trip
        || matches!(
            hop.intent.kind,
            Kind::UrlShortener | Kind::OauthOidcResponse | Kind::Saml | Kind::CaptivePortal
        )
        || hop.base_param("redirect_uri").is_some() && hop.base_param("client_id").is_some()
}
