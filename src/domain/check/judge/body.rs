//! What is stated of the final body.

use serde_json::Value;

use super::super::expectation::{Expect, JsonWant};
use super::super::outcome::Miss;
use super::miss;
use crate::domain::body_view::charset;
use crate::domain::chain::{Chain, Hop};
use crate::domain::http::body::Bodies;

/// How much of a body is held against an expectation.
const MOST: usize = 16 << 20;

/// How much of a body a message shows.
const SHOWN: usize = 200;

/// Holds the last body against what is stated of it.
pub(super) fn held(expect: &Expect, chain: &Chain, bodies: &dyn Bodies, all: &mut Vec<Miss>) {
    let Some(last) = chain.hops.last().filter(|_| expect.reads_body()) else { return };
    let at = Some(last.index);
    let text = text(last, bodies);
    if let Some(wanted) = &expect.body
        && !wanted.holds(std::slice::from_ref(&text))
    {
        all.push(miss(at, "body", wanted.to_string(), shown(&text)));
    }
    if expect.json.is_empty() {
        return;
    }
    let document: Value = match serde_json::from_str(&text) {
        Ok(document) => document,
        Err(error) => {
            let seen = format!("{} ({error})", shown(&text));
            return all.push(miss(at, "body", "JSON".to_owned(), seen));
        }
    };
    for (path, wanted) in &expect.json {
        let seen = path.find(&document);
        let words = seen.map_or_else(|| "nothing".to_owned(), |seen| shown(&seen.to_string()));
        match wanted {
            JsonWant::Is(value) if Some(value) == seen => {}
            JsonWant::Is(value) => {
                all.push(miss(at, format!("JSON {path}"), value.to_string(), words));
            }
            JsonWant::Like(text) => {
                let lines: Vec<String> = seen.map(plain).into_iter().collect();
                if !text.holds(&lines) {
                    all.push(miss(at, format!("JSON {path}"), text.to_string(), words));
                }
            }
        }
    }
}

fn text(hop: &Hop, bodies: &dyn Bodies) -> String {
    let bytes = bodies.read(hop.exchange.body.id, 0, MOST);
    let media_type = hop.exchange.fields().text("Content-Type");
    charset(media_type.as_deref(), &bytes).decode(&bytes).0.into_owned()
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            value.to_string()
        }
    }
}

fn shown(text: &str) -> String {
    let mut letters = text.chars();
    let start: String = letters.by_ref().take(SHOWN).collect();
    match letters.next() {
        Some(_) => format!("{start}… ({} bytes)", text.len()),
        None if start.is_empty() => "nothing".to_owned(),
        None => start,
    }
}
