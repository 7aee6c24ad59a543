//! Heads as they came over the wire: start line and field lines in order and own case, with findings and deviations on their lines.

use crate::domain::escape::{escape, escape_bytes};
use crate::domain::finding::{Anchor, FieldAnchor, Finding, Severity};
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{Deviation, DeviationKind, ResponseHead};

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
    sheet.value(lead, Role::Status(head.status), head.reason.as_bytes(), &marks);
    for (_, deviation) in of_no_field(head).filter(|(stray, _)| !stray) {
        note(sheet, deviation);
    }
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
        self::field(sheet, field, &on_field.marks(&head.fields, at));
        while let Some(deviation) = rest.next_if(|deviation| deviation.field == Some(at)) {
            note(sheet, deviation);
        }
    }
    for (_, deviation) in of_no_field(head).filter(|(stray, _)| *stray) {
        if deviation.kind == DeviationKind::NoColon {
            let line = head.raw.get(deviation.at.clone()).unwrap_or_default();
            sheet.value(Line::default(), Role::Escape, line.trim_ascii_end(), &[]);
        }
        note(sheet, deviation);
    }
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

/// The deviations of no field, and whether each is on a line without a colon: the parser notes what else is wrong with such
/// a line right after it.
fn of_no_field(head: &ResponseHead) -> impl Iterator<Item = (bool, &Deviation)> {
    let mut line = None;
    head.deviations.iter().filter(|deviation| deviation.field.is_none()).map(move |deviation| {
        if deviation.kind == DeviationKind::NoColon {
            line = Some(&deviation.at);
        }
        let at = deviation.at.start;
        (line.is_some_and(|line| (line.start..=line.end).contains(&at)), deviation)
    })
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
    fn what_is_wrong_with_a_line_without_a_colon_is_said_there_and_not_of_the_status_line() {
        let raw = Bytes::from_static(b"HTTP/1.1 200 OK\nA: 1\r\nno colon\nB: 2\r\n\r\n");
        let head = parse_response(raw).unwrap();
        let seen: Vec<_> = of_no_field(&head).map(|(stray, of)| (stray, of.kind)).collect();
        use DeviationKind::{BareLf, NoColon};
        assert_eq!(seen, [(false, BareLf), (true, NoColon), (true, BareLf)]);
    }
}
