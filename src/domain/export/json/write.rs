//! JSON text that is safe on a terminal: beyond what JSON demands, every character that can't be seen is escaped.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::super::escape::is_visible;

/// One line.
pub(crate) fn compact(value: &Value) -> String {
    let mut out = String::new();
    write(value, None, &mut out);
    out.push('\n');
    out
}

/// Indented by two; a list of plain values stays on one line.
pub(crate) fn pretty(value: &Value) -> String {
    let mut out = String::new();
    write(value, Some(0), &mut out);
    out.push('\n');
    out
}

fn write(value: &Value, depth: Option<usize>, out: &mut String) {
    match value {
        Value::String(text) => string(text, out),
        Value::Null | Value::Bool(_) | Value::Number(_) => out.push_str(&value.to_string()),
        Value::Array(items) => {
            let plain = items.iter().all(|item| !item.is_array() && !item.is_object());
            let depth = depth.filter(|_| !plain);
            let items = items.iter().map(|item| (None, item));
            list(('[', ']'), items, (depth, plain), out);
        }
        Value::Object(members) => {
            let members = members.iter().map(|(name, member)| (Some(name.as_str()), member));
            list(('{', '}'), members, (depth, false), out);
        }
    }
}

type Member<'a> = (Option<&'a str>, &'a Value);

/// Members between brackets: each on its own line at a depth, else on one line.
fn list<'a>(
    (open, close): (char, char),
    members: impl Iterator<Item = Member<'a>>,
    (depth, spaced): (Option<usize>, bool),
    out: &mut String,
) {
    out.push(open);
    let inner = depth.map(|depth| depth + 1);
    let mut first = true;
    for (name, member) in members {
        if !first {
            out.push_str(if spaced { ", " } else { "," });
        }
        first = false;
        line_break(inner, out);
        if let Some(name) = name {
            string(name, out);
            out.push_str(if depth.is_some() { ": " } else { ":" });
        }
        write(member, inner, out);
    }
    if !first {
        line_break(depth, out);
    }
    out.push(close);
}

fn line_break(depth: Option<usize>, out: &mut String) {
    if let Some(depth) = depth {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\') || !is_visible(c)) {
        out.push_str(&rest[..at]);
        let Some(character) = rest[at..].chars().next() else { break };
        escaped(character, out);
        rest = &rest[at + character.len_utf8()..];
    }
    out.push_str(rest);
    out.push('"');
}

fn escaped(character: char, out: &mut String) {
    match character {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_reads_back_and_holds_nothing_invisible() {
        let hostile = "a\"\\\n\t\u{1b}[2J\u{9b}\u{7f}\u{202e}\u{200b}\u{e0041}é漢";
        let value = json!({ "k": [hostile, 1, null], "o": [["a", "b"]], "e": [], "n": {} });
        for text in [compact(&value), pretty(&value)] {
            assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
            assert!(text.chars().all(|c| c == '\n' || is_visible(c)), "{text}");
        }
        assert_eq!(compact(&value).lines().count(), 1);
        assert!(pretty(&value).contains("    [\"a\", \"b\"]\n"));
    }
}
