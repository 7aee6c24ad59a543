//! Spans: where secrets stand in text: parameters, members of JSON and scripts, XML elements, form inputs, parts of forms, tokens by their shape, userinfo of URLs.
//!
//! One pass each, linear in the text: a value is looked at only where its name asks for it, and then only at its beginning.

use std::iter;
use std::ops::Range;
use std::sync::LazyLock;

use regex::bytes::Regex;

use crate::domain::http::field::decode;
use crate::domain::http::percent::percent_decode;
use crate::domain::scan;
use crate::domain::secret::{self, Names};

/// How much of a value decides whether it is a secret.
const GLANCE: usize = 512;

/// A longer name is none.
const LONGEST_NAME: usize = 200;

/// Tokens that need no name: JSON Web Tokens, tokens of vendors by their prefix.
static TOKEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let prefixes = secret::PREFIXES.map(regex::escape).join("|");
    Regex::new(&format!(r"(?-u)\beyJ[\w=-]+\.[\w=-]+\.[\w=-]*|\b(?:{prefixes})[\w=.+/~%-]{{8,}}"))
        .ok()
});

/// `Bearer TOKEN`, `Basic TOKEN` outside of a field line.
static SCHEME: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i-u)\b(?:bearer|basic)(?:\s|%20|\+)+([\w=.+/~%-]{6,})").ok());

/// The password in `scheme://user:password@`.
static USERINFO: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?-u)://[^/?#\s"'<>@]*?:([^/?#\s"'<>]*)@"#).ok());

/// The user in `scheme://user@` and `scheme://user:password@`.
static USER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?-u)://([^/?#\s"'<>@:]+)(?::[^/?#\s"'<>]*)?@"#).ok());

/// `name=`, percent-encoded or not, also once more for parameters of URLs within URLs.
static PAIR: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u)([\w.\[\]%-]+?)(?:=|%(?:25)*3[Dd])").ok());

/// `"name":` of JSON, `name:` and `'name':` of scripts.
static MEMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?-u)([\w.-]+)(\\?["'])?\s{0,9}:\s{0,9}"#).ok());

/// `<name>value<`
static ELEMENT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?-u)<([\w.-]+:)?([\w.-]+)(?:\s[^<>]*)?>([^<>]+)</").ok());

/// The tag of a form field.
static INPUT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i-u)<input\b[^<>]+>").ok());

/// The head of a part of `multipart/form-data`, with the field's name (RFC 7578 §4.2).
static PART: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let name = r#"\bcontent-disposition:[^\r\n]{0,9}form-data;[^\r\n]*?\bname="([^"\r\n]{1,200})""#;
    Regex::new(&format!(r"(?i-u){name}[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n")).ok()
});

static ATTRIBUTE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r#"(?i-u)\b(name|value)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#).ok()
});

/// A path segment that gives access by itself: what follows `reset`, `verify` and their like.
static SEGMENT: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i-u)/(?:[\w-]*(?:reset|verify|confirm|activat|magic|invit|unsubscribe|token)[\w-]*)/([\w=.~%-]{16,})")
        .ok()
});

/// Every secret in a text, in no order; they may overlap.
pub(super) fn in_text(text: &[u8], names: &Names) -> Vec<Range<usize>> {
    let mut spans = Vec::new();
    for (regex, group) in [(&TOKEN, 0), (&USERINFO, 1)] {
        spans.extend(groups(regex, group, text));
    }
    spans.extend(groups(&SCHEME, 1, text).filter(|at| !is_challenge(text, at)));
    let users = groups(&USER, 1, text);
    spans.extend(users.filter(|at| secret::is_token(&decode(&text[at.clone()]))));
    let segments = groups(&SEGMENT, 1, text);
    spans.extend(segments.filter(|at| secret::looks_random(&decode(&text[at.clone()]))));
    pairs(text, names, &mut spans);
    members(text, names, &mut spans);
    elements(text, names, &mut spans);
    inputs(text, names, &mut spans);
    parts(text, names, &mut spans);
    spans
}

/// Every secret in the value of a field of this name.
pub(super) fn in_field(name: &str, value: &[u8], names: &Names) -> Vec<Range<usize>> {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "authorization" | "proxy-authorization" => {
            let scheme = value.iter().position(|&byte| byte == b' ').map_or(0, |at| at + 1);
            iter::once(scheme..value.len()).collect()
        }
        "cookie" => cookies(value, |_, _| true),
        "set-cookie" => cookies(value, |_, _| true).into_iter().take(1).collect(),
        _ if names.header(&lower) || secret::withheld_header(name, &decode(value)) => {
            iter::once(0..value.len()).collect()
        }
        _ => in_text(value, names),
    }
}

/// Those of them that are looked for elsewhere too: a cookie's `dark` or `en-GB` is an everyday word everywhere else.
pub(super) fn known_from_field(name: &str, value: &[u8], names: &Names) -> Vec<Range<usize>> {
    let telling = |name: &str, value: &[u8]| !telling_nothing(name, value, names);
    match name.to_ascii_lowercase().as_str() {
        "cookie" => cookies(value, telling),
        "set-cookie" => {
            let first = value.split(|&byte| byte == b';').next().unwrap_or_default();
            cookies(first, telling)
        }
        _ => in_field(name, value, names),
    }
}

/// The values of those cookies.
fn cookies(value: &[u8], wanted: impl Fn(&str, &[u8]) -> bool) -> Vec<Range<usize>> {
    let (mut spans, mut start) = (Vec::new(), 0);
    for pair in value.split(|&byte| byte == b';') {
        let equals = pair.iter().position(|&byte| byte == b'=').map_or(0, |at| at + 1);
        let name = decode(pair[..equals.saturating_sub(1)].trim_ascii());
        if wanted(&name, pair[equals..].trim_ascii()) {
            spans.push(start + equals..start + pair.len());
        }
        start += pair.len() + 1;
    }
    spans
}

/// `yes`, `en-GB`, `1`
fn telling_nothing(name: &str, value: &[u8], names: &Names) -> bool {
    let letters = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_');
    let plain = value.len() <= 8 && value.iter().all(letters)
        || value.len() <= 3 && value.iter().all(u8::is_ascii_digit);
    plain && !names.parameter(name) && !secret::secretish(name, &decode(value))
}

fn groups<'t>(
    regex: &'static LazyLock<Option<Regex>>,
    group: usize,
    text: &'t [u8],
) -> impl Iterator<Item = Range<usize>> + 't {
    let all = regex.iter().flat_map(move |regex| regex.captures_iter(text));
    all.filter_map(move |captures| captures.get(group).map(|found| found.range()))
}

/// `Bearer realm="…"`: what a server asks for, not what a client sends.
fn is_challenge(text: &[u8], at: &Range<usize>) -> bool {
    text[at.clone()].ends_with(b"=") && text.get(at.end) == Some(&b'"')
}

/// `name=value`, wherever it stands; a value that is a URL is looked into.
fn pairs(text: &[u8], names: &Names, spans: &mut Vec<Range<usize>>) {
    let Some(regex) = PAIR.as_ref() else { return };
    for captures in regex.captures_iter(text) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
        let (start, end) = match quoted(text, whole.end()) {
            Some(inside) => (inside.start, inside.end),
            None => (whole.end(), value_end(text, whole.end(), GLANCE)),
        };
        if is_secret(&last_name(name.as_bytes()), &text[start..end.min(start + GLANCE)], names) {
            let cut = end == start + GLANCE;
            spans.push(start..if cut { value_end(text, start, usize::MAX) } else { end });
        }
    }
}

/// The name at the end of a piece of a URL, whose encoding is undone: `token` of `%2Fcb%3Ft%6Fken`.
fn last_name(piece: &[u8]) -> Vec<u8> {
    let mut name = piece[piece.len().saturating_sub(LONGEST_NAME)..].to_vec();
    for _ in 0..3 {
        name = percent_decode(&name);
    }
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.[]-".contains(byte);
    let start = name.iter().rposition(|byte| !inner(byte)).map_or(0, |at| at + 1);
    name.split_off(start)
}

/// The inside of the quotes that begin here, where it stands on one line and is no markup.
fn quoted(text: &[u8], at: usize) -> Option<Range<usize>> {
    let quote = *text.get(at).filter(|byte| matches!(byte, b'"' | b'\''))?;
    let rest = &text[at + 1..text.len().min(at + 1 + GLANCE)];
    let ends = |byte: &u8| *byte == quote || matches!(byte, b'<' | b'>' | b'\r' | b'\n');
    let end = rest.iter().position(ends).filter(|&end| rest[end] == quote)?;
    let spaced = rest.first().is_some_and(u8::is_ascii_whitespace);
    (end > 0 && !spaced).then_some(at + 1..at + 1 + end)
}

/// Where a parameter's value ends: at `&`, `#`, their encodings, white space or a quote.
fn value_end(text: &[u8], start: usize, limit: usize) -> usize {
    let value = &text[start..text.len().min(start.saturating_add(limit))];
    let ends = |(at, &byte): (usize, &u8)| match byte {
        b'&' | b'#' | b'"' | b'\'' | b'<' | b'>' => true,
        b'%' => {
            let mut code = &value[at + 1..];
            while let Some(inner) = code.strip_prefix(b"25") {
                code = inner;
            }
            code.starts_with(b"26") || code.starts_with(b"23")
        }
        byte => byte.is_ascii_whitespace(),
    };
    value
        .iter()
        .enumerate()
        .position(|(at, byte)| ends((at, byte)))
        .map_or(start + value.len(), |at| start + at)
}

/// `"name": "value"`, also with the quotes escaped, as JSON within JSON has them, and as scripts write it.
fn members(text: &[u8], names: &Names, spans: &mut Vec<Range<usize>>) {
    let Some(regex) = MEMBER.as_ref() else { return };
    for captures in regex.captures_iter(text) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
        let double = captures.get(2).is_some_and(|quote| quote.as_bytes().ends_with(b"\""));
        let value = match double {
            true => json_value(&text[whole.end()..])
                .map(|at| whole.end() + at.start..whole.end() + at.end),
            false => quoted(text, whole.end()),
        };
        let Some(Range { start, end }) = value else { continue };
        if is_secret(name.as_bytes(), &text[start..end.min(start + GLANCE)], names) {
            spans.push(start..end);
        }
    }
}

/// The inside of the string, or the number, at the beginning of this text.
fn json_value(text: &[u8]) -> Option<Range<usize>> {
    let escaped = text.strip_prefix(b"\\").is_some();
    let open = usize::from(escaped);
    if text.get(open) != Some(&b'"') {
        let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
        return (end > 0).then_some(0..end);
    }
    let start = open + 1;
    let mut at = start;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'"' => break,
            b'\\' if escaped && text.get(at + 1) == Some(&b'"') => break,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    Some(start..at.min(text.len()))
}

/// What stands in an XML element with a secret's name.
fn elements(text: &[u8], names: &Names, spans: &mut Vec<Range<usize>>) {
    let Some(regex) = ELEMENT.as_ref() else { return };
    for captures in regex.captures_iter(text) {
        let (Some(name), Some(value)) = (captures.get(2), captures.get(3)) else { continue };
        let glance = &value.as_bytes()[..value.len().min(GLANCE)];
        // HTML's <code> is an everyday thing
        if name.as_bytes() != b"code" && is_secret(name.as_bytes(), glance, names) {
            spans.push(value.range());
        }
    }
}

/// The values of form fields with a secret's name.
fn inputs(text: &[u8], names: &Names, spans: &mut Vec<Range<usize>>) {
    let Some(attribute) = ATTRIBUTE.as_ref() else { return };
    for tag in groups(&INPUT, 0, text) {
        let (mut name, mut value) = (None, None);
        for captures in attribute.captures_iter(&text[tag.clone()]) {
            let key = captures.get(1).map(|key| key.as_bytes().to_ascii_lowercase());
            let text = captures.get(2).or(captures.get(3)).or(captures.get(4));
            let at = text.map(|text| tag.start + text.start()..tag.start + text.end());
            match key.as_deref() {
                Some(b"name") => name = at,
                _ => value = at,
            }
        }
        if let (Some(name), Some(value)) = (name, value)
            && is_secret(
                &text[name],
                &text[value.start..value.end.min(value.start + GLANCE)],
                names,
            )
        {
            spans.push(value);
        }
    }
}

/// The contents of parts with a secret's name, up to the boundary.
fn parts(text: &[u8], names: &Names, spans: &mut Vec<Range<usize>>) {
    let Some(regex) = PART.as_ref() else { return };
    // the boundary stands first; where only a piece of the body is seen, anything that looks like one ends the part
    let first = text.split(|&byte| byte == b'\r').next().filter(|line| line.starts_with(b"--"));
    let boundary = [b"\r\n", first.unwrap_or(b"--")].concat();
    for captures in regex.captures_iter(text) {
        let (Some(whole), Some(name)) = (captures.get(0), captures.get(1)) else { continue };
        let start = whole.end();
        let end = scan::find_text(&boundary, &text[start..]).map_or(text.len(), |at| start + at);
        if is_secret(name.as_bytes(), &text[start..end.min(start + GLANCE)], names) {
            spans.push(start..end);
        }
    }
}

fn is_secret(name: &[u8], value: &[u8], names: &Names) -> bool {
    if value.is_empty() || name.len() > LONGEST_NAME {
        return false;
    }
    let mut value = value.to_vec();
    for _ in 0..3 {
        value = percent_decode(&value);
    }
    let (name, value) = (decode(name), decode(&value));
    names.parameter(&name) || secret::withheld(&name, &value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        let urls = [&TOKEN, &SCHEME, &USERINFO, &USER, &PAIR, &SEGMENT];
        let all = urls.into_iter().chain([&MEMBER, &ELEMENT, &INPUT, &PART, &ATTRIBUTE]);
        assert!(all.into_iter().all(|pattern| pattern.is_some()));
    }
}
