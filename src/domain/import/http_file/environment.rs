//! Environments of a `.http` file: `http-client.env.json` beside it, and `http-client.private.env.json`, which wins.
//!
//! `{"dev": {"host": "…"}, "$shared": {…}}`, as JetBrains' HTTP client and VS Code's name them; what is no text, number or truth
//! value (TLS files, tokens of a login) is left out.

use std::collections::HashMap;

use serde_json::Value;

use super::super::fault::Fault;

/// The files, in the order in which they are read: a later one wins.
pub const FILES: [&str; 2] = ["http-client.env.json", "http-client.private.env.json"];

/// The variables of every environment.
const SHARED: &str = "$shared";

/// The variables of an environment in these files, each with its name.
///
/// # Errors
/// When a file is no JSON object of objects, or none has the environment.
pub fn variables(files: &[(&str, String)], name: &str) -> Result<HashMap<String, String>, Fault> {
    let mut all = HashMap::new();
    let (mut found, mut known) = (false, Vec::new());
    for (file, text) in files {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            Fault::new(format!("line {}", error.line()), format!("{file}: {error}"))
        })?;
        let Some(environments) = value.as_object() else {
            return Err(Fault::new("", format!("{file}: expected an object of environments")));
        };
        known.extend(environments.keys().filter(|key| *key != SHARED).cloned());
        for of in [SHARED, name].into_iter().filter_map(|name| environments.get(name)) {
            let values = of.as_object().into_iter().flatten();
            all.extend(values.filter_map(|(name, value)| Some((name.clone(), text_of(value)?))));
        }
        found |= environments.contains_key(name);
    }
    if found {
        return Ok(all);
    }
    known.sort();
    known.dedup();
    let there = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    let files = FILES.join(" and ");
    Err(Fault::new("", format!("--env {name}: no such environment; {files} have {there}")))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(&'static str, String)> {
        let public = r#"{"$shared": {"id": 7, "host": "a.test"}, "dev": {"host": "dev.test", "SSLConfiguration": {}}, "prod": {}}"#;
        let private = r#"{"dev": {"token": "s3cret"}}"#;
        vec![(FILES[0], public.to_owned()), (FILES[1], private.to_owned())]
    }

    #[test]
    fn what_is_shared_and_what_is_private_belong_to_an_environment() {
        let dev = variables(&files(), "dev").unwrap();
        let of = |name: &str| dev.get(name).map(String::as_str);
        assert_eq!(
            (of("id"), of("host"), of("token")),
            (Some("7"), Some("dev.test"), Some("s3cret"))
        );
        assert_eq!(dev.len(), 3);
        assert_eq!(variables(&files(), "prod").unwrap().get("host").unwrap(), "a.test");
    }

    #[test]
    fn an_environment_that_is_not_there_is_told_with_those_that_are() {
        let why = variables(&files(), "staging").unwrap_err().to_string();
        assert!(why.contains("staging") && why.contains("dev, prod"), "{why}");
        let why = variables(&[(FILES[0], "{\n\"a\": }".to_owned())], "a").unwrap_err().to_string();
        assert!(why.contains("line 2"), "{why}");
        assert!(variables(&[], "a").unwrap_err().to_string().contains("none"));
    }
}
