//! Redirect maps as CSV: `source,target[,status]`, one redirect a line.
//!
//! A row means: the first response has `status`, or any redirect status; its Location leads to `target`; and `target` answers
//! below 400. A header line (`source,target,status`, `Old URL,New URL`) may come first; empty lines and lines that begin with `#` are passed over.
//! Lines are read one at a time, so that a map of any length takes no memory.

use std::sync::Arc;

use url::Url;

use super::expectation::{Expect, HopExpect};
use super::fault::Fault;
use super::matcher::{Statuses, Text};
use super::{Place, Row, Setup};
use crate::domain::import::curl::url as typed_url;

/// The row of a line; `None` for a line that has none.
pub fn row(
    file: &Arc<str>,
    (number, line): (usize, &str),
    setup: &Setup<'_>,
) -> Result<Option<Row>, Fault> {
    let line = line.trim_end_matches(['\r', '\n']);
    let line = if number == 1 { line.trim_start_matches('\u{feff}') } else { line };
    let fault = |column: usize, message: String| Fault::new(file, (number, column), message);
    if line.trim().is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let cells = cells(line).map_err(|(column, message)| fault(column, message.to_owned()))?;
    let text = |at: usize| cells.get(at).map_or("", |(_, text)| text.trim());
    let column = |at: usize| cells.get(at).map_or(line.chars().count() + 1, |(at, _)| *at);
    if number == 1 && is_header(&cells) {
        return Ok(None);
    }
    if cells.len() < 2 {
        let message = "expected source,target[,status]: there is no target on this line";
        return Err(fault(column(1), message.to_owned()));
    }
    if let Some((column, extra)) = cells.get(3) {
        return Err(fault(*column, format!("expected the end of the line, not \"{extra}\"")));
    }
    let source = target(text(0), setup.base).map_err(|why| fault(column(0), why))?;
    let wanted = target(text(1), Some(&source)).map_err(|why| fault(column(1), why))?;
    let status = match text(2) {
        "" => Statuses::redirects(),
        status => Statuses::parse(status)
            .filter(|range| (300..=399).contains(&range.least))
            .map(|range| Statuses(vec![range]))
            .ok_or_else(|| {
                let message = format!("expected a redirect status such as 301, not \"{status}\"");
                fault(column(2), message)
            })?,
    };
    let first = HopExpect {
        at: 1,
        status: Some(status),
        target: Some(Text::is(wanted)),
        ..HopExpect::default()
    };
    let expect = Expect { hop: vec![first], target_answers: true, ..Expect::default() };
    let place = Place { file: Arc::clone(file), line: number };
    Ok(Some(plain(setup, place, (source, text(0)), expect)))
}

/// Words alone: a URL has a scheme, a dot or a slash, and a status is a number.
fn is_header(cells: &Cells) -> bool {
    let word = |letter: char| letter.is_alphabetic() || matches!(letter, ' ' | '_' | '-');
    cells.len() > 1 && cells.iter().all(|(_, text)| !text.is_empty() && text.chars().all(word))
}

/// A row that asks for a URL in the way of the command line.
pub(super) fn plain(
    setup: &Setup<'_>,
    place: Place,
    (url, name): (Url, &str),
    expect: Expect,
) -> Row {
    let mut draft = setup.draft.clone();
    draft.typed = url.to_string();
    draft.url = url;
    Row {
        place,
        name: name.to_owned(),
        client_named: false,
        with: None,
        draft,
        client: Arc::clone(setup.client),
        limits: setup.limits,
        max_time: setup.max_time,
        expect: Arc::new(expect),
        fail_on: setup.fail_on,
        skip: None,
    }
}

/// A URL, or a path beside a base.
pub(super) fn target(text: &str, base: Option<&Url>) -> Result<Url, String> {
    if text.is_empty() {
        return Err("expected a URL, and there is nothing".to_owned());
    }
    let relative = text.starts_with('/') && !text.starts_with("//");
    match (relative, base) {
        (true, None) => Err(format!("expected a whole URL, or --base URL for the path \"{text}\"")),
        (true, Some(base)) => {
            base.join(text).map_err(|error| format!("expected a URL: {error}: \"{text}\""))
        }
        (false, _) => typed_url::parse(text)
            .map_err(|refusal| format!("expected a URL: {}: \"{text}\"", refusal.why)),
    }
}

type Cells = Vec<(usize, String)>;

/// The cells with the columns (from 1) they start at; quotes as in RFC 4180, without line breaks.
fn cells(line: &str) -> Result<Cells, (usize, &'static str)> {
    let mut all = Vec::new();
    let mut letters = line.chars().enumerate().peekable();
    loop {
        let start = letters.peek().map_or(line.chars().count(), |(at, _)| *at) + 1;
        let mut cell = String::new();
        if letters.next_if(|(_, letter)| *letter == '"').is_some() {
            loop {
                match letters.next() {
                    None => return Err((start, "expected a closing quote on this line")),
                    Some((_, '"')) => match letters.next_if(|(_, letter)| *letter == '"') {
                        Some(_) => cell.push('"'),
                        None => break,
                    },
                    Some((_, letter)) => cell.push(letter),
                }
            }
            if let Some((at, letter)) = letters.peek()
                && *letter != ','
            {
                return Err((at + 1, "expected a comma after the closing quote"));
            }
        } else {
            while let Some((_, letter)) = letters.next_if(|(_, letter)| *letter != ',') {
                cell.push(letter);
            }
        }
        all.push((start, cell));
        if letters.next().is_none() {
            return Ok(all);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::suite::tests::with_setup;
    use super::*;

    fn read(number: usize, line: &str) -> Result<Option<Row>, String> {
        let file: Arc<str> = "map.csv".into();
        let base = Url::parse("http://base.test/").unwrap();
        with_setup(Some(&base), |setup| {
            row(&file, (number, line), setup).map_err(|fault| fault.to_string())
        })
    }

    #[test]
    fn a_line_is_a_redirect() {
        let row = read(7, "\"http://a.test/x,y\",/new,308\r\n").unwrap().unwrap();
        assert_eq!(row.draft.url.as_str(), "http://a.test/x,y");
        assert_eq!(row.place.to_string(), "map.csv:7");
        let first = &row.expect.hop[0];
        assert_eq!(first.target.as_ref().unwrap().to_string(), "http://a.test/new");
        assert_eq!(first.status.as_ref().unwrap().to_string(), "308");
        let row = read(2, "/old, http://b.test").unwrap().unwrap();
        assert_eq!(row.draft.url.as_str(), "http://base.test/old");
        assert!(row.expect.hop[0].status.as_ref().unwrap().holds(Some(303)));
    }

    #[test]
    fn lines_without_a_redirect_are_passed_over() {
        for (number, line) in [
            (1, "Source,Target,Status"),
            (1, "\u{feff}\"Old URL\",\"New URL\"\r\n"),
            (1, "from,to,code"),
            (3, ""),
            (4, "# old"),
        ] {
            assert!(read(number, line).unwrap().is_none());
        }
    }

    #[test]
    fn a_fault_says_where_and_what_was_expected() {
        for (line, fault) in [
            ("http://a.test", "map.csv:2:14: expected source,target[,status]: there is no target"),
            ("/a,", "map.csv:2:4: expected a URL, and there is nothing"),
            ("/a,/b,200", "map.csv:2:7: expected a redirect status such as 301, not \"200\""),
            ("/a,/b,301,x", "map.csv:2:11: expected the end of the line, not \"x\""),
            ("/a,ftp://b/", "map.csv:2:4: expected a URL: only http and https"),
            ("\"/a,/b", "map.csv:2:1: expected a closing quote"),
            ("\"/a\"x,/b", "map.csv:2:5: expected a comma"),
            ("from,to,code", "map.csv:2:9: expected a redirect status such as 301, not \"code\""),
        ] {
            let seen = read(2, line).unwrap_err();
            assert!(seen.starts_with(fault), "{seen}");
        }
    }
}
