//! Sign: one fingerprint of an issuer, and which of all the fingerprints a response has.
//!
//! A response is gone through once: each of its parts is held against the signs about that part, and of nearly all of these a
//! glance tells that they are not there.

use super::super::glob::{self, Pairs};
use super::super::shape;
use super::super::table::{FINGERPRINTS, Text};
use crate::domain::evidence::text::{bare, is_bare, quoted};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::{Field, Fields, decoded};
use crate::domain::scan;

/// How much of a body is compared with the pages that servers send by default.
pub(super) const BODY: usize = 4096;

/// One fingerprint.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign {
    what: What,
    /// A pattern.
    value: Text,
}

/// What a sign is about.
#[derive(Clone, Copy, Debug)]
enum What {
    /// The lines of this name.
    Line(Text),
    /// The lines whose name starts like this.
    Lines(Text),
    Cookie,
    /// The first Location.
    Location,
    /// The start of the body.
    Page,
}

/// The signs that a response has, by their place in the table.
#[derive(Default)]
pub(super) struct Found([u64; COUNT.div_ceil(64)]);

const COUNT: usize = FINGERPRINTS.len();

/// The subjects of signs: field names by their shape, and behind the shapes any field, the Location, the page.
const ANY: usize = shape::COUNT;
const LOCATION: usize = ANY + 1;
const PAGE: usize = ANY + 2;
const SUBJECTS: usize = ANY + 3;

/// The signs about each subject.
static INDEX: Index = Index::of(&FINGERPRINTS);

struct Index {
    /// Where the signs about a subject start; those about the next one are behind them.
    starts: [u16; SUBJECTS + 1],
    signs: [Glance; COUNT],
}

/// A sign as far as a glance goes.
#[derive(Clone, Copy)]
struct Glance {
    /// Those of a text that can match.
    pairs: Pairs,
    place: u16,
}

impl Found {
    pub(super) fn of(exchange: &Exchange) -> Found {
        let mut found = Found::default();
        for field in exchange.fields() {
            found.look_at_line(field);
        }
        if let Some(location) = exchange.fields().first("Location") {
            found.look_at(LOCATION, &location.value, |_| true);
        }
        if let Some(page) = page(exchange) {
            found.look_at(PAGE, page, |_| true);
        }
        found
    }

    /// The sign at this place of the table is there.
    pub(super) fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// The places of the signs that are there, in order.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> {
        let words = self.0.iter().enumerate();
        words.flat_map(|(at, &word)| scan::bits(word).map(move |bit| at * 64 + bit))
    }

    fn look_at_line(&mut self, field: &Field) {
        let named = |sign: &Sign| sign.is_named(field);
        self.look_at(shape::of(field.name.as_bytes()), &field.value, named);
        for glance in INDEX.about(ANY) {
            self.note(glance.place, |sign| named(sign) && sign.is_like(&field.value));
        }
    }

    /// Holds a text against the signs about it; those of its subject that are about another are passed over.
    fn look_at(&mut self, subject: usize, text: &[u8], is_about: impl Fn(&Sign) -> bool) {
        let signs = INDEX.about(subject);
        let pairs = if signs.is_empty() { Pairs::default() } else { Pairs::of(text) };
        for glance in signs.iter().filter(|glance| pairs.has(&glance.pairs)) {
            self.note(glance.place, |sign| is_about(sign) && sign.is_like(text));
        }
    }

    fn note(&mut self, place: u16, is_there: impl Fn(&Sign) -> bool) {
        let place = usize::from(place);
        let is_there = FINGERPRINTS.get(place).is_some_and(is_there);
        if let Some(word) = self.0.get_mut(place / 64).filter(|_| is_there) {
            *word |= 1 << (place % 64);
        }
    }
}

/// The body is like a page that some issuer sends by itself.
pub(super) fn is_default_page(exchange: &Exchange) -> bool {
    page(exchange).is_some_and(|page| {
        let mut found = Found::default();
        found.look_at(PAGE, page, |_| true);
        found.places().next().is_some()
    })
}

/// The start of the body; `None` where there is none.
fn page(exchange: &Exchange) -> Option<&[u8]> {
    let body = &exchange.body.head;
    let page = body.get(..body.len().min(BODY)).unwrap_or_default().trim_ascii_end();
    (!body.is_empty()).then_some(page)
}

impl Index {
    const fn of(signs: &[Sign; COUNT]) -> Index {
        let none = Glance { pairs: Pairs::of_pattern(b""), place: 0 };
        let mut index = Index { starts: [0; SUBJECTS + 1], signs: [none; COUNT] };
        let (mut subject, mut count) = (0, 0);
        while subject < SUBJECTS {
            let mut place = 0;
            while place < COUNT {
                if signs[place].subject() == subject {
                    let pairs = Pairs::of_pattern(signs[place].value.bytes());
                    index.signs[count] = Glance { pairs, place: place as u16 };
                    count += 1;
                }
                place += 1;
            }
            subject += 1;
            index.starts[subject] = count as u16;
        }
        index
    }

    fn about(&self, subject: usize) -> &[Glance] {
        let start = |subject: usize| self.starts.get(subject).copied().map_or(0, usize::from);
        self.signs.get(start(subject)..start(subject + 1)).unwrap_or_default()
    }
}

impl Sign {
    pub(in super::super) const fn header(name: Text, starts: bool, value: Text) -> Sign {
        let what = if starts { What::Lines(name) } else { What::Line(name) };
        Sign { what, value }
    }

    pub(in super::super) const fn cookie(pattern: Text) -> Sign {
        Sign { what: What::Cookie, value: pattern }
    }

    pub(in super::super) const fn location(pattern: Text) -> Sign {
        Sign { what: What::Location, value: pattern }
    }

    pub(in super::super) const fn body(pattern: Text) -> Sign {
        Sign { what: What::Page, value: pattern }
    }

    pub(super) fn is_about_location(&self) -> bool {
        matches!(self.what, What::Location)
    }

    /// What the response says of itself outweighs everything else, the more so when it names a product.
    pub(super) fn self_declaration(&self) -> Option<usize> {
        match self.what {
            What::Line(name) if name.get() == "X-Redirect-By" => {
                Some(if self.value.get() == "*" { 9 } else { 12 })
            }
            What::Line(_) | What::Lines(_) | What::Cookie | What::Location | What::Page => None,
        }
    }

    /// A sign that is there, in words.
    pub(super) fn words(&self, fields: &Fields) -> String {
        match self.what {
            What::Line(_) | What::Lines(_) => self.line(fields).map_or_else(String::new, |field| {
                let line = [&field.name, ": ", &decoded(&field.value)].concat();
                if is_bare(&line) { line } else { bare(&line).into_owned() }
            }),
            What::Cookie => {
                let text = self.line(fields).map(Field::text).unwrap_or_default();
                format!("cookie {}", quoted(text.split('=').next().unwrap_or_default()))
            }
            What::Location => format!("the Location is like {}", self.value.get()),
            What::Page => "the body is its default page".to_owned(),
        }
    }

    const fn subject(&self) -> usize {
        match self.what {
            What::Line(name) => shape::of(name.bytes()),
            What::Lines(_) => ANY,
            What::Cookie => shape::of(b"Set-Cookie"),
            What::Location => LOCATION,
            What::Page => PAGE,
        }
    }

    /// The line it is about.
    fn line<'a>(&self, fields: &'a Fields) -> Option<&'a Field> {
        fields.iter().find(|field| self.is_named(field) && self.is_like(&field.value))
    }

    fn is_like(&self, text: &[u8]) -> bool {
        glob::matches(self.value.get(), text)
    }

    fn is_named(&self, field: &Field) -> bool {
        match self.what {
            What::Line(name) => field.is(name.get()),
            What::Lines(start) => {
                let own = field.name.as_bytes().get(..start.bytes().len());
                own.is_some_and(|own| own.eq_ignore_ascii_case(start.bytes()))
            }
            What::Cookie => field.is("Set-Cookie"),
            What::Location | What::Page => false,
        }
    }
}
