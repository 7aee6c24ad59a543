//! `--update` and `--diff` of a redirect map or a `_redirects` file: where a redirect leads now is written into its line, and
//! nothing else is touched.
//!
//! Such a file says of a row its target and perhaps a status; what it has no words for is told as a note.

use std::ops::Range;

use url::{Position, Url};

use super::Updated;
use super::stable::{Address, Stable};
use crate::domain::check::outcome::{Outcome, SeenHop, State};
use crate::domain::check::redirects::{self, Answer};

/// The text of a map with the redirects seen now. Rows that held need not be among those seen.
pub fn updated_map<'a>(text: &str, seen: impl Iterator<Item = &'a Outcome>) -> Updated {
    updated_lines(text, seen, rewritten)
}

/// The text of a `_redirects` file of the site at `base` with what its rules do now.
pub fn updated_redirects<'a>(
    text: &str,
    seen: impl Iterator<Item = &'a Outcome>,
    base: &Url,
) -> Updated {
    updated_lines(text, seen, |line, outcome| rule(line, outcome, base))
}

fn updated_lines<'a>(
    text: &str,
    seen: impl Iterator<Item = &'a Outcome>,
    rewritten: impl Fn(&str, &Outcome) -> Result<String, String>,
) -> Updated {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    let mut notes = Vec::new();
    for outcome in seen.filter(|outcome| outcome.state.fails()) {
        let line = outcome.line.checked_sub(1).and_then(|at| lines.get_mut(at));
        let written = line.map_or(Err("the file changed under way".to_owned()), |line| {
            *line = rewritten(line, outcome)?;
            Ok(())
        });
        if let Err(why) = written {
            notes.push(format!("line {}: {}: left as it is: {why}", outcome.line, outcome.name));
        }
    }
    Updated { text: lines.concat(), notes }
}

/// The line with what its row did.
fn rewritten(line: &str, outcome: &Outcome) -> Result<String, String> {
    let first = first(outcome)?;
    let target = target(first)?;
    target_answers(outcome)?;
    let missed = |field: &str| missed(outcome, field);
    let cells = cells(line);
    let (Some(old), status) = (cells.get(1), cells.get(2)) else {
        return Err("the file changed under way".to_owned());
    };
    // from the end on, so that places stay true
    let mut line = line.to_owned();
    if let (true, Some(cell), Some(seen)) = (missed("status"), status, first.status) {
        line.replace_range(cell.clone(), &seen.to_string());
    }
    if missed("target") {
        let as_path =
            line.get(old.clone()).is_some_and(|old| old.trim_matches('"').starts_with('/'));
        line.replace_range(old.clone(), &quoted(&written(&target, &first.url, as_path)));
    }
    match missed("status") || missed("target") {
        true => Ok(line),
        false => Err(others(outcome)),
    }
}

/// The rule of a `_redirects` file with what it did.
fn rule(line: &str, outcome: &Outcome, base: &Url) -> Result<String, String> {
    let first = first(outcome)?;
    let status = first.status.ok_or("nothing was answered")?;
    let redirects = (300..400).contains(&status);
    // a rule that rewrites says nothing of a target
    if missed(outcome, "target") && !redirects {
        return Err(no_redirect(first));
    }
    let target = redirects.then(|| target(first)).transpose()?;
    let then = outcome.hops.get(1).and_then(|hop| hop.status);
    if !missed(outcome, "status") && !missed(outcome, "target") {
        return Err(others(outcome));
    }
    redirects::edited(line, base, &Answer { status, target, then })
}

fn first(outcome: &Outcome) -> Result<&SeenHop, String> {
    if outcome.state == State::Broken {
        return Err("a hop failed".to_owned());
    }
    outcome.hops.first().ok_or_else(|| "nothing was sent".to_owned())
}

fn target_answers(outcome: &Outcome) -> Result<(), String> {
    match outcome.hops.get(1).and_then(|hop| hop.status).filter(|of| *of >= 400) {
        Some(status) => Err(format!("the target answers {status}")),
        None => Ok(()),
    }
}

fn missed(outcome: &Outcome, field: &str) -> bool {
    outcome.misses.iter().any(|miss| miss.field == field)
}

/// All that did not hold.
fn others(outcome: &Outcome) -> String {
    let misses = outcome.misses.iter().map(ToString::to_string);
    let all = misses.chain(outcome.findings.iter().map(ToString::to_string));
    all.collect::<Vec<_>>().join("; ")
}

fn no_redirect(first: &SeenHop) -> String {
    let status = first.status.unwrap_or_default();
    format!("the first response is no redirect: {status} {}", first.reason)
}

/// Where the first response leads, if that can be expected again.
fn target(first: &SeenHop) -> Result<Url, String> {
    let status = first.status.unwrap_or_default();
    if !(300..400).contains(&status) {
        return Err(no_redirect(first));
    }
    let seen = first.target.as_deref().ok_or("its Location leads nowhere")?;
    let url = Url::parse(seen).map_err(|_| "its Location is too long".to_owned())?;
    let variables = &Default::default();
    match (Stable { variables }).address(seen) {
        Address::Exact(_) => Ok(url),
        Address::Pattern(_) => Err(format!("its target differs from run to run: {seen}")),
    }
}

/// As a path where the map had one and the host stays.
fn written(target: &Url, source: &str, as_path: bool) -> String {
    let stays = Url::parse(source).is_ok_and(|source| source.origin() == target.origin());
    match as_path && stays {
        true => target[Position::BeforePath..].to_owned(),
        false => target.to_string(),
    }
}

fn quoted(cell: &str) -> String {
    match cell.contains([',', '"']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

/// Where the cells of a line stand, quotes included, without the blanks around them.
fn cells(line: &str) -> Vec<Range<usize>> {
    let line = line.trim_end_matches(['\r', '\n']);
    let (mut all, mut start, mut inside) = (Vec::new(), 0, false);
    let end = (line.len(), ',');
    for (at, letter) in line.char_indices().chain([end]) {
        inside ^= letter == '"';
        if letter == ',' && (!inside || at == line.len()) {
            let cell = line.get(start..at).unwrap_or_default();
            let from = start + cell.len() - cell.trim_start().len();
            all.push(from..from + cell.trim().len());
            start = at + 1;
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::outcome::Miss;

    const BASE: &str = r#"{"row":1,"file":"m.csv","line":1,"name":"a","client":"curl","client_named":false,"with":null,"method":"GET",
        "url":"http://a.test/x","state":"failed","misses":[],"findings":[],"hops":[],"ending":"final","time_ms":1,"tries":1,"note":null}"#;

    fn outcome(line: usize, misses: &[&str], hops: &[(u16, Option<&str>)]) -> Outcome {
        let miss = |field: &&str| Miss {
            hop: Some(1),
            field: (*field).to_owned(),
            expected: "x".to_owned(),
            seen: "y".to_owned(),
        };
        let hop = |(status, target): &(u16, Option<&str>)| SeenHop {
            url: "http://a.test/x".to_owned(),
            status: Some(*status),
            target: target.map(str::to_owned),
            ..SeenHop::default()
        };
        let hops = hops.iter().map(hop).collect();
        let misses = misses.iter().map(miss).collect();
        Outcome { line, misses, hops, ..serde_json::from_str(BASE).unwrap() }
    }

    #[test]
    fn target_and_status_are_written_and_all_else_stays() {
        let map = "source,target,status\r\n# note\r\nhttp://a.test/x, \"/a,b\" ,301\r\nhttp://a.test/y,http://b.test/,302\r\n";
        let seen = [
            outcome(3, &["target", "status"], &[(308, Some("http://a.test/c,d")), (200, None)]),
            outcome(4, &["target"], &[(302, Some("http://c.test/")), (200, None)]),
        ];
        let after = updated_map(map, seen.iter());
        assert_eq!(after.notes, Vec::<String>::new());
        assert_eq!(
            after.text,
            "source,target,status\r\n# note\r\nhttp://a.test/x, \"/c,d\" ,308\r\nhttp://a.test/y,http://c.test/,302\r\n"
        );
    }

    #[test]
    fn what_a_map_has_no_words_for_is_told() {
        let map = "http://a.test/x,/new";
        for (misses, hops, why) in [
            (&["status"][..], &[(200, None)][..], "no redirect: 200"),
            (&["status"], &[(301, Some("http://a.test/new")), (404, None)], "answers 404"),
            (
                &["target"],
                &[(302, Some("http://a.test/l?state=8f3a9b")), (200, None)],
                "run to run",
            ),
            (&["ending"], &[(301, Some("http://a.test/new")), (200, None)], "ending: expected x"),
        ] {
            let after = updated_map(map, [outcome(1, misses, hops)].iter());
            assert_eq!(after.text, map);
            assert!(after.notes.len() == 1 && after.notes[0].contains(why), "{:?}", after.notes);
        }
    }
}
