//! The clients' data files as Rust: reading them as documents takes a short trace a tenth of what it computes, at each start.
//!
//! Reads the part of TOML that `assets/clients` is written in: tables, inline tables, lists, strings in double quotes, numbers
//! and booleans. What comes out is taken in by `src/domain/client/data.rs`; a field that is not there fails to compile, and a
//! test there holds the rest to what the `toml` crate reads.

use std::fmt::Write as _;

use super::tables::{next_line, offset};

/// Keys whose value is a text and not one word of several.
const TEXTS: [&str; 4] = ["version", "forbidden", "encode-path", "encode-query"];

/// Keys that are `None` where a file does not have them.
const OPTIONAL: [&str; 4] =
    ["limit.visits", "cookies.mix-asked", "cookies.field-asked", "cookies.option"];

enum Value<'a> {
    /// As it is written, without its quotes.
    Text(&'a str),
    /// A number or a boolean.
    Plain(&'a str),
    List(Vec<Value<'a>>),
    Table(Vec<(&'a str, Value<'a>)>),
}

/// The statements that make the defaults this client.
pub(crate) fn statements(text: &str) -> String {
    let (mut code, mut path, mut rest) = (String::new(), "", text);
    while let Some((line, after)) = next_line(rest) {
        rest = after;
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            path = name;
        } else if let Some((key, value)) = line.split_once('=') {
            let (value, after) = value_of(&text[offset(text, value)..]);
            rest = after;
            let _ = writeln!(code, "    {};", statement(path, name_of(key), &value));
        }
    }
    code
}

fn statement(path: &str, key: &str, value: &Value<'_>) -> String {
    let whole = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    let made = expression(key, value);
    match path.split_once('.') {
        Some(("method", status)) => {
            format!("client.method.entry({status}).or_default().set({key:?}, {made})")
        }
        _ if path == "fields" => format!("client.fields.insert({key:?}.to_owned(), {made})"),
        _ if OPTIONAL.contains(&&*whole) => {
            format!("client.{} = Some({made})", whole.replace('-', "_"))
        }
        _ => format!("client.{} = {made}", whole.replace('-', "_")),
    }
}

fn expression(key: &str, value: &Value<'_>) -> String {
    match value {
        Value::Text(text) if TEXTS.contains(&key) => format!("\"{}\".to_owned()", rust(text)),
        Value::Text(text) => format!("word(\"{text}\")?"),
        Value::Plain(plain) => (*plain).to_owned(),
        Value::List(items) => {
            let items = items.iter().map(|item| match item {
                Value::Text(text) => format!("\"{}\".to_owned()", rust(text)),
                other => expression("", other),
            });
            format!("vec![{}]", items.collect::<Vec<_>>().join(", "))
        }
        Value::Table(entries) => {
            let of = |key: &str| entries.iter().find(|(own, _)| *own == key).map(|(_, own)| own);
            let made = |key, default: &str| {
                of(key).map_or_else(|| default.to_owned(), |value| expression(key, value))
            };
            let (within, of) =
                (made("within", "Keep::ALWAYS.within"), made("of", "Keep::ALWAYS.of"));
            format!(
                "Keep {{ within: {within}, of: {of}, restored: {} }}",
                made("restored", "false")
            )
        }
    }
}

/// A TOML string's escapes as Rust has them: `\u00a0` is `\u{00a0}`.
fn rust(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(4);
        let _ = write!(out, "\\u{{{digits}}}{rest}");
    }
    out
}

/// A key without quotes.
fn name_of(key: &str) -> &str {
    key.trim().trim_matches('"')
}

/// The value at the start of a text, and what comes after it.
fn value_of(text: &str) -> (Value<'_>, &str) {
    let text = text.trim_start();
    match text.chars().next() {
        Some('"') => {
            let mut escaped = false;
            let end = text[1..].find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            });
            let end = end.map_or(text.len(), |end| end + 1);
            (Value::Text(&text[1..end]), &text[end + 1..])
        }
        Some('[') => {
            let (items, rest) = items(&text[1..], ']');
            (Value::List(items.into_iter().map(|(_, item)| item).collect()), rest)
        }
        Some('{') => {
            let (items, rest) = items(&text[1..], '}');
            (Value::Table(items), rest)
        }
        _ => {
            let end = text.find([',', ']', '}', '\n', ' ', '#']).unwrap_or(text.len());
            (Value::Plain(&text[..end]), &text[end..])
        }
    }
}

/// The items of a list or of an inline table, up to its end, and what comes after it.
fn items(text: &str, close: char) -> (Vec<(&str, Value<'_>)>, &str) {
    let (mut items, mut rest) = (Vec::new(), text);
    loop {
        rest = rest.trim_start_matches([' ', '\n', ',']);
        if let Some(after) = rest.strip_prefix(close) {
            return (items, after);
        }
        let mut key = "";
        if close == '}' {
            let (before, after) = rest.split_once('=').unwrap_or((rest, ""));
            (key, rest) = (name_of(before), after);
        }
        let (item, after) = value_of(rest);
        items.push((key, item));
        rest = after;
    }
}
