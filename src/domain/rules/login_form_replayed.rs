//! `login-form-replayed`: a status that keeps the body repeats a typed password.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::steering::password_field;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::Origin;

super::rule! {
    /// ## What it does
    /// Flags a 307 or 308 in answer to a POST with a password: the client sends it again, to
    /// the target. It is an error when the target is another origin, a warning within the
    /// origin. A 301 or 302 is a hint.
    ///
    /// ## Why it matters
    /// A 307/308 makes the browser re-submit the typed credentials to the redirect target,
    /// which for an identity provider is the relying party.
    ///
    /// ## When it is silent
    /// An upgrade to https of the same host counts as the same origin.
    id: "login-form-replayed",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "IdP or login page uses 307",
        Medium: "blanket http-to-https rule with 307/308 in front of the login",
        Low: "load balancer moved the login host",
    ],
    fix: Easy: "answer credential posts with 303",
    references: [
        "RFC 9700 §4.12",
        "RFC 9700 §2.1",
        "RFC 9110 §15.4.8",
        "CWE-522",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target().filter(|_| hop.method() == "POST") else { return };
    let status = hop.status();
    let severity = match status {
        307 | 308 if hop.leaves() => Severity::Error,
        307 | 308 => Severity::Warning,
        301 | 302 => Severity::Hint,
        _ => return,
    };
    let Some(field) = password_field(hop) else { return };
    let field = quoted(&field);
    let message = match severity {
        Severity::Hint => {
            format!("{status} leaves open whether the body with {field} is sent again")
        }
        _ => format!("the {status} sends the body with {field} again, to {}", Origin::of(next)),
    };
    report.add_as(severity, Anchor::StatusLine, message, report.usual_fix());
}
