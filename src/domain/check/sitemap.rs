//! Sitemaps (sitemaps.org): every `<loc>` is a page that answers 200 by itself, not through a redirect.
//!
//! What is a sitemap is told by its root, `<urlset>` or `<sitemapindex>`, not by the name of the file. No entity but XML's own is
//! known and none is expanded, so that a text never becomes longer than it is. Other namespaces (images, videos, languages) may
//! stand in it and are passed over.

use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::expectation::{Expect, HopExpect};
use super::fault::{Fault, place};
use super::map::{plain, target};
use super::matcher::{Range, Statuses};
use super::{Place, Row, Setup};

/// How many URLs a sitemap has at most.
pub const MOST_URLS: usize = 50_000;

/// A URL in a sitemap has fewer characters.
const LONGEST: usize = 2_048;

/// How many faults are told.
const FAULTS: usize = 100;

/// What a sitemap lists.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// `<urlset>`: pages.
    Pages,
    /// `<sitemapindex>`: other sitemaps.
    Index,
}

impl Kind {
    /// The kind of this root, and the elements that hold its URLs.
    fn of(root: &[u8]) -> Option<(Kind, &'static [u8])> {
        match root {
            b"urlset" => Some((Kind::Pages, b"url")),
            b"sitemapindex" => Some((Kind::Index, b"sitemap")),
            _ => None,
        }
    }
}

/// A sitemap that has been read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sitemap {
    pub kind: Kind,
    pub locs: Vec<Loc>,
}

/// One `<loc>`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Loc {
    /// Where its text begins, from 1.
    pub line: usize,
    pub url: Box<str>,
}

/// Whether a file is a sitemap.
pub fn is_sitemap(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        match reader.read_event() {
            Ok(Event::Start(root) | Event::Empty(root)) => {
                return Kind::of(root.local_name().as_ref()).is_some();
            }
            Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_)) => {}
            Ok(Event::Text(between)) if between.trim_ascii().is_empty() => {}
            Ok(
                Event::Text(_)
                | Event::CData(_)
                | Event::GeneralRef(_)
                | Event::End(_)
                | Event::Eof,
            )
            | Err(_) => return false,
        }
    }
}

/// Reads a sitemap; of the faults the first hundred.
pub fn read(file: &str, text: &str) -> Result<Sitemap, Vec<Fault>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = Reader::from_str(text);
    let mut parser = Parser::new(file, text);
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match reader.read_event() {
            Ok(Event::Eof) => return parser.end(),
            Ok(event) => parser.take(&event, at),
            Err(error) => {
                let at = usize::try_from(reader.error_position()).unwrap_or(at);
                parser.fault(at, format!("expected XML: {error}"));
                return Err(parser.faults);
            }
        }
        if parser.faults.len() >= FAULTS {
            return Err(parser.faults);
        }
    }
}

/// The row of a page: its first response is 200.
pub fn row(place: Place, url: &str, setup: &Setup<'_>) -> Result<Row, Fault> {
    let fault = |why: String| Fault::new(&place.file, (place.line, 1), why);
    let page = target(url, setup.base).map_err(fault)?;
    let ok = Some(Statuses(vec![Range::exactly(200)]));
    let first = HopExpect { at: 1, status: ok, ..HopExpect::default() };
    let expect = Expect { hop: vec![first], ..Expect::default() };
    Ok(plain(setup, place, (page, url), expect))
}

/// What has been read so far.
struct Parser<'a> {
    file: &'a str,
    text: &'a str,
    /// The byte up to which lines were counted, and the line there.
    counted: (usize, usize),
    kind: Option<(Kind, &'static [u8])>,
    /// How many elements are open.
    depth: usize,
    /// Where the `<url>` that is open begins, until it has a `<loc>`.
    waiting: Option<usize>,
    /// The `<loc>` that is open: where its text begins, and the text.
    loc: Option<(Option<usize>, String)>,
    /// Directly below the root stands an element that holds a URL.
    holds: bool,
    locs: Vec<Loc>,
    faults: Vec<Fault>,
}

impl<'a> Parser<'a> {
    fn new(file: &'a str, text: &'a str) -> Parser<'a> {
        let (locs, faults) = (Vec::new(), Vec::new());
        let (kind, waiting, loc) = (None, None, None);
        let (counted, depth, holds) = ((0, 1), 0, false);
        Parser { file, text, counted, kind, depth, waiting, loc, holds, locs, faults }
    }

    fn take(&mut self, event: &Event<'_>, at: usize) {
        match event {
            Event::Start(element) => {
                self.open(element.local_name().as_ref(), at);
                self.depth += 1;
            }
            Event::Empty(element) => {
                self.open(element.local_name().as_ref(), at);
                self.depth += 1;
                self.close();
            }
            Event::End(_) => self.close(),
            Event::Text(text) => self.add(at, &String::from_utf8_lossy(text)),
            Event::CData(text) => self.add(at, &String::from_utf8_lossy(text)),
            Event::GeneralRef(entity) => self.refer(entity, at),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) | Event::Eof => {}
        }
    }

    fn open(&mut self, name: &[u8], at: usize) {
        match self.depth {
            0 if self.kind.is_some() => self.fault(at, "expected one root"),
            0 => {
                self.kind = Kind::of(name);
                if self.kind.is_none() {
                    self.fault(at, "expected <urlset> or <sitemapindex>");
                }
            }
            1 => {
                self.holds = self.kind.is_some_and(|(_, holder)| holder == name);
                self.waiting = self.holds.then_some(at);
            }
            2 if self.holds && name == b"loc" => {
                if self.waiting.take().is_none() {
                    self.fault(at, "expected one <loc>, and this is another");
                }
                self.loc = Some((None, String::new()));
            }
            _ => {}
        }
    }

    fn close(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        if self.depth == 2
            && let Some((at, text)) = self.loc.take()
        {
            self.keep(at, text.trim_ascii());
        }
        if self.depth == 1
            && let Some(at) = self.waiting.take()
        {
            self.fault(at, "expected a <loc> in this element");
        }
    }

    fn keep(&mut self, at: Option<usize>, url: &str) {
        let at = at.unwrap_or(self.counted.0);
        if url.is_empty() {
            self.fault(at, "expected a URL, and there is nothing");
        } else if url.len() >= LONGEST {
            self.fault(at, format!("expected a URL of less than {LONGEST} characters"));
        } else {
            let line = self.line(at);
            self.locs.push(Loc { line, url: url.into() });
        }
    }

    /// Text of a `<loc>`, which may come in pieces; none of its children's.
    fn add(&mut self, at: usize, text: &str) {
        let here = self.depth == 3;
        if let Some((start, loc)) = self.loc.as_mut().filter(|_| here) {
            if start.is_none() && !text.trim_ascii().is_empty() {
                *start = Some(at + text.len() - text.trim_ascii_start().len());
            }
            // one byte beyond the bound is enough to tell
            if loc.len() < 2 * LONGEST {
                loc.push_str(text);
            }
        }
    }

    fn refer(&mut self, entity: &BytesRef<'_>, at: usize) {
        let name = String::from_utf8_lossy(entity);
        match (entity.resolve_char_ref(), resolve_predefined_entity(&name)) {
            (Ok(Some(letter)), _) => self.add(at, letter.encode_utf8(&mut [0; 4])),
            (_, Some(text)) => self.add(at, text),
            // what stands elsewhere is nobody's concern
            _ if self.loc.is_none() => {}
            _ => self.fault(at, format!("expected no entity of a DTD, such as &{name};")),
        }
    }

    fn fault(&mut self, at: usize, message: impl Into<String>) {
        self.faults.push(Fault::new(self.file, place(self.text, at), message));
    }

    /// The line of a byte behind those asked for before.
    fn line(&mut self, at: usize) -> usize {
        let (from, line) = self.counted;
        let passed = self.text.as_bytes().get(from..at).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', passed).count();
        self.counted = (at.max(from), line + lines);
        self.counted.1
    }

    fn end(mut self) -> Result<Sitemap, Vec<Fault>> {
        match self.kind {
            Some((kind, _)) if self.depth == 0 && self.faults.is_empty() => {
                Ok(Sitemap { kind, locs: self.locs })
            }
            _ => {
                if self.faults.is_empty() {
                    let what =
                        if self.kind.is_some() { "the end of the sitemap" } else { "<urlset>" };
                    self.fault(self.text.len(), format!("expected {what}, and the file ends here"));
                }
                Err(self.faults)
            }
        }
    }
}

#[cfg(test)]
mod tests;
