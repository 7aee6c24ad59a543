//! Variables: `{{name}}` in any text of a suite, `{{$NAME}}` for a value of the process's environment.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::nearest::hint;

/// Looks up a variable of the process's environment.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How many variables a variable may be made of, one inside the other.
const DEPTH: usize = 16;

/// What names stand for.
#[derive(Clone, Copy)]
pub struct Variables<'a> {
    pub named: &'a BTreeMap<String, String>,
    pub process: Environment<'a>,
    /// Names that some `[env.…]` table sets, where none is chosen.
    pub elsewhere: &'a BTreeMap<String, Vec<String>>,
}

impl fmt::Debug for Variables<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Variables").field("named", &self.named).finish_non_exhaustive()
    }
}

/// A placeholder that stands for nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// As it is written, braces included.
    pub placeholder: String,
    pub message: String,
}

impl Variables<'_> {
    /// The text with every placeholder replaced.
    pub fn fill(&self, text: &str) -> Result<String, Unknown> {
        self.fill_to(text, DEPTH)
    }

    fn fill_to(&self, text: &str, depth: usize) -> Result<String, Unknown> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find("{{") {
            let Some(len) = rest[start..].find("}}") else { break };
            let placeholder = &rest[start..start + len + 2];
            out.push_str(&rest[..start]);
            out.push_str(&self.value(placeholder, depth)?);
            rest = &rest[start + len + 2..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn value(&self, placeholder: &str, depth: usize) -> Result<String, Unknown> {
        let name = placeholder.trim_matches(['{', '}']).trim();
        let unknown = |message: String| Unknown { placeholder: placeholder.to_owned(), message };
        if let Some(name) = name.strip_prefix('$') {
            let value = (self.process)(name);
            return value.ok_or_else(|| unknown(format!("{name} is not set in the environment")));
        }
        match (self.named.get(name), depth.checked_sub(1)) {
            (Some(value), Some(depth)) => self.fill_to(value, depth),
            (Some(_), None) => Err(unknown(format!("{name} is made of itself"))),
            (None, _) => Err(unknown(self.why(name))),
        }
    }

    fn why(&self, name: &str) -> String {
        if let Some(environments) = self.elsewhere.get(name) {
            return format!(
                "{name} is set by [env.{}]: choose one with --env",
                environments.join("], [env.")
            );
        }
        let near = hint(name, self.named.keys().map(String::as_str));
        format!("there is no variable {name}{near}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<String, String> {
        let pairs = [("base", "http://{{host}}"), ("host", "a.test"), ("me", "{{me}}")];
        let named = pairs.iter().map(|(k, v)| (k.to_string(), v.to_string())).collect();
        let process = |name: &str| (name == "TOKEN").then(|| "t0k".to_owned());
        let elsewhere = BTreeMap::from([("port".to_owned(), vec!["staging".to_owned()])]);
        let variables = Variables { named: &named, process: &process, elsewhere: &elsewhere };
        variables.fill(text).map_err(|unknown| unknown.message)
    }

    #[test]
    fn variables_may_be_made_of_variables_and_of_the_environment() {
        assert_eq!(fill("{{base}}/x?{{ $TOKEN }}").unwrap(), "http://a.test/x?t0k");
        assert_eq!(fill("{ {{ } }} {{").unwrap_err(), "there is no variable }");
        assert_eq!(fill("a {{").unwrap(), "a {{");
    }

    #[test]
    fn what_is_unknown_is_told_with_the_nearest_name() {
        assert_eq!(
            fill("{{bas}}").unwrap_err(),
            "there is no variable bas (did you mean \"base\"?)"
        );
        assert_eq!(fill("{{me}}").unwrap_err(), "me is made of itself");
        assert_eq!(fill("{{$X}}").unwrap_err(), "X is not set in the environment");
        assert!(fill("{{port}}").unwrap_err().contains("[env.staging]"));
    }
}
