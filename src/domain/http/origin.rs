//! Origin: scheme, host and port of a target URI (RFC 9110 §4.3.1), and questions about hosts.

use std::fmt;

use url::{Host, Url};

/// Scheme, host and effective port.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Origin {
    pub scheme: String,
    /// As `url` serialises it: lower case, IDNA, IPv6 in brackets.
    pub host: String,
    /// The effective port: the scheme's default when the URL names none.
    pub port: u16,
}

impl Origin {
    pub fn of(url: &Url) -> Origin {
        Origin {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port_or_known_default().unwrap_or(0),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let default = matches!((self.scheme.as_str(), self.port), ("http", 80) | ("https", 443));
        write!(f, "{}://{}", self.scheme, self.host)?;
        if default { Ok(()) } else { write!(f, ":{}", self.port) }
    }
}

pub fn same_origin(a: &Url, b: &Url) -> bool {
    // a URL has no port where it is its scheme's default
    a.scheme() == b.scheme() && a.port() == b.port() && a.host_str() == b.host_str()
}

/// From http to https on the same host, each at its default port.
pub fn is_upgrade(from: &Url, to: &Url) -> bool {
    (from.scheme(), to.scheme()) == ("http", "https")
        && from.host() == to.host()
        && (from.port(), to.port()) == (None, None)
}

/// Whether both URLs belong to one registrable domain (public suffix list without its private section).
pub fn same_site(a: &Url, b: &Url) -> bool {
    match (a.host(), b.host()) {
        (Some(Host::Domain(a)), Some(Host::Domain(b))) => {
            a == b
                || registrable_domain(a).is_some_and(|domain| registrable_domain(b) == Some(domain))
        }
        (a, b) => a == b,
    }
}

/// The registrable domain, or `None` when the host is itself a public suffix.
///
/// Private suffixes (`github.io`, `s3.amazonaws.com`) are looked through to the ICANN suffix below them.
pub fn registrable_domain(host: &str) -> Option<&str> {
    let host = host.strip_suffix('.').unwrap_or(host);
    let mut suffix = psl::suffix(host.as_bytes())?;
    while suffix.typ() == Some(psl::Type::Private) {
        let text = std::str::from_utf8(suffix.as_bytes()).ok()?;
        suffix = psl::suffix(text.split_once('.')?.1.as_bytes())?;
    }
    let labels = suffix.as_bytes().split(|&byte| byte == b'.').count() + 1;
    let start = host.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    let domain = &host[start..];
    (domain.split('.').count() == labels).then_some(domain)
}

/// Whether no cookie may be set for the whole of this domain: a suffix of the list, its private section (`github.io`) included,
/// as browsers and libpsl read it.
pub fn is_public_suffix(domain: &str) -> bool {
    let domain = domain.strip_suffix('.').unwrap_or(domain).as_bytes();
    psl::suffix(domain).is_none_or(|suffix| suffix.as_bytes() == domain)
}

/// `localhost`, `127.0.0.1` or `::1`: clients with a jar treat it as secure over http too.
pub fn is_this_machine(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Whether the host means this machine: `localhost`, `*.localhost`, 127.0.0.0/8, ::1.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => {
            ip.is_loopback() || ip.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn an_explicit_default_port_is_the_same_origin() {
        assert!(same_origin(&url("http://a.test:80/x"), &url("http://A.test/y")));
        assert!(!same_origin(&url("http://a.test/"), &url("https://a.test/")));
    }

    #[test]
    fn an_upgrade_keeps_to_the_default_ports() {
        let upgrades = |from, to| is_upgrade(&url(from), &url(to));
        assert!(upgrades("http://a.test:80/x", "https://A.test:443/y"));
        for (from, to) in [
            ("http://a.test:8080/", "https://a.test/"),
            ("http://a.test/", "https://a.test:8443/"),
            ("http://a.test:443/", "https://a.test/"),
            ("http://a.test/", "https://b.test/"),
            ("https://a.test/", "http://a.test/"),
        ] {
            assert!(!upgrades(from, to), "{from} {to}");
        }
    }

    #[test]
    fn sites_are_told_apart_by_the_icann_suffix() {
        assert!(same_site(&url("https://a.shop.co.uk/"), &url("http://shop.co.uk/")));
        assert!(!same_site(&url("https://a.co.uk/"), &url("https://b.co.uk/")));
        assert!(same_site(&url("http://127.0.0.1:1/"), &url("http://127.0.0.1:2/")));
        assert!(same_site(&url("http://x.test/"), &url("http://x.test/")));
    }

    #[test]
    fn private_suffixes_are_looked_through() {
        assert_eq!(registrable_domain("bucket.s3.amazonaws.com"), Some("amazonaws.com"));
        assert_eq!(registrable_domain("co.uk"), None);
    }

    #[test]
    fn cookies_stay_below_private_suffixes_too() {
        assert_eq!(["com", "co.uk", "github.io", "test"].map(is_public_suffix), [true; 4]);
        assert_eq!(["a.com", "a.github.io", "city.kobe.jp"].map(is_public_suffix), [false; 3]);
    }
}
