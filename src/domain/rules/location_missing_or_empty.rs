//! `location-missing-or-empty`: a redirect says nothing about where to.

use crate::domain::evidence::{HopEvidence, is_redirect_status};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags 301, 302, 303, 307 and 308 without a `Location`, or with an empty one.
    ///
    /// ## Why it matters
    /// There is nowhere to go: some clients return the 3xx as a success, others treat empty as
    /// the same URL and loop, one goes to '/'.
    ///
    /// ## When it is silent
    /// 300 and 304 need no `Location`.
    id: "location-missing-or-empty",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "redirect helper dropped an invalid value silently",
        Medium: "variable was empty when the header was built",
        Medium: "S3 301 whose new endpoint is only in the XML body",
        Low: "proxy stripped the header",
    ],
    fix: Easy: "always send a Location, or use a non-redirect status",
    references: [
        "RFC 9110 §15.4",
        "RFC 9110 §10.2.2",
        "actix/actix-web#2105",
        "GoogleChrome/developer.chrome.com#2533",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !is_redirect_status(hop.status()) || hop.location.is_some() {
        return;
    }
    let status = hop.status();
    let message = match hop.fields().contains("Location") {
        true => format!(
            "the {status} has an empty Location: some clients stop, some ask for the same URL again"
        ),
        false => format!("the {status} has no Location: there is nowhere to go"),
    };
    let fix = match endpoint(&hop.hop.exchange.body.head) {
        Some(endpoint) => format!("the body names the endpoint to use: {endpoint}"),
        None => report.usual_fix(),
    };
    report.add(Anchor::StatusLine, message, fix);
}

/// Amazon S3 names the bucket's endpoint in the body of a 301 only.
fn endpoint(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body.get(..body.len().min(4096))?).ok()?;
    let (_, rest) = text.split_once("<Endpoint>")?;
    let (endpoint, _) = rest.split_once("</Endpoint>")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    (!endpoint.is_empty() && endpoint.chars().all(plain)).then(|| endpoint.to_owned())
}
