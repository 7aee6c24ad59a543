//! Steps that a user should agree to first (product contract, "Safety promises"): what the next request would give away, or where it would go.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::chain::Hop;
use super::http::field::Field;
use super::http::origin::{Origin, same_origin};
use super::http::request::{FieldSource, Request};

/// One reason to ask before the next request is sent.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Danger {
    /// The body goes to another origin.
    BodyElsewhere { size: u64, origin: String },
    /// A credential goes to another origin.
    CredentialElsewhere { name: String, origin: String },
    /// The chain goes from https to http.
    LeavesHttps,
    /// The chain goes from a public address to a private or link-local one.
    EntersPrivateNetwork { host: String },
}

impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Danger::BodyElsewhere { size, origin } => {
                write!(f, "sends the body ({size} B) to {origin}")
            }
            Danger::CredentialElsewhere { name, origin } => write!(f, "sends {name} to {origin}"),
            Danger::LeavesHttps => {
                f.write_str("leaves https: the next request can be read on the way")
            }
            Danger::EntersPrivateNetwork { host } => {
                write!(f, "goes from a public address to the private address {host}")
            }
        }
    }
}

/// What is dangerous about sending this request after that hop. Empty when nothing is.
///
/// An http-to-https upgrade of the same host and cookies that the jar matched are not dangerous.
pub fn dangers(hop: &Hop, next: &Request) -> Vec<Danger> {
    let mut found = Vec::new();
    let from = &hop.request.url;
    if from.scheme() == "https" && next.url.scheme() == "http" {
        found.push(Danger::LeavesHttps);
    }
    if !same_origin(from, &next.url) && !upgrades_host(from, &next.url) {
        let origin = Origin::of(&next.url).to_string();
        if next.body_len() > 0 {
            found.push(Danger::BodyElsewhere { size: next.body_len(), origin: origin.clone() });
        }
        let credentials = next.sourced().filter(|(field, source)| is_credential(field, *source));
        found.extend(credentials.map(|(field, _)| Danger::CredentialElsewhere {
            name: field.name.clone(),
            origin: origin.clone(),
        }));
    }
    let public = hop.exchange.connection.remote_addr.is_some_and(|addr| !is_private(addr.ip()));
    if public && leads_inside(&next.url) {
        let host = next.url.host_str().unwrap_or_default().to_owned();
        found.push(Danger::EntersPrivateNetwork { host });
    }
    found
}

/// At any port: the contract speaks of the host alone.
fn upgrades_host(from: &Url, to: &Url) -> bool {
    from.scheme() == "http" && to.scheme() == "https" && from.host() == to.host()
}

fn is_credential(field: &Field, source: FieldSource) -> bool {
    match source {
        FieldSource::Credentials | FieldSource::Userinfo => true,
        FieldSource::User => {
            let name = field.name.to_ascii_lowercase();
            const NAMES: [&str; 3] = ["authorization", "proxy-authorization", "cookie"];
            const PARTS: [&str; 6] = ["token", "api-key", "apikey", "secret", "auth", "password"];
            NAMES.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part))
        }
        FieldSource::Netrc | FieldSource::Jar | FieldSource::Client | FieldSource::Body => false,
    }
}

fn leads_inside(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => is_private(ip.into()),
        Some(Host::Ipv6(ip)) => is_private(ip.into()),
        Some(Host::Domain(name)) => {
            name == "localhost"
                || [".localhost", ".local", ".internal", ".home.arpa"]
                    .iter()
                    .any(|end| name.ends_with(end))
        }
        None => false,
    }
}

/// Private, loopback, link-local, shared or unspecified addresses (RFC 1918, 3927, 4193, 4291, 6598).
fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => {
            let [a, b, ..] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || (a == 100 && b & 0xc0 == 64)
        }
        IpAddr::V6(ip) => match ip.to_ipv4_mapped() {
            Some(v4) => is_private(v4.into()),
            None => {
                ip.is_loopback()
                    || ip.is_unspecified()
                    || ip.is_unique_local()
                    || ip.is_unicast_link_local()
            }
        },
    }
}
