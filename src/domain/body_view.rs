//! Ways to show a body: pretty JSON, HTML and XML, form fields, text, raw, hex; all lazy over a sparse line index.
//!
//! Promises: an [`Index`] is fed the decoded body block by block and can be used while it grows; it keeps at most
//! [`BUDGET`] bytes whatever the body holds. Only the lines asked for are laid out, and a line never stands for more than
//! [`MAX_LINE`] bytes of the body: longer ones go on in the next ([`Line::continues`]). Every text in a [`Line`] went through
//! `domain::escape`. Nothing here reads a file: the bytes of a window come from the caller's `read(offset, length)`.

use std::ops::Range;

use encoding_rs::Encoding;

mod charset;
mod choose;
pub mod file_name;
mod fold;
mod form;
mod hex;
mod html;
pub mod image;
mod json;
mod line;
mod lines;
mod search;
#[cfg(test)]
mod tests;
mod text;

pub use charset::charset;
pub(in crate::domain) use charset::named_charset;
pub use fold::Folds;
pub use line::{Line, Span, Token};
pub use lines::{BUDGET, MAX_LINE};
pub use search::Search;

use lines::{Layout, Lines};

/// A way to show a body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub enum View {
    /// One value or key a line, indented; what is not JSON is shown from there as it is.
    Json,
    /// Block elements on lines of their own, indented.
    Html,
    /// Every element on lines of its own, indented.
    Xml,
    /// One decoded `key = value` a line.
    Form,
    /// Lines as they are, in the charset of the body.
    #[default]
    Text,
    /// Lines at LF, every other byte as it is or as a visible escape.
    Raw,
    /// Offset, 16 bytes, their ASCII.
    Hex,
}

/// Reads decoded bytes of the body from an offset on; shorter at the end.
pub type Read<'a> = &'a dyn Fn(u64, usize) -> Vec<u8>;

/// What part of a view is wanted.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Window {
    /// Line numbers, from 0.
    pub lines: Range<u64>,
    /// Display columns, from 0.
    pub columns: Range<u64>,
}

/// Where a body stops being what its view expects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Fault {
    /// The offset of the first byte that does not fit.
    pub offset: u64,
    pub kind: FaultKind,
}

/// What is wrong there.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FaultKind {
    /// A token that JSON does not allow there; the rest is shown as it is.
    Unexpected,
    /// Deeper nesting than is followed; the rest is shown as it is.
    TooDeep,
    /// A key without quotes or a comma before a closing bracket; shown as if allowed.
    Lenient,
    /// The body ended inside a value.
    Unfinished,
}

/// The line index of one body in one view.
#[derive(Debug)]
pub struct Index {
    view: View,
    charset: &'static Encoding,
    layout: Box<dyn Layout>,
}

impl View {
    /// Whether its lines fold.
    pub fn folds(self) -> bool {
        match self {
            View::Json | View::Html | View::Xml => true,
            View::Form | View::Text | View::Raw | View::Hex => false,
        }
    }

    pub const ALL: [View; 7] =
        [View::Json, View::Html, View::Xml, View::Form, View::Text, View::Raw, View::Hex];

    /// The view for a body of this media type that starts with these bytes.
    pub fn choose(media_type: Option<&str>, head: &[u8]) -> View {
        choose::choose(media_type, head)
    }

    /// The next in the round: the view that fits the body, text, raw, hex.
    pub fn next(self, fitting: View) -> View {
        let round = [fitting, View::Text, View::Raw, View::Hex, fitting];
        let rest = round.iter().skip_while(|view| **view != self);
        *rest.skip(1).find(|view| **view != self).unwrap_or(&fitting)
    }

    /// The name in menus and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            View::Json => "json",
            View::Html => "html",
            View::Xml => "xml",
            View::Form => "form",
            View::Text => "text",
            View::Raw => "raw",
            View::Hex => "hex",
        }
    }
}

impl Window {
    /// Whole lines.
    pub fn lines(lines: Range<u64>) -> Window {
        Window { lines, columns: 0..u64::MAX }
    }
}

impl Index {
    /// An empty index. The charset comes from [`charset`]; UTF-16 and its like are only ever shown as text.
    pub fn new(view: View, charset: &'static Encoding) -> Index {
        let layout: Box<dyn Layout> = match view {
            View::Hex => Box::new(hex::Hex::default()),
            View::Raw => Box::new(Lines::new(text::Text::raw(), encoding_rs::UTF_8)),
            _ if !charset.is_ascii_compatible() => {
                Box::new(Lines::new(text::Text::new(charset), charset))
            }
            View::Json => Box::new(Lines::new(json::Json::default(), charset)),
            View::Html => Box::new(Lines::new(html::Markup::html(), charset)),
            View::Xml => Box::new(Lines::new(html::Markup::xml(), charset)),
            View::Form => Box::new(Lines::new(form::Form::default(), charset)),
            View::Text => Box::new(Lines::new(text::Text::new(charset), charset)),
        };
        Index { view, charset, layout }
    }

    /// The charset the body is read in.
    pub fn charset(&self) -> &'static Encoding {
        self.charset
    }

    pub fn view(&self) -> View {
        self.view
    }

    /// Takes the next bytes of the decoded body; any size, but some 64 KiB at once are fastest.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.layout.feed(bytes);
    }

    /// The body is at its end.
    pub fn finish(&mut self) {
        self.layout.finish();
    }

    /// How many bytes were fed.
    pub fn fed(&self) -> u64 {
        self.layout.fed()
    }

    /// How many lines there are so far. The last one may still grow.
    pub fn lines(&self) -> u64 {
        self.layout.lines()
    }

    /// The first place that does not fit the view, so far.
    pub fn fault(&self) -> Option<Fault> {
        self.layout.fault()
    }

    /// Bytes that the index itself takes.
    pub fn weight(&self) -> usize {
        self.layout.weight()
    }

    /// Lays out the lines of a window, as far as there are any.
    pub fn render(&self, window: &Window, read: Read<'_>) -> Vec<Line> {
        self.layout.render(window, read)
    }

    /// The line that shows the byte at this offset, none before the first line.
    pub fn line_at(&self, offset: u64, read: Read<'_>) -> Option<u64> {
        self.layout.line_at(offset, read)
    }

    /// Where in the data a line stands: `$.items[3].id` in JSON, `html > body > form` in markup.
    pub fn path(&self, line: u64, read: Read<'_>) -> Option<String> {
        self.layout.path(line, read)
    }

    /// The lines that vanish when this one is folded: the content of what it opens and the line that closes it. None when
    /// it opens nothing ([`Line::opens`]); see [`Folds`].
    pub fn fold(&self, line: u64, read: Read<'_>) -> Option<Range<u64>> {
        self.layout.fold(line, read)
    }

    /// What each container that lies so deep hides (0: the outermost ones), in order, and whether these are all: of
    /// a huge body only the first are told.
    pub fn folds(&self, depth: u32, read: Read<'_>) -> (Vec<Range<u64>>, bool) {
        self.layout.folds(depth, read)
    }

    /// The line that opens what this line stands in, or what it closes. None in broken markup that opens nothing around it:
    /// [`Index::fold`] of a parent always holds the line.
    pub fn parent(&self, line: u64, read: Read<'_>) -> Option<u64> {
        let parent = self.layout.parent(line, read)?;
        self.fold(parent, read).is_some_and(|fold| fold.contains(&line)).then_some(parent)
    }
}
