//! A rule as it would have to read today: target and status in their places, all else of the line as it was.
//!
//! Promises: what is written is read as the redirect that was seen; where a sample's value can't be told from a word of the
//! target, nothing is written.

use std::iter::once;
use std::ops::Range;

use url::{Position, Url};

use super::super::map::target;
use super::{SPLAT, Sample, rule, words};

/// The first answer to a rule's path.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// Where it leads, if it is a redirect.
    pub target: Option<Url>,
    /// What is answered there.
    pub then: Option<u16>,
}

/// The line with what its rule does now; else why it can't be said in such a line.
pub fn edited(line: &str, base: &Url, answer: &Answer) -> Result<String, String> {
    let changed = || "the file changed under way".to_owned();
    let words = words(line);
    let (_, from) = words.first().ok_or_else(changed)?;
    let old = rule(&words).map_err(|_| changed())?;
    let (column, to) = old.to;
    let mut sample = Sample::default();
    let sources: Vec<&str> = once(*from).chain(old.query.iter().copied()).collect();
    for source in &sources {
        sample.source(source);
    }
    if let Some(status) = answer.then.filter(|status| *status >= 400 && !sample.used) {
        return Err(format!("the target answers {status}"));
    }
    let wanted = target(&sample.fill(to), Some(base)).map_err(|_| changed())?;
    let to_at = bytes(line, column, to);
    let mut line = line.to_owned();
    // from the end on, so that places stay true
    if old.status != u32::from(answer.status) {
        let last = words.iter().rev().find(|(_, word)| super::status(word).is_some());
        match last.filter(|(at, _)| *at > column) {
            Some((at, word)) => {
                let bang = if word.ends_with('!') { "!" } else { "" };
                let new = format!("{}{bang}", answer.status);
                line.replace_range(bytes(&line, *at, word), &new);
            }
            None => line.insert_str(to_at.end, &format!(" {}", answer.status)),
        }
    }
    if let Some(seen) = answer.target.as_ref().filter(|seen| **seen != wanted) {
        let new = unfilled(seen, (&sources, to), (base, &sample))?;
        line.replace_range(to_at, &new);
    }
    Ok(line)
}

/// Where a word of the line stands.
fn bytes(line: &str, column: usize, word: &str) -> Range<usize> {
    let start = line.char_indices().nth(column - 1).map_or(line.len(), |(at, _)| at);
    start..start + word.len()
}

/// The target as a rule has it: a path where it had one and the host stays, placeholders for a sample's values.
fn unfilled(
    seen: &Url,
    (sources, old): (&[&str], &str),
    (base, sample): (&Url, &Sample),
) -> Result<String, String> {
    let stays = old.starts_with('/') && seen.origin() == base.origin();
    let site = if stays { "" } else { &seen[..Position::BeforePath] };
    let path = &seen[Position::BeforePath..];
    let mut to = path.replace(SPLAT, ":splat");
    for name in sources.iter().flat_map(|source| placeholders(source)) {
        let piece = |text: &str| text == name;
        let is_in = path.split(['/', '?', '&', '#', '=']).any(piece);
        if is_in && !old.contains(&format!(":{name}")) {
            return Err(format!("whether \"{name}\" in {seen} is :{name} can't be told"));
        }
        to = to.replace(&format!("/{name}"), &format!("/:{name}"));
        to = to.replace(&format!("={name}"), &format!("=:{name}"));
    }
    let to = format!("{site}{to}");
    let again = target(&sample.fill(&to), Some(base));
    if again.is_ok_and(|again| again == *seen) {
        Ok(to)
    } else {
        Err(format!("{seen} can't be written with its placeholders"))
    }
}

/// The names that a path or a `name=:value` of a rule has.
fn placeholders(source: &str) -> impl Iterator<Item = &str> {
    let names = source.split(['/', '=']).filter_map(|piece| piece.strip_prefix(':'));
    names.filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: &str, status: u16, to: Option<&str>) -> Result<String, String> {
        let base = Url::parse("https://site.test").unwrap();
        edited(
            line,
            &base,
            &Answer { status, target: to.map(|to| Url::parse(to).unwrap()), then: Some(200) },
        )
    }

    #[test]
    fn target_and_status_are_written_and_all_else_stays() {
        for (line, status, to, after) in [
            ("/a   /b  301  # why\r\n", 302, "https://site.test/c", "/a   /c  302  # why\r\n"),
            ("/a /b", 301, "https://other.test/b", "/a https://other.test/b"),
            ("/a /b # 308", 308, "https://site.test/b", "/a /b 308 # 308"),
            ("/a /b 301! Language=de", 307, "https://site.test/b", "/a /b 307! Language=de"),
            (
                "/n/* /m/:splat 301",
                301,
                "https://site.test/k/hopstep/sample?a=1",
                "/n/* /k/:splat?a=1 301",
            ),
            (
                "/n/:year/:id /m/:id/:year",
                301,
                "https://new.test/year/id",
                "/n/:year/:id https://new.test/:year/:id",
            ),
            ("/s id=:id /b/:id 301", 301, "https://site.test/c/id", "/s id=:id /c/:id 301"),
            ("/n/* /m/:splat", 301, "https://site.test/gone", "/n/* /gone"),
            ("/x /index.html 200", 301, "https://site.test/y", "/x /y 301"),
        ] {
            assert_eq!(edit(line, status, Some(to)).as_deref(), Ok(after));
        }
        assert_eq!(edit("/x /404.html 200", 404, None).as_deref(), Ok("/x /404.html 404"));
    }

    #[test]
    fn a_second_look_changes_nothing() {
        let seen = "https://new.test/year/id?q=id";
        let once = edit("/n/:year/:id /m/:id/:year", 302, Some(seen)).unwrap();
        assert_eq!(edit(&once, 302, Some(seen)), Ok(once));
    }

    #[test]
    fn a_word_that_may_be_a_placeholder_is_left() {
        let why = edit("/n/:year /m", 301, Some("https://site.test/year")).unwrap_err();
        assert!(why.contains("can't be told"), "{why}");
    }
}
