//! Policies: the smaller groups of parameters, one struct a group.

use serde::Deserialize;

use super::scope::Keep;
use crate::domain::http::schemes::Schemes;

/// What a client does where it can't or won't go on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// It reports an error.
    #[default]
    Error,
    /// It hands out the redirect as the final response.
    Final,
}

/// How many redirects are followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limit {
    /// Redirects followed, not requests sent.
    pub redirects: u32,
    pub at_limit: Refusal,
    /// Requests to one URL (fragment included) after the first request; `None`: no bound.
    pub visits: Option<u32>,
    /// What the user permits redirects to lead to (`--proto`, `--proto-redir`), whichever client.
    #[serde(skip)]
    pub schemes: Schemes,
}

impl Default for Limit {
    fn default() -> Limit {
        Limit { redirects: 20, at_limit: Refusal::Error, visits: None, schemes: Schemes::BOTH }
    }
}

/// What becomes of bodies and the fields that describe them.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct BodyRules {
    /// Fields dropped when a request is rewritten to GET, lower case.
    pub rewrite_drops: Vec<String>,
    /// Fields dropped when the method is kept and the body lost, lower case.
    pub without_body_drops: Vec<String>,
    /// A body that can't be read again, where it should be sent again.
    pub streamed: Streamed,
    /// A body that can't be read again, where the request is rewritten to GET.
    pub streamed_rewrite: StreamedRewrite,
    /// Where the status is neither 307 nor 308, the body is dropped to another origin, and POST becomes GET.
    pub dropped_cross_origin: bool,
}

impl Default for BodyRules {
    fn default() -> BodyRules {
        let names = ["content-type", "content-language", "content-encoding", "content-location"];
        BodyRules {
            rewrite_drops: names.map(str::to_owned).to_vec(),
            without_body_drops: Vec::new(),
            streamed: Streamed::Resend,
            streamed_rewrite: StreamedRewrite::Follow,
            dropped_cross_origin: false,
        }
    }
}

/// What is done with a body that can't be read again where it should be sent again.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Streamed {
    /// The client kept a copy and sends it again.
    #[default]
    Resend,
    /// The request goes out with an empty body.
    Empty,
    Error,
    /// The redirect is handed out as the final response.
    Final,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StreamedRewrite {
    #[default]
    Follow,
    Error,
    /// An error but for 303 (Fetch, HTTP-redirect fetch, step 11).
    ErrorUnlessSeeOther,
}

/// Credentials: those of the client's own option, and those in URLs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CredentialRules {
    /// Credentials given by option (`-u`).
    pub option: Keep,
    /// Credentials from the userinfo of the first URL.
    pub url: Keep,
    /// Credentials in a Location.
    pub location: Userinfo,
    /// Credentials of a Location are remembered beyond the hop they led to.
    pub location_remembered: bool,
    /// User name and password are forgotten for good where port or scheme changes (curl lib/transfer.c, "Clear auth").
    pub forgotten_on_port_change: bool,
    /// A relative Location inherits the userinfo of the URL it was found at.
    pub inherited_by_relative: bool,
}

/// What is done with userinfo in a Location.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Userinfo {
    #[default]
    Ignore,
    /// Sent as Basic, in place of any Authorization.
    Send,
    /// Sent as Basic unless there is an Authorization already.
    SendIfNone,
    /// Sent as Basic to the origin of the first URL only, unless there is an Authorization already.
    SendToInitialOrigin,
    Error,
    /// An error to another origin.
    ErrorCrossOrigin,
    /// Sent as Basic; an error when there is an Authorization already.
    SendOrClash,
}

/// Cookies: the jar, and how it mixes with a Cookie the user wrote.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct CookieRules {
    /// Whether Set-Cookie is remembered without being asked for.
    pub jar: JarUse,
    /// Cookie field and jar cookies for one request.
    pub mix: Mix,
    /// Host-only cookies go to subdomains as well (Python's `http.cookiejar`).
    pub host_only_to_subdomains: bool,
    /// Secure cookies go over http as well.
    pub secure_over_http: bool,
    /// Secure cookies go over http to `localhost`, `127.0.0.1` and `::1` (curl `lib/cookie.c`, 7.79 and later).
    pub secure_on_this_machine: bool,
    /// Cookies are refused whose Path does not cover the URL that set them.
    pub set_within_path: bool,
    /// Among cookies of one path the longest name comes first, then the newest (curl `lib/cookie.c`, cookie_sort).
    pub long_names_first: bool,
    /// Among cookies of one path the newest comes first (wget `src/cookies.c`, find_chains_of_host).
    pub newest_first: bool,
    /// A cookie's path covers every path that begins with the same characters (wget `src/cookies.c`, path_matches).
    pub path_by_characters: bool,
    /// A host's own cookie that was set at a port other than 80 and 443 goes to that port only (wget `src/cookies.c`).
    pub by_port: bool,
    /// The host that the user's own Host field names stands for every host of the chain (curl 7.88 `lib/http.c`, Curl_http_host:
    /// `cookiehost` outlives the redirect).
    pub by_host_field: bool,
    /// Hosts that are IP addresses get no cookies (`aiohttp.CookieJar` with `unsafe=False`).
    pub names_only: bool,
    /// A cookie with SameSite=None is refused without Secure, as browsers do (RFC 6265bis §5.7).
    pub same_site: bool,
    /// Set-Cookie is read as curl reads it (`lib/cookie.c`).
    pub as_curl: bool,
    /// As `mix`, where the user switched the jar on (a session); `None`: the same.
    pub mix_asked: Option<Mix>,
    /// How far the user's Cookie field goes where the user switched the jar on; `None`: as far as without.
    pub field_asked: Option<Keep>,
    /// How far cookies given by option (`-b 'k=v'`) go; `None`: as far as a Cookie field.
    pub option: Option<Keep>,
}

impl Default for CookieRules {
    fn default() -> CookieRules {
        CookieRules {
            jar: JarUse::Off,
            mix: Mix::FieldOnly,
            host_only_to_subdomains: false,
            secure_over_http: false,
            secure_on_this_machine: false,
            set_within_path: false,
            long_names_first: false,
            newest_first: false,
            path_by_characters: false,
            by_port: false,
            by_host_field: false,
            names_only: false,
            same_site: false,
            as_curl: false,
            mix_asked: None,
            field_asked: None,
            option: None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum JarUse {
    /// There is none; cookies are other code's business.
    Absent,
    #[default]
    Off,
    On,
    /// Switched on by the user.
    Asked,
    /// Only towards the origin of the first URL (Fetch, credentials mode `same-origin`).
    SameOrigin,
}

/// How a Cookie the user wrote mixes with cookies of the jar.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mix {
    /// The user's field only.
    #[default]
    FieldOnly,
    /// The jar only, when it has a cookie for the URL.
    JarOnly,
    /// Two Cookie lines, the jar's first.
    TwoLines,
    /// One line, the user's cookies first.
    FieldFirst,
    /// One line, the jar's cookies first.
    JarFirst,
    /// One line, the user's cookies first, those the jar has too with the jar's value.
    JarOverrides,
}

/// The Referer that a client adds by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct RefererRules {
    pub adds: Referer,
    /// It replaces a Referer the user wrote.
    pub replaces: bool,
    /// A Referer given as a field (`-H`) stays all the same.
    pub keeps_field: bool,
    /// The fragment of the previous URL is part of it.
    pub keeps_fragment: bool,
    /// As the URL was sent, and from https to http as well (curl `lib/transfer.c`, Curl_follow).
    pub as_written: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Referer {
    #[default]
    None,
    /// The whole previous URL, except from https to http.
    PreviousUrl,
    /// The page's own Referer, trimmed anew by Referrer-Policy at each hop (Fetch, `strict-origin-when-cross-origin`
    /// unless a response says otherwise).
    Retrimmed,
}

/// The target URI beside its path: fragment, scheme changes, Host.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TargetRules {
    pub fragment: Fragment,
    /// From https to http.
    pub downgrade: Downgrade,
    /// From https to http with a body.
    pub downgrade_with_body: Downgrade,
    pub host: HostOverride,
    pub written_host: WrittenHost,
    /// Strict-Transport-Security of earlier hops turns http into https (RFC 6797 §8.3).
    pub hsts: bool,
    /// After an answer in HTTP/1.0 it asks in HTTP/1.0, whichever server (curl `lib/http.c`, Curl_use_http_1_1plus).
    pub steps_down: bool,
}

/// What of a Location's host goes into the Host field as it is written, not in normal form.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct WrittenHost {
    /// Upper and lower case.
    pub case: bool,
    /// A port that is the default one, or empty.
    pub port: bool,
    /// A decimal number for an IPv4 address.
    pub number: bool,
    /// Letters beyond ASCII, instead of punycode.
    pub letters: bool,
    /// A dot at the end is dropped.
    pub drops_dot: bool,
}

/// Whether a URL without fragment takes over the one before.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fragment {
    #[default]
    Inherit,
    /// Also where the Location ends in a bare `#`.
    InheritIfEmpty,
    Drop,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Downgrade {
    #[default]
    Follow,
    /// The redirect is handed out as the final response.
    Final,
    Error,
    /// An error when the first URL was https (mixed content).
    ErrorIfFirstWasHttps,
}

/// A Host the user wrote.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HostOverride {
    /// Sent to every host.
    #[default]
    Keep,
    /// Sent while the host is that of the first URL.
    SameHost,
    /// Sent after a relative Location only.
    RelativeOnly,
    /// Sent with the first request only.
    Drop,
}

/// How strictly a response head and body are taken before a redirect is followed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Strictness {
    /// A NUL in the Location.
    pub nul: BadByte,
    /// A CR in the Location that ends no line.
    pub cr: BadByte,
    /// A folded Location.
    pub folded: Folded,
    /// A Location with a space before its colon is none.
    pub misses_spaced_location: bool,
    /// A Location without a value is none where there is another (curl `lib/http.c`, Curl_http_header).
    pub misses_empty_location: bool,
    /// A line without a colon is an error.
    pub refuses_no_colon: bool,
    /// Lines that end in LF alone are an error.
    pub refuses_bare_lf: bool,
    /// A redirect whose body is short is an error.
    pub refuses_short_body: bool,
    /// A redirect whose body can't be decoded is an error.
    pub refuses_bad_coding: bool,
}

impl Default for Strictness {
    fn default() -> Strictness {
        Strictness {
            nul: BadByte::Error,
            cr: BadByte::Error,
            folded: Folded::Join,
            misses_spaced_location: false,
            misses_empty_location: false,
            refuses_no_colon: false,
            refuses_bare_lf: false,
            refuses_short_body: false,
            refuses_bad_coding: false,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadByte {
    #[default]
    Error,
    /// The value ends before it.
    Cut,
    /// It is part of the value.
    Keep,
    /// It is left out.
    Strip,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Folded {
    /// The lines are joined.
    #[default]
    Join,
    /// Only the first line counts.
    FirstLine,
    Error,
}
