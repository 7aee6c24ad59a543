//! A laid-out line: coloured spans of display-safe text that know their source bytes.

use std::ops::Range;

use encoding_rs::Encoding;

use crate::domain::escape::{MARKS, PieceKind, pieces};
use crate::domain::text::{skip, truncate, width};

/// The widest tab stop.
const TAB: u64 = 4;

/// A character with all the marks that it may carry takes one column or more: no column needs more bytes than this.
const BYTES_PER_COLUMN: u64 = 4 * (1 + MARKS as u64);

/// What a span is; themes give it a colour.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Token {
    /// Indentation and spaces that the view added; not in the source.
    Space,
    /// The name of an object member, or of a form field.
    Key,
    String,
    Number,
    /// `true`, `false`, `null`.
    Literal,
    Punctuation,
    /// An escape that is written in the source: `\n` in a JSON string, `&amp;` in HTML.
    Sequence,
    /// A visible escape for something that can't be shown; not in the source as it stands here.
    Escape,
    /// `<div`, `</div`, `>`.
    Tag,
    Attribute,
    Comment,
    /// A document type or processing instruction.
    Declaration,
    Text,
    /// The offset column of the hex view.
    Offset,
    /// Two hex digits of the hex view.
    Byte,
    /// Where the source breaks the rules of its format.
    Invalid,
}

/// Display-safe text of one kind.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Span {
    pub text: String,
    pub kind: Token,
    /// How many columns the text takes.
    pub width: u64,
    /// The bytes of the body that it stands for; empty for what the view added. Where the text is as long as the source
    /// (every `Text` span of a UTF-8 body), byte `i` of the text is byte `source.start + i`.
    pub source: Range<u64>,
}

/// One line of a view.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Line {
    /// From 0.
    pub number: u64,
    pub spans: Vec<Span>,
    /// The bytes of the body from this line to the next.
    pub source: Range<u64>,
    /// It goes on from the line above, which was too long.
    pub continues: bool,
    /// It opens something that can be folded: lines below lie deeper.
    pub opens: bool,
}

impl Line {
    /// The text without its colours.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// How many columns the line takes.
    pub fn width(&self) -> u64 {
        self.spans.iter().map(|span| span.width).sum()
    }

    /// The columns, from the start of these spans, that show a range of the body: for search matches and carets.
    pub fn columns(&self, source: &Range<u64>) -> Option<Range<u64>> {
        let mut column = 0;
        let mut found: Option<Range<u64>> = None;
        for span in &self.spans {
            if let Some(part) = span.columns(source) {
                let part = column + part.start..column + part.end;
                found = Some(found.map_or(part.clone(), |found| found.start..part.end));
            }
            column += span.width;
        }
        found
    }

    /// Leaves only the given columns; a wide character across an edge gives way to spaces.
    pub(super) fn clip(&mut self, columns: &Range<u64>) {
        if columns.start == 0 && self.width() <= columns.end {
            return;
        }
        let mut column = 0;
        for span in &mut self.spans {
            let wide = span.width;
            span.clip(columns.start.saturating_sub(column), columns.end.saturating_sub(column));
            column += wide;
        }
        self.spans.retain(|span| !span.text.is_empty());
    }
}

impl Span {
    fn is_verbatim(&self) -> bool {
        self.text.len() as u64 == self.source.end - self.source.start
    }

    fn columns(&self, source: &Range<u64>) -> Option<Range<u64>> {
        let start = source.start.max(self.source.start);
        let end = source.end.min(self.source.end);
        if start >= end {
            return None;
        }
        let edges = [start, end].map(|edge| self.text.get(..(edge - self.source.start) as usize));
        match edges {
            [Some(before), Some(through)] if self.is_verbatim() => {
                Some(width(before) as u64..width(through) as u64)
            }
            _ => Some(0..self.width),
        }
    }

    /// Leaves the columns `start..end` of this span.
    fn clip(&mut self, start: u64, end: u64) {
        let wide = self.width;
        if start == 0 && end >= wide {
            return;
        }
        if start >= wide || end == 0 {
            self.text.clear();
            self.width = 0;
            return;
        }
        let (start, end) = (start as usize, end.min(wide) as usize);
        let right = skip(&self.text, start);
        // a wide character across the left edge leaves a gap
        let gap = (wide as usize - width(right) - start).min(end - start);
        let kept = truncate(right, end - start - gap);
        let cut = (self.text.len() - right.len()) as u64;
        if self.is_verbatim() {
            self.source = self.source.start + cut..self.source.start + cut + kept.len() as u64;
        }
        self.text = format!("{}{kept}", " ".repeat(gap));
        self.width = width(&self.text) as u64;
    }
}

/// Builds the spans of one line.
#[derive(Debug)]
pub(super) struct Painter {
    charset: &'static Encoding,
    column: u64,
    /// Nothing from this column on is wanted.
    end: u64,
    tabs: bool,
    pub(super) spans: Vec<Span>,
}

impl Painter {
    /// Tabs are shown as escapes; see [`Painter::expand_tabs`].
    pub(super) fn new(charset: &'static Encoding, end: u64) -> Painter {
        Painter { charset, column: 0, end, tabs: false, spans: Vec::new() }
    }

    /// Shows tabs as spaces up to the next tab stop from now on.
    pub(super) fn expand_tabs(&mut self) {
        self.tabs = true;
    }

    /// Two columns for each level of nesting, up to a depth where lines would leave the screen.
    pub(super) fn indent(&mut self, depth: usize) {
        if depth > 0 {
            self.add(" ".repeat(2 * depth.min(40)), Token::Space, 0..0);
        }
    }

    /// Text that the view adds: must be display-safe.
    pub(super) fn add(&mut self, text: impl Into<String>, kind: Token, source: Range<u64>) {
        let text = text.into();
        let width = width(&text) as u64;
        self.push(Span { text, kind, width, source });
    }

    fn push(&mut self, span: Span) {
        if self.column < self.end {
            self.column += span.width;
            self.spans.push(span);
        }
    }

    /// Bytes of the body, decoded and escaped.
    pub(super) fn source(&mut self, bytes: &[u8], kind: Token, offset: u64) {
        let end = offset + bytes.len() as u64;
        let bytes = self.wanted(bytes);
        if self.charset == encoding_rs::UTF_8 {
            self.pieces(bytes, kind, |range| {
                offset + range.start as u64..offset + range.end as u64
            });
        } else {
            let (text, _) = self.charset.decode_without_bom_handling(bytes);
            self.pieces(text.as_bytes(), kind, |_| offset..end);
        }
    }

    /// As much of the bytes as can be within the columns that are wanted.
    fn wanted<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let columns = self.end.saturating_sub(self.column);
        let most = columns.saturating_mul(BYTES_PER_COLUMN).min(bytes.len() as u64) as usize;
        &bytes[..most]
    }

    /// Bytes that stand for a whole range of the body: a decoded form value.
    pub(super) fn decoded(&mut self, bytes: &[u8], kind: Token, source: &Range<u64>) {
        self.pieces(bytes, kind, |_| source.clone());
    }

    fn pieces(&mut self, bytes: &[u8], kind: Token, source: impl Fn(Range<usize>) -> Range<u64>) {
        for piece in pieces(bytes) {
            match piece.kind {
                PieceKind::Text => {
                    let (text, width) = (piece.text.into_owned(), piece.width as u64);
                    self.push(Span { text, kind, width, source: source(piece.source) });
                }
                PieceKind::Escape if self.tabs && piece.text == "\\t" => {
                    let wide = TAB - self.column % TAB;
                    self.add(" ".repeat(wide as usize), Token::Space, source(piece.source));
                }
                PieceKind::Escape => self.add(piece.text, Token::Escape, source(piece.source)),
            }
        }
    }
}
