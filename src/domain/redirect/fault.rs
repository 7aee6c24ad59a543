//! Fault: why a Location is no URL, in a few words, for the sentence on a hop that stops there.

use std::borrow::Cow;

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

/// Why these bytes are no URL.
pub fn of_error(error: ParseError, value: &[u8]) -> &'static str {
    match error {
        ParseError::InvalidIpv6Address if !value.contains(&b']') => {
            "\"[\" begins an IPv6 address that no \"]\" ends"
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
