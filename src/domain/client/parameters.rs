//! Parameters: every parameter in which a client differs from the defaults, and the measurements it rests on.

use toml::{Table, Value};

use super::Client;

/// One parameter of a client's data file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parameter {
    /// Its path in the file: `method.302.POST`.
    pub name: String,
    pub value: String,
    /// The scenarios of `tests/clients/scenarios.jsonl` that show it, by the beginning of their names; empty where it was
    /// read in the client's source.
    pub scenarios: String,
}

/// Beginnings of parameters and of the scenarios that show them; the first that fits counts.
const MEASURED: &[(&str, &str)] = &[
    ("follows", "s."),
    ("unfollowed", "s."),
    ("missing-location", "s."),
    ("forced", "m."),
    ("body.streamed", "st."),
    ("body.", "m."),
    ("limit.", "lp."),
    ("fields.", "hdr."),
    ("credentials.option", "auth."),
    ("credentials.forgotten", "auth."),
    ("credentials.", "ui."),
    ("cookies.", "ck."),
    ("referer.", "rf."),
    ("target.fragment", "fr."),
    ("target.downgrade", "dg."),
    ("target.hsts", "dg."),
    ("target.host", "hdr."),
    ("target.", "loc."),
    ("location.", "loc."),
    ("strictness.refuses", "x."),
    ("strictness.", "loc."),
];

/// What the measurement's methods and statuses are; others are shown by the scenarios of odd statuses.
const STATUSES: [&str; 5] = ["301", "302", "303", "307", "308"];

/// The methods that were measured.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// The data files by name, as they are written, from build.rs.
pub(super) const WRITTEN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/clients_files.rs"));

impl Client {
    /// Every parameter that its file sets, in the order of the file's tables.
    pub fn parameters(&self) -> Vec<Parameter> {
        let text = WRITTEN.iter().find(|(name, _)| *name == self.name).map_or("", |(_, text)| text);
        let mut found = Vec::new();
        if let Ok(table) = text.parse::<Table>() {
            flatten("", &table, &mut found);
        }
        found
    }
}

fn flatten(before: &str, table: &Table, found: &mut Vec<Parameter>) {
    for (key, value) in table {
        let name = if before.is_empty() { key.clone() } else { format!("{before}.{key}") };
        match value {
            _ if name == "version" || name == "evidence" => {}
            Value::Table(inner) => flatten(&name, inner, found),
            Value::String(text) => found.push(parameter(name, text.clone())),
            Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::Array(_) => found.push(parameter(name, value.to_string())),
        }
    }
}

fn parameter(name: String, value: String) -> Parameter {
    let scenarios = scenarios(&name);
    Parameter { name, value, scenarios }
}

fn scenarios(name: &str) -> String {
    if let Some(("method", rest)) = name.split_once('.') {
        let (status, method) = rest.split_once('.').unwrap_or((rest, "*"));
        let method = if method == "*" { "" } else { method };
        if !method.is_empty() && !METHODS.contains(&method) {
            return String::new();
        }
        return match STATUSES.contains(&status) {
            true => format!("m.{status}.{method}"),
            false => format!("s.{status}."),
        };
    }
    let shown = MEASURED.iter().find(|(begins, _)| name.starts_with(begins));
    shown.map_or_else(String::new, |(_, scenarios)| (*scenarios).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_every_client_names_what_shows_it() {
        for client in Client::all() {
            let parameters = client.parameters();
            assert!(!parameters.is_empty(), "{}", client.name);
            for of in parameters {
                let read = client.evidence.iter().any(|from| from.starts_with("read"));
                assert!(read || !of.scenarios.is_empty(), "{}: {}", client.name, of.name);
            }
        }
    }
}
