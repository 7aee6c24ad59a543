//! Condition: one thing that can be asked of a hop, as the table of intents writes it.

use crate::domain::classify::glob;
use crate::domain::classify::table::{KINDS, NUMBERS, RELATIONS, Span, Text, Words};
use crate::domain::evidence::HopEvidence;
use crate::domain::http::field::Fields;

/// One condition; a list holds when one of its values does, unless it says otherwise.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Condition {
    Status(Span),
    Method(Words),
    /// `http` or `https` of the URL asked for.
    BaseScheme(Text),
    Relation(Span),
    /// A whole segment of the target's path.
    NextSegment(Words),
    BaseSegment(Words),
    NextPathEnds(Words),
    /// A host label or path word (between `.`, `/`, `-` and `_`) of the target.
    NextWord(Words),
    BaseWord(Words),
    /// The host is one of these or below one.
    NextHost(Words),
    BaseHost(Words),
    /// All of these parameters.
    NextParams(Words),
    NextParamsAny(Words),
    /// The target has one of these parameters and base has not.
    NewParams(Words),
    /// `Name: pattern`
    Field(Words),
    /// The same for the next hop's response.
    NextField(Words),
    NextStatus(Span),
    /// `form`, or the beginning of a media type.
    RequestType(Words),
    /// An earlier hop has this intent.
    Earlier(Span),
    /// The host has at most 8 characters and the path is one segment of 4 to 12 letters and digits.
    ShortLink,
    /// The response has no body.
    NoBody,
    /// The first bytes of the body match.
    Body(Words),
}

impl Condition {
    pub(crate) fn holds(&self, hop: &HopEvidence<'_>, before: &[HopEvidence<'_>]) -> bool {
        let base = hop.base();
        let next_path = || hop.next.map_or("", |next| next.path());
        match self {
            Condition::Status(list) => list.of(&NUMBERS).contains(&hop.status()),
            Condition::Method(list) => list.contains(hop.method()),
            Condition::BaseScheme(scheme) => base.scheme() == scheme.get(),
            Condition::Relation(list) => list.of(&RELATIONS).iter().any(|of| of.holds(hop)),
            Condition::NextSegment(list) => has_segment(next_path(), *list),
            Condition::BaseSegment(list) => has_segment(base.path(), *list),
            Condition::NextPathEnds(list) => list.iter().any(|end| ends_with(next_path(), end)),
            Condition::NextWord(list) => hop.next.is_some_and(|next| has_word(next, *list)),
            Condition::BaseWord(list) => has_word(base, *list),
            Condition::NextHost(list) => hop.next.is_some_and(|next| has_host(next, *list)),
            Condition::BaseHost(list) => has_host(base, *list),
            Condition::NextParams(list) => list.iter().all(|name| hop.param(name).is_some()),
            Condition::NextParamsAny(list) => list.iter().any(|name| hop.param(name).is_some()),
            Condition::NewParams(list) => {
                list.iter().any(|name| hop.param(name).is_some() && hop.base_param(name).is_none())
            }
            Condition::Field(list) => list.iter().any(|line| has_field(hop.fields(), line)),
            Condition::NextField(list) => hop.next_hop.is_some_and(|next| {
                list.iter().any(|line| has_field(next.exchange.fields(), line))
            }),
            Condition::NextStatus(list) => hop
                .next_hop
                .and_then(|next| next.status())
                .is_some_and(|status| list.of(&NUMBERS).contains(&status)),
            Condition::RequestType(list) => list.iter().any(|kind| match kind {
                "form" => hop.sends_form(),
                media => hop.request_media().is_some_and(|own| own.starts_with(media)),
            }),
            Condition::Earlier(list) => {
                before.iter().any(|hop| list.of(&KINDS).contains(&hop.intent.kind))
            }
            Condition::ShortLink => is_short_link(base),
            Condition::NoBody => hop.hop.exchange.body.is_empty(),
            Condition::Body(list) => {
                let head = &hop.hop.exchange.body.head;
                let head = head.get(..head.len().min(16 * 1024)).unwrap_or_default();
                list.iter().any(|pattern| glob::matches(pattern, head))
            }
        }
    }
}

/// A field line matches `Name: pattern`.
pub(crate) fn has_field(fields: &Fields, line: &str) -> bool {
    let (name, pattern) = line.split_once(':').unwrap_or((line, "*"));
    let pattern = pattern.trim();
    fields.all(name).any(|field| glob::matches(pattern, &field.value))
}

fn has_segment(path: &str, list: Words) -> bool {
    path.split('/').any(|segment| list.iter().any(|word| segment.eq_ignore_ascii_case(word)))
}

fn ends_with(path: &str, end: &str) -> bool {
    let path = path.strip_suffix('/').unwrap_or(path).as_bytes();
    path.len() >= end.len() && path[path.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
}

fn has_word(url: &url::Url, list: Words) -> bool {
    let words = |text: &str| {
        text.split(['.', '/', '-', '_'])
            .any(|own| list.iter().any(|word| own.eq_ignore_ascii_case(word)))
    };
    words(url.path()) || url.domain().is_some_and(words)
}

fn has_host(url: &url::Url, list: Words) -> bool {
    url.domain().is_some_and(|host| {
        list.iter().any(|known| {
            host.strip_suffix(known)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    })
}

fn is_short_link(url: &url::Url) -> bool {
    let name = url.path().trim_start_matches('/');
    url.domain().is_some_and(|host| host.len() <= 8)
        && (4..=12).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
