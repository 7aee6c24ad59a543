//! `location-scheme-typo`: the Location was meant as an absolute URL and is none.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::scheme_typo::scheme_typo;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a `Location` that was meant as an absolute URL and is read as something else:
    /// `http//host`, `http;//host`, `https:/host`, `https:host`, `https:///host`, `ttp://host`,
    /// `hxxp://host`, or a bare host name without `//` before it.
    ///
    /// ## Why it matters
    /// Without '://' the value is not an absolute URL, so clients resolve it as a path on the
    /// current host (every measured client turned http//host into /dir/http//host and sent the
    /// credentials there).
    ///
    /// ## When it is silent
    /// A file such as `page.html` is no host name, and neither is a name that ends like a
    /// common file (`run.sh`, `notes.md`), nor a segment that the request's own path had.
    id: "location-scheme-typo",
    group: Group::LocationSyntax,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "hand-typed target in a rule or CMS field (http//www...)",
        High: "host name stored without scheme",
        Medium: "scheme and host concatenated with a missing separator",
        Low: "slash-merging proxy collapsed '//'",
    ],
    fix: Easy: "write a full https:// URL or a path starting with '/'",
    references: [
        "RFC 3986 §3.1",
        "RFC 3986 §4.2",
        "URL: special-scheme-missing-following-solidus",
        "RFC 9110 §10.2.2",
        "curl/curl#791",
        "measured: client matrix",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(location) = hop.location.as_ref().filter(|_| hop.redirects()) else { return };
    let Some(typo) = scheme_typo(location.raw, hop.base()) else { return };
    let reading = match hop.next {
        Some(next) if matches!(next.scheme(), "http" | "https") => {
            format!("so clients go to {next}")
        }
        Some(next) => format!("so clients meet the scheme {:?}", next.scheme()),
        None => "so clients can't use it".to_owned(),
    };
    let message = format!("{}, {reading}", typo.fault);
    let fix = format!("write {}", typo.repaired);
    report.add(Anchor::location_bytes(typo.at), message, fix);
}
