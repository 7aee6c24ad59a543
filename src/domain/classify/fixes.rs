//! Fixes: how to say a fix in the configuration of whoever issued a redirect (`assets/fixes.toml`).

use super::table::{ENTRIES, FIXES, Span, Words};

/// One kind of fix, with what to write where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fix {
    pub id: &'static str,
    /// What it comes to, in a few words.
    pub title: &'static str,
    /// The rules whose findings it mends.
    pub(super) rules: Words,
    /// By issuer.
    pub(super) examples: Span,
}

/// Every kind of fix, in the order of the table.
pub fn all() -> &'static [Fix] {
    &FIXES
}

/// The kind of fix of this id.
pub fn named(id: &str) -> Option<&'static Fix> {
    all().iter().find(|fix| fix.id == id)
}

/// The kind of fix that mends what this rule finds.
pub fn of_rule(rule: &str) -> Option<&'static Fix> {
    all().iter().find(|fix| fix.rules.contains(rule))
}

impl Fix {
    /// What to write where this issuer is configured, a line each; empty where the table does not know.
    pub fn example(&self, issuer: &str, status: u16) -> Vec<String> {
        let mut all = self.examples.of(&ENTRIES).iter();
        let lines = all.find(|entry| entry.key.get() == issuer).map(|entry| entry.values.iter());
        lines.into_iter().flatten().map(|line| filled(line, status)).collect()
    }

    /// The issuers it is known for, each with what to write there.
    pub fn examples(&self, status: u16) -> impl Iterator<Item = (&'static str, Vec<String>)> {
        let filled = move |line: &'static str| filled(line, status);
        let all = self.examples.of(&ENTRIES).iter();
        all.map(move |entry| (entry.key.get(), entry.values.iter().map(filled).collect()))
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
            assert!(!fix.title.is_empty() && fix.examples(303).count() > 0, "{}", fix.id);
            for (id, lines) in fix.examples(303) {
                assert!(issuers.contains(&id), "{} has {id}", fix.id);
                assert!(lines.iter().all(|line| !line.is_empty()), "{} for {id}", fix.id);
            }
            for rule in fix.rules.iter() {
                assert!(rules::by_id(rule).is_some(), "{rule}");
                assert!(!seen.contains(&rule), "{rule} twice");
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
