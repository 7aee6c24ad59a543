//! Header blocks as heads: lines in the order in which they came, pseudo-fields told from fields, departures from RFC 9113 noted.
//!
//! Pseudo-fields are no fields (RFC 9113 §8.3): what `:status` says is the status; every other one of a response, and a `:status`
//! that is not what it must be, is a line that is no field.

use bytes::Bytes;

use super::super::field::{Field, Fields, decode};
use super::super::head::{Deviation, DeviationKind, RequestHead, ResponseHead, Stray, Version};
use super::super::method::{Method, is_token_byte};

/// A name and a value as they came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
}

/// What only has a meaning in HTTP/1 (RFC 9113 §8.2.2).
const OF_CONNECTION: [&str; 5] =
    ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"];

/// Lines of a trailer section past this number are not looked at for what is wrong with them.
const MAX_NOTES: usize = 100;

/// The head that these lines are; `whole` when no more of them are to come. `None` where there is nothing to show yet.
pub fn response(lines: &[Line], whole: bool) -> Option<ResponseHead> {
    if lines.is_empty() && !whole {
        return None;
    }
    let mut reader = Reader::default();
    lines.iter().for_each(|line| reader.line(line));
    reader.lengths();
    if whole && reader.status.is_none() {
        reader.note(DeviationKind::NoStatus, None, None);
    }
    let Reader { status, fields, deviations, strays, .. } = reader;
    Some(ResponseHead {
        version: Version::Http2,
        status: status.unwrap_or_default(),
        fields: Fields::from(fields),
        deviations,
        strays,
        ..ResponseHead::default()
    })
}

/// The request that these lines are, and its `:authority`; `None` where they are none.
pub fn request(lines: &[Line]) -> Option<(RequestHead, Option<String>)> {
    let pseudo = |name: &[u8]| lines.iter().find(|line| line.name == name);
    let method = Method::parse(&decode(&pseudo(b":method")?.value))?;
    let authority = pseudo(b":authority").map(|line| decode(&line.value));
    let target = pseudo(b":path").map(|line| decode(&line.value)).or_else(|| authority.clone());
    let head = RequestHead {
        method,
        target: target.unwrap_or_default(),
        version: Version::Http2,
        fields: lines.iter().filter(|line| !line.is_pseudo()).map(Line::field).collect(),
        raw: Bytes::new(),
    };
    Some((head, authority))
}

/// The fields of a trailer section.
pub fn trailers(lines: &[Line]) -> Fields {
    lines.iter().filter(|line| !line.is_pseudo()).map(Line::field).collect()
}

/// What is wrong with the lines of a trailer section, a sentence for each; pseudo-fields it may not have (RFC 9113 §8.1).
pub fn trailer_notes(lines: &[Line]) -> Vec<String> {
    lines.iter().take(MAX_NOTES).filter_map(trailer_note).collect()
}

fn trailer_note(line: &Line) -> Option<String> {
    if line.is_pseudo() {
        let line = decode(&line.bytes());
        return Some(format!(
            "The trailers hold the pseudo-field “{line}”: trailers have none (RFC 9113 §8.1)."
        ));
    }
    let field = line.field();
    let kind = of_name(&line.name)
        .or_else(|| is_of_connection(&field).then_some(DeviationKind::ConnectionField))
        .or_else(|| of_value(&line.value).next())?;
    Some(format!("The trailer {}: {}.", field.name, kind.sentence()))
}

/// Fields of one connection; of TE, one value is of the request (RFC 9113 §8.2.2).
fn is_of_connection(field: &Field) -> bool {
    OF_CONNECTION.iter().any(|name| field.is(name)) || field.is("te") && field.value != b"trailers"
}

impl Line {
    fn is_pseudo(&self) -> bool {
        self.name.first() == Some(&b':')
    }

    fn field(&self) -> Field {
        let valid = self.name.iter().copied().all(is_token_byte);
        let name = match valid {
            true => decode(&self.name),
            false => self.name.iter().map(|&byte| char::from(byte)).collect(),
        };
        Field::new(name, self.value.as_slice())
    }

    fn bytes(&self) -> Vec<u8> {
        [&self.name, b": ".as_slice(), &self.value].concat()
    }
}

#[derive(Default)]
struct Reader {
    status: Option<u16>,
    fields: Vec<Field>,
    deviations: Vec<Deviation>,
    strays: Vec<Stray>,
}

impl Reader {
    fn note(&mut self, kind: DeviationKind, field: Option<usize>, stray: Option<usize>) {
        self.deviations.push(Deviation { kind, field, stray, at: 0..0 });
    }

    fn line(&mut self, line: &Line) {
        if line.is_pseudo() {
            return self.pseudo(line);
        }
        let here = Some(self.fields.len());
        let field = line.field();
        if let Some(kind) = of_name(&line.name) {
            self.note(kind, here, None);
        }
        if is_of_connection(&field) {
            self.note(DeviationKind::ConnectionField, here, None);
        }
        for kind in of_value(&line.value) {
            self.note(kind, here, None);
        }
        self.fields.push(field);
    }

    fn pseudo(&mut self, line: &Line) {
        let known = line.name == b":status";
        let digits = line.value.len() == 3 && line.value.iter().all(u8::is_ascii_digit);
        let number = decode(&line.value).parse().ok().filter(|_| known && !line.value.is_empty());
        let kind = if !known {
            DeviationKind::UnknownPseudo
        } else if self.status.is_some() {
            DeviationKind::SecondStatus
        } else if !digits || !number.is_some_and(|number| (100..=999).contains(&number)) {
            DeviationKind::BadStatus
        } else if !self.fields.is_empty() {
            DeviationKind::LatePseudo
        } else {
            self.status = number;
            return;
        };
        if known && self.status.is_none() {
            self.status = Some(number.unwrap_or_default());
        }
        self.strays.push(Stray { before: self.fields.len(), bytes: line.bytes() });
        let here = Some(self.strays.len() - 1);
        self.note(kind, None, here);
        for kind in of_value(&line.value) {
            self.note(kind, None, here);
        }
    }

    /// What makes the length of the body doubtful (RFC 9113 §8.1.1).
    fn lengths(&mut self) {
        let lengths =
            self.fields.iter().enumerate().filter(|(_, field)| field.is("content-length"));
        let mut lengths = lengths.map(|(at, field)| (at, field.value.as_slice())).peekable();
        let Some(&(_, first)) = lengths.peek() else { return };
        let is_number = |value: &[u8]| !value.is_empty() && value.iter().all(u8::is_ascii_digit);
        let lengths: Vec<(usize, bool, bool)> =
            lengths.map(|(at, value)| (at, !is_number(value), value != first)).collect();
        let invalid = lengths.iter().find(|(_, invalid, _)| *invalid).map(|&(at, ..)| at);
        let differing = lengths.iter().find(|(.., differs)| *differs).map(|&(at, ..)| at);
        for (kind, at) in
            [(DeviationKind::InvalidLength, invalid), (DeviationKind::DifferingLengths, differing)]
        {
            if at.is_some() {
                self.note(kind, at, None);
            }
        }
    }
}

fn of_name(name: &[u8]) -> Option<DeviationKind> {
    if name.is_empty() || !name.iter().copied().all(is_token_byte) {
        return Some(DeviationKind::InvalidName);
    }
    name.iter().any(u8::is_ascii_uppercase).then_some(DeviationKind::UpperCase)
}

/// RFC 9113 §8.2.1, RFC 9110 §5.5.
fn of_value(value: &[u8]) -> impl Iterator<Item = DeviationKind> {
    let holds = |is: fn(u8) -> bool| value.iter().any(|&byte| is(byte));
    let edge = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    let is_control =
        |byte: u8| byte.is_ascii_control() && !matches!(byte, 0 | b'\t' | b'\r' | b'\n');
    [
        (DeviationKind::Nul, holds(|byte| byte == 0)),
        (DeviationKind::LineBreak, holds(|byte| matches!(byte, b'\r' | b'\n'))),
        (DeviationKind::ControlByte, holds(is_control)),
        (DeviationKind::EdgeSpace, edge(value.first()) || edge(value.last())),
    ]
    .into_iter()
    .filter_map(|(kind, found)| found.then_some(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[(&str, &str)]) -> Vec<Line> {
        let line = |&(name, value): &(&str, &str)| Line { name: name.into(), value: value.into() };
        lines.iter().map(line).collect()
    }

    fn kinds(head: &ResponseHead) -> Vec<DeviationKind> {
        head.deviations.iter().map(|deviation| deviation.kind).collect()
    }

    #[test]
    fn fields_keep_their_order_and_duplicates_their_places() {
        let block = [(":status", "302"), ("set-cookie", "a=1"), ("x", "y"), ("set-cookie", "b=2")];
        let head = response(&lines(&block), true).unwrap();
        let names: Vec<&str> = head.fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!((head.status, names), (302, vec!["set-cookie", "x", "set-cookie"]));
        assert_eq!(kinds(&head), []);
    }

    #[test]
    fn every_departure_is_noted_on_its_line() {
        use DeviationKind::*;
        type Case<'a> = (&'a [(&'a str, &'a str)], &'a [DeviationKind]);
        let cases: [Case<'_>; 13] = [
            (&[(":status", "200"), (":path", "/x")], &[UnknownPseudo]),
            (&[("a", "b"), (":status", "200")], &[LatePseudo]),
            (&[(":status", "200"), (":status", "302")], &[SecondStatus]),
            (&[(":status", "abc")], &[BadStatus]),
            (&[(":status", "99")], &[BadStatus]),
            (&[("a", "b")], &[NoStatus]),
            (&[(":status", "200"), ("Bad", "1")], &[UpperCase]),
            (&[(":status", "200"), ("a b", "1")], &[InvalidName]),
            (&[(":status", "200"), ("connection", "close")], &[ConnectionField]),
            (&[(":status", "200"), ("a", "b\r\nc: d")], &[LineBreak]),
            (&[(":status", "200"), ("a", "\0\x1b")], &[Nul, ControlByte]),
            (&[(":status", "200"), ("a", " b")], &[EdgeSpace]),
            (
                &[(":status", "200"), ("content-length", "x"), ("content-length", "1")],
                &[InvalidLength, DifferingLengths],
            ),
        ];
        for (block, want) in cases {
            assert_eq!(kinds(&response(&lines(block), true).unwrap()), want, "{block:?}");
        }
    }

    #[test]
    fn what_is_no_field_stands_where_it_came() {
        let block = [(":status", "302"), ("a", "b"), (":path", "/x"), ("location", "/y")];
        let head = response(&lines(&block), true).unwrap();
        assert_eq!(head.strays, [Stray { before: 1, bytes: b":path: /x".to_vec() }]);
        assert_eq!(head.fields.text("location").as_deref(), Some("/y"));
    }

    #[test]
    fn a_head_that_was_cut_off_is_not_blamed_for_what_may_have_followed() {
        assert_eq!(response(&[], false), None);
        assert_eq!(kinds(&response(&lines(&[("a", "b")]), false).unwrap()), []);
    }

    #[test]
    fn a_request_has_its_target_and_no_pseudo_fields() {
        let block = [(":method", "GET"), (":authority", "a.test"), (":path", "/x"), ("b", "c")];
        let (head, authority) = request(&lines(&block)).unwrap();
        assert_eq!((head.target.as_str(), authority.as_deref()), ("/x", Some("a.test")));
        assert_eq!(head.fields.len(), 1);
    }
}
