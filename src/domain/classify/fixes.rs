//! Fixes: how to say a fix in the configuration of whoever issued a redirect (`assets/fixes.toml`).

use std::sync::OnceLock;

use super::table::{FIXES, Section};

/// One kind of fix, with what to write where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fix {
    pub id: &'static str,
    /// What it comes to, in a few words.
    pub title: &'static str,
    /// The rules whose findings it mends.
    pub rules: &'static [&'static str],
    examples: Vec<(&'static str, &'static [&'static str])>,
}

/// Every kind of fix, in the order of the table.
pub fn all() -> &'static [Fix] {
    static ALL: OnceLock<Vec<Fix>> = OnceLock::new();
    ALL.get_or_init(|| FIXES.iter().map(Fix::read).collect())
}

/// The kind of fix of this id.
pub fn named(id: &str) -> Option<&'static Fix> {
    all().iter().find(|fix| fix.id == id)
}

/// The kind of fix that mends what this rule finds.
pub fn of_rule(rule: &str) -> Option<&'static Fix> {
    all().iter().find(|fix| fix.rules.contains(&rule))
}

impl Fix {
    /// What to write where this issuer is configured, a line each; empty where the table does not know.
    pub fn example(&self, issuer: &str, status: u16) -> Vec<String> {
        let lines = self.examples.iter().find(|(id, _)| *id == issuer).map(|(_, lines)| *lines);
        lines.into_iter().flatten().map(|line| filled(line, status)).collect()
    }

    /// The issuers it is known for, each with what to write there.
    pub fn examples(&self, status: u16) -> impl Iterator<Item = (&'static str, Vec<String>)> {
        let filled = move |line: &&'static str| filled(line, status);
        self.examples.iter().map(move |(id, lines)| (*id, lines.iter().map(filled).collect()))
    }

    fn read(section: &Section) -> Fix {
        let own = |key: &str| matches!(key, "id" | "title" | "rules");
        Fix {
            id: section.text("id"),
            title: section.text("title"),
            rules: section.list("rules"),
            examples: section.entries.iter().copied().filter(|(key, _)| !own(key)).collect(),
        }
    }
}

fn filled(line: &str, status: u16) -> String {
    let name = constant(status);
    line.replace("{status}", &status.to_string())
        .replace("{CONST}", name)
        .replace("{symbol}", &name.to_ascii_lowercase())
}

/// The name of a status as most languages write it.
fn constant(status: u16) -> &'static str {
    match status {
        200 => "OK",
        301 => "MOVED_PERMANENTLY",
        302 => "FOUND",
        307 => "TEMPORARY_REDIRECT",
        308 => "PERMANENT_REDIRECT",
        401 => "UNAUTHORIZED",
        404 => "NOT_FOUND",
        410 => "GONE",
        503 => "SERVICE_UNAVAILABLE",
        _ => "SEE_OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::classify::issuer;
    use crate::domain::rules;

    #[test]
    fn every_example_is_for_an_issuer_that_is_known_and_every_rule_has_one_fix() {
        let issuers: Vec<&str> = issuer::rows().iter().map(|row| row.id).collect();
        let mut seen = Vec::new();
        for fix in all() {
            assert!(!fix.title.is_empty() && !fix.examples.is_empty(), "{}", fix.id);
            for (id, lines) in &fix.examples {
                assert!(issuers.contains(id), "{} has {id}", fix.id);
                assert!(lines.iter().all(|line| !line.is_empty()), "{} for {id}", fix.id);
            }
            for rule in fix.rules {
                assert!(rules::by_id(rule).is_some(), "{rule}");
                assert!(!seen.contains(rule), "{rule} twice");
                seen.push(rule);
            }
        }
        assert!(seen.len() >= 50, "{}", seen.len());
    }

    #[test]
    fn the_status_is_filled_in_by_number_and_by_name() {
        let status = named("status").unwrap();
        assert_eq!(status.example("rails", 303), ["redirect_to url, status: :see_other"]);
        assert_eq!(status.example("nginx", 308), ["location = /old { return 308 /new; }"]);
        assert!(
            status.example("spring-security", 307)[0].contains("HttpStatus.TEMPORARY_REDIRECT")
        );
        assert_eq!(status.example("nobody", 303), [""; 0]);
    }
}
