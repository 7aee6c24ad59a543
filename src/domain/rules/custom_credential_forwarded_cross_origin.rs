//! `custom-credential-forwarded-cross-origin`: a vendor's credential header goes to another origin.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::field::Field;
use crate::domain::http::origin::Origin;
use crate::domain::http::request::Request;
use crate::domain::secret::{Names, secretish_header};

super::rule! {
    /// ## What it does
    /// Flags a step to another origin on which the client sends a header again that carries a
    /// credential by its name (`X-Api-Key`, `Private-Token`, …, and those that `[secrets]` of the
    /// configuration names) or by the shape of its value.
    ///
    /// ## Why it matters
    /// No mainstream client knows that your API-key header is a secret: all eight measured
    /// clients forwarded X-Api-Key to another origin.
    ///
    /// ## When it is silent
    /// `Authorization`, `Cookie` and `Proxy-Authorization` have a rule of their own. An upgrade
    /// from http to https of the same host hands nothing to anybody new. CSRF and idempotency
    /// tokens are no credentials. Hosts trusted in the configuration lower it to info.
    id: "custom-credential-forwarded-cross-origin",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Observed,
    causes: [
        High: "API key sent in a vendor header",
        Medium: "default headers set on the whole client or session",
        Low: "signed-request headers copied along",
    ],
    fix: Medium: "move the key into Authorization, or stop auto-following and strip the header when the origin changes",
    references: [
        "RFC 9110 §15.4",
        "CWE-200",
        "CWE-522",
        "axios/axios#10884",
        "go-resty/resty#1136",
        "oryx-labs/oryxos#231",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.next_request else { return };
    if !hop.request_leaves(next) {
        return;
    }
    let severity = if hop.policy().trusts(&next.url) { Severity::Info } else { Severity::Error };
    for (at, field) in hop.request().fields.iter().enumerate() {
        let sent_on = next.fields.all(&field.name).any(|other| other.value == field.value);
        if !sent_on || !is_custom_credential(field, &hop.policy().secrets) {
            continue;
        }
        let to = Origin::of(&next.url);
        let message = format!(
            "{} looks like a credential for {} and is sent to {to} too",
            field.name,
            Origin::of(hop.base())
        );
        let fix = format!(
            "move the secret into Authorization, which clients take away, or strip {} when the origin changes",
            field.name
        );
        let anchor = FieldAnchor {
            name: field.name.clone(),
            occurrence: occurrence(hop.request(), at),
            bytes: None,
        };
        report.add_as(severity, Anchor::RequestHeader(anchor), message, fix);
    }
}

fn is_custom_credential(field: &Field, named: &Names) -> bool {
    let known = ["Authorization", "Cookie", "Proxy-Authorization", "Host", "Referer"];
    !known.iter().any(|name| field.is(name))
        && (named.header(&field.name) || secretish_header(&field.name, &field.text()))
}

/// Which of the lines of its name the line at this index is, from 1.
fn occurrence(request: &Request, at: usize) -> usize {
    let lines: Vec<&Field> = request.fields.iter().take(at + 1).collect();
    let Some(line) = lines.last() else { return 1 };
    lines.iter().filter(|other| other.is(&line.name)).count()
}
