//! `non-http-redirect-target`: the target is neither http nor https.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::scheme_typo::scheme_typo;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect to a scheme other than http and https: an error for `javascript:`,
    /// `data:`, `file:`, `ftp:` and their like, info for the schemes of applications.
    ///
    /// ## Why it matters
    /// HTTP clients cannot follow it and dangerous schemes are either blocked or executed.
    ///
    /// ## When it is silent
    /// A scheme that is a misspelt http is `location-scheme-typo`'s.
    id: "non-http-redirect-target",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "native-app OAuth callback",
        Medium: "user-supplied URL without scheme check",
        Low: "file or ftp legacy link",
    ],
    fix: Medium: "redirect only to https; for app links serve an https page with the deep link",
    references: [
        "Fetch: HTTP-redirect fetch",
        "RFC 9110 §15.4",
        "CWE-601",
        "ASVS 5.0 1.2.2",
        "Orange-OpenSource/hurl#3293",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

const REFUSED: [&str; 12] = [
    "javascript",
    "data",
    "file",
    "ftp",
    "ftps",
    "gopher",
    "blob",
    "vbscript",
    "about",
    "view-source",
    "ws",
    "wss",
];

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let (Some(next), Some(location)) = (hop.target(), &hop.location) else { return };
    let scheme = next.scheme();
    if matches!(scheme, "http" | "https") || scheme_typo(location.raw, hop.base()).is_some() {
        return;
    }
    let (severity, message, cause) = if REFUSED.contains(&scheme) {
        (
            Severity::Error,
            format!(
                "clients stop at {scheme}:, and one that goes on opens whatever the server names"
            ),
            match scheme {
                "file" | "ftp" | "ftps" | "gopher" => "file or ftp legacy link",
                _ => "user-supplied URL without scheme check",
            },
        )
    } else {
        (
            Severity::Info,
            format!("{scheme}: opens an application; HTTP clients stop here"),
            "native-app OAuth callback",
        )
    };
    let anchor = location.scheme.clone().map_or_else(Anchor::location, Anchor::location_bytes);
    report.add_as(severity, anchor, message, report.usual_fix());
    report.because(cause);
}
