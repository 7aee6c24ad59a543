//! Looking up host names: `--resolve` and `--connect-to` first, then the names that need no network, then the system.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

use crate::domain::http::settings::{
    ConnectTo, {Family, Settings},
};

/// The shortest time after which the system gives up on a silent name server.
const PATIENCE: Duration = Duration::from_millis(900);

/// Why a name has no address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct DnsFailure {
    pub(super) host: String,
    pub(super) kind: DnsFailureKind,
    /// The system's words.
    pub(super) cause: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum DnsFailureKind {
    /// The name does not exist, or has no address.
    NotFound,
    /// No name server answered in time.
    Silence,
    /// None is there, or none could tell.
    NoAnswer,
    /// There are addresses, but `-4` or `-6` leaves none.
    WrongFamily,
}

impl fmt::Display for DnsFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.host, self.cause)
    }
}

impl std::error::Error for DnsFailure {}

/// The addresses of a host and port; `--connect-to` leads only targets elsewhere, not proxies.
pub(super) async fn addresses(
    settings: &Settings,
    host: &str,
    port: u16,
    target: bool,
) -> Result<Vec<SocketAddr>, DnsFailure> {
    let led = connect_to(settings, host, port).filter(|_| target);
    let (host, to_port) = led.unwrap_or_else(|| (host.to_owned(), port));
    let addresses = match pinned(settings, &host, to_port) {
        Some(addresses) => addresses,
        None => ask(&host).await?,
    };
    let kept: Vec<SocketAddr> = addresses
        .iter()
        .filter(|ip| settings.family.admits(**ip))
        .map(|ip| SocketAddr::new(*ip, to_port))
        .collect();
    if kept.is_empty() {
        return Err(DnsFailure { host, ..wrong_family(settings.family, addresses.is_empty()) });
    }
    Ok(kept)
}

fn wrong_family(family: Family, none_at_all: bool) -> DnsFailure {
    let cause = match family {
        Family::V4 => "no IPv4 address",
        Family::V6 => "no IPv6 address",
        Family::Any => "no address",
    };
    let kind = if none_at_all { DnsFailureKind::NotFound } else { DnsFailureKind::WrongFamily };
    DnsFailure { host: String::new(), kind, cause: cause.to_owned() }
}

/// Where `--connect-to` leads.
pub(super) fn connect_to(settings: &Settings, host: &str, port: u16) -> Option<(String, u16)> {
    // one that says nothing is passed over, and one that leads to the same place leads nowhere (`lib/url.c`)
    let leads = |rule: &&ConnectTo| rule.to_host.is_some() || rule.to_port.is_some();
    let mut rules = settings.connect_to.iter().filter(leads);
    let rule = rules.find(|rule| rule.fits(host, port))?;
    let to_host = rule.to_host.clone().unwrap_or_else(|| host.to_owned());
    let to_port = rule.to_port.unwrap_or(port);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let same = to_port == port && to_host.eq_ignore_ascii_case(bare);
    (!same).then_some((to_host, to_port))
}

/// The host is an address, and nothing has to be looked up.
pub(super) fn is_address(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}

/// `--resolve`: an exact host goes before `*`; of several the last one counts, as in curl.
fn pinned(settings: &Settings, host: &str, port: u16) -> Option<Vec<IpAddr>> {
    let fits = |want: &str| {
        let mut entries = settings.resolve.iter().rev();
        entries.find(|entry| entry.host == want && entry.port == port)
    };
    fits(host).or_else(|| fits("*")).map(|entry| entry.to.clone())
}

async fn ask(host: &str) -> Result<Vec<IpAddr>, DnsFailure> {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(ip) = bare.parse() {
        return Ok(vec![ip]);
    }
    let name = host.trim_end_matches('.');
    let under =
        |zone: &str| name == zone || name.strip_suffix(zone).is_some_and(|n| n.ends_with('.'));
    // RFC 6761 §6.3 and §6.4: these are answered without asking anybody
    if under("localhost") {
        return Ok(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]);
    }
    let not_found =
        |cause: String| DnsFailure { host: host.to_owned(), kind: DnsFailureKind::NotFound, cause };
    if under("invalid") {
        return Err(not_found("names under .invalid never exist (RFC 6761)".to_owned()));
    }
    let asked = Instant::now();
    match tokio::net::lookup_host((host, 0)).await {
        Ok(found) => Ok(found.map(|address| address.ip()).collect()),
        Err(error) => {
            let kind = kind(&error, asked.elapsed());
            Err(DnsFailure { kind, ..not_found(error.to_string()) })
        }
    }
}

/// getaddrinfo's codes come as text only (`EAI_AGAIN` and friends), and the same one for silence and for servers that can't
/// tell; the system waits for whole seconds before it calls a server silent (resolv.conf(5)).
fn kind(error: &io::Error, waited: Duration) -> DnsFailureKind {
    let text = error.to_string();
    let again = text.contains("Temporary failure") || text.contains("try again");
    match again {
        true if waited >= PATIENCE => DnsFailureKind::Silence,
        true => DnsFailureKind::NoAnswer,
        false => DnsFailureKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::http::settings::Resolve as Pin;

    fn found(settings: &Settings, host: &str, port: u16) -> Result<Vec<SocketAddr>, DnsFailure> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(addresses(settings, host, port, true))
    }

    fn pin(host: &str, port: u16, to: &str) -> Pin {
        Pin { host: host.into(), port, to: vec![to.parse().unwrap()] }
    }

    #[test]
    fn resolve_pins_a_host_at_its_port_only() {
        let resolve = vec![pin("a.invalid", 80, "127.0.0.2"), pin("*", 81, "127.0.0.3")];
        let settings = Settings { resolve, ..Settings::default() };
        assert_eq!(found(&settings, "a.invalid", 80).unwrap(), ["127.0.0.2:80".parse().unwrap()]);
        assert_eq!(found(&settings, "b.invalid", 81).unwrap(), ["127.0.0.3:81".parse().unwrap()]);
        let none = found(&settings, "a.invalid", 82).unwrap_err();
        assert_eq!(none.kind, DnsFailureKind::NotFound);
    }

    #[test]
    fn connect_to_changes_host_and_port() {
        let rule = ConnectTo {
            host: Some("shop.test".into()),
            port: Some(443),
            to_host: Some("127.0.0.1".into()),
            to_port: Some(4000),
        };
        let settings = Settings { connect_to: vec![rule], ..Settings::default() };
        let want: SocketAddr = "127.0.0.1:4000".parse().unwrap();
        assert_eq!(found(&settings, "shop.test", 443).unwrap(), [want]);
    }

    #[test]
    fn silence_is_told_from_servers_that_can_not_tell() {
        let again = io::Error::other(
            "failed to lookup address information: Temporary failure in name resolution",
        );
        assert_eq!(kind(&again, Duration::from_secs(5)), DnsFailureKind::Silence);
        assert_eq!(kind(&again, Duration::from_millis(5)), DnsFailureKind::NoAnswer);
        let unknown =
            io::Error::other("failed to lookup address information: Name or service not known");
        assert_eq!(kind(&unknown, Duration::from_secs(5)), DnsFailureKind::NotFound);
    }

    #[test]
    fn a_family_without_addresses_is_said() {
        let settings = Settings { family: Family::V6, ..Settings::default() };
        let none = found(&settings, "127.0.0.1", 80).unwrap_err();
        assert_eq!(none.kind, DnsFailureKind::WrongFamily);
        let local = found(&settings, "x.localhost", 80).unwrap();
        assert_eq!(local, ["[::1]:80".parse().unwrap()]);
    }
}
