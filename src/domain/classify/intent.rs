//! Intent: what a redirect is for. Rules use it, so that a well-made login or download is not nagged about.

use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Likelihood;
use crate::domain::http::origin::same_site;

/// What a hop is for, how sure that is, and why it is believed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Intent {
    pub kind: Kind,
    pub confidence: Likelihood,
    /// One sentence each, strongest first.
    pub evidence: Vec<String>,
}

impl Default for Intent {
    fn default() -> Intent {
        Intent { kind: Kind::Unknown, confidence: Likelihood::Low, evidence: Vec::new() }
    }
}

/// The purposes that are told apart.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Kind {
    HstsInternal,
    CaptivePortal,
    OauthOidcRequest,
    OauthOidcResponse,
    Saml,
    Login,
    SessionCookieBounce,
    ConsentWall,
    Maintenance,
    PostRedirectGet,
    StorageDownload,
    LoadBalancerRegion,
    HttpsUpgrade,
    WwwApex,
    TrailingSlash,
    CaseEncoding,
    ContentNegotiation,
    LocaleGeo,
    UrlShortener,
    TrackingAffiliate,
    ApiVersionMove,
    MovedContent,
    /// Nothing else was recognised.
    #[default]
    Unknown,
}

impl Kind {
    /// The visitor is sent away to sign in.
    pub fn asks_for_login(self) -> bool {
        matches!(self, Kind::OauthOidcRequest | Kind::Saml | Kind::Login)
    }

    /// A stop on the way of signing in or consenting; counted apart from other hops.
    pub fn is_journey(self) -> bool {
        self.asks_for_login()
            || matches!(
                self,
                Kind::OauthOidcResponse | Kind::SessionCookieBounce | Kind::ConsentWall
            )
    }
}

/// The names of parameters that hold the way back.
pub const RETURN_NAMES: [&str; 12] = [
    "next",
    "return",
    "return_to",
    "returnto",
    "returnurl",
    "return_url",
    "redirect",
    "redirect_to",
    "continue",
    "service",
    "rd",
    "goto",
];

/// The intent of a hop, seen after the hops before it.
pub fn of(hop: &HopEvidence<'_>, before: &[HopEvidence<'_>]) -> Intent {
    let _ = before;
    let Some(next) = hop.target() else { return Intent::default() };
    let has = |name: &str| hop.param(name).is_some();
    let kind = if has("client_id") && (has("response_type") || has("request_uri")) {
        Kind::OauthOidcRequest
    } else if has("state") && (has("code") || has("error"))
        || has("id_token")
        || has("access_token")
    {
        Kind::OauthOidcResponse
    } else if has("SAMLRequest") || has("SAMLResponse") {
        Kind::Saml
    } else if is_login(next) && !is_login(hop.base()) {
        Kind::Login
    } else if is_presigned(hop) {
        Kind::StorageDownload
    } else if is_post_redirect_get(hop) {
        Kind::PostRedirectGet
    } else if hop.upgrades() && same_resource(hop) {
        Kind::HttpsUpgrade
    } else {
        Kind::Unknown
    };
    Intent { kind, ..Intent::default() }
}

/// A path segment means signing in.
pub fn is_login(url: &url::Url) -> bool {
    const SEGMENTS: [&str; 10] = [
        "login",
        "log-in",
        "log_in",
        "signin",
        "sign-in",
        "sign_in",
        "sso",
        "auth",
        "wp-login.php",
        "__auth",
    ];
    url.path().split('/').any(|segment| SEGMENTS.contains(&segment.to_ascii_lowercase().as_str()))
}

/// The query has the signature of an object store.
pub fn is_presigned(hop: &HopEvidence<'_>) -> bool {
    const SETS: [&[&str]; 7] = [
        &["X-Amz-Signature"],
        &["X-Goog-Signature"],
        &["AWSAccessKeyId", "Signature", "Expires"],
        &["sig", "se", "sv", "sp"],
        &["Signature", "Key-Pair-Id"],
        &["X-Oss-Signature"],
        &["X-Cos-Signature"],
    ];
    SETS.iter().any(|set| set.iter().all(|name| hop.param(name).is_some()))
}

fn is_post_redirect_get(hop: &HopEvidence<'_>) -> bool {
    let Some(next) = hop.next else { return false };
    hop.method() == "POST"
        && same_site(hop.base(), next)
        && (hop.status() == 303 || hop.status() == 302 && hop.sends_form())
        && next.path().trim_end_matches('/') != hop.base().path().trim_end_matches('/')
}

fn same_resource(hop: &HopEvidence<'_>) -> bool {
    hop.next
        .is_some_and(|next| next.path() == hop.base().path() && next.query() == hop.base().query())
}
