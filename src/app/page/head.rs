//! Heads as they came over the wire: start line and field lines in order and own case, with findings and deviations on their lines.

use crate::domain::escape::{escape, escape_bytes};
use crate::domain::finding::{Anchor, FieldAnchor, Finding, Severity};
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{Deviation, ResponseHead};

use super::sheet::{Mark, Sheet};
use super::{Line, Role};

/// The findings of one hop, with their indices in the session.
pub type Found<'a> = [(usize, &'a Finding)];

/// The status line.
pub fn status_line(sheet: &mut Sheet, head: &ResponseHead, found: &Found<'_>) {
    let mut lead = Line::of([(Role::Dim, format!("{} ", head.version))]);
    lead.push(Role::Status(head.status), head.status.to_string());
    lead.push(Role::Status(head.status), if head.reason.is_empty() { "" } else { " " });
    let marks = marks(found, |anchor| *anchor == Anchor::StatusLine);
    if let Some(line) = head.odd_start() {
        sheet.value(Line::default(), Role::Status(head.status), line.as_bytes(), &marks);
        head.deviations.iter().filter(|of| of.is_at_start()).for_each(|of| note(sheet, of));
        return;
    }
    sheet.value(lead, Role::Status(head.status), head.reason.as_bytes(), &marks);
    head.deviations.iter().filter(|of| of.is_at_start()).for_each(|of| note(sheet, of));
}

/// The field lines of a response.
pub fn fields(sheet: &mut Sheet, head: &ResponseHead, found: &Found<'_>) {
    let mut deviations: Vec<&Deviation> = head.deviations.iter().collect();
    deviations.sort_by_key(|deviation| deviation.field);
    let mut rest = deviations.iter().skip_while(|deviation| deviation.field.is_none()).peekable();
    let on_field = field_anchors(found, |finding| match &finding.anchor {
        Anchor::Header(anchor) => Some(anchor),
        _ => None,
    });
    for (at, field) in head.fields.iter().enumerate() {
        strays(sheet, head, at);
        self::field(sheet, field, &on_field.marks(&head.fields, at));
        while let Some(deviation) = rest.next_if(|deviation| deviation.field == Some(at)) {
            note(sheet, deviation);
        }
    }
    strays(sheet, head, head.fields.len());
}

/// The lines before this field that are none, with what is wrong with them.
fn strays(sheet: &mut Sheet, head: &ResponseHead, before: usize) {
    for (at, stray) in head.strays_before(before) {
        sheet.value(Line::default(), Role::Escape, &stray.bytes, &[]);
        let here = head.deviations.iter().filter(|of| of.stray == Some(at));
        here.for_each(|of| note(sheet, of));
    }
}

/// What came after the head, where nothing should have.
pub fn behind(sheet: &mut Sheet, head: &ResponseHead) {
    head.deviations.iter().filter(|of| of.is_behind()).for_each(|of| note(sheet, of));
}

/// One field line.
pub fn field(sheet: &mut Sheet, field: &Field, marks: &[Mark<'_>]) {
    let mut lead = Line::of([(Role::Name, escape(&field.name).into_owned())]);
    lead.push(Role::Dim, ": ");
    sheet.value(lead, Role::Plain, &field.value, marks);
}

/// The findings on the lines that the anchor fits.
pub fn marks<'a>(found: &Found<'a>, fits: impl Fn(&Anchor) -> bool) -> Vec<Mark<'a>> {
    let fitting = found.iter().filter(|(_, finding)| fits(&finding.anchor));
    fitting.map(|&(index, finding)| Mark { index, finding, bytes: None }).collect()
}

/// The findings on field lines, ready to be asked for line by line.
#[derive(Debug)]
pub struct FieldMarks<'a> {
    marks: Vec<(&'a FieldAnchor, Mark<'a>)>,
}

/// Picks the findings on field lines of one section.
pub fn field_anchors<'a>(
    found: &Found<'a>,
    anchor: impl Fn(&'a Finding) -> Option<&'a FieldAnchor>,
) -> FieldMarks<'a> {
    let mark = |&(index, finding): &(usize, &'a Finding)| {
        let anchor = anchor(finding)?;
        Some((anchor, Mark { index, finding, bytes: anchor.bytes.clone() }))
    };
    FieldMarks { marks: found.iter().filter_map(mark).collect() }
}

impl<'a> FieldMarks<'a> {
    /// The findings on this line of the section.
    pub fn marks(&self, fields: &Fields, at: usize) -> Vec<Mark<'a>> {
        let Some(field) = fields.iter().nth(at) else { return Vec::new() };
        let named = self.marks.iter().filter(|(anchor, _)| field.is(&anchor.name));
        let here = |anchor: &FieldAnchor| {
            let earlier = fields.iter().take(at).filter(|other| other.is(&anchor.name)).count();
            earlier + 1 == anchor.occurrence.max(1)
        };
        named.filter(|(anchor, _)| here(anchor)).map(|(_, mark)| mark.clone()).collect()
    }

    /// The findings whose line is not in the section: the line is missing.
    pub fn missing(&self, fields: &Fields) -> impl Iterator<Item = &Mark<'a>> {
        let absent =
            |anchor: &FieldAnchor| fields.all(&anchor.name).count() < anchor.occurrence.max(1);
        self.marks.iter().filter(move |(anchor, _)| absent(anchor)).map(|(_, mark)| mark)
    }
}

fn note(sheet: &mut Sheet, deviation: &Deviation) {
    sheet.note(Severity::Info, deviation.kind.sentence());
}

/// Text of a message for one line: raw bytes, escaped.
pub fn shown(bytes: &[u8]) -> String {
    escape_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::domain::http::head_parser::parse_response;

    #[test]
    fn a_line_without_a_colon_stands_at_its_place_with_what_is_wrong_with_it() {
        let raw = b"HTTP/1.1 200 OK\r\nA: 1\r\nno colon\nB: 2\r\n\r\n";
        let head = parse_response(Bytes::from_static(raw)).unwrap();
        let mut sheet = Sheet::new(80);
        status_line(&mut sheet, &head, &[]);
        fields(&mut sheet, &head, &[]);
        let lines = sheet.finish();
        let text: Vec<String> = lines.iter().map(Line::text).collect();
        let starts: Vec<&str> =
            text.iter().map(|line| line.split(": ").next().unwrap_or_default()).collect();
        assert_eq!(starts[..3], ["HTTP/1.1 200 OK", "A", "no colon"], "{text:?}");
        assert!(text[3].contains("no colon and is no field"), "{text:?}");
        assert!(text[4].contains("LF without CR"), "{text:?}");
        assert_eq!(starts[5], "B");
    }
}
