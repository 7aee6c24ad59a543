//! `userinfo-in-location`: the Location has a user name before its host.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::Origin;

super::rule! {
    /// ## What it does
    /// Flags an http or https `Location` whose authority has userinfo, such as
    /// `https://user:password@host/`.
    ///
    /// ## Why it matters
    /// Senders must not put user:password@ into an http(s) reference; clients either refuse it,
    /// send it as Basic auth, or show a misleading host.
    ///
    /// ## When it is silent
    /// An `@` in path or query is nothing special.
    id: "userinfo-in-location",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "base URL configured with embedded credentials",
        Medium: "open redirect using trusted-name@evil-host",
        Low: "email address concatenated into the host",
    ],
    fix: Easy: "remove the userinfo and use proper authentication",
    references: [
        "RFC 9110 §4.2.4",
        "RFC 3986 §3.2.1",
        "RFC 3986 §7.6",
        "Fetch: HTTP-redirect fetch",
        "URL: invalid-credentials",
        "CWE-522",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = &hop.location else { return };
    let Some(userinfo) = &location.userinfo else { return };
    let web = hop.next.is_none_or(|next| matches!(next.scheme(), "http" | "https"));
    if !web || !hop.redirects() {
        return;
    }
    let host = hop.next.map_or_else(|| "the host".to_owned(), |next| Origin::of(next).host);
    let message = format!(
        "a user name stands before {host}: clients refuse it, or send it as Basic credentials, or show the wrong host"
    );
    let bytes =
        if userinfo.is_empty() { userinfo.start..userinfo.end + 1 } else { userinfo.clone() };
    report.add(Anchor::location_bytes(bytes), message, report.usual_fix());
}
