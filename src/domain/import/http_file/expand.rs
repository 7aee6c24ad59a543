//! Variables of a `.http` file: `@name = value` anywhere in it, `{{name}}` wherever text stands; then those of an environment.

use std::collections::HashMap;

use super::super::fault::Fault;
use super::Surroundings;

/// Variables within variables, at most this deep.
const DEEPEST: usize = 16;
/// An expansion that grows beyond is refused.
const LONGEST: usize = 16 << 20;

/// What is defined.
pub(super) struct Variables<'a> {
    defined: HashMap<&'a str, &'a str>,
    around: &'a dyn Surroundings,
}

/// `@name = value`
pub(super) fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.trim_start().strip_prefix('@')?.split_once('=')?;
    let name = name.trim();
    let fine = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(fine)).then(|| (name, value.trim()))
}

impl<'a> Variables<'a> {
    /// The definitions of the whole file; the last of a name counts.
    pub(super) fn of(text: &'a str, around: &'a dyn Surroundings) -> Variables<'a> {
        Variables { defined: text.lines().filter_map(definition).collect(), around }
    }

    /// The text with every `{{…}}` filled in.
    pub(super) fn expand(&self, line: usize, text: &str) -> Result<String, Fault> {
        self.filled(text, 0).map_err(|why| Fault::new(format!("line {line}"), why))
    }

    fn filled(&self, text: &str, depth: usize) -> Result<String, String> {
        if depth > DEEPEST {
            return Err("a variable stands in itself".to_owned());
        }
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, after)) = after.split_once("}}") else { break };
            out.push_str(before);
            out.push_str(&self.value(name.trim(), depth)?);
            if out.len() > LONGEST {
                return Err("the variables grow without end".to_owned());
            }
            rest = after;
        }
        out.push_str(rest);
        Ok(out)
    }

    fn value(&self, name: &str, depth: usize) -> Result<String, String> {
        // `{{%name}}` is percent-encoded by VS Code; the URL parser does that here
        let name = name.trim_start_matches('%').trim();
        if let Some(value) = self.defined.get(name) {
            return self.filled(value, depth + 1);
        }
        if let Some(value) = self.around.chosen(name) {
            return self.filled(&value, depth + 1);
        }
        let process = name.strip_prefix("$processEnv").or_else(|| name.strip_prefix("$env."));
        if let Some(variable) = process.map(|rest| rest.trim_matches(['%', ' ', '\t'])) {
            let found = self.around.variable(variable);
            return found
                .ok_or_else(|| format!("{{{{{name}}}}}: {variable} is not in the environment"));
        }
        Err(
            match name.starts_with('$') || name.contains(".response.") || name.contains(".request.")
            {
                true => {
                    format!("{{{{{name}}}}}: only the editor can fill this in; put its value there")
                }
                false => {
                    format!(
                        "{{{{{name}}}}}: there is no such variable; @{name} = … defines it, or --env an environment"
                    )
                }
            },
        )
    }
}
