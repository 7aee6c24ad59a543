//! Pretty HTML and XML, streamed: block elements on lines of their own, indented; inline elements and text as they flow.
//!
//! Promises: no byte that is shown elsewhere is dropped or invented but white space at the ends of lines and between
//! attributes; script, style, preformatted text and comments keep their own lines. Bad nesting is borne: an end tag without
//! start tag changes nothing, elements that HTML closes by itself are closed.

use super::Read;
use super::line::Painter;
use super::lines::{Nesting, Scanner, Sink, Source};
use crate::domain::escape::escape_bytes;
use elements::Kind;
use lexer::{Event, Lexer, Name};

mod elements;
mod lexer;
mod paint;

/// Deeper nesting is not indented further.
const MAX_DEPTH: usize = 256;
/// How far down the stack the start tag of an end tag is looked for.
const REACH: usize = 32;

/// The state between two bytes.
#[derive(Clone, Debug)]
pub(super) struct Markup {
    lexer: Lexer,
    stack: Vec<Element>,
    /// What is shown next starts a line.
    fresh: bool,
    /// Where the last `<` was.
    at: u64,
    /// What the end of the current tag brings.
    after: After,
    /// A line was started at that `<`.
    provisional: bool,
    /// The current tag ends an element.
    closes: bool,
    /// The lowest depth since it was asked for.
    low: u32,
}

/// An open block element.
#[derive(Clone, Copy, Debug)]
struct Element {
    name: Name,
    /// A line started within, so its end tag starts one too.
    broke: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum After {
    /// The line goes on.
    Nothing,
    /// The next thing starts a line.
    Break,
    /// The tag put an element on the stack, unless it turns out to close itself.
    Opened,
}

/// How a line starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    depth: u32,
    /// It starts with an end tag.
    closes: bool,
    lexer: Lexer,
}

impl Markup {
    pub(super) fn html() -> Markup {
        Markup {
            lexer: Lexer::html(),
            stack: Vec::new(),
            fresh: true,
            at: 0,
            after: After::Nothing,
            provisional: false,
            closes: false,
            low: 0,
        }
    }

    pub(super) fn xml() -> Markup {
        Markup { lexer: Lexer::xml(), ..Markup::html() }
    }
}

impl Scanner for Markup {
    type Start = Start;

    fn scan(&mut self, bytes: &[u8], base: u64, sink: &mut impl Sink<Start>) {
        let mut at = 0;
        while at < bytes.len() {
            if !self.fresh {
                at += self.lexer.quiet(&bytes[at..]);
            }
            let Some(&byte) = bytes.get(at) else { return };
            self.byte(byte, base + at as u64, sink);
            at += 1;
        }
    }

    fn resume(&self) -> Option<Start> {
        (!self.fresh).then_some(Start {
            depth: self.stack.len() as u32,
            closes: false,
            lexer: self.lexer,
        })
    }

    fn paint(&self, start: Start, source: Source<'_>, painter: &mut Painter) {
        paint::paint(start, source, painter);
    }

    fn weight(&self) -> usize {
        self.stack.len() * size_of::<Element>()
    }

    fn nesting(start: &Start) -> Option<Nesting> {
        Some(Nesting { depth: start.depth, closes: start.closes })
    }

    /// The elements around the line from the outermost on, and the one that it starts or ends: `html > body > form`.
    fn path(&self, source: Source<'_>, _read: Read<'_>) -> Option<String> {
        let mut open: Vec<&[u8]> = self.stack.iter().map(|of| of.name.bytes()).collect();
        let verbatim = open.last().is_some_and(|name| elements::is_verbatim(name));
        let started = started(source.bytes).filter(|_| self.lexer.is_xml() || !verbatim);
        let started = started.map(|name| match self.lexer.is_xml() {
            true => name.to_vec(),
            false => name.to_ascii_lowercase(),
        });
        if let Some(name) = ended(source.bytes).map(<[u8]>::to_ascii_lowercase)
            && let Some(at) = open.iter().rposition(|open| open.eq_ignore_ascii_case(&name))
        {
            open.truncate(at + 1);
        }
        if let Some(name) = &started {
            if !self.lexer.is_xml() && open.last().is_some_and(|last| elements::ends(last, name)) {
                open.pop();
            }
            open.push(name);
        }
        let names: Vec<_> = open.into_iter().map(escape_bytes).collect();
        (!names.is_empty()).then(|| names.join(" > "))
    }

    fn take_low(&mut self) -> u32 {
        let depth = self.stack.len() as u32;
        std::mem::replace(&mut self.low, depth).min(depth)
    }
}

/// The name of the element whose start tag stands here.
fn started(bytes: &[u8]) -> Option<&[u8]> {
    name(bytes.trim_ascii_start().strip_prefix(b"<")?)
}

/// The name of the element whose end tag stands here.
fn ended(bytes: &[u8]) -> Option<&[u8]> {
    name(bytes.trim_ascii_start().strip_prefix(b"</")?)
}

fn name(name: &[u8]) -> Option<&[u8]> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_:.".contains(byte);
    let length = name.iter().take(64).take_while(|byte| is_part(byte)).count();
    name.first().filter(|byte| byte.is_ascii_alphabetic())?;
    name.get(..length)
}

impl Markup {
    #[inline]
    fn byte(&mut self, byte: u8, offset: u64, sink: &mut impl Sink<Start>) {
        let mut before = self.lexer;
        let event = loop {
            match self.lexer.step(byte) {
                Event::Again => self.content(self.at, before.at_text(), sink),
                Event::Markup => self.content(self.at, before.at_text(), sink),
                Event::Name => self.tag(before.at_text(), sink),
                event @ (Event::Nothing
                | Event::Text
                | Event::Verbatim
                | Event::Angle
                | Event::End { .. }) => break event,
            }
            before = self.lexer;
        };
        match event {
            Event::Angle => {
                // what it starts is not known yet: should the line start otherwise, it is said again
                self.provisional = self.fresh;
                self.at = offset;
                self.content(offset, before, sink);
            }
            Event::Text | Event::Verbatim if byte == b'\n' => {
                if event == Event::Verbatim {
                    self.content(offset, before, sink);
                }
                self.fresh = true;
            }
            Event::Text if byte.is_ascii_whitespace() => {}
            Event::Text | Event::Verbatim => self.content(offset, before, sink),
            Event::End { closes_itself } => self.end(closes_itself),
            Event::Nothing | Event::Again | Event::Markup | Event::Name => {}
        }
    }

    /// Something is shown that starts here.
    fn content(&mut self, offset: u64, lexer: Lexer, sink: &mut impl Sink<Start>) {
        if std::mem::take(&mut self.fresh) {
            let depth = self.stack.len() as u32;
            let closes = self.closes;
            sink.line(offset, || Start { depth, closes, lexer });
            if let Some(element) = self.stack.last_mut() {
                element.broke = true;
            }
        }
    }

    /// The name of a tag is known.
    fn tag(&mut self, lexer: Lexer, sink: &mut impl Sink<Start>) {
        let name = self.lexer.name();
        let kind = elements::kind(name.bytes(), self.lexer.is_xml());
        self.after = After::Nothing;
        self.fresh |= self.provisional;
        match kind {
            Kind::Inline => {}
            Kind::Break => self.after = After::Break,
            Kind::Void => {
                self.fresh = true;
                self.after = After::Break;
            }
            Kind::Block | Kind::Verbatim if self.lexer.is_end_tag() => {
                self.leave(name, kind);
                self.after = After::Break;
            }
            Kind::Block | Kind::Verbatim => {
                self.close_implied(name);
                self.fresh = true;
                self.content(self.at, lexer, sink);
                return self.enter(name);
            }
        }
        self.content(self.at, lexer, sink);
        self.closes = false;
    }

    fn enter(&mut self, name: Name) {
        if self.stack.len() < MAX_DEPTH {
            self.stack.push(Element { name, broke: false });
            self.after = After::Opened;
        }
    }

    fn leave(&mut self, name: Name, kind: Kind) {
        let reach = self.stack.len().saturating_sub(REACH);
        let Some(at) =
            self.stack.iter().rposition(|element| element.name == name).filter(|at| *at >= reach)
        else {
            return;
        };
        let broke = self.stack[at..].iter().any(|element| element.broke);
        self.truncate(at);
        self.closes = true;
        // verbatim text ends where it ends
        self.fresh |= broke && kind != Kind::Verbatim;
    }

    /// HTML, "tags that can be omitted": the start of one element ends another.
    fn close_implied(&mut self, name: Name) {
        let is_over = |element: &Element| elements::ends(element.name.bytes(), name.bytes());
        if !self.lexer.is_xml() && self.stack.last().is_some_and(is_over) {
            self.truncate(self.stack.len().saturating_sub(1));
        }
    }

    fn truncate(&mut self, depth: usize) {
        self.stack.truncate(depth);
        self.low = self.low.min(depth as u32);
    }

    fn end(&mut self, closes_itself: bool) {
        let after = std::mem::replace(&mut self.after, After::Nothing);
        match after {
            After::Opened if closes_itself => {
                self.truncate(self.stack.len().saturating_sub(1));
                self.fresh = true;
            }
            After::Nothing | After::Opened => {}
            After::Break => self.fresh = true,
        }
    }
}
