//! The jar: storage and retrieval by RFC 6265bis §5.7 and §5.8.
//!
//! **Invariant:** a Secure cookie is never handed out for http, unless the client's own rules say so.

use std::cmp::Reverse;

use url::{Host, Url};

use crate::domain::http::origin::{is_public_suffix, is_this_machine};

use super::StoreEffect;
use super::curl;
use super::refusal::{Refusal, Withheld};
use super::set_cookie::{Expiry, SameSite, SetCookie};

/// How many cookies are kept; the oldest go first.
const CAPACITY: usize = 3000;
/// The longest life of a cookie, in seconds: 400 days (§5.5).
const LONGEST_LIFE: i64 = 400 * 86_400;

/// Cookies in memory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Jar {
    cookies: Vec<Cookie>,
    /// How many were ever stored: the order of creation.
    count: u64,
}

/// One cookie.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cookie {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub domain: String,
    /// The domain in the letter case in which it was set: what stands in a cookie file.
    pub written_domain: String,
    /// It belongs to the host in `domain` alone.
    pub host_only: bool,
    pub path: String,
    /// The path as it was set, or as curl writes a default one: what stands in a cookie file.
    pub written_path: String,
    pub secure: bool,
    pub http_only: bool,
    pub same_site: SameSite,
    /// Seconds since the Unix epoch; `None`: ends with the session.
    pub expires: Option<i64>,
    created: u64,
    /// The path of the URL that set it.
    set_at: String,
    /// The port of that URL; 0: not known.
    set_port: u16,
}

/// A question to the jar.
#[derive(Clone, Copy, Debug)]
pub struct Retrieval<'a> {
    pub url: &'a Url,
    /// The path as it is sent, where the URL has another.
    pub path: Option<&'a str>,
    /// Seconds since the Unix epoch.
    pub now: i64,
    pub host_only_to_subdomains: bool,
    pub secure_over_http: bool,
    /// Cookies that were set from outside their own path count as refused.
    pub set_within_path: bool,
    /// Not the oldest of one path first, but the longest domain, then the longest name, then the newest.
    pub long_names_first: bool,
    /// Among cookies of one path the newest first.
    pub newest_first: bool,
    /// A path covers every path that begins with the same characters.
    pub path_by_characters: bool,
    /// A host's own cookie that was set at a port other than 80 and 443 goes to that port only.
    pub by_port: bool,
}

impl<'a> Retrieval<'a> {
    /// As RFC 6265bis asks it.
    pub fn new(url: &'a Url, now: i64) -> Self {
        Retrieval {
            url,
            path: None,
            now,
            host_only_to_subdomains: false,
            secure_over_http: false,
            set_within_path: false,
            long_names_first: false,
            newest_first: false,
            path_by_characters: false,
            by_port: false,
        }
    }
}

/// How a client reads Set-Cookie.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reading<'a> {
    /// The path as it was sent, where the URL has another.
    pub path: Option<&'a str>,
    /// SameSite=None needs Secure.
    pub same_site: bool,
    /// Where curl departs from RFC 6265bis, so does this.
    pub as_curl: bool,
}

impl Reading<'_> {
    /// The Set-Cookie value from the piece that is the cookie on.
    pub fn from_name<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        if self.as_curl { curl::named(text) } else { text }
    }
}

/// The jar's answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Retrieved<'a> {
    /// In the order of the Cookie field: longest path first, then oldest.
    pub sent: Vec<&'a Cookie>,
    pub withheld: Vec<(&'a Cookie, Withheld)>,
}

impl Cookie {
    /// `name=value`, or the value alone where there is no name.
    pub fn pair(&self) -> Vec<u8> {
        match self.name.is_empty() {
            true => self.value.clone(),
            false => [&self.name, &b"="[..], &self.value].concat(),
        }
    }
}

impl Jar {
    pub fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.cookies.iter()
    }

    /// The last that was made stands first; one that was replaced counts as old as it was.
    pub fn newest_first(&self) -> Vec<&Cookie> {
        let mut all: Vec<&Cookie> = self.cookies.iter().collect();
        all.sort_by_key(|cookie| Reverse(cookie.created));
        all
    }

    /// Gives each cookie the value that the function makes of `name=value`.
    pub fn mask(&mut self, mask: impl Fn(&[u8]) -> Vec<u8>) {
        for cookie in &mut self.cookies {
            let pair = [&cookie.name, &b"="[..], &cookie.value].concat();
            cookie.value = mask(&pair).split_off(cookie.name.len() + 1);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.cookies.is_empty()
    }

    /// Takes in one Set-Cookie value from a response to this URL.
    pub fn store(&mut self, text: &[u8], url: &Url, now: i64) -> Result<StoreEffect, Refusal> {
        self.store_as(text, url, now, Reading { path: None, same_site: true, as_curl: false })
    }

    /// As [`Jar::store`], as one client reads it.
    pub fn store_as(
        &mut self,
        text: &[u8],
        url: &Url,
        now: i64,
        reading: Reading<'_>,
    ) -> Result<StoreEffect, Refusal> {
        let text = reading.from_name(text);
        let mut set = SetCookie::parse(text)?;
        if reading.as_curl {
            set = curl::read(text, set, url.host_str().unwrap_or_default())?;
        }
        if reading.same_site && set.same_site == SameSite::None && !set.secure {
            return Err(Refusal::SameSiteNoneWithoutSecure);
        }
        let cookie = self.accept(set, url, (now, reading))?;
        let old = self.cookies.iter().position(|other| match reading.as_curl {
            true => curl::is_same_place(other, &cookie),
            false => same_place(other, &cookie),
        });
        if is_over(&cookie, now) && old.is_none() {
            return Err(Refusal::Expired);
        }
        Ok(self.put((cookie, old), now))
    }

    /// Puts a cookie in as it is, as a cookie file has it: such files are curl's.
    pub fn insert(&mut self, cookie: Cookie, now: i64) -> StoreEffect {
        let old = self.cookies.iter().position(|other| curl::is_same_place(other, &cookie));
        self.put((cookie, old), now)
    }

    /// Puts a cookie in, in place of the one at this index.
    fn put(&mut self, (mut cookie, old): (Cookie, Option<usize>), now: i64) -> StoreEffect {
        if is_over(&cookie, now) {
            if let Some(at) = old {
                self.cookies.remove(at);
            }
            return StoreEffect::Deleted;
        }
        if let Some(at) = old {
            cookie.created = self.cookies[at].created;
            self.cookies[at] = cookie;
            return StoreEffect::Replaced;
        }
        self.count += 1;
        cookie.created = self.count;
        self.cookies.push(cookie);
        if self.cookies.len() > CAPACITY {
            self.cookies.remove(0);
        }
        StoreEffect::New
    }

    /// Which cookies go with a request, and why the others do not.
    pub fn retrieve(&self, question: &Retrieval<'_>) -> Retrieved<'_> {
        let mut answer = Retrieved::default();
        for cookie in &self.cookies {
            match withheld(cookie, question) {
                None => answer.sent.push(cookie),
                Some(reason) => answer.withheld.push((cookie, reason)),
            }
        }
        match question.long_names_first {
            false if question.newest_first => {
                let key = |cookie: &&Cookie| Reverse((cookie.path.len(), cookie.created));
                answer.sent.sort_by_key(key);
            }
            false => answer.sent.sort_by_key(|cookie| (Reverse(cookie.path.len()), cookie.created)),
            true => answer.sent.sort_by_key(|cookie| {
                let lengths = (cookie.written_path.len(), cookie.domain.len(), cookie.name.len());
                Reverse((lengths, cookie.created))
            }),
        }
        answer
    }

    /// Holds a parsed Set-Cookie against the URL it came from (§5.7).
    fn accept(
        &self,
        set: SetCookie,
        url: &Url,
        (now, reading): (i64, Reading<'_>),
    ) -> Result<Cookie, Refusal> {
        let path = reading.path.unwrap_or(url.path());
        let secure_url = url.scheme() == "https";
        let host = url.host_str().unwrap_or_default();
        // curl asks for subdomains also where the host is a public suffix
        let named = reading.as_curl && matches!(url.host(), Some(Host::Domain(_)));
        let domain = match set.domain.as_deref() {
            Some(domain) if named && domain == host => Some(domain),
            domain => covered(domain, url)?,
        };
        let longest = if reading.as_curl { i64::MAX } else { LONGEST_LIFE };
        if set.secure && !secure_url && !is_this_machine(url) {
            return Err(Refusal::SecureOverHttp);
        }
        check_prefixes(&set)?;
        let cookie = Cookie {
            host_only: domain.is_none(),
            written_domain: set
                .written_domain
                .filter(|written| domain.is_some_and(|domain| written.eq_ignore_ascii_case(domain)))
                .unwrap_or_else(|| domain.unwrap_or(host).to_owned()),
            domain: domain.unwrap_or(host).to_owned(),
            written_path: set
                .written_path
                .or_else(|| set.path.clone())
                .unwrap_or_else(|| default_folder(path).to_owned()),
            path: set.path.unwrap_or_else(|| default_path(path).to_owned()),
            expires: expires(set.expiry, now).map(|at| at.min(now.saturating_add(longest))),
            name: set.name,
            value: set.value,
            secure: set.secure,
            http_only: set.http_only,
            same_site: set.same_site,
            created: 0,
            set_at: path.to_owned(),
            set_port: url.port_or_known_default().unwrap_or(0),
        };
        let sheltered = secure_url || (reading.as_curl && is_this_machine(url));
        if !sheltered && !cookie.secure && self.shadows(&cookie) {
            return Err(Refusal::ShadowsSecure);
        }
        Ok(cookie)
    }

    /// Whether a Secure cookie of that name covers the same URLs (§5.7 step 16, "leave secure cookies alone").
    fn shadows(&self, cookie: &Cookie) -> bool {
        self.cookies.iter().any(|other| {
            other.secure
                && other.name == cookie.name
                && (domain_matches(&other.domain, &cookie.domain)
                    || domain_matches(&cookie.domain, &other.domain))
                && path_matches(&cookie.path, &other.path)
        })
    }
}

impl Cookie {
    /// The same name, domain and path: one of them replaces the other.
    pub fn is_same(&self, other: &Cookie) -> bool {
        let key =
            |cookie: &Cookie| (cookie.name.clone(), cookie.domain.clone(), cookie.path.clone());
        key(self) == key(other)
    }

    /// A cookie as a cookie file has it; the domain is without its dot.
    pub(crate) fn from_file(
        domain: String,
        host_only: bool,
        name: Vec<u8>,
        value: Vec<u8>,
    ) -> Cookie {
        Cookie {
            name,
            value,
            written_domain: domain.clone(),
            domain: domain.to_lowercase(),
            host_only,
            path: "/".to_owned(),
            written_path: "/".to_owned(),
            secure: false,
            http_only: false,
            same_site: SameSite::Default,
            expires: None,
            created: 0,
            set_at: "/".to_owned(),
            set_port: 0,
        }
    }
}

/// One of them replaces the other.
pub fn same_place(a: &Cookie, b: &Cookie) -> bool {
    a.name == b.name && a.domain == b.domain && a.host_only == b.host_only && a.path == b.path
}

/// The domain the cookie is for; `None`: the host alone.
fn covered<'a>(domain: Option<&'a str>, url: &'a Url) -> Result<Option<&'a str>, Refusal> {
    let Some(domain) = domain else { return Ok(None) };
    let host = url.host_str().unwrap_or_default();
    if !domain.is_ascii() {
        return Err(Refusal::InvalidDomain);
    }
    if domain == host && !matches!(url.host(), Some(Host::Domain(_))) {
        return Ok(None);
    }
    let is_name = matches!(url.host(), Some(Host::Domain(_)));
    if is_name && is_public_suffix(domain) {
        return match domain == host {
            true => Ok(None),
            false => Err(Refusal::PublicSuffix { domain: domain.to_owned() }),
        };
    }
    if !is_name || !domain_matches(host, domain) {
        return Err(Refusal::DomainMismatch { domain: domain.to_owned(), host: host.to_owned() });
    }
    Ok(Some(domain))
}

/// `__Secure-` and `__Host-` (§4.1.3); case does not count.
fn check_prefixes(set: &SetCookie) -> Result<(), Refusal> {
    let starts = |text: &[u8], prefix: &[u8]| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    let (secure, host): (&[u8], &[u8]) = (b"__Secure-", b"__Host-");
    if set.name.is_empty() && (starts(&set.value, secure) || starts(&set.value, host)) {
        return Err(Refusal::NamelessPrefix);
    }
    if starts(&set.name, secure) && !set.secure {
        return Err(Refusal::SecurePrefix);
    }
    let bound = set.secure && set.domain.is_none() && set.path.as_deref() == Some("/");
    if starts(&set.name, host) && !bound {
        return Err(Refusal::HostPrefix);
    }
    Ok(())
}

fn expires(expiry: Expiry, now: i64) -> Option<i64> {
    let at = match expiry {
        Expiry::Session => return None,
        Expiry::MaxAge(seconds) if seconds <= 0 => i64::MIN,
        Expiry::MaxAge(seconds) => now.saturating_add(seconds),
        Expiry::At(at) => at,
    };
    Some(at)
}

fn is_over(cookie: &Cookie, now: i64) -> bool {
    cookie.expires.is_some_and(|expires| expires <= now)
}

/// The folder of the URL's path (§5.1.4).
fn default_path(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(at) => &path[..at],
    }
}

/// The same with the slash at its end, as curl writes it (`lib/cookie.c`, Curl_cookie_add).
fn default_folder(path: &str) -> &str {
    &path[..path.rfind('/').map_or(0, |at| at + 1)]
}

fn withheld(cookie: &Cookie, question: &Retrieval<'_>) -> Option<Withheld> {
    let url = question.url;
    let host = url.host_str().unwrap_or_default();
    let is_name = matches!(url.host(), Some(Host::Domain(_)));
    let below = is_name && domain_matches(host, &cookie.domain);
    let alone = cookie.host_only && !question.host_only_to_subdomains;
    if alone && host != cookie.domain {
        return Some(Withheld::OtherHost { host: cookie.domain.clone() });
    }
    if !below && host != cookie.domain {
        return Some(Withheld::OtherDomain { domain: cookie.domain.clone() });
    }
    let port = url.port_or_known_default().unwrap_or(0);
    let bound = question.by_port && cookie.host_only && ![0, 80, 443].contains(&cookie.set_port);
    if bound && cookie.set_port != port {
        return Some(Withheld::OtherHost {
            host: format!("{}:{}", cookie.domain, cookie.set_port),
        });
    }
    let covers = |path: &str| match question.path_by_characters {
        true => path.starts_with(&cookie.path),
        false => path_matches(path, &cookie.path),
    };
    if !covers(question.path.unwrap_or(url.path())) {
        return Some(Withheld::OtherPath { path: cookie.path.clone() });
    }
    if cookie.secure && url.scheme() != "https" && !question.secure_over_http {
        return Some(Withheld::Insecure);
    }
    if question.set_within_path && !covers(&cookie.set_at) {
        return Some(Withheld::ForeignPath { path: cookie.path.clone() });
    }
    is_over(cookie, question.now).then_some(Withheld::Expired)
}

/// §5.1.3, for host names.
pub(super) fn domain_matches(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// §5.1.4
fn path_matches(path: &str, cookie: &str) -> bool {
    path.strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with('/') || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
