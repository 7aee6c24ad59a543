//! Condition: one thing that can be asked of a hop, as the table of intents writes it.

use url::Url;

use crate::domain::classify::glob;
use crate::domain::classify::shape::{self, Names};
use crate::domain::classify::table::{KINDS, LINES, Line, NUMBERS, RELATIONS, Span, Text, Words};
use crate::domain::evidence::HopEvidence;
use crate::domain::http::field::Fields;

/// A hop as the conditions look at it.
pub(super) struct Look<'e, 'a> {
    hop: &'e HopEvidence<'a>,
    /// The hops before it.
    before: &'e [HopEvidence<'a>],
    base: Shapes,
    next: Shapes,
    /// The shapes of the names of the target's parameters.
    params: u64,
}

/// The shapes of the parts of a URL.
#[derive(Default)]
struct Shapes {
    /// Of its path.
    segments: u64,
    /// Of its host and path.
    words: u64,
}

/// One condition; a list holds when one of its values does, unless it says otherwise.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Condition {
    Status(Span),
    Method(Words),
    /// `http` or `https` of the URL asked for.
    BaseScheme(Text),
    Relation(Span),
    /// A whole segment of the target's path.
    NextSegment(Names),
    BaseSegment(Names),
    NextPathEnds(Words),
    /// A host label or path word (between `.`, `/`, `-` and `_`) of the target.
    NextWord(Names),
    BaseWord(Names),
    /// The host is one of these or below one.
    NextHost(Words),
    BaseHost(Words),
    /// All of these parameters.
    NextParams(Names),
    NextParamsAny(Names),
    /// The target has one of these parameters and base has not.
    NewParams(Names),
    /// [`Line`]s
    Field(Span),
    /// The same for the next hop's response.
    NextField(Span),
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

impl<'e, 'a> Look<'e, 'a> {
    pub(super) fn at(hop: &'e HopEvidence<'a>, before: &'e [HopEvidence<'a>]) -> Look<'e, 'a> {
        let params = hop.params.iter().map(|param| shape::bit(param.name.as_bytes()));
        Look {
            hop,
            before,
            base: Shapes::of(hop.base()),
            next: hop.next.map(Shapes::of).unwrap_or_default(),
            params: params.fold(0, |all, one| all | one),
        }
    }
}

impl Shapes {
    fn of(url: &Url) -> Shapes {
        // what is empty is none of the words that are asked for
        let words = |text: &[u8]| {
            let words = text.split(is_border).filter(|word| !word.is_empty());
            words.fold(0, |all, word| all | shape::bit(word))
        };
        let mut shapes = Shapes::default();
        for segment in segments(url.path()).filter(|segment| !segment.is_empty()) {
            shapes.segments |= shape::bit(segment);
            shapes.words |= words(segment);
        }
        shapes.words |= url.domain().map_or(0, |host| words(host.as_bytes()));
        shapes
    }
}

impl Condition {
    pub(super) fn holds(&self, look: &Look<'_, '_>) -> bool {
        let hop = look.hop;
        let base = hop.base();
        let next_path = || hop.next.map_or("", |next| next.path());
        let has = |name: &str| hop.param(name).is_some();
        match self {
            Condition::Status(list) => list.of(&NUMBERS).contains(&hop.status()),
            Condition::Method(list) => list.contains(hop.method()),
            Condition::BaseScheme(scheme) => base.scheme() == scheme.get(),
            Condition::Relation(list) => list.of(&RELATIONS).iter().any(|of| of.holds(hop)),
            Condition::NextSegment(names) => {
                names.any_of(look.next.segments).is_some_and(|list| has_segment(next_path(), list))
            }
            Condition::BaseSegment(names) => {
                names.any_of(look.base.segments).is_some_and(|list| has_segment(base.path(), list))
            }
            Condition::NextPathEnds(list) => {
                let path = next_path().strip_suffix('/').unwrap_or(next_path()).as_bytes();
                list.iter().any(|end| ends_with(path, end.as_bytes()))
            }
            Condition::NextWord(names) => {
                let list = names.any_of(look.next.words);
                list.zip(hop.next).is_some_and(|(list, next)| has_word(next, list))
            }
            Condition::BaseWord(names) => {
                names.any_of(look.base.words).is_some_and(|list| has_word(base, list))
            }
            Condition::NextHost(list) => hop.next.is_some_and(|next| has_host(next, *list)),
            Condition::BaseHost(list) => has_host(base, *list),
            Condition::NextParams(names) => {
                names.all_of(look.params).is_some_and(|list| list.iter().all(has))
            }
            Condition::NextParamsAny(names) => {
                names.any_of(look.params).is_some_and(|list| list.iter().any(has))
            }
            Condition::NewParams(names) => {
                let is_new = |name: &str| has(name) && hop.base_param(name).is_none();
                names.any_of(look.params).is_some_and(|list| list.iter().any(is_new))
            }
            Condition::Field(lines) => has_field(hop.fields(), *lines),
            Condition::NextField(lines) => {
                hop.next_hop.is_some_and(|next| has_field(next.exchange.fields(), *lines))
            }
            Condition::NextStatus(list) => hop
                .next_hop
                .and_then(|next| next.status())
                .is_some_and(|status| list.of(&NUMBERS).contains(&status)),
            Condition::RequestType(list) => list.iter().any(|kind| match kind {
                "form" => hop.sends_form(),
                media => hop.request_media().is_some_and(|own| own.starts_with(media)),
            }),
            Condition::Earlier(list) => {
                look.before.iter().any(|hop| list.of(&KINDS).contains(&hop.intent.kind))
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

/// A field line is like one of these.
fn has_field(fields: &Fields, lines: Span) -> bool {
    let is = |line: &Line| {
        let mut own = fields.all(line.name.get());
        own.any(|field| glob::matches(line.value.get(), &field.value))
    };
    lines.of(&LINES).iter().any(is)
}

fn has_segment(path: &str, list: Words) -> bool {
    let is = |own: &[u8]| list.iter().any(|word| own.eq_ignore_ascii_case(word.as_bytes()));
    segments(path).any(is)
}

fn segments(path: &str) -> impl Iterator<Item = &[u8]> {
    path.as_bytes().split(|&byte| byte == b'/')
}

/// What stands between two words.
fn is_border(byte: &u8) -> bool {
    matches!(byte, b'.' | b'/' | b'-' | b'_')
}

fn ends_with(path: &[u8], end: &[u8]) -> bool {
    path.len() >= end.len() && path[path.len() - end.len()..].eq_ignore_ascii_case(end)
}

fn has_word(url: &Url, list: Words) -> bool {
    let is = |own: &[u8]| list.iter().any(|word| own.eq_ignore_ascii_case(word.as_bytes()));
    let words = |text: &str| text.as_bytes().split(is_border).any(is);
    words(url.path()) || url.domain().is_some_and(words)
}

fn has_host(url: &Url, list: Words) -> bool {
    url.domain().is_some_and(|host| {
        list.iter().any(|known| {
            host.strip_suffix(known)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    })
}

fn is_short_link(url: &Url) -> bool {
    let name = url.path().trim_start_matches('/');
    url.domain().is_some_and(|host| host.len() <= 8)
        && (4..=12).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
