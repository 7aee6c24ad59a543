//! Table: reads the part of TOML that the tables in `assets/` are written in, without copying a byte.
//!
//! Sections `[[name]]` with keys whose values are strings without escapes, numbers, or lists of strings. The `toml` crate
//! would read the same (a test holds it to that) but takes 20 times as long, which a short trace would feel.

/// One `[[name]]` with its keys in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Section<'a> {
    pub(crate) name: &'a str,
    pub(crate) entries: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Section<'a> {
    /// The values of a key; none when it is absent.
    pub(crate) fn list(&self, key: &str) -> &[&'a str] {
        self.entries.iter().find(|(name, _)| *name == key).map_or(&[], |(_, values)| values)
    }

    /// The first value of a key, or an empty text.
    pub(crate) fn text(&self, key: &str) -> &'a str {
        self.list(key).first().copied().unwrap_or_default()
    }
}

/// Every section in order.
pub(crate) fn sections(text: &str) -> Vec<Section<'_>> {
    let mut all: Vec<Section<'_>> = Vec::new();
    let mut rest = text;
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        if let Some(name) = line.strip_prefix("[[").and_then(|line| line.strip_suffix("]]")) {
            all.push(Section { name, entries: Vec::new() });
        } else if let (Some((key, value)), Some(section)) = (split(line, b'='), all.last_mut()) {
            let value = value.trim_ascii();
            let (values, after) = match value.strip_prefix('[') {
                Some(_) => list(&text[offset(text, value) + 1..]),
                None => (vec![scalar(value)], after),
            };
            rest = after;
            section.entries.push((key.trim_ascii(), values));
        }
    }
    all
}

/// The next line that says something, and what comes after it.
fn next_line(text: &str) -> Option<(&str, &str)> {
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = split(rest, b'\n').unwrap_or((rest, ""));
        let line = line.trim_ascii();
        if !line.is_empty() && !line.starts_with('#') {
            return Some((line, after));
        }
        rest = after;
    }
    None
}

/// What stands before and after the first of this ASCII character. As `str::split_once`, at the speed of memory.
fn split(text: &str, at: u8) -> Option<(&str, &str)> {
    let found = memchr::memchr(at, text.as_bytes())?;
    Some((&text[..found], &text[found + 1..]))
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
        let blank = |byte: &u8| matches!(byte, b' ' | b'\n' | b',');
        let start = rest.bytes().position(|byte| !blank(&byte)).unwrap_or(rest.len());
        rest = &rest[start..];
        match rest.bytes().next() {
            None => return (values, rest),
            Some(quote @ (b'"' | b'\'')) => {
                let Some((value, after)) = split(&rest[1..], quote) else { return (values, "") };
                values.push(value);
                rest = after;
            }
            Some(b']') => return (values, &rest[1..]),
            Some(_) => {
                let end = rest.find([',', ']']).unwrap_or(rest.len());
                values.push(rest[..end].trim());
                rest = &rest[end..];
            }
        }
    }
}

/// Where a part of a text starts in it.
fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keys_and_lists_are_read() {
        let text = "# note\n[[a]]\nid = \"x\"\nn = 4\nall = [\n    \"1\",\n    '\"2\"', 3\n]\n\n[[a.b]]\nsays = 'y'\n";
        let read = sections(text);
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].text("id"), "x");
        assert_eq!(read[0].text("n"), "4");
        assert_eq!(read[0].list("all"), ["1", "\"2\"", "3"]);
        assert_eq!((read[1].name, read[1].text("says")), ("a.b", "y"));
    }

    #[test]
    fn the_tables_are_what_a_toml_parser_reads() {
        for (text, top) in [
            (include_str!("../../../assets/intents.toml"), "intent"),
            (include_str!("../../../assets/issuers.toml"), "issuer"),
            (include_str!("../../../assets/fixes.toml"), "fix"),
        ] {
            let whole: toml::Table = toml::from_str(text).unwrap();
            let read = sections(text);
            let rows = whole[top].as_array().unwrap();
            assert_eq!(read.iter().filter(|section| section.name == top).count(), rows.len());
            let mut own = read.iter().filter(|section| section.name == top);
            for row in rows {
                let section = own.next().unwrap();
                let plain = row.as_table().unwrap().iter().filter(|(_, value)| !is_tables(value));
                for (key, value) in plain {
                    assert_eq!(section.list(key), texts(value), "{key} of {}", section.text("id"));
                }
            }
        }
    }

    fn is_tables(value: &toml::Value) -> bool {
        value.as_array().is_some_and(|array| array.iter().any(toml::Value::is_table))
    }

    fn texts(value: &toml::Value) -> Vec<String> {
        match value {
            toml::Value::Array(values) => values.iter().flat_map(texts).collect(),
            toml::Value::String(text) => vec![text.clone()],
            other => vec![other.to_string()],
        }
    }
}
