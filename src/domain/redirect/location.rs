//! Location: which bytes count, and where they lead by the client's dialect.

mod encode;
mod grammar;

use std::borrow::Cow;

use url::Url;

use crate::domain::client::location::{Dialect, Empty, Several};
use crate::domain::client::policy::{BadByte, Folded, Refusal};
use crate::domain::client::{Client, REDIRECTS};
use crate::domain::http::head::{DeviationKind, ResponseHead};
use crate::domain::http::request::Request;

use super::{Halt, Resolution, StopReason, rfc3986};

pub(super) use grammar::userinfo_of;

/// Where a Location leads.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Landing {
    /// Without userinfo; with the fragment of the Location, if it has one.
    pub url: Url,
    pub exact_target: Option<String>,
    pub userinfo: Option<Userinfo>,
    /// Host and port as they are written; `None` where the Location names no host.
    pub authority: Option<String>,
}

/// User name and password, decoded.
#[derive(Clone, Default, PartialEq, Eq, Hash, Debug)]
pub struct Userinfo {
    pub user: Vec<u8>,
    pub password: Vec<u8>,
}

/// What the value itself says, before it is a URL.
pub(super) enum Miss {
    /// As if there were no redirect.
    Final,
    Invalid,
    Scheme,
}

impl From<Miss> for Halt {
    fn from(miss: Miss) -> Halt {
        match miss {
            Miss::Final => Halt::Final,
            Miss::Invalid => Halt::Stop(StopReason::InvalidLocation),
            Miss::Scheme => Halt::Stop(StopReason::UnsupportedScheme),
        }
    }
}

/// The target of a response by the client's rules.
pub(super) fn landing(
    head: &ResponseHead,
    from: &Request,
    client: &Client,
) -> Result<Landing, Halt> {
    let value = value(head, client)?;
    Ok(resolve(&value, from, &client.location)?)
}

/// Every reading of the first Location of a redirect, given where the client lands; `None` without one.
pub(super) fn resolution(
    head: &ResponseHead,
    from: &Request,
    landing: &Result<Landing, Halt>,
) -> Option<Resolution> {
    if !REDIRECTS.contains(&head.status) {
        return None;
    }
    let field = head.fields.first("Location")?;
    let base = rfc3986::Reference::of(&from.url, from.target());
    let target = landing.as_ref().ok().map(|landing| landing.url.clone());
    // a URL as it is serialised is read as itself
    let verbatim = target.clone().filter(|url| url.as_str().as_bytes() == field.value);
    Some(Resolution {
        location: field.value.clone(),
        whatwg: verbatim.or_else(|| whatwg(&field.value, &from.url)),
        rfc3986: Some(rfc3986::resolve(trim(&field.value), base)),
        target,
    })
}

/// These Location bytes as the text that the WHATWG URL standard reads.
pub(super) fn readable(value: &[u8]) -> Option<Cow<'_, str>> {
    grammar::whatwg_text(value)
}

/// Where these Location bytes lead as the WHATWG URL standard reads them.
pub(crate) fn whatwg(value: &[u8], base: &Url) -> Option<Url> {
    grammar::whatwg_text(value).and_then(|text| base.join(&text).ok())
}

/// The Location bytes this client takes from the head.
fn value<'a>(head: &'a ResponseHead, client: &Client) -> Result<Cow<'a, [u8]>, Halt> {
    let missed = |index| client.strictness.misses_spaced_location && is_spaced(head, index);
    let lines = head.fields.iter().enumerate();
    let lines = lines.filter(|(index, field)| field.is("Location") && !missed(*index));
    let values: Result<Vec<_>, _> =
        lines.map(|(index, field)| unfold(&field.value, index, head, client)).collect();
    let mut values = values?;
    if client.strictness.misses_empty_location && values.iter().any(|value| !value.is_empty()) {
        values.retain(|value| !value.is_empty());
    }
    let mut values = values.into_iter();
    let Some(first) = values.next() else {
        return Err(match client.missing_location {
            Refusal::Final => Halt::Final,
            Refusal::Error => Halt::Stop(StopReason::MissingLocation),
        });
    };
    let value = match client.location.several {
        Several::First => first,
        Several::Last => values.next_back().unwrap_or(first),
        Several::Join => {
            values.fold(first, |joined, value| Cow::Owned([&*joined, b", ", &*value].concat()))
        }
        Several::ErrorIfDifferent if values.any(|value| value != first) => {
            return Err(Halt::Stop(StopReason::InvalidLocation));
        }
        Several::ErrorIfDifferent => first,
    };
    let tail = if client.location.keep_trailing_space { trailing_space(head) } else { &[] };
    let whole = if tail.is_empty() { value } else { Cow::Owned([&value, tail].concat()) };
    bad_bytes(whole, client)
}

/// A space stands between the name of this field and its colon.
fn is_spaced(head: &ResponseHead, index: usize) -> bool {
    head.deviations.iter().any(|deviation| {
        deviation.kind == DeviationKind::SpaceBeforeColon && deviation.field == Some(index)
    })
}

/// The white space at the end of the first Location line of an HTTP/1 head.
fn trailing_space(head: &ResponseHead) -> &[u8] {
    let is_location =
        |line: &&[u8]| line.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"location:"));
    let Some(line) = head.raw.split(|&byte| byte == b'\n').find(is_location) else { return &[] };
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line[9..].trim_ascii().is_empty() { &[] } else { &line[line.trim_ascii_end().len()..] }
}

/// The Location of this line, where it is folded as the client's head parser hands it over.
fn unfold<'a>(
    value: &'a [u8],
    index: usize,
    head: &ResponseHead,
    client: &Client,
) -> Result<Cow<'a, [u8]>, Halt> {
    let folded = head.deviations.iter().find(|deviation| {
        deviation.kind == DeviationKind::FoldedLine && deviation.field == Some(index)
    });
    match (folded, client.strictness.folded) {
        (None, _) | (Some(_), Folded::Join) => Ok(Cow::Borrowed(value)),
        (Some(_), Folded::Error) => Err(Halt::Stop(StopReason::RefusedByClient)),
        (Some(fold), Folded::FirstLine) => Ok(Cow::Owned(first_line(head, fold.at.start))),
    }
}

/// The value on the line before the fold at this offset of the raw head.
fn first_line(head: &ResponseHead, fold: usize) -> Vec<u8> {
    let before = head.raw.get(..fold).unwrap_or_default();
    let line = before.trim_ascii_end().rsplit(|&byte| byte == b'\n').next().unwrap_or_default();
    let colon = line.iter().position(|&byte| byte == b':').map_or(line.len(), |index| index + 1);
    line[colon..].trim_ascii().to_vec()
}

/// NUL and CR, which head parsers treat each in their own way.
fn bad_bytes<'a>(mut value: Cow<'a, [u8]>, client: &Client) -> Result<Cow<'a, [u8]>, Halt> {
    for (byte, rule) in [(0, client.strictness.nul), (b'\r', client.strictness.cr)] {
        let Some(at) = value.iter().position(|&found| found == byte) else { continue };
        match rule {
            BadByte::Error => return Err(Halt::Stop(StopReason::InvalidLocation)),
            BadByte::Cut => value.to_mut().truncate(at),
            BadByte::Strip => value.to_mut().retain(|&found| found != byte),
            BadByte::Keep => {}
        }
    }
    Ok(value)
}

/// The target of a value by this dialect.
pub(super) fn resolve(value: &[u8], from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    let value = grammar::decode(value, dialect.decode)?;
    let value = if dialect.keep_trailing_space { value.trim_ascii_start() } else { trim(&value) };
    if dialect.longest > 0 && value.len() > dialect.longest {
        return Err(Miss::Invalid);
    }
    match (value.is_empty(), dialect.empty) {
        (true, Empty::Final) => Err(Miss::Final),
        (true, Empty::Folder) => grammar::resolve(b".", from, dialect),
        (true, Empty::SameUrl) | (false, _) => grammar::resolve(value, from, dialect),
    }
}

fn trim(value: &[u8]) -> &[u8] {
    value.trim_ascii()
}
