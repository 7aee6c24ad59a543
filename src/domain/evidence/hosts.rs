//! Hosts: which names and addresses belong to the inside of a network.

use url::{Host, Url};

use super::HopEvidence;
use crate::domain::classify::intent::Kind;
use crate::domain::http::origin::is_loopback;

pub use crate::domain::classify::intent::relation::is_private;

/// Names that are not resolved on the public internet.
const INSIDE: [&str; 11] = [
    ".local",
    ".internal",
    ".lan",
    ".corp",
    ".home",
    ".intranet",
    ".private",
    ".svc",
    ".cluster.local",
    ".home.arpa",
    ".test",
];

/// The host's name belongs to the inside of a network: one label, a private ending, localhost.
pub fn is_internal_name(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            !name.contains('.')
                || name.ends_with(".localhost")
                || INSIDE.iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => false,
    }
}

/// The host of this hop is on the public internet: by its address where it is known, else by its name.
pub fn is_public_hop(hop: &HopEvidence<'_>) -> bool {
    let by_name =
        !is_internal_name(hop.base()) && !is_private(hop.base()) && !is_loopback(hop.base());
    let address = hop
        .hop
        .exchange
        .connection
        .remote_addr
        .filter(|_| hop.hop.exchange.connection.proxy.is_none());
    match address {
        Some(address) => by_name && !is_private_address(&address.ip()),
        None => by_name,
    }
}

/// Private, loopback, link-local, shared or unspecified.
pub fn is_private_address(ip: &std::net::IpAddr) -> bool {
    Url::parse(&match ip {
        std::net::IpAddr::V4(ip) => format!("http://{ip}/"),
        std::net::IpAddr::V6(ip) => format!("http://[{ip}]/"),
    })
    .is_ok_and(|url| is_private(&url))
}

/// The callback of a native application at the end of an OAuth flow (RFC 8252 §7.3).
pub fn is_native_callback(hop: &HopEvidence<'_>) -> bool {
    hop.intent.kind == Kind::OauthOidcResponse && hop.next.is_some_and(is_loopback)
}
