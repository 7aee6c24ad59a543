//! Sign: one fingerprint of an issuer, and which of all the fingerprints a response has.
//!
//! A response is gone through once: each of its parts is held against the signs about that part, and of nearly all of these a
//! glance tells that they are not there.

use super::super::glob::{Pairs, Pattern};
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
    value: Pattern,
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

/// The places of the signs about each subject.
static INDEX: Index = Index::of(&FINGERPRINTS);

struct Index {
    /// Where the signs about a subject start; those about the next one are behind them.
    starts: [u16; SUBJECTS + 1],
    places: [u16; COUNT],
}

impl Found {
    pub(super) fn of(exchange: &Exchange) -> Found {
        let mut found = Found::default();
        for field in exchange.fields() {
            found.look_at_line(field);
        }
        if let Some(location) = exchange.fields().first("Location") {
            found.look_at(LOCATION, &location.value);
        }
        if let Some(page) = page(exchange) {
            found.look_at(PAGE, page);
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
        let mut pairs = None;
        // neighbours in the table ask for the same name
        let mut asked = None;
        for &place in INDEX.about(shape::of(field.name.as_bytes())).iter().chain(INDEX.about(ANY)) {
            let Some(sign) = FINGERPRINTS.get(usize::from(place)) else { continue };
            let is_named = match (asked, sign.what) {
                (Some((name, is)), What::Line(own)) if name == own => is,
                _ => sign.is_named(field),
            };
            if let What::Line(name) = sign.what {
                asked = Some((name, is_named));
            }
            if is_named {
                let pairs = pairs.get_or_insert_with(|| Pairs::of(&field.value));
                self.note(place, sign.value.matches_with(pairs, &field.value));
            }
        }
    }

    fn look_at(&mut self, subject: usize, text: &[u8]) {
        let pairs = Pairs::of(text);
        for &place in INDEX.about(subject) {
            let sign = FINGERPRINTS.get(usize::from(place));
            self.note(place, sign.is_some_and(|sign| sign.value.matches_with(&pairs, text)));
        }
    }

    fn note(&mut self, place: u16, is_there: bool) {
        if let Some(word) = self.0.get_mut(usize::from(place / 64)) {
            *word |= u64::from(is_there) << (place % 64);
        }
    }
}

/// The body is like a page that some issuer sends by itself.
pub(super) fn is_default_page(exchange: &Exchange) -> bool {
    page(exchange).is_some_and(|page| {
        let mut found = Found::default();
        found.look_at(PAGE, page);
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
        let mut index = Index { starts: [0; SUBJECTS + 1], places: [0; COUNT] };
        let (mut subject, mut count) = (0, 0);
        while subject < SUBJECTS {
            let mut place = 0;
            while place < COUNT {
                if signs[place].subject() == subject {
                    index.places[count] = place as u16;
                    count += 1;
                }
                place += 1;
            }
            subject += 1;
            index.starts[subject] = count as u16;
        }
        index
    }

    fn about(&self, subject: usize) -> &[u16] {
        let start = |subject: usize| self.starts.get(subject).copied().map_or(0, usize::from);
        self.places.get(start(subject)..start(subject + 1)).unwrap_or_default()
    }
}

impl Sign {
    pub(in super::super) const fn header(name: Text, starts: bool, value: Text) -> Sign {
        let what = if starts { What::Lines(name) } else { What::Line(name) };
        Sign { what, value: Pattern::new(value) }
    }

    pub(in super::super) const fn cookie(pattern: Text) -> Sign {
        Sign { what: What::Cookie, value: Pattern::new(pattern) }
    }

    pub(in super::super) const fn location(pattern: Text) -> Sign {
        Sign { what: What::Location, value: Pattern::new(pattern) }
    }

    pub(in super::super) const fn body(pattern: Text) -> Sign {
        Sign { what: What::Page, value: Pattern::new(pattern) }
    }

    pub(super) fn is_about_location(&self) -> bool {
        matches!(self.what, What::Location)
    }

    /// What the response says of itself outweighs everything else, the more so when it names a product.
    pub(super) fn self_declaration(&self) -> Option<usize> {
        match self.what {
            What::Line(name) if name.get() == "X-Redirect-By" => {
                Some(if self.value.text() == "*" { 9 } else { 12 })
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
            What::Location => format!("the Location is like {}", self.value.text()),
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
        fields.iter().find(|field| self.is_named(field) && self.value.matches(&field.value))
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
