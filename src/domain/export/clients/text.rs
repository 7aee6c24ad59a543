//! For eyes: a block a group, outliers first, what it does otherwise below.

use super::super::super::chain::Ending;
use super::super::super::client::survey::Behaviour;
use super::super::super::counted::counted;
use super::super::text::paint::{Page, Style};
use super::{Destiny, Report, departure};

/// Columns of a line of names.
const COLUMNS: usize = 80;
/// Names and differences stand this far in.
const INDENT: usize = 14;
/// Departures of one group that are told; a document has them all.
const DEPARTURES: usize = 4;

pub(super) fn document(report: &Report<'_>, colour: bool) -> String {
    let mut page = Page::new(colour);
    let clients = report.clients();
    page.line(
        0,
        &[
            (Style::Strong, &report.asked()),
            (
                Style::Plain,
                &format!(": what {clients} clients do, compared with {}", report.leader),
            ),
        ],
    );
    page.line(0, &[(Style::Dim, &report.effort())]);
    for of in report.behaviours {
        page.blank();
        group(report, of, &mut page);
    }
    page.blank();
    verdict(report, &mut page);
    page.finish()
}

fn group(report: &Report<'_>, of: &Behaviour, page: &mut Page) {
    let leads = of.clients.iter().any(|name| name == report.leader);
    let (style, glyph) = match of.chain.ending() {
        Some(Ending::Final) => (Style::Good, "✔"),
        Some(Ending::Stopped(_) | Ending::Failed(_)) => (Style::Bad, "✖"),
        None => (Style::Notice, "?"),
    };
    let count = counted(of.clients.len(), "client");
    let mark = if leads { "▶" } else { " " };
    let destiny = Destiny(&of.chain).to_string();
    page.line(
        0,
        &[(Style::Strong, &format!("{mark} {count:<11}")), (style, &format!("{glyph} {destiny}"))],
    );
    for line in wrapped(&of.clients) {
        page.line(INDENT + 1, &[(Style::Moved, &line)]);
    }
    let departures = report.departures(of);
    for of in departures.iter().take(DEPARTURES) {
        page.line(INDENT + 1, &[(Style::Warn, &departure(of))]);
    }
    if departures.len() > DEPARTURES {
        let more = format!("and at {} more hops", departures.len() - DEPARTURES);
        page.line(INDENT + 1, &[(Style::Dim, &more)]);
    }
}

fn verdict(report: &Report<'_>, page: &mut Page) {
    match report.verdict() {
        Some(words) => page.line(0, &[(Style::Warn, "▲ "), (Style::Warn, &words)]),
        None => page.line(0, &[(Style::Good, "✔ "), (Style::Good, report.unity())]),
    }
}

/// Names, comma-separated, in lines that fit.
fn wrapped(names: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let word = if index + 1 < names.len() { format!("{name},") } else { name.clone() };
        match lines.last_mut() {
            Some(line) if INDENT + 2 + line.len() + word.len() < COLUMNS => {
                *line += &format!(" {word}");
            }
            Some(_) | None => lines.push(word),
        }
    }
    lines
}
