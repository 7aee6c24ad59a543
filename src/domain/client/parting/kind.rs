//! Kind: all that decides what clients do after a hop, so that hops of one kind are compared once.

use crate::domain::chain::Hop;
use crate::domain::client::REDIRECTS;
use crate::domain::http::origin::Origin;
use crate::domain::http::request::Request;

use super::{Parting, carries_credentials};

/// Whether clients can differ in more than cookies after this hop.
pub(super) fn is_at_stake(hop: &Hop) -> bool {
    let Some(status) = hop.exchange.status().filter(|status| REDIRECTS.contains(status)) else {
        return false;
    };
    let mut locations = hop.exchange.fields().all("Location");
    let (Some(location), more) = (locations.next(), locations.next()) else { return false };
    let usual = matches!(status, 301 | 302 | 303 | 307 | 308);
    let reads = matches!(hop.request.method.as_str(), "GET" | "HEAD");
    let downgrade = hop.request.url.scheme() == "https" && !location.value.starts_with(b"https:");
    !usual
        || !reads
        || hop.request.body_len() > 0
        || carries_credentials(hop)
        || more.is_some()
        || (downgrade && location.value.starts_with(b"http:"))
        || !is_plain(&location.value)
}

/// A path or an http URL that everybody reads alike.
fn is_plain(location: &[u8]) -> bool {
    let schemes = [&b"http://"[..], b"https://"];
    let rest = schemes.iter().find_map(|scheme| location.strip_prefix(*scheme));
    let path = rest.unwrap_or(location);
    let rooted = rest.is_some() || location.first() == Some(&b'/');
    let twice = |pair: &[u8]| pair == b"//" || pair == b"/.";
    rooted && !path.is_empty() && path.iter().copied().all(is_usual) && !path.windows(2).any(twice)
}

fn is_usual(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~:/?&=,+".contains(&byte)
}

/// All that decides what clients do after a hop; hops of the same kind part clients in the same way.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Kind<'a> {
    status: Option<u16>,
    method: &'a str,
    body: bool,
    streamed: bool,
    /// The fields of the request.
    fields: Vec<&'a str>,
    /// The origins of the request and of its target.
    origins: (Origin, Option<Origin>),
    absolute: bool,
    sets_cookies: bool,
    /// What the `Location` lines are like where not everybody reads them alike.
    reading: Option<Reading<'a>>,
}

/// The part of `Location` lines that decides whether clients read them alike.
#[derive(PartialEq, Eq, Hash)]
enum Reading<'a> {
    /// One line, escapes and all, but letters and digits of path and query do not count: scheme and authority as they
    /// are written, a run of letters and digits as one. Never the URL it stands on.
    Usual { authority: &'a [u8], rest: Vec<u8> },
    /// The lines, with what a relative one is held against.
    Odd(&'a str, Vec<&'a [u8]>),
}

impl<'a> Reading<'a> {
    fn of(lines: Vec<&'a [u8]>, request: &'a Request) -> Reading<'a> {
        let usual = match lines.as_slice() {
            [line] => outline(line, request.target().as_bytes()),
            _ => None,
        };
        match usual {
            Some((authority, rest)) => Reading::Usual { authority, rest },
            None => Reading::Odd(request.url.as_str(), lines),
        }
    }
}

/// The longest `Location` that is outlined: some clients have a bound of their own beyond.
const SHORT: usize = 2000;

/// Scheme and authority, and path and query with each run of letters and digits as one; `None` for another reference
/// than a rooted one with escapes, and for one that leads to the request itself, which nobody writes anew.
fn outline<'a>(location: &'a [u8], own: &[u8]) -> Option<(&'a [u8], Vec<u8>)> {
    let after =
        |scheme: &[u8]| location.strip_prefix(scheme).map(|rest| location.len() - rest.len());
    let start = match after(b"http://").or_else(|| after(b"https://")) {
        Some(host) => host + location[host..].iter().position(|&byte| byte == b'/')?,
        None => 0,
    };
    let (authority, rest) = location.split_at(start);
    let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
    if location.len() > SHORT || slashes != 1 || rest == own || !is_escaped(rest) {
        return None;
    }
    let mut outline = Vec::with_capacity(rest.len());
    let mut escape = 0;
    for &byte in rest {
        let run = escape == 0 && byte.is_ascii_alphanumeric();
        escape = if byte == b'%' { 2 } else { usize::saturating_sub(escape, 1) };
        match outline.last() {
            Some(0) if run => {}
            _ => outline.push(if run { 0 } else { byte }),
        }
    }
    Some((authority, outline))
}

/// Only usual characters, and escapes of two digits each.
fn is_escaped(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        rest = match (byte, after) {
            (b'%', [high, low, after @ ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                after
            }
            _ if is_usual(byte) => after,
            _ => return false,
        };
    }
    true
}

impl Kind<'_> {
    pub(super) fn of(hop: &Hop) -> Kind<'_> {
        let lines = hop.exchange.fields().all("Location");
        let lines: Vec<&[u8]> = lines.map(|line| line.value.as_slice()).collect();
        let plain = lines.len() == 1 && lines.iter().all(|line| is_plain(line));
        let target = hop.resolution.as_ref().and_then(|of| of.whatwg.as_ref());
        let body = hop.request.body.as_ref();
        Kind {
            status: hop.exchange.status(),
            method: hop.request.method.as_str(),
            body: hop.request.body_len() > 0,
            streamed: body.is_some_and(|body| body.streamed),
            fields: hop.request.fields.iter().map(|field| field.name.as_str()).collect(),
            origins: (Origin::of(&hop.request.url), target.map(Origin::of)),
            absolute: lines.first().is_some_and(|line| line.starts_with(b"http")),
            sets_cookies: hop.exchange.fields().contains("Set-Cookie"),
            reading: (!plain).then(|| Reading::of(lines, &hop.request)),
        }
    }

    /// Whether another hop of this kind must be asked anew: where clients go to different places, each hop has its own.
    pub(super) fn is_worn_down(&self, parting: Option<&Parting>) -> bool {
        let outlined = matches!(self.reading, Some(Reading::Usual { .. }));
        outlined && parting.is_some_and(|of| of.on.destination)
    }
}
