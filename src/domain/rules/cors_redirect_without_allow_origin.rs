//! `cors-redirect-without-allow-origin`: a redirect of a CORS request without its CORS fields.

use url::Url;

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::origin::same_origin;

super::rule! {
    /// ## What it does
    /// Flags a redirect in answer to a request from another origin (`Origin`) whose
    /// `Access-Control-Allow-Origin` is absent or allows somebody else. With cookies the origin
    /// must be named, and `Access-Control-Allow-Credentials` be true.
    ///
    /// ## Why it matters
    /// Each response in a CORS chain is checked on its own, so a header only on the final 200
    /// is not enough.
    ///
    /// ## When it is silent
    /// Navigations (`Sec-Fetch-Mode` other than `cors`).
    id: "cors-redirect-without-allow-origin",
    group: Group::Cors,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "edge redirects before the app adds CORS",
        Medium: "error/redirect responses skip the middleware",
    ],
    fix: Easy: "add the CORS headers to 3xx responses too",
    references: [
        "Fetch: CORS check",
        "Fetch: HTTP fetch",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let fields = &hop.request().fields;
    let Some(origin) = fields.text("Origin").filter(|_| hop.redirects()) else { return };
    let foreign = origin.parse::<Url>().is_ok_and(|url| !same_origin(&url, hop.base()));
    let cors = fields.text("Sec-Fetch-Mode").is_none_or(|mode| mode == "cors");
    if !foreign || !cors || hop.method() == "OPTIONS" {
        return;
    }
    let credentials = fields.contains("Cookie");
    let allowed = hop.fields().text("Access-Control-Allow-Origin");
    let agrees =
        hop.fields().text("Access-Control-Allow-Credentials").is_some_and(|text| text == "true");
    let message = match allowed.as_deref() {
        None => format!(
            "the redirect does not allow {origin}: browsers stop here, whatever the last response says"
        ),
        Some("*") if credentials => "\"*\" does not hold for requests with cookies".to_owned(),
        Some("*") => return,
        Some(own) if own == origin && (agrees || !credentials) => return,
        Some(own) if own == origin => {
            "with cookies, Access-Control-Allow-Credentials must be true".to_owned()
        }
        Some(_) => format!("the redirect allows another origin than {origin}"),
    };
    let anchor = match allowed {
        None => Anchor::StatusLine,
        Some(_) => Anchor::Header(FieldAnchor {
            name: "Access-Control-Allow-Origin".to_owned(),
            occurrence: 1,
            bytes: None,
        }),
    };
    report.add(anchor, message, report.usual_fix());
}
