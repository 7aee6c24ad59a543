//! Relation: how the target of a redirect stands to the URL that was asked for.

use url::{Host, Position, Url};

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::params::percent_decode;
use crate::domain::http::origin::{is_loopback, registrable_domain, same_origin, same_site};

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
        let (base, Some(next)) = (hop.base(), hop.next) else { return false };
        match self {
            Relation::SameSite => same_site(base, next),
            Relation::CrossSite => hop.cross_site,
            Relation::Upgrade => hop.upgrades() && same_page(base, next),
            Relation::UpgradeRespelt => {
                upgrades_scheme(base, next) && same_but_www(base, next) && same_spelling(base, next)
            }
            Relation::Www => differ_by_www(base, next) && same_page(base, next),
            Relation::Slash => same_origin(base, next) && differ_by_slash(base, next),
            Relation::Respelt => {
                same_origin(base, next) && !is_same(base, next) && same_spelling(base, next)
            }
            Relation::SelfWithProbe => is_self_with_probe(base, next),
            Relation::Root => next.path() == "/",
            Relation::Region => is_region(base, next),
            Relation::Version => is_version(base, next),
            Relation::Locale => super::locale::is_locale(base, next),
            Relation::Negotiated => is_negotiated(base, next),
            Relation::Resembles => resemblance(base, next) >= 0.6,
            Relation::ResemblesOnSite => !hop.cross_site && resemblance(base, next) >= 0.6,
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
    percent_decode(a.path().as_bytes()) == percent_decode(b.path().as_bytes())
        && a.query() == b.query()
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
    let bare =
        |url: &Url| url.host_str().map(|host| host.strip_prefix("www.").unwrap_or(host).to_owned());
    a.host().is_some() && bare(a) == bare(b)
}

fn differ_by_slash(a: &Url, b: &Url) -> bool {
    let (a_path, b_path) = (a.path(), b.path());
    a_path != b_path
        && a.query() == b.query()
        && a_path.strip_suffix('/').unwrap_or(a_path) == b_path.strip_suffix('/').unwrap_or(b_path)
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
fn words(path: &str) -> impl Iterator<Item = &str> {
    let words = path.split('/').filter(|part| !part.is_empty());
    let mut before = words.clone();
    let index = |name: &str| {
        let known = ["index", "default", "home"];
        name.split_once('.')
            .is_some_and(|(stem, _)| known.iter().any(|own| stem.eq_ignore_ascii_case(own)))
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

fn is_self_with_probe(base: &Url, next: &Url) -> bool {
    if !same_origin(base, next) || base.path() != next.path() {
        return false;
    }
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
    if a == b || base.path() != next.path() || !same_site(base, next) {
        return false;
    }
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
    if base.host() != next.host() {
        return false;
    }
    let (a, b): (Vec<&str>, Vec<&str>) =
        (base.path().split('/').collect(), next.path().split('/').collect());
    let changed: Vec<(&&str, &&str)> = a.iter().zip(&b).filter(|(a, b)| a != b).collect();
    a.len() == b.len()
        && matches!(changed.as_slice(), [(old, new)] if version(old).zip(version(new)).is_some_and(|(old, new)| old < new))
}

/// `v2`, `v1.3` and `2024-01-01` in an order that grows.
fn version(segment: &str) -> Option<Vec<u32>> {
    let parts: Vec<&str> = match segment.strip_prefix('v') {
        Some(number) => number.split('.').collect(),
        None if segment.len() == 10 => segment.split('-').collect(),
        None => return None,
    };
    parts.into_iter().map(|part| part.parse().ok()).collect()
}

fn is_negotiated(base: &Url, next: &Url) -> bool {
    let with_ending = next
        .path()
        .strip_prefix(base.path().trim_end_matches('/'))
        .and_then(|rest| rest.strip_prefix('.'))
        .is_some_and(|ending| {
            (1..=6).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        });
    let format = next.path() == base.path()
        && next
            .query()
            .is_some_and(|query| query.split('&').any(|part| part.starts_with("format=")))
        && base.query().is_none_or(|query| !query.contains("format="));
    let swapped = ["/doc/", "/page/", "/data/"]
        .iter()
        .any(|view| next.path().contains(view) && !base.path().contains(view))
        && ["/id/", "/resource/", "/entity/"].iter().any(|view| base.path().contains(view));
    with_ending || format || swapped
}

/// The share of base's words that the target has too.
fn resemblance(base: &Url, next: &Url) -> f32 {
    let words = |url: &Url| -> Vec<String> {
        url.path()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| word.len() > 1)
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let (a, b) = (words(base), words(next));
    if a.is_empty() {
        return 0.0;
    }
    a.iter().filter(|word| b.contains(word)).count() as f32 / a.len() as f32
}

/// The name that stands before the public suffix, and that suffix.
pub(crate) fn name_and_suffix(url: &Url) -> Option<(&str, &str)> {
    registrable_domain(url.domain()?)?.split_once('.')
}
