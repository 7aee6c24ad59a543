//! Percent-encoding: how a client writes the odd bytes of a path or query.

use crate::domain::client::location::{Backslash, BadPercent, Control, Dialect, NonAscii, Space};

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
        rest = after;
        match byte {
            b'%' => rest = percent(&mut out, rest, dialect)?,
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

/// What follows a `%`: two hex digits or not. Returns what is left after it.
fn percent<'a>(out: &mut Vec<u8>, rest: &'a [u8], dialect: &Dialect) -> Result<&'a [u8], Miss> {
    let Some((pair, value)) = hex_pair(rest) else {
        match dialect.bad_percent {
            BadPercent::Raw => out.push(b'%'),
            BadPercent::Encode => out.extend_from_slice(b"%25"),
            BadPercent::Error => return Err(Miss::Invalid),
        }
        return Ok(rest);
    };
    let unreserved = value.is_ascii_alphanumeric() || b"-._~".contains(&value);
    if unreserved && dialect.decode_unreserved {
        out.push(value);
    } else if dialect.upper_percent {
        push_encoded(out, value);
    } else {
        out.push(b'%');
        out.extend_from_slice(pair);
    }
    Ok(&rest[2..])
}

/// The two hex digits at the start, and their value.
pub(super) fn hex_pair(text: &[u8]) -> Option<(&[u8], u8)> {
    let pair = text.get(..2)?;
    let digits =
        std::str::from_utf8(pair).ok().filter(|_| pair.iter().all(u8::is_ascii_hexdigit))?;
    Some((pair, u8::from_str_radix(digits, 16).ok()?))
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
