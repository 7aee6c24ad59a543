//! Relation: how the target of a redirect stands to the URL that was asked for.

use url::{Host, Position, Url};

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::common::Common;
use crate::domain::http::origin::{is_loopback, registrable_domain};
use crate::domain::http::percent::percent_decode;

/// A named relation; the tables use the names in kebab-case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Relation {
    SameSite,
    CrossSite,
    /// http to https, same host, path and query.
    Upgrade,
    /// http to https of the same page in another spelling.
    UpgradeRespelt,
    /// Hosts differ by a leading `www.`, same path.
    Www,
    /// Same origin, paths differ by a trailing slash.
    Slash,
    /// Same origin, the same path or query in another spelling.
    Respelt,
    /// The same URL, but for one more parameter.
    SelfWithProbe,
    /// The target's path is `/`.
    Root,
    /// Same site, hosts differ by a numbered or regional label, same path.
    Region,
    /// Same host, a version segment changes to a later one.
    Version,
    /// A language or country is added, or the country domain changes.
    Locale,
    /// A file ending, a format or a linked-data view is added.
    Negotiated,
    /// Most words of the path are in the target's path.
    Resembles,
    /// The same, within the site.
    ResemblesOnSite,
    /// A parameter of the target holds base.
    ReturnsHere,
    /// From a public host to a private address.
    IntoPrivate,
    /// To a host that was in the chain before, with a ticket.
    BackWithTicket,
}

impl Relation {
    pub(crate) fn holds(self, hop: &HopEvidence<'_>) -> bool {
        let (base, Some(next), same) = (hop.base(), hop.next, hop.common) else { return false };
        match self {
            Relation::SameSite => !hop.cross_site,
            Relation::CrossSite => hop.cross_site,
            Relation::Upgrade => !same.scheme && hop.upgrades() && same_page(base, next),
            Relation::UpgradeRespelt => {
                upgrades_scheme(base, next) && same_but_www(base, next) && same_spelling(base, next)
            }
            Relation::Www => !same.host && differ_by_www(base, next) && same_page(base, next),
            Relation::Slash => {
                same.origin() && !same.path && same.query && same_but_slash(base, next)
            }
            Relation::Respelt => same.origin() && !is_same(base, next) && same_spelling(base, next),
            Relation::SelfWithProbe => same.origin() && same.path && has_one_more(base, next),
            Relation::Root => next.path() == "/",
            Relation::Region => !same.host && same.path && !hop.cross_site && is_region(base, next),
            Relation::Version => same.host && !same.path && is_version(base, next),
            Relation::Locale => super::locale::is_locale(base, next, same),
            Relation::Negotiated => is_negotiated(base, next, same),
            Relation::Resembles => resembles(base, next),
            Relation::ResemblesOnSite => !hop.cross_site && resembles(base, next),
            Relation::ReturnsHere => super::returns_here(hop),
            Relation::IntoPrivate => is_public(base) && is_private(next),
            Relation::BackWithTicket => {
                hop.param("ticket").is_some()
                    && hop.chain.hops.iter().take(hop.hop.index).any(|earlier| {
                        earlier.request.url.host() == next.host()
                            && earlier.request.url.host() != base.host()
                    })
            }
        }
    }
}

/// The same but for the fragment and an empty query.
pub(crate) fn is_same(a: &Url, b: &Url) -> bool {
    a[..Position::AfterPath] == b[..Position::AfterPath]
        && a.query().unwrap_or_default() == b.query().unwrap_or_default()
}

/// Path and query are the same but for percent-encoding.
pub(crate) fn same_page(a: &Url, b: &Url) -> bool {
    let (own, other) = (a.path().as_bytes(), b.path().as_bytes());
    let encoded = own.contains(&b'%') || other.contains(&b'%');
    a.query() == b.query()
        && (own == other || encoded && percent_decode(own) == percent_decode(other))
}

/// The hosts are the same but for a leading `www.`, and not the same.
pub(crate) fn differ_by_www(a: &Url, b: &Url) -> bool {
    same_but_www(a, b) && a.host() != b.host()
}

/// Neither loopback, private nor an internal name.
pub fn is_public(url: &Url) -> bool {
    !is_private(url) && !is_loopback(url) && url.domain().is_none_or(|domain| domain.contains('.'))
}

/// A literal private, link-local, shared or unspecified address.
pub fn is_private(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => {
            let [a, b, ..] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || a == 100 && b & 0xc0 == 64
        }
        Some(Host::Ipv6(ip)) => match ip.to_ipv4_mapped() {
            Some(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
            None => {
                ip.is_loopback()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local()
                    || ip.is_unspecified()
            }
        },
        Some(Host::Domain(_)) | None => false,
    }
}

fn upgrades_scheme(a: &Url, b: &Url) -> bool {
    a.scheme() == "http" && b.scheme() == "https"
}

fn same_but_www(a: &Url, b: &Url) -> bool {
    fn bare(url: &Url) -> Option<&str> {
        url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host))
    }
    a.host().is_some() && bare(a) == bare(b)
}

/// The paths are the same but for a slash at the end.
fn same_but_slash(a: &Url, b: &Url) -> bool {
    fn bare(url: &Url) -> &str {
        url.path().strip_suffix('/').unwrap_or(url.path())
    }
    bare(a) == bare(b)
}

/// The same page in another spelling: case, encoding, double slashes, index file, order of parameters.
fn same_spelling(a: &Url, b: &Url) -> bool {
    let sorted = |url: &Url| {
        let mut parts: Vec<String> =
            url.query().unwrap_or_default().split('&').map(str::to_owned).collect();
        parts.sort();
        parts
    };
    same_but_spelling(a.path(), b.path()) && (a.query() == b.query() || sorted(a) == sorted(b))
}

/// The paths are the same but for case, percent-encoding, double slashes and an index file.
fn same_but_spelling(a: &str, b: &str) -> bool {
    if a.contains('%') || b.contains('%') {
        return spelling(a) == spelling(b);
    }
    let (mut a, mut b) = (words(a), words(b));
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
            (Some(_) | None, _) => return false,
        }
    }
}

/// The segments of a path that say something.
fn words(path: &str) -> impl Iterator<Item = &[u8]> {
    let is_slash = |byte: &u8| *byte == b'/';
    let words = path.as_bytes().split(is_slash).filter(|part| !part.is_empty());
    let mut before = words.clone();
    let index = |name: &[u8]| {
        let known: [&[u8]; 3] = [b"index.", b"default.", b"home."];
        let begins = |start: &[u8]| {
            name.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start))
        };
        known.into_iter().any(begins)
    };
    if before.next_back().is_some_and(index) { before } else { words }
}

fn spelling(path: &str) -> String {
    let decoded = percent_decode(path.as_bytes()).to_ascii_lowercase();
    let text = String::from_utf8_lossy(&decoded);
    let parts: Vec<&str> = text.split('/').filter(|part| !part.is_empty()).collect();
    let index =
        |name: &str| matches!(name.split_once('.'), Some(("index" | "default" | "home", _)));
    let parts = match parts.split_last() {
        Some((last, before)) if index(last) => before.to_vec(),
        _ => parts,
    };
    parts.join("/")
}

/// At most one parameter is new, and none is missing.
fn has_one_more(base: &Url, next: &Url) -> bool {
    let parts = |url: &Url| -> Vec<String> {
        url.query()
            .unwrap_or_default()
            .split('&')
            .filter(|p| !p.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let (old, new) = (parts(base), parts(next));
    let added = new.iter().filter(|part| !old.contains(part)).count();
    added <= 1 && old.iter().all(|part| new.contains(part))
}

fn is_region(base: &Url, next: &Url) -> bool {
    let (Some(a), Some(b)) = (base.domain(), next.domain()) else { return false };
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split('.').collect(), b.split('.').collect());
    let odd: Vec<&&str> = b.iter().filter(|label| !a.contains(label)).collect();
    matches!(odd.as_slice(), [label] if has_region(label)) && a.len().abs_diff(b.len()) <= 1
}

/// `eu1`, `us-west-2`, `na123`, `shard07`
fn has_region(label: &str) -> bool {
    const WORDS: [&str; 14] = [
        "us", "eu", "ap", "sa", "ca", "af", "me", "na", "emea", "apac", "shard", "node", "pod",
        "dc",
    ];
    let letters = label.split(|c: char| c.is_ascii_digit() || c == '-').next().unwrap_or_default();
    label.bytes().any(|byte| byte.is_ascii_digit()) && WORDS.contains(&letters)
}

fn is_version(base: &Url, next: &Url) -> bool {
    fn segments(url: &Url) -> impl Iterator<Item = &[u8]> {
        url.path().as_bytes().split(|&byte| byte == b'/')
    }
    let (mut a, mut b) = (segments(base), segments(next));
    let mut later = false;
    loop {
        let (old, new) = match (a.next(), b.next()) {
            (None, None) => return later,
            (Some(old), Some(new)) => (old, new),
            (Some(_) | None, _) => return false,
        };
        if old != new {
            let grows = version(old).zip(version(new)).is_some_and(|(old, new)| old < new);
            // one segment only changes
            if later || !grows {
                return false;
            }
            later = true;
        }
    }
}

/// `v2`, `v1.3` and `2024-01-01` in an order that grows.
fn version(segment: &[u8]) -> Option<Vec<u32>> {
    let (number, border) = match segment {
        [b'v', number @ ..] => (number, '.'),
        date if date.len() == 10 => (date, '-'),
        _ => return None,
    };
    let parts = std::str::from_utf8(number).ok()?.split(border);
    parts.map(|part| part.parse().ok()).collect()
}

fn is_negotiated(base: &Url, next: &Url, same: Common) -> bool {
    let with_ending = next
        .path()
        .strip_prefix(base.path().trim_end_matches('/'))
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|ending| {
            (1..=6).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    let format = same.path
        && next
            .query()
            .is_some_and(|query| query.split('&').any(|part| part.starts_with("format=")))
        && base.query().is_none_or(|query| !query.contains("format="));
    let has = |url: &Url, view: &&str| url.path().contains(*view);
    let swapped = ["/id/", "/resource/", "/entity/"].iter().any(|view| has(base, view))
        && ["/doc/", "/page/", "/data/"].iter().any(|view| has(next, view) && !has(base, view));
    with_ending || format || swapped
}

/// The target has at least three of five words of base.
fn resembles(base: &Url, next: &Url) -> bool {
    fn words(url: &Url) -> impl Iterator<Item = &[u8]> {
        let parts = url.path().as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
        parts.filter(|word| word.len() > 1)
    }
    let theirs: Vec<&[u8]> = words(next).collect();
    let (mut all, mut shared) = (0, 0);
    for word in words(base) {
        all += 1;
        shared += usize::from(theirs.iter().any(|other| other.eq_ignore_ascii_case(word)));
    }
    all > 0 && shared * 5 >= all * 3
}

/// The name that stands before the public suffix, and that suffix.
pub(crate) fn name_and_suffix(url: &Url) -> Option<(&str, &str)> {
    registrable_domain(url.domain()?)?.split_once('.')
}
