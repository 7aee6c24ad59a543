//! Intent: what a redirect is for. Rules use it, so that a well-made login or download is not nagged about.
//!
//! The kinds and their signs are in `assets/intents.toml`: the first kind by precedence with a strong sign, and none
//! against it, is the hop's.

pub(super) mod condition;
mod facts;
mod locale;
pub mod relation;

use url::Url;

use super::table::{CONDITIONS, INTENTS, SIGNS, Span, Text};
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Likelihood;
use crate::domain::http::percent::percent_decoded;
use condition::Look;
use facts::Facts;
pub(crate) use locale::is_tag as is_language_tag;

/// What a hop is for, how sure that is, and why it is believed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Intent {
    pub kind: Kind,
    pub confidence: Likelihood,
    /// One sentence each, strongest first.
    pub evidence: Vec<&'static str>,
}

impl Default for Intent {
    fn default() -> Intent {
        Intent { kind: Kind::Unknown, confidence: Likelihood::Low, evidence: Vec::new() }
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $id:literal,)+) => {
        /// The purposes that are told apart.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
        pub enum Kind {
            $($(#[doc = $doc])+ $kind,)+
            /// Nothing else was recognised.
            #[default]
            Unknown,
        }

        impl Kind {
            /// Every kind that can be recognised.
            pub const ALL: &[Kind] = &[$(Kind::$kind),+];

            /// The kind's name in documents and tables.
            pub fn id(self) -> &'static str {
                match self {
                    $(Kind::$kind => $id,)+
                    Kind::Unknown => "unknown",
                }
            }
        }
    };
}

kinds! {
    /// A client's own step to https from its HSTS store; no server was asked.
    HstsInternal = "hsts-internal",
    /// The network asks for its own login or consent.
    CaptivePortal = "captive-portal",
    /// To an authorization server.
    OauthOidcRequest = "oauth-oidc-request",
    /// Back from an authorization server.
    OauthOidcResponse = "oauth-oidc-response",
    /// To or from a SAML identity provider.
    Saml = "saml",
    /// To a page where people sign in.
    Login = "login",
    /// To the same place, to see whether a cookie sticks.
    SessionCookieBounce = "session-cookie-bounce",
    /// To a page that asks for consent.
    ConsentWall = "consent-wall",
    /// To a page that says the service is down.
    Maintenance = "maintenance",
    /// From a form's POST to the page that shows its result.
    PostRedirectGet = "post-redirect-get",
    /// To a signed or public object in a store.
    StorageDownload = "storage-download",
    /// To another server of the same service.
    LoadBalancerRegion = "load-balancer-region",
    /// To https of the same page.
    HttpsUpgrade = "https-upgrade",
    /// To or from the `www` name.
    WwwApex = "www-apex",
    /// Adds or takes away a trailing slash.
    TrailingSlash = "trailing-slash",
    /// To another spelling of the same page.
    CaseEncoding = "case-encoding",
    /// To one representation of the resource.
    ContentNegotiation = "content-negotiation",
    /// To a language or country.
    LocaleGeo = "locale-geo",
    /// From a short link to its target.
    UrlShortener = "url-shortener",
    /// Through a counter of clicks.
    TrackingAffiliate = "tracking-affiliate",
    /// To a later version of an API.
    ApiVersionMove = "api-version-move",
    /// To where the content is now.
    MovedContent = "moved-content",
}

impl Kind {
    pub fn named(id: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.id() == id)
    }

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

    /// Another form of the same address.
    pub fn is_canonicalisation(self) -> bool {
        matches!(
            self,
            Kind::HttpsUpgrade | Kind::WwwApex | Kind::TrailingSlash | Kind::CaseEncoding
        )
    }
}

/// What there is to know about one kind.
#[derive(Clone, Debug)]
pub struct Row {
    pub kind: Kind,
    /// What it is, in one sentence.
    pub summary: &'static str,
    /// What it changes for the rules.
    pub effect: &'static str,
    /// The statuses that suit it.
    pub expected_status: &'static [u16],
    pub(super) strong: Span,
    pub(super) supporting: Span,
    pub(super) against: Span,
}

/// One sign: what it says when all its conditions hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign {
    pub(super) says: Text,
    /// How sure it makes by itself.
    pub(super) sure: Likelihood,
    conditions: Span,
    needs: Facts,
}

/// The names of parameters that hold the way back.
pub const RETURN_NAMES: [&str; 16] = [
    "next",
    "return",
    "return_to",
    "returnto",
    "returnurl",
    "return_url",
    "redirect",
    "redirect_to",
    "redirect_url",
    "continue",
    "service",
    "target",
    "rd",
    "goto",
    "dest",
    "destination",
];

/// The intent of a hop, seen after the hops before it.
pub fn of(hop: &HopEvidence<'_>, before: &[HopEvidence<'_>]) -> Intent {
    let redirects = hop.redirects();
    if !redirects && !matches!(hop.status(), 200 | 511) {
        return Intent::default();
    }
    let (facts, look) = (Facts::of(hop), Look::at(hop, before));
    let holds = |sign: &&Sign| {
        let can_hold = facts.has(sign.needs);
        debug_assert!(can_hold || !sign.holds(&look), "{sign:?} holds without what it needs");
        can_hold && sign.holds(&look)
    };
    let holding = |of: Span| of.of(&SIGNS).iter().filter(holds);
    for row in rows() {
        let on_page = matches!(row.kind, Kind::CaptivePortal | Kind::Saml);
        if !redirects && !on_page {
            continue;
        }
        let surest = holding(row.strong).map(|sign| sign.sure).max();
        let Some(surest) = surest.filter(|_| holding(row.against).next().is_none()) else {
            continue;
        };
        let signs = holding(row.strong).chain(holding(row.supporting));
        let evidence: Vec<&'static str> = signs.map(|sign| sign.says.get()).collect();
        let confidence = match (evidence.len(), surest) {
            (1, sure) => sure,
            (_, Likelihood::Low) => Likelihood::Medium,
            (_, Likelihood::Medium | Likelihood::High) => Likelihood::High,
        };
        return Intent { kind: row.kind, confidence, evidence };
    }
    Intent::default()
}

/// Every kind, in the order in which they are tried.
pub fn rows() -> &'static [Row] {
    &INTENTS
}

/// A parameter of the Location holds the URL or path that was asked for.
pub fn returns_here(hop: &HopEvidence<'_>) -> bool {
    hop.params.iter().any(|param| {
        RETURN_NAMES.iter().any(|name| param.is(name)) && is_this(hop.base(), &param.value)
    })
}

/// The query has the signature of an object store.
pub fn is_presigned(hop: &HopEvidence<'_>) -> bool {
    !hop.params.is_empty() && is_signed(|name| hop.param(name).is_some())
}

/// The parameters hold the signature of an object store.
pub fn is_signed(has: impl Fn(&str) -> bool) -> bool {
    const SETS: [&[&str]; 8] = [
        &["X-Amz-Signature"],
        &["X-Goog-Signature"],
        &["AWSAccessKeyId", "Signature", "Expires"],
        &["sig", "se", "sv", "sp"],
        &["Signature", "Key-Pair-Id"],
        &["X-Oss-Signature"],
        &["X-Cos-Signature"],
        &["q-sign-algorithm", "q-signature"],
    ];
    SETS.iter().any(|set| set.iter().all(|name| has(name)))
}

/// The value is this URL, as a whole or from its path on.
fn is_this(base: &Url, value: &str) -> bool {
    let value = if value.contains("%2F") || value.contains("%2f") {
        percent_decoded(value)
    } else {
        value.to_owned()
    };
    let path = &base[url::Position::BeforePath..url::Position::AfterQuery];
    let value = value.trim_end_matches('/');
    let is = |own: &str| own.trim_end_matches('/') == value;
    !value.is_empty()
        && (is(path)
            || is(base.path())
            || is(base.as_str())
            || is(&base[..url::Position::AfterPath]))
        || value.is_empty() && base.path() == "/"
}

impl Sign {
    pub(super) const fn new(says: Text, sure: Likelihood, conditions: Span) -> Sign {
        Sign { says, sure, conditions, needs: Facts::needed_by(conditions) }
    }

    fn holds(&self, look: &Look<'_, '_>) -> bool {
        self.conditions.of(&CONDITIONS).iter().all(|condition| condition.holds(look))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_row_for_each_kind() {
        let ids: Vec<&str> = rows().iter().map(|row| row.kind.id()).collect();
        assert_eq!(ids.len(), Kind::ALL.len(), "{ids:?}");
        assert!(Kind::ALL.iter().all(|kind| ids.contains(&kind.id())));
        for row in rows() {
            let signs = row.strong.of(&SIGNS);
            assert!(!signs.is_empty() && !row.summary.is_empty(), "{row:?}");
            assert!(signs.iter().all(|sign| !sign.says.get().is_empty()), "{row:?}");
        }
    }
}
