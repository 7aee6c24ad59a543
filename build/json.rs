//! Data files as JSON: reading the same facts from TOML takes six times as long, at each start.
//!
//! Reads the part of TOML that `assets/clients` is written in: tables, inline tables, lists, strings in double quotes, numbers
//! and booleans. A test in `src/domain/client.rs` holds what comes out to what the `toml` crate reads.

use std::fmt::Write as _;

/// A value; what is no table is JSON already.
enum Node<'a> {
    Table(Vec<(&'a str, Node<'a>)>),
    Plain(String),
}

/// The document as one JSON object.
pub(crate) fn from_toml(text: &str) -> String {
    let (mut root, mut path, mut rest) = (Vec::new(), "", text);
    while let Some((line, after)) = super::tables::next_line(rest) {
        rest = after;
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            path = name;
        } else if let Some((key, value)) = line.split_once('=') {
            let (json, after) = value_of(&text[super::tables::offset(text, value)..]);
            rest = after;
            table(&mut root, path).push((name_of(key), Node::Plain(json)));
        }
    }
    let mut out = String::new();
    write(&root, &mut out);
    out
}

/// The table of a path like `method.303`, made where it is missing.
fn table<'t, 'a>(
    root: &'t mut Vec<(&'a str, Node<'a>)>,
    path: &'a str,
) -> &'t mut Vec<(&'a str, Node<'a>)> {
    let mut here = root;
    for name in path.split('.').filter(|name| !name.is_empty()) {
        let at = here.iter().position(|(own, _)| *own == name).unwrap_or(here.len());
        if at == here.len() {
            here.push((name, Node::Table(Vec::new())));
        }
        here = match &mut here[at].1 {
            Node::Table(table) => table,
            Node::Plain(_) => panic!("{path}: {name} is a value already"),
        };
    }
    here
}

/// A key without quotes.
fn name_of(key: &str) -> &str {
    key.trim().trim_matches('"')
}

/// The value at the start of a text, and what comes after it.
fn value_of(text: &str) -> (String, &str) {
    let text = text.trim_start();
    match text.chars().next() {
        Some('"') => {
            let mut escaped = false;
            let end = text[1..].find(|letter| {
                let ends = letter == '"' && !escaped;
                escaped = letter == '\\' && !escaped;
                ends
            });
            let end = end.map_or(text.len(), |end| end + 2);
            (text[..end].to_owned(), &text[end..])
        }
        Some('[') => items(&text[1..], ("[", ']')),
        Some('{') => items(&text[1..], ("{", '}')),
        _ => {
            let end = text.find([',', ']', '}', '\n', ' ', '#']).unwrap_or(text.len());
            (text[..end].to_owned(), &text[end..])
        }
    }
}

/// The items of a list or of an inline table, up to its end.
fn items<'a>(text: &'a str, (open, close): (&str, char)) -> (String, &'a str) {
    let (mut json, mut rest) = (open.to_owned(), text);
    loop {
        rest = rest.trim_start_matches([' ', '\n', ',']);
        if let Some(after) = rest.strip_prefix(close) {
            json.push(close);
            return (json, after);
        }
        if json.len() > open.len() {
            json.push(',');
        }
        if close == '}' {
            let (key, after) = rest.split_once('=').unwrap_or((rest, ""));
            let _ = write!(json, "{:?}:", name_of(key));
            rest = after;
        }
        let (item, after) = value_of(rest);
        json.push_str(&item);
        rest = after;
    }
}

fn write(table: &[(&str, Node<'_>)], out: &mut String) {
    out.push('{');
    for (at, (key, node)) in table.iter().enumerate() {
        let _ = write!(out, "{}{key:?}:", if at > 0 { "," } else { "" });
        match node {
            Node::Table(inner) => write(inner, out),
            Node::Plain(json) => out.push_str(json),
        }
    }
    out.push('}');
}
