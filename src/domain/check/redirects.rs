//! `_redirects` files of Netlify and Cloudflare Pages: `from [query=…] to [status][!] [conditions]`.
//!
//! A rule with a wildcard or placeholders is tried with a sample path; whether the target of a sample answers is not held
//! against it. A rule that asks for a country, a role or a cookie can't be tried from here and is skipped, as is one that an
//! earlier rule with the same `from` hides.

mod edit;

use std::collections::BTreeMap;
use std::sync::Arc;

use url::Url;

use super::expectation::{Expect, HopExpect};
use super::fault::Fault;
use super::map::{plain, target};
use super::matcher::{Range, Statuses, Text};
use super::{Place, Row, Setup};
use crate::domain::http::field::Field;
use crate::domain::http::request::FieldEdit;
pub use edit::{Answer, edited};

/// What stands for `*` and `:splat` in a sample.
const SPLAT: &str = "hopstep/sample";

/// Reads the lines of one file in order.
#[derive(Debug, Default)]
pub struct Reader {
    /// The line of each `from`, with its query.
    seen: BTreeMap<String, usize>,
}

impl Reader {
    /// The row of a line; `None` for a line that has none.
    pub fn row(
        &mut self,
        file: &Arc<str>,
        (number, line): (usize, &str),
        setup: &Setup<'_>,
    ) -> Result<Option<Row>, Fault> {
        let fault = |column: usize, message: String| Fault::new(file, (number, column), message);
        let words = words(line);
        let Some((column, from)) = words.first() else { return Ok(None) };
        let Some(base) = setup.base else {
            let message = "expected --base URL: the rules of this file are paths of a site";
            return Err(fault(*column, message.to_owned()));
        };
        let rule = rule(&words).map_err(|(column, why)| fault(column, why))?;
        let mut sample = Sample::default();
        let path = sample.source(from);
        let mut source = target(&path, Some(base)).map_err(|why| fault(*column, why))?;
        let query: Vec<String> = rule.query.iter().map(|pair| sample.source(pair)).collect();
        if !query.is_empty() {
            source.set_query(Some(&query.join("&")));
        }
        let (at, to) = rule.to;
        let wanted = target(&sample.fill(to), Some(base)).map_err(|why| fault(at, why))?;
        let expect = expect(rule.status, &wanted, sample.used);
        let place = Place { file: Arc::clone(file), line: number };
        let mut row = plain(setup, place, (source, from), expect);
        if let Some(language) = rule.language {
            let language = Field::new("Accept-Language", language);
            row.draft.fields.push(FieldEdit::Set(language));
        }
        row.skip = rule.condition.map(|of| format!("{of} can't be chosen from here"));
        // conditions decide among rules of the same path
        if rule.language.is_none() && row.skip.is_none() {
            let key = format!("{from}?{}", rule.query.join("&"));
            let earlier = *self.seen.entry(key).or_insert(number);
            if earlier != number {
                row.skip = Some(format!("never reached: line {earlier} comes first"));
            }
        }
        Ok(Some(row))
    }
}

fn expect(status: u32, wanted: &Url, sampled: bool) -> Expect {
    let statuses = Statuses(vec![Range::exactly(status)]);
    if !(300..=399).contains(&status) {
        // a rewrite: the address stays and the status is the first response's
        let first = HopExpect { at: 1, status: Some(statuses), ..HopExpect::default() };
        return Expect { hop: vec![first], ..Expect::default() };
    }
    let first = HopExpect {
        at: 1,
        status: Some(statuses),
        target: Some(Text::is(wanted.as_str())),
        ..HopExpect::default()
    };
    // the sample need not exist behind the redirect
    let allow = if sampled { vec!["chain-ends-in-error"] } else { Vec::new() };
    Expect { hop: vec![first], target_answers: !sampled, allow, ..Expect::default() }
}

/// The words of a line with the columns (from 1) they start at, without what follows a `#`.
fn words(line: &str) -> Vec<(usize, &str)> {
    let mut all = Vec::new();
    let mut column = 1;
    let pieces = line.trim_end_matches(['\r', '\n']).split([' ', '\t']);
    for word in pieces {
        if word.starts_with('#') {
            break;
        }
        if !word.is_empty() {
            all.push((column, word));
        }
        column += word.chars().count() + 1;
    }
    all
}

struct Rule<'a> {
    query: Vec<&'a str>,
    to: (usize, &'a str),
    status: u32,
    language: Option<&'a str>,
    /// A condition that a client can't meet at will.
    condition: Option<&'a str>,
}

fn rule<'a>(words: &[(usize, &'a str)]) -> Result<Rule<'a>, (usize, String)> {
    let (first, from) = words.first().copied().unwrap_or((1, ""));
    if !from.starts_with('/') && !from.contains("://") {
        return Err((first, format!("expected a path that begins with a slash, not \"{from}\"")));
    }
    let end = words.last().map_or(1, |(at, word)| at + word.chars().count());
    let rest = &words[1..];
    let is_to = |word: &str| word.starts_with('/') || word.contains("://");
    let Some(to_at) = rest.iter().position(|(_, word)| is_to(word)) else {
        return Err((end, "expected a target: a path or a URL".to_owned()));
    };
    let mut rule = Rule {
        query: rest[..to_at].iter().map(|(_, word)| *word).collect(),
        to: rest[to_at],
        // Netlify answers 301 where nothing is said, Cloudflare Pages 302
        status: 301,
        language: None,
        condition: None,
    };
    if let Some((at, word)) = rest[..to_at].iter().find(|(_, word)| !word.contains('=')) {
        return Err((*at, format!("expected name=value or a target, not \"{word}\"")));
    }
    for (at, word) in &rest[to_at + 1..] {
        match word.split_once('=') {
            Some(("Language", value)) => rule.language = value.split(',').next(),
            Some(("Country" | "Role" | "Cookie" | "Header", _)) => rule.condition = Some(word),
            Some((name, _)) => {
                let why = format!("expected Country, Language, Role or Cookie, not \"{name}\"");
                return Err((*at, why));
            }
            None => {
                rule.status = status(word).ok_or_else(|| {
                    (*at, format!("expected a status such as 301 or 200!, not \"{word}\""))
                })?
            }
        }
    }
    Ok(rule)
}

fn status(word: &str) -> Option<u32> {
    let status = word.strip_suffix('!').unwrap_or(word).parse().ok()?;
    (200..=599).contains(&status).then_some(status)
}

/// What placeholders stand for in a sample of a rule.
#[derive(Default)]
struct Sample {
    /// There is something to stand for.
    used: bool,
}

impl Sample {
    /// The path to ask for: `:name` becomes `name`, `*` a path.
    fn source(&mut self, from: &str) -> String {
        self.used |= from.contains('*') || has_placeholder(from);
        self.fill(&from.replace('*', SPLAT))
    }

    /// The target with the same values.
    fn fill(&self, to: &str) -> String {
        let to = to.replace(":splat", SPLAT);
        if !self.used {
            return to;
        }
        let (scheme, rest) = to.split_once("://").map_or(("", to.as_str()), |(s, r)| (s, r));
        let names = rest.replace("/:", "/").replace("=:", "=");
        if scheme.is_empty() { names } else { format!("{scheme}://{names}") }
    }
}

fn has_placeholder(text: &str) -> bool {
    text.contains("/:") || text.contains("=:")
}

#[cfg(test)]
mod tests {
    use super::super::suite::tests::with_setup;
    use super::*;

    fn read(lines: &[&str]) -> Vec<Result<Option<Row>, String>> {
        let file: Arc<str> = "_redirects".into();
        let base = Url::parse("https://site.test").unwrap();
        let mut reader = Reader::default();
        with_setup(Some(&base), |setup| {
            let numbered = lines.iter().enumerate().map(|(at, line)| (at + 1, *line));
            numbered
                .map(|line| reader.row(&file, line, setup).map_err(|fault| fault.to_string()))
                .collect()
        })
    }

    fn one(line: &str) -> Row {
        read(&[line]).remove(0).unwrap().unwrap()
    }

    #[test]
    fn rules_are_rows() {
        let row = one("/home   /  # the start");
        assert_eq!(row.draft.url.as_str(), "https://site.test/home");
        let hop = &row.expect.hop[0];
        assert_eq!(hop.target.as_ref().unwrap().to_string(), "https://site.test/");
        assert!(hop.status.as_ref().unwrap().holds(Some(301)) && row.expect.target_answers);
        let row = one("/news/:month/* https://blog.test/:month/:splat 302!");
        assert_eq!(row.draft.url.as_str(), "https://site.test/news/month/hopstep/sample");
        let target = row.expect.hop[0].target.as_ref().unwrap().to_string();
        assert_eq!(target, "https://blog.test/month/hopstep/sample");
        assert!(!row.expect.target_answers);
        let row = one("/store id=:id /blog/:id 301");
        assert_eq!(row.draft.url.as_str(), "https://site.test/store?id=id");
        assert_eq!(one("/x /index.html 200").expect.hop[0].target.as_ref().map(|_| ()), None);
        assert_eq!(one("/ /china 302 Language=zh,en").draft.fields.len(), 1);
    }

    #[test]
    fn what_cannot_be_tried_is_skipped_with_a_reason() {
        assert!(one("/ /de 302 Country=de").skip.unwrap().contains("Country=de"));
        let rows = read(&["/a /b", "/a /c"]);
        assert!(
            rows[1].as_ref().unwrap().as_ref().unwrap().skip.as_ref().unwrap().contains("line 1")
        );
        assert!(read(&["# nothing", ""]).iter().all(|row| matches!(row, Ok(None))));
    }

    #[test]
    fn faults_name_line_and_column() {
        for (line, fault) in [
            ("/a", "_redirects:1:3: expected a target"),
            ("a /b", "_redirects:1:1: expected a path"),
            ("/a /b 99", "_redirects:1:7: expected a status"),
            ("/a  /b 301 Mood=good", "_redirects:1:12: expected Country"),
            ("/a x /b", "_redirects:1:4: expected name=value"),
        ] {
            let seen = read(&[line]).remove(0).unwrap_err();
            assert!(seen.starts_with(fault), "{seen}");
        }
    }
}
