//! Reads message heads as they came: byte-exact, lenient, and noting every departure from RFC 9112.
//!
//! Whatever the bytes, nothing here panics, and no line is invented: what can't be read as a field is noted and left out.
//! A head that is cut off is read as far as it goes.

use std::ops::Range;

use bytes::Bytes;

use super::field::{Field, Fields, decode};
use super::head::{Deviation, DeviationKind, RequestHead, ResponseHead, Stray, Version};
use super::method::{Method, is_token_byte};
use crate::domain::scan;

/// The most field lines of a head that are read (product.md section 5).
pub const MAX_FIELD_LINES: usize = 10_000;

/// The most bytes of a head that are read (product.md section 5).
pub const MAX_HEAD_BYTES: usize = 400 * 1024;

/// Reads a response head; `None` when the bytes don't start like an HTTP response.
pub fn parse_response(raw: Bytes) -> Option<ResponseHead> {
    let mut reader = Reader::of(&raw);
    let mut lines = Lines::of(&raw).skip_while(|line| line.content.is_empty());
    let first = lines.next()?;
    let start = reader.status_line(&raw[first.content.clone()], first.content.start)?;
    if raw.starts_with(b"\r") || raw.starts_with(b"\n") {
        reader.note(DeviationKind::EmptyStart, Place::default(), 0..first.content.start);
    }
    reader.line_deviations(&raw, &first, Place::default());
    reader.field_lines(&raw, lines);
    reader.lengths();
    let Reader { fields, deviations, strays, .. } = reader;
    let StatusLine { version, status, reason } = start;
    let fields = Fields::from(fields);
    Some(ResponseHead { version, status, reason, fields, raw, deviations, strays })
}

/// Reads a request head; `None` when the first line is no request line.
pub fn parse_request(raw: Bytes) -> Option<RequestHead> {
    let mut reader = Reader::of(&raw);
    let mut lines = Lines::of(&raw);
    let first = decode(&raw[lines.next()?.content]);
    let (method, rest) = first.split_once(' ')?;
    let (target, version) = rest.rsplit_once(' ')?;
    let method = Method::parse(method)?;
    let version = if version == "HTTP/1.0" { Version::Http10 } else { Version::Http11 };
    reader.field_lines(&raw, lines);
    let fields = Fields::from(reader.fields);
    Some(RequestHead { method, target: target.to_owned(), version, fields, raw })
}

/// Reads field lines that stand alone: a trailer section, or one line of it.
pub fn parse_fields(raw: &[u8]) -> Vec<Field> {
    let mut reader = Reader::of(raw);
    reader.field_lines(raw, Lines::of(raw));
    reader.fields
}

/// Finds the end of a head in bytes that arrive piece by piece: the first empty line after a line that is not.
#[derive(Clone, Debug, Default)]
pub struct HeadScanner {
    /// Bytes of the current line, a last CR not counted.
    line: usize,
    cr: bool,
    /// Lines seen that are not empty, the start line included.
    lines: usize,
}

impl HeadScanner {
    /// Takes the next byte; true when it ends the head.
    pub fn push(&mut self, byte: u8) -> bool {
        match byte {
            b'\n' => {
                let empty = self.line == 0;
                self.lines += usize::from(!empty);
                (self.line, self.cr) = (0, false);
                empty && self.lines > 0
            }
            b'\r' if !self.cr => {
                self.cr = true;
                false
            }
            _ => {
                self.line += 1 + usize::from(self.cr);
                self.cr = false;
                false
            }
        }
    }

    /// Takes bytes among which no line ends.
    pub fn pass(&mut self, bytes: &[u8]) {
        match bytes.len() {
            0..3 => bytes.iter().for_each(|&byte| {
                self.push(byte);
            }),
            // more than a CR: the line is not empty, and how long it is does not matter
            length => (self.line, self.cr) = (self.line + length, false),
        }
    }

    /// How many field lines have been seen whole.
    pub fn field_lines(&self) -> usize {
        self.lines.saturating_sub(1)
    }
}

struct StatusLine {
    version: Version,
    status: u16,
    reason: String,
}

/// A line's content without its end, and whether the end was a bare LF.
struct Line {
    content: Range<usize>,
    bare_lf: bool,
}

/// The lines of a head up to the empty one.
struct Lines<'a> {
    raw: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    fn of(raw: &'a [u8]) -> Lines<'a> {
        Lines { raw, at: 0 }
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let start = self.at;
        let rest = self.raw.get(start..).filter(|rest| !rest.is_empty())?;
        let Some(lf) = scan::find(b'\n', rest) else {
            self.at = self.raw.len();
            return Some(Line { content: start..self.raw.len(), bare_lf: false });
        };
        self.at = start + lf + 1;
        let bare_lf = lf == 0 || rest[lf - 1] != b'\r';
        let end = if bare_lf { start + lf } else { start + lf - 1 };
        Some(Line { content: start..end, bare_lf })
    }
}

struct Reader {
    fields: Vec<Field>,
    /// Where each field line stands, folds included.
    spans: Vec<Range<usize>>,
    deviations: Vec<Deviation>,
    strays: Vec<Stray>,
    /// There is a NUL, or a CR that ends no line: each line is looked at for them.
    odd: bool,
}

/// What a line became; neither for the start line.
#[derive(Clone, Copy, Default)]
struct Place {
    field: Option<usize>,
    stray: Option<usize>,
}

impl Place {
    fn field(index: usize) -> Place {
        Place { field: Some(index), stray: None }
    }
}

impl Reader {
    fn of(raw: &[u8]) -> Reader {
        let mut lines = 0;
        let bare_cr = scan::places(b'\r', raw).any(|at| {
            lines += 1;
            raw.get(at + 1) != Some(&b'\n')
        });
        // the start line and the empty one are no fields
        let most = lines.min(MAX_FIELD_LINES + 2).saturating_sub(2);
        Reader {
            fields: Vec::with_capacity(most),
            spans: Vec::with_capacity(most),
            deviations: Vec::new(),
            strays: Vec::new(),
            odd: bare_cr || scan::find(0, raw).is_some(),
        }
    }

    fn note(&mut self, kind: DeviationKind, place: Place, at: Range<usize>) {
        let Place { field, stray } = place;
        self.deviations.push(Deviation { kind, field, stray, at });
    }

    /// A line that is no field.
    fn stray(&mut self, line: &[u8]) -> Place {
        self.strays.push(Stray { before: self.fields.len(), bytes: line.to_vec() });
        Place { field: None, stray: Some(self.strays.len() - 1) }
    }

    /// RFC 9112 §4: `HTTP/1.1 SP 3DIGIT SP [reason]`.
    fn status_line(&mut self, line: &[u8], start: usize) -> Option<StatusLine> {
        let mut parts = line.splitn(3, |&byte| byte == b' ');
        let version = parts.next()?;
        let is_http = version.len() >= 5 && version[..5].eq_ignore_ascii_case(b"HTTP/");
        if !is_http && version != b"ICY" {
            return None;
        }
        let code = parts.next().unwrap_or_default();
        let reason = parts.next().unwrap_or_default();
        let version_end = start + version.len();
        let version = match version {
            b"HTTP/1.1" => Version::Http11,
            b"HTTP/1.0" => Version::Http10,
            _ => {
                self.note(DeviationKind::InvalidVersion, Place::default(), start..version_end);
                Version::Http11
            }
        };
        let status = status_code(code);
        if status.is_none() {
            let at = (version_end + 1).min(start + line.len());
            self.note(DeviationKind::InvalidStatus, Place::default(), at..at + code.len());
        }
        // a NUL and a CR are noted as such
        let odd = |byte: &u8| matches!(byte, 1..=8 | 10..=12 | 14..=31 | 127);
        if let Some(found) = reason.iter().position(odd) {
            let at = start + line.len() - reason.len() + found;
            self.note(DeviationKind::InvalidReason, Place::default(), at..at + 1);
        }
        Some(StatusLine { version, status: status.unwrap_or(0), reason: decode(reason) })
    }

    fn field_lines(&mut self, raw: &[u8], lines: impl Iterator<Item = Line>) {
        for line in lines.take_while(|line| !line.content.is_empty()) {
            if self.fields.len() >= MAX_FIELD_LINES {
                return;
            }
            let place = self.field_line(raw, line.content.clone());
            self.line_deviations(raw, &line, place);
        }
    }

    /// One line of the header section, and what it became or continued.
    fn field_line(&mut self, raw: &[u8], at: Range<usize>) -> Place {
        let line = &raw[at.clone()];
        if matches!(line.first(), Some(b' ' | b'\t')) {
            return self.fold(line, at);
        }
        let Some(colon) = scan::find(b':', line) else {
            let place = self.stray(line);
            // a line that the connection cut off may have had one
            if at.end < raw.len() {
                self.note(DeviationKind::NoColon, place, at);
            }
            return place;
        };
        let index = self.fields.len();
        let name = line[..colon].trim_ascii_end();
        if name.len() < colon {
            let space = at.start + name.len()..at.start + colon;
            self.note(DeviationKind::SpaceBeforeColon, Place::field(index), space);
        }
        let valid = !name.is_empty() && name.iter().copied().all(is_token_byte);
        if !valid {
            self.note(DeviationKind::InvalidName, Place::field(index), at.start..at.start + colon);
        }
        let name = match valid {
            true => decode(name),
            false => name.iter().map(|&byte| char::from(byte)).collect(),
        };
        self.fields.push(Field::new(name, trim(&line[colon + 1..])));
        self.spans.push(at);
        Place::field(index)
    }

    /// RFC 9112 §5.2: a recipient replaces each fold by a space.
    fn fold(&mut self, line: &[u8], at: Range<usize>) -> Place {
        let index = self.fields.len().checked_sub(1);
        let place = index.map_or_else(|| self.stray(line), Place::field);
        self.note(DeviationKind::FoldedLine, place, at.clone());
        let Some(index) = index else { return place };
        let value = &mut self.fields[index].value;
        if !value.is_empty() {
            value.push(b' ');
        }
        value.extend_from_slice(trim(line));
        self.spans[index].end = at.end;
        place
    }

    fn line_deviations(&mut self, raw: &[u8], line: &Line, place: Place) {
        let at = line.content.clone();
        if line.bare_lf {
            self.note(DeviationKind::BareLf, place, at.end..at.end + 1);
        }
        if !self.odd {
            return;
        }
        let offences = [(0, DeviationKind::Nul), (b'\r', DeviationKind::BareCr)];
        for (byte, kind) in offences {
            if let Some(found) = scan::find(byte, &raw[at.clone()]) {
                self.note(kind, place, at.start + found..at.start + found + 1);
            }
        }
    }

    /// RFC 9112 §6.3: what makes the length of the body doubtful.
    fn lengths(&mut self) {
        let mut lengths: Vec<(usize, &[u8])> = Vec::new();
        let mut chunked = false;
        for (index, field) in self.fields.iter().enumerate() {
            chunked |= field.is("Transfer-Encoding");
            if field.is("Content-Length") {
                let parts = field.value.split(|&byte| byte == b',').map(trim);
                lengths.extend(parts.map(|part| (index, part)));
            }
        }
        let Some(&(first, value)) = lengths.first() else { return };
        let is_number = |v: &[u8]| !v.is_empty() && v.iter().all(u8::is_ascii_digit);
        let invalid = lengths.iter().find(|(_, v)| !is_number(v)).map(|&(index, _)| index);
        let differing = lengths.iter().find(|(_, v)| *v != value).map(|&(index, _)| index);
        let found = [
            (DeviationKind::BothLengths, chunked.then_some(first)),
            (DeviationKind::InvalidLength, invalid),
            (DeviationKind::DifferingLengths, differing),
        ];
        for (kind, index) in found {
            let Some(index) = index else { continue };
            self.note(kind, Place::field(index), self.spans[index].clone());
        }
    }
}

/// A number of three digits from 100 on.
fn status_code(code: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(code).ok().filter(|_| code.iter().all(u8::is_ascii_digit))?;
    digits.parse().ok().filter(|status| digits.len() == 3 && *status >= 100)
}

/// Optional white space is SP and HTAB (RFC 9110 §5.6.3).
fn trim(value: &[u8]) -> &[u8] {
    let start = value.iter().position(|byte| !matches!(byte, b' ' | b'\t'));
    let end = value.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
    match (start, end) {
        (Some(start), Some(end)) => &value[start..=end],
        _ => &[],
    }
}

#[cfg(test)]
mod tests;
