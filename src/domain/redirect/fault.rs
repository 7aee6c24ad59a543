//! Fault: why a Location is no URL, in a few words, for the sentence on a hop that stops there.

use std::borrow::Cow;
use std::net::Ipv6Addr;

use url::{ParseError, Url};

use super::location::readable;
use super::{Resolution, StopReason};
use crate::domain::chain::Hop;

/// Why the client stops after this hop: the reason's sentence, and what is wrong with a Location that is no URL.
pub fn stops(reason: StopReason, hop: Option<&Hop>) -> Cow<'static, str> {
    let fault = match reason {
        StopReason::InvalidLocation => hop.and_then(fault),
        StopReason::Loop
        | StopReason::MaxHops
        | StopReason::UnsupportedScheme
        | StopReason::MissingLocation
        | StopReason::RefusedByClient
        | StopReason::StreamedBody
        | StopReason::ForbiddenScheme
        | StopReason::User => None,
    };
    match fault {
        Some(fault) => format!("{}: {fault}", reason.sentence()).into(),
        None => reason.sentence().into(),
    }
}

fn fault(hop: &Hop) -> Option<&'static str> {
    let mut values = hop.exchange.fields().all("Location");
    let first = values.next()?;
    if values.any(|other| other.value != first.value) {
        return Some("its Location lines differ");
    }
    Some(of(hop.resolution.as_ref()?, &hop.request.url))
}

fn of(resolution: &Resolution, base: &Url) -> &'static str {
    let value = &resolution.location;
    let error = readable(value).and_then(|text| base.join(&text).err());
    match error {
        Some(error) => of_error(error, value),
        None if value.iter().any(|byte| byte.is_ascii_control()) => "it holds a control character",
        None if !value.is_ascii() => "it holds bytes that are not ASCII, which this client refuses",
        None => "others read it as one, this client is stricter",
    }
}

/// `[fe80::1%25eth0]`: an address that would be one without what begins at the percent sign.
fn has_zone(value: &[u8]) -> bool {
    let inside = value.split(|&byte| byte == b'[').nth(1).unwrap_or_default();
    let inside = inside.split(|&byte| byte == b']').next().unwrap_or_default();
    let mut parts = inside.splitn(2, |&byte| byte == b'%');
    let address = parts.next().and_then(|address| std::str::from_utf8(address).ok());
    parts.next().is_some() && address.is_some_and(|address| address.parse::<Ipv6Addr>().is_ok())
}

/// Why these bytes are no URL.
pub fn of_error(error: ParseError, value: &[u8]) -> &'static str {
    match error {
        ParseError::InvalidIpv6Address if !value.contains(&b']') => {
            "\"[\" begins an IPv6 address that no \"]\" ends"
        }
        ParseError::InvalidIpv6Address if has_zone(value) => {
            "its IPv6 address has a zone (%), which the URL standard refuses and curl takes"
        }
        ParseError::InvalidIpv6Address => "what stands in \"[ ]\" is no IPv6 address",
        ParseError::InvalidIpv4Address => "its host is a number, but no IPv4 address",
        ParseError::InvalidPort => "its port is no number up to 65535",
        ParseError::EmptyHost => "it names no host",
        ParseError::InvalidDomainCharacter => "a character of its host can be in no host name",
        ParseError::IdnaError => "its international host name can't be written in ASCII",
        _ => "no way of reading URLs makes one of it",
    }
}
