//! Where in the data a line stands: `$.items[3].id`, as JSONPath writes it (RFC 9535).

use super::super::Read;
use super::super::lines::Source;
use super::{Json, Place, grammar};
use crate::domain::escape::escape_bytes;

/// How much of a key is shown.
const MAX_KEY: usize = 256;

/// The path of the value or member that starts at this place of the scanner, or of the container that ends there.
pub(super) fn path(json: &Json, source: Source<'_>, read: Read<'_>) -> String {
    let mut path = "$".to_owned();
    for frame in &json.stack {
        path.push_str(&step(frame.around, read));
    }
    let in_bare = json.carry.in_bare
        && source.bytes.first().is_some_and(|byte| !b"{}[]:,\" \t\r\n".contains(byte));
    if json.carry.in_string || in_bare {
        path.push_str(&step(json.place, read));
        return path;
    }
    let first = source.bytes.trim_ascii_start();
    let here = source.offset + (source.bytes.len() - first.len()) as u64;
    match (json.place.state, first.first()) {
        (_, None | Some(b'}' | b']')) => {}
        (grammar::OBJECT_OPEN | grammar::OBJECT_COMMA, Some(_)) => {
            path.push_str(&member(here, read))
        }
        (grammar::ARRAY_OPEN | grammar::ARRAY_COMMA, Some(_)) => {
            path.push_str(&item(json.place.items))
        }
        (_, Some(_)) => path.push_str(&step(json.place, read)),
    }
    path
}

/// The step from a container to its current child.
fn step(place: Place, read: Read<'_>) -> String {
    match place.state {
        grammar::OBJECT_KEY | grammar::OBJECT_COLON | grammar::OBJECT_VALUE => {
            member(place.key, read)
        }
        grammar::ARRAY_VALUE => item(place.items),
        _ => String::new(),
    }
}

fn item(index: u64) -> String {
    format!("[{index}]")
}

fn member(offset: u64, read: Read<'_>) -> String {
    let bytes = read(offset, MAX_KEY);
    let name = match bytes.strip_prefix(b"\"") {
        Some(quoted) => &quoted[..closing_quote(quoted).unwrap_or(quoted.len())],
        None => bare(&bytes),
    };
    let name = escape_bytes(name);
    if is_plain(&name) { format!(".{name}") } else { format!("[\"{name}\"]") }
}

fn is_plain(name: &str) -> bool {
    let starts_well = !name.starts_with(|first: char| first.is_ascii_digit());
    !name.is_empty()
        && starts_well
        && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

fn bare(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().position(|byte| b"{}[]:, \t\r\n".contains(byte));
    &bytes[..end.unwrap_or(bytes.len())]
}

fn closing_quote(bytes: &[u8]) -> Option<usize> {
    let mut escaped = false;
    bytes.iter().position(|&byte| {
        let closes = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        closes
    })
}
