//! Changes to a configuration file that leave everything else in it as it is: comments, order, spaces.

use std::fmt;

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};
use url::Url;

use crate::domain::finding::{Finding, Severity};
use crate::domain::http::request::display_url;

/// One change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Change {
    /// The rule is off (`None`), or its findings have this severity.
    Severity { rule: String, severity: Option<Severity> },
    /// The rule is not heard of at these URLs.
    Suppress { rule: String, url: String },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Severity { rule, severity: None } => write!(f, "{rule} is off"),
            Change::Severity { rule, severity: Some(severity) } => {
                write!(f, "{rule} is no more than {}", severity.id())
            }
            Change::Suppress { rule, url } => write!(f, "{rule} is off at {url}"),
        }
    }
}

impl Change {
    /// What becomes of the rule, where its name is said elsewhere.
    pub fn short(&self) -> String {
        match self {
            Change::Severity { severity: None, .. } => "off everywhere".to_owned(),
            Change::Severity { severity: Some(severity), .. } => {
                format!("no more than {}", severity.id())
            }
            Change::Suppress { url, .. } => format!("off at {url}"),
        }
    }
}

/// The ways of not hearing of a finding at this URL: there, everywhere, or less loudly.
pub fn offers(finding: &Finding, url: Option<&Url>) -> Vec<Change> {
    let rule = || finding.rule.to_owned();
    // a query can hold secrets, and differs from run to run
    let place = |url: &Url| {
        let bare = display_url(url);
        format!("{}*", bare.split('?').next().unwrap_or_default())
    };
    let here = url.map(|url| Change::Suppress { rule: rule(), url: place(url) });
    let off = Change::Severity { rule: rule(), severity: None };
    let lower = Severity::ALL.into_iter().filter(|severity| *severity < finding.severity);
    let lower = lower.map(|severity| Change::Severity { rule: rule(), severity: Some(severity) });
    here.into_iter().chain([off]).chain(lower).collect()
}

/// The file's text with the change in it; what is wrong with the text where that can't be done.
pub fn apply(text: &str, change: &Change) -> Result<String, String> {
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| error.message().replace('\n', "; "))?;
    match change {
        Change::Severity { rule, severity } => {
            let rules = document.entry("rules").or_insert_with(|| Item::Table(Table::new()));
            let table = rules.as_table_like_mut().ok_or("rules is no table")?;
            table.insert(rule, value(severity.map_or("off", Severity::id)));
        }
        Change::Suppress { rule, url } => {
            let all = document
                .entry("suppress")
                .or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
            let all =
                all.as_array_of_tables_mut().ok_or("suppress is not written as [[suppress]]")?;
            let mut table = Table::new();
            table.insert("rule", value(rule));
            table.insert("url", value(url));
            table.insert("reason", value("accepted in hopstep"));
            all.push(table);
        }
    }
    Ok(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::config::{Config, File};

    const TEXT: &str = "# ours\nclient = \"go\" # as in CI\n\n[rules] # see wiki\nslow-hop = \"off\"\n\n[limits]\nredirects = 5\n";

    fn read(text: &str) -> Config {
        Config::read(&[File { name: "hopstep.toml", text }]).unwrap()
    }

    fn severity(rule: &str, severity: Option<Severity>) -> Change {
        Change::Severity { rule: rule.to_owned(), severity }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        let text = apply(TEXT, &severity("redirect-loop", Some(Severity::Info))).unwrap();
        let expected =
            TEXT.replace("slow-hop = \"off\"\n", "slow-hop = \"off\"\nredirect-loop = \"info\"\n");
        assert_eq!(text, expected);
        assert_eq!(read(&text).rules["redirect-loop"].value, Some(Severity::Info));
    }

    #[test]
    fn a_rule_is_named_once() {
        let text = apply(TEXT, &severity("slow-hop", Some(Severity::Hint))).unwrap();
        assert_eq!(read(&text).rules["slow-hop"].value, Some(Severity::Hint));
        assert_eq!(text.matches("slow-hop").count(), 1);
    }

    #[test]
    fn an_empty_file_is_begun() {
        let change = Change::Suppress {
            rule: "redirect-loop".to_owned(),
            url: "http://a.test/*".to_owned(),
        };
        let text = apply("", &change).unwrap();
        let text = apply(&text, &change).unwrap();
        assert_eq!(read(&text).suppressions.len(), 2);
        let text = apply("", &severity("slow-hop", None)).unwrap();
        assert_eq!(read(&text).rules["slow-hop"].value, None);
    }

    #[test]
    fn what_is_no_toml_is_left_alone() {
        assert!(apply("rules = [", &severity("slow-hop", None)).is_err());
        assert!(apply("rules = 1", &severity("slow-hop", None)).is_err());
    }
}
