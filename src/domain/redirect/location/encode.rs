//! Percent-encoding: how a client writes the odd bytes of a path or query.

use crate::domain::client::location::{Backslash, BadPercent, Control, Dialect, NonAscii, Space};
use crate::domain::http::percent::escaped;

use super::Miss;

/// Which part of a URL is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Query,
}

/// The part as it goes on the wire.
pub(super) fn encode(text: &[u8], part: Part, dialect: &Dialect) -> Result<Vec<u8>, Miss> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, after)) = rest.split_first() {
        let text = rest;
        rest = after;
        match byte {
            b'%' => rest = percent(&mut out, text, dialect)?,
            0x80.. => non_ascii(&mut out, byte, part, dialect)?,
            b' ' => space(&mut out, part, dialect),
            0..0x20 | 0x7f => match dialect.control {
                Control::Encode | Control::Strip => push_encoded(&mut out, byte),
                Control::Error => return Err(Miss::Invalid),
            },
            b'\\' if part == Part::Path => match dialect.backslash {
                Backslash::Raw => out.push(byte),
                Backslash::Encode => push_encoded(&mut out, byte),
                Backslash::Slash => out.push(b'/'),
            },
            _ if listed(byte, part, dialect) => push_encoded(&mut out, byte),
            _ => out.push(byte),
        }
    }
    Ok(out)
}

fn listed(byte: u8, part: Part, dialect: &Dialect) -> bool {
    let list = match part {
        Part::Path => &dialect.encode_path,
        Part::Query => &dialect.encode_query,
    };
    list.as_bytes().contains(&byte)
}

/// A `%`, and what follows it: two hex digits or not. Returns what is left.
fn percent<'a>(out: &mut Vec<u8>, text: &'a [u8], dialect: &Dialect) -> Result<&'a [u8], Miss> {
    let Some(value) = escaped(text) else {
        match dialect.bad_percent {
            BadPercent::Raw => out.push(b'%'),
            BadPercent::Encode => out.extend_from_slice(b"%25"),
            BadPercent::Error => return Err(Miss::Invalid),
        }
        return Ok(&text[1..]);
    };
    let unreserved = value.is_ascii_alphanumeric() || b"-._~".contains(&value);
    if unreserved && dialect.decode_unreserved {
        out.push(value);
    } else if dialect.upper_percent {
        push_encoded(out, value);
    } else {
        out.extend_from_slice(&text[..3]);
    }
    Ok(&text[3..])
}

fn non_ascii(out: &mut Vec<u8>, byte: u8, part: Part, dialect: &Dialect) -> Result<(), Miss> {
    let rule = match part {
        Part::Path => dialect.non_ascii,
        Part::Query => dialect.non_ascii_query,
    };
    match rule {
        NonAscii::Upper => push_encoded(out, byte),
        NonAscii::Lower => out.extend(format!("%{byte:02x}").into_bytes()),
        NonAscii::Raw => out.push(byte),
        NonAscii::Error => return Err(Miss::Invalid),
    }
    Ok(())
}

fn space(out: &mut Vec<u8>, part: Part, dialect: &Dialect) {
    match (part, dialect.space_query) {
        (Part::Path, _) | (Part::Query, Space::Encode) => push_encoded(out, b' '),
        (Part::Query, Space::Plus) => out.push(b'+'),
        (Part::Query, Space::Raw) => out.push(b' '),
    }
}

pub(super) fn push_encoded(out: &mut Vec<u8>, byte: u8) {
    out.extend(format!("%{byte:02X}").into_bytes());
}
