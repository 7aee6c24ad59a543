//! `cors-origin-becomes-null`: the second foreign origin of a CORS request sees Origin: null.

use url::Url;

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::{Origin, same_origin};

super::rule! {
    /// ## What it does
    /// Flags a redirect from one foreign origin to another in answer to a request with
    /// `Origin`: from there on browsers send `Origin: null`. It is an error when the next
    /// response allows a named origin only.
    ///
    /// ## Why it matters
    /// After crossing two foreign origins the browser hides the initiator, so an allowlist of
    /// real origins fails.
    ///
    /// ## When it is silent
    /// A next response that allows `*`, for a request without cookies.
    id: "cors-origin-becomes-null",
    group: Group::Cors,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "API redirects to storage or CDN",
        Medium: "API redirects XHR to the IdP",
        Low: "region routing",
    ],
    fix: Medium: "avoid the second cross-origin hop; return the URL in the body and fetch it directly",
    references: [
        "Fetch: redirect-taint",
        "Fetch: serializing a request origin",
        "JakeChampion/fetch#397",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let fields = &hop.request().fields;
    let (Some(origin), Some(next)) = (fields.text("Origin"), hop.target()) else { return };
    let foreign = origin.parse::<Url>().is_ok_and(|url| !same_origin(&url, hop.base()));
    let cors = fields.text("Sec-Fetch-Mode").is_none_or(|mode| mode == "cors");
    if !foreign || !cors || !hop.cross_origin {
        return;
    }
    let allowed =
        hop.next_hop.and_then(|next| next.exchange.fields().text("Access-Control-Allow-Origin"));
    let severity = match allowed.as_deref() {
        Some("*") if !fields.contains("Cookie") => return,
        Some("null" | "*") | None => Severity::Warning,
        Some(_) => Severity::Error,
    };
    let message = format!("browsers tell {} the origin null instead of {origin}", Origin::of(next));
    report.add_as(severity, Anchor::Step, message, report.usual_fix());
}
