//! A path into a JSON body: `user.id`, `items[0].name`, `$["a b"].c`.

use std::fmt;

use serde_json::Value;

/// Where in a JSON document.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Step {
    Member(String),
    Item(usize),
}

impl JsonPath {
    /// Reads a path; `None` when it is none.
    pub fn parse(text: &str) -> Option<JsonPath> {
        let mut rest = text.strip_prefix('$').unwrap_or(text);
        let mut steps = Vec::new();
        while !rest.is_empty() {
            let (step, after) = match rest.strip_prefix('[') {
                Some(inner) => bracket(inner)?,
                None => member(rest.strip_prefix('.').unwrap_or(rest))?,
            };
            steps.push(step);
            rest = after;
        }
        Some(JsonPath { text: text.to_owned(), steps })
    }

    /// The value it leads to.
    pub fn find<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.steps.iter().try_fold(document, |value, step| match step {
            Step::Member(name) => value.get(name),
            Step::Item(index) => value.get(index),
        })
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn member(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    (end > 0).then(|| (Step::Member(text[..end].to_owned()), &text[end..]))
}

fn bracket(text: &str) -> Option<(Step, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    if let Some(quote) = quote {
        let (name, after) = text[1..].split_once(quote)?;
        return Some((Step::Member(name.to_owned()), after.strip_prefix(']')?));
    }
    let (index, after) = text.split_once(']')?;
    Some((Step::Item(index.parse().ok()?), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_lead_to_members_and_items() {
        let document = serde_json::json!({"a": [{"b c": 1}], "d": {"e": "x"}});
        let find = |path: &str| JsonPath::parse(path).unwrap().find(&document).cloned();
        assert_eq!(find("$.a[0]['b c']"), Some(1.into()));
        assert_eq!(find("d.e"), Some("x".into()));
        assert_eq!(find("$"), Some(document.clone()));
        assert_eq!(find("a[1]"), None);
        assert_eq!(JsonPath::parse("a..b"), None);
        assert_eq!(JsonPath::parse("a[x]"), None);
    }
}
