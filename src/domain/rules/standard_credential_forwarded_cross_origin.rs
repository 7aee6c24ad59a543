//! `standard-credential-forwarded-cross-origin`: Authorization, a cookie given by hand or Proxy-Authorization goes to another origin.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::origin::Origin;
use crate::domain::http::request::FieldSource;

super::rule! {
    /// ## What it does
    /// Flags a step to another origin on which the client sends the same `Authorization`,
    /// `Proxy-Authorization` or hand-given `Cookie` again.
    ///
    /// ## Why it matters
    /// Whoever controls the redirect target now holds the caller's credential (wget and urllib
    /// do this by default).
    ///
    /// ## When it is silent
    /// An upgrade from http to https of the same host hands nothing to anybody new. Cookies
    /// from the jar are matched by domain. Hosts trusted in the configuration lower it to info.
    id: "standard-credential-forwarded-cross-origin",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Observed,
    causes: [
        High: "client library copies all headers",
        Medium: "--location-trusted or equivalent switched on",
        Medium: "custom redirect hook re-adds the header",
        Low: "reverse proxy follows the redirect internally",
    ],
    fix: Medium: "use a client that scopes credentials to the origin, or disable auto-follow and re-add credentials only for trusted origins",
    references: [
        "RFC 9110 §15.4",
        "RFC 9110 §11.7.2",
        "Fetch: HTTP-redirect fetch",
        "CWE-522",
        "CVE-2018-1000007",
        "CVE-2023-32681",
        "CVE-2026-44486",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

const NAMES: [&str; 3] = ["Authorization", "Cookie", "Proxy-Authorization"];

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.next_request else { return };
    if !hop.request_leaves(next) {
        return;
    }
    for name in NAMES {
        let Some((field, source)) = hop.request().sourced().find(|(field, _)| field.is(name))
        else {
            continue;
        };
        let kept = next.fields.all(name).any(|other| other.value == field.value);
        if !kept || source == FieldSource::Jar {
            continue;
        }
        let trusted = hop.policy().trusts(&next.url);
        let severity = if trusted { Severity::Info } else { Severity::Error };
        let (from, to) = (Origin::of(hop.base()), Origin::of(&next.url));
        let message = format!("{name}, meant for {from}, is sent to {to} too");
        let fix = format!(
            "don't follow automatically to {}: send {name} only to hosts you trust",
            to.host
        );
        let anchor = FieldAnchor { name: field.name.clone(), occurrence: 1, bytes: None };
        report.add_as(severity, Anchor::RequestHeader(anchor), message, fix);
    }
}
