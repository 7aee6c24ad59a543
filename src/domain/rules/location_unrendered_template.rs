//! `location-unrendered-template`: a placeholder in the Location was never filled in.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::template::placeholder;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::field::decode;

super::rule! {
    /// ## What it does
    /// Flags a `Location` with `${…}`, `{{…}}`, `<%…%>`, `%{…}`, `$host`, `$uri`,
    /// `$request_uri` or `$1`, with `%s` or `%d`, `[object Object]`, `undefined`, `null`, `NaN`
    /// or `None` for a whole segment or value.
    ///
    /// ## Why it matters
    /// A placeholder was sent instead of its value, so the target cannot be right.
    ///
    /// ## When it is silent
    /// Words within a longer segment, and what the request itself had.
    id: "location-unrendered-template",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "wrong variable syntax for this server",
        High: "JavaScript undefined joined into a URL",
        Medium: "environment variable not set at deploy",
        Low: "literal text on purpose",
    ],
    fix: Easy: "render or escape the variable and fail closed when it is missing",
    references: [
        "RFC 9110 §10.2.2",
        "CWE-20",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let Some(at) = placeholder(location) else { return };
    let Some(text) = location.raw.get(at.clone()).map(decode) else { return };
    let target = hop.base().as_str();
    if target.split(['/', '?', '&', '=']).any(|part| part == text) {
        return;
    }
    let message = format!("{} was meant to be filled in", quoted(&text));
    report.add(Anchor::location_bytes(at), message, report.usual_fix());
}
