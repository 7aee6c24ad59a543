//! `presigned-request-altered-by-redirect`: a redirect changes what a presigned URL's signature covers.

use url::Url;

use crate::domain::classify::intent::is_signed;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect from one presigned URL to another with the same signature, where the
    /// host, the path or another parameter changes.
    ///
    /// ## Why it matters
    /// The signature covers host, path and verb, so the redirected request cannot verify.
    ///
    /// ## When it is silent
    /// Where only the host changes and the signature does not cover it, it is info. A new
    /// signature is a new URL.
    id: "presigned-request-altered-by-redirect",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "global endpoint used for a bucket in another region",
        Medium: "HEAD probe of a GET-signed URL",
        Low: "CDN adds a slash or lower-cases the path",
    ],
    fix: Easy: "presign against the bucket's regional endpoint; never follow HEAD for a GET-signed URL",
    references: [
        "aws/aws-cli#2424",
        "snowflakedb/snowflake-connector-python#2900",
        "RFC 9110 §15.4.8",
    ],
    check: Check::EachHop(check),
}

const SIGNATURES: [&str; 6] = [
    "X-Amz-Signature",
    "X-Goog-Signature",
    "X-Oss-Signature",
    "X-Cos-Signature",
    "Signature",
    "sig",
];

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target().filter(|_| !hop.base_params.is_empty()) else { return };
    let signed = is_signed(|name| hop.base_param(name).is_some())
        && is_signed(|name| hop.param(name).is_some());
    let same = SIGNATURES.iter().any(|name| {
        hop.base_param(name).zip(hop.param(name)).is_some_and(|(old, new)| old.value == new.value)
    });
    if !signed || !same {
        return;
    }
    let rest = |url: &Url| (url.path().to_owned(), url.query().unwrap_or_default().to_owned());
    let (message, severity) = if rest(hop.base()) != rest(next) {
        ("path or parameters change, and the signature covers them", Severity::Error)
    } else if hop.base().host() != next.host() {
        match covers_host(hop) {
            true => ("the host changes, and the signature covers it", Severity::Error),
            false => ("the host changes; the signature may not cover it", Severity::Info),
        }
    } else {
        return;
    };
    report.add_as(
        severity,
        Anchor::Step,
        format!("{message}: the store will refuse it"),
        report.usual_fix(),
    );
}

fn covers_host(hop: &HopEvidence<'_>) -> bool {
    ["X-Amz-SignedHeaders", "X-Goog-SignedHeaders"].iter().any(|name| {
        hop.base_param(name)
            .is_some_and(|param| param.value.split(';').any(|field| field == "host"))
    })
}
