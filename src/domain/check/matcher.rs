//! Matchers: what a text, a status or a number is expected to be.

use std::fmt;

use regex::Regex;
use url::{Position, Url};

/// One thing a text must be.
#[derive(Clone, Debug)]
pub enum Condition {
    Is(String),
    /// A regular expression, found anywhere unless it is anchored.
    Matches(Regex),
    Contains(String),
    Lacks(String),
    Present,
    Absent,
}

/// Everything a text must be.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Vec<Condition>);

impl Text {
    pub fn is(text: impl Into<String>) -> Text {
        Text(vec![Condition::Is(text.into())])
    }

    /// Every condition holds for one of the lines; `Lacks` and `Absent` must hold for all of them.
    pub fn holds(&self, lines: &[String]) -> bool {
        self.0.iter().all(|condition| match condition {
            Condition::Is(text) => lines.iter().any(|line| line == text),
            Condition::Matches(pattern) => lines.iter().any(|line| pattern.is_match(line)),
            Condition::Contains(part) => lines.iter().any(|line| line.contains(part)),
            Condition::Lacks(part) => lines.iter().all(|line| !line.contains(part)),
            Condition::Present => !lines.is_empty(),
            Condition::Absent => lines.is_empty(),
        })
    }

    /// The same for a URL: an exact one is compared as a URL, and from the path on where it starts with a slash.
    pub fn holds_for(&self, url: Option<&Url>) -> bool {
        let lines: Vec<String> = url.map(Url::to_string).into_iter().collect();
        self.0.iter().all(|condition| match condition {
            Condition::Is(text) if text.starts_with('/') && !text.starts_with("//") => {
                url.is_some_and(|url| &url[Position::BeforePath..] == text)
            }
            Condition::Is(text) => match Url::parse(text) {
                Ok(wanted) => url == Some(&wanted),
                Err(_) => lines.contains(text),
            },
            Condition::Matches(_)
            | Condition::Contains(_)
            | Condition::Lacks(_)
            | Condition::Present
            | Condition::Absent => Text(vec![condition.clone()]).holds(&lines),
        })
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, condition) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(" and ")?;
            }
            match condition {
                Condition::Is(text) => f.write_str(text)?,
                Condition::Matches(pattern) => write!(f, "a match of {pattern}")?,
                Condition::Contains(part) => write!(f, "text with \"{part}\"")?,
                Condition::Lacks(part) => write!(f, "no \"{part}\"")?,
                Condition::Present => f.write_str("present")?,
                Condition::Absent => f.write_str("absent")?,
            }
        }
        Ok(())
    }
}

/// A number between two, both included.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub least: u32,
    pub most: u32,
}

impl Range {
    pub fn exactly(number: u32) -> Range {
        Range { least: number, most: number }
    }

    pub fn holds(self, number: u32) -> bool {
        (self.least..=self.most).contains(&number)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (least, most) if least == most => write!(f, "{least}"),
            (0, most) => write!(f, "at most {most}"),
            (least, u32::MAX) => write!(f, "at least {least}"),
            (least, most) => write!(f, "{least} to {most}"),
        }
    }
}

/// Statuses that are as good as each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Statuses(pub Vec<Range>);

impl Statuses {
    /// 301, 302, 303, 307 and 308: what every client follows.
    pub fn redirects() -> Statuses {
        Statuses([301, 302, 303, 307, 308].map(Range::exactly).to_vec())
    }

    /// `302`, `3xx`
    pub fn parse(text: &str) -> Option<Range> {
        match text.strip_suffix("xx") {
            Some(class) => {
                let class: u32 = class.parse().ok().filter(|class| (1..=9).contains(class))?;
                Some(Range { least: class * 100, most: class * 100 + 99 })
            }
            None => {
                let status: u32 = text.parse().ok()?;
                (100..=999).contains(&status).then(|| Range::exactly(status))
            }
        }
    }

    pub fn holds(&self, status: Option<u16>) -> bool {
        status.is_some_and(|status| self.0.iter().any(|range| range.holds(u32::from(status))))
    }
}

impl fmt::Display for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, range) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str(if at + 1 == self.0.len() { " or " } else { ", " })?;
            }
            match range.most - range.least {
                99 => write!(f, "{}xx", range.least / 100)?,
                _ => write!(f, "{range}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_held_against_every_condition() {
        let lines = ["no-store".to_owned(), "private".to_owned()];
        assert!(Text::is("private").holds(&lines));
        assert!(!Text(vec![Condition::Lacks("store".into())]).holds(&lines));
        assert!(Text(vec![Condition::Absent]).holds(&[]));
        assert!(!Text(vec![Condition::Present, Condition::Contains("x".into())]).holds(&lines));
    }

    #[test]
    fn urls_are_compared_as_urls() {
        let url = Url::parse("http://a.test/x?y").unwrap();
        assert!(Text::is("HTTP://A.test:80/x?y").holds_for(Some(&url)));
        assert!(Text::is("/x?y").holds_for(Some(&url)));
        assert!(!Text::is("/x").holds_for(Some(&url)));
        assert!(!Text::is("/x").holds_for(None));
    }

    #[test]
    fn statuses_read_as_they_are_written() {
        let statuses = Statuses(vec![Range::exactly(200), Statuses::parse("3xx").unwrap()]);
        assert_eq!(statuses.to_string(), "200 or 3xx");
        assert!(statuses.holds(Some(307)) && !statuses.holds(None));
        assert_eq!(Statuses::parse("xx"), None);
    }
}
