//! The tables of `assets/`, read when the program is built.
//!
//! Reads the part of TOML they are written in: sections `[[name]]` with keys whose values are strings without escapes, numbers,
//! or lists of strings. A test in `src/domain/classify/table.rs` holds what comes out to what the `toml` crate reads.

use std::fmt::Write as _;

/// One `[[name]]` with its keys in order.
pub(crate) struct Section<'a> {
    pub(crate) name: &'a str,
    pub(crate) entries: Vec<(&'a str, Vec<&'a str>)>,
}

impl Section<'_> {
    /// The values of a key; none when it is absent.
    pub(crate) fn list(&self, key: &str) -> &[&str] {
        self.entries.iter().find(|(name, _)| *name == key).map_or(&[], |(_, values)| values)
    }

    /// The first value of a key, or an empty text.
    pub(crate) fn text(&self, key: &str) -> &str {
        self.list(key).first().copied().unwrap_or_default()
    }
}

/// The expression that holds a table as it is written, for the tests: a list of sections.
pub(crate) fn expression(text: &str) -> String {
    let mut code = String::from("&[\n");
    for Section { name, entries } in sections(text) {
        let _ = writeln!(code, "    ({name:?}, &[");
        for (key, values) in entries {
            let _ = writeln!(code, "        ({key:?}, &{values:?}),");
        }
        code.push_str("    ]),\n");
    }
    code.push(']');
    code
}

/// Every section in order.
pub(crate) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut all: Vec<Section<'_>> = Vec::new();
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        if let Some(name) = line.strip_prefix("[[").and_then(|line| line.strip_suffix("]]")) {
            all.push(Section { name, entries: Vec::new() });
        } else if let (Some((key, value)), Some(section)) = (line.split_once('='), all.last_mut()) {
            let value = value.trim();
            let (values, after) = match value.strip_prefix('[') {
                Some(_) => list(&text[offset(text, value) + 1..]),
                None => (vec![scalar(value)], after),
            };
            rest = after;
            section.entries.push((key.trim(), values));
        }
    }
    all
}

/// The next line that says something, and what comes after it.
pub(crate) fn next_line(text: &str) -> Option<(&str, &str)> {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            return Some((line, after));
        }
        rest = after;
    }
    None
}

fn scalar(value: &str) -> &str {
    value
        .strip_prefix(['"', '\''])
        .and_then(|inner| inner.strip_suffix(['"', '\'']))
        .unwrap_or(value)
}

/// The strings up to the closing bracket, and what comes after it.
fn list(text: &str) -> (Vec<&str>, &str) {
    let mut values = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\n', ',']);
        let Some(quote) = rest.chars().next() else { return (values, rest) };
        let inner = &rest[quote.len_utf8()..];
        match quote {
            '"' | '\'' => {
                let Some((value, after)) = inner.split_once(quote) else { return (values, "") };
                values.push(value);
                rest = after;
            }
            ']' => return (values, inner),
            _ => {
                let end = rest.find([',', ']']).unwrap_or(rest.len());
                values.push(rest[..end].trim());
                rest = &rest[end..];
            }
        }
    }
}

/// Where a part of a text starts in it.
pub(crate) fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}
