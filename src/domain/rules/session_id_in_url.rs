//! `session-id-in-url`: the session's id stands in the URL.

use std::ops::Range;

use crate::domain::classify::find_in_any_case;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::reference::Reference;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a `Location` with `;jsessionid=` or `;sid=` in its path, an ASP.NET `(S(…))`
    /// segment, or a query parameter `PHPSESSID`, `sid`, `sessionid` or `ASPSESSIONID…` with at
    /// least 16 characters.
    ///
    /// ## Why it matters
    /// The session id leaks through logs and links and lets anyone with the URL take over.
    ///
    /// ## When it is silent
    /// Short values of `sid` mean something else.
    id: "session-id-in-url",
    group: Group::Cookies,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "servlet container falls back to URL rewriting on the first redirect",
        Low: "cookieless ASP.NET mode",
    ],
    fix: Easy: "turn URL rewriting off and use cookies only",
    references: [
        "CWE-598",
        "ASVS 5.0 14.2.1",
        "WSTG-SESS-04",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let in_query =
        hop.params.iter().find(|param| is_session_param(&param.name) && param.value.len() >= 16);
    let Some(at) = in_path(location).or_else(|| in_query.map(|param| param.at.clone())) else {
        return;
    };
    let message = "the session id is in the URL: whoever sees the URL has the session".to_owned();
    report.add(Anchor::location_bytes(at), message, report.usual_fix());
}

/// A parameter that carries a session by its name.
pub(crate) fn is_session_param(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    matches!(name.as_str(), "phpsessid" | "sid" | "sessionid" | "jsessionid")
        || name.starts_with("aspsessionid")
}

fn in_path(location: &Reference<'_>) -> Option<Range<usize>> {
    let start = location.path.start;
    let path = location.raw.get(location.path.clone())?;
    if !path.iter().any(|byte| matches!(byte, b';' | b'(')) {
        return None;
    }
    for mark in [&b";jsessionid="[..], b";sid=", b"/(S("] {
        if let Some(at) = find_in_any_case(path, mark) {
            let rest = path.get(at + 1..)?;
            let end =
                rest.iter().position(|byte| matches!(byte, b'/' | b';')).unwrap_or(rest.len());
            return Some(start + at + 1..start + at + 1 + end);
        }
    }
    None
}
