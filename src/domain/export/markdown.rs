//! Markdown: a chain to paste into an issue: what happened, what changed on the way, what is wrong, how to do it again.
//!
//! Promises: whatever a server sends is text: it makes no link, image, table cell, heading or HTML, and ends no code block.

use super::super::chain::Hop;
use super::super::escape::escape;
use super::super::finding::{Finding, Side};
use super::super::http::field::decode;
use super::super::rules;
use super::super::text::fit_middle;
use super::{Record, curl, words};

/// Longer URLs and values are cut in the middle.
const LONGEST: usize = 200;

/// The whole report, with a line break at its end.
pub fn document(record: &Record<'_>) -> String {
    let mut out = Vec::new();
    summary(record, &mut out);
    table(record, &mut out);
    changes(record, &mut out);
    findings(record, &mut out);
    out.push("## Reproduce\n".to_owned());
    out.push(fenced("sh", &curl::chain(record.chain, record.settings)));
    out.join("\n")
}

fn summary(record: &Record<'_>, out: &mut Vec<String>) {
    let chain = record.chain;
    let asked = chain.hops.first().map_or_else(String::new, |hop| {
        format!("{} {}", hop.request.method, cut(&hop.request.display_url()))
    });
    out.push(format!("# {}\n", code(&asked)));
    out.push(format!(
        "**{}**{} in {}, as {}{}\n",
        plain(&words::ending(chain)),
        words::redirects(chain),
        words::milliseconds(chain.elapsed()),
        plain(&chain.client.name),
        words::counts(record),
    ));
}

fn table(record: &Record<'_>, out: &mut Vec<String>) {
    out.push("| hop | request | answer | Location | time |".to_owned());
    out.push("|---:|---|---|---|---:|".to_owned());
    for hop in &record.chain.hops {
        let request = format!("{} {}", hop.request.method, cut(&hop.request.display_url()));
        let location = hop.location().map(decode);
        let cells = [
            hop.index.to_string(),
            cell(&code(&request)),
            cell(&plain(&words::answer(hop))),
            location.map_or_else(String::new, |value| cell(&code(&cut(&value)))),
            words::milliseconds(hop.exchange.timing.total),
        ];
        out.push(format!("| {} |", cells.join(" | ")));
    }
    out.push(String::new());
}

/// What the client changed from request to request.
fn changes(record: &Record<'_>, out: &mut Vec<String>) {
    let changed: Vec<&Hop> =
        record.chain.hops.iter().filter(|hop| !hop.changes.is_empty()).collect();
    if changed.is_empty() {
        return;
    }
    out.push("## What changed on the way\n".to_owned());
    for hop in changed {
        let words: Vec<String> = hop.changes.iter().map(|of| code(&words::change(of))).collect();
        out.push(format!("- {} → {}: {}", hop.index - 1, hop.index, words.join(", ")));
    }
    out.push(String::new());
}

fn findings(record: &Record<'_>, out: &mut Vec<String>) {
    if record.findings.is_empty() {
        return;
    }
    out.push("## Findings\n".to_owned());
    for of in record.findings {
        let place = of.hop.map_or_else(|| "chain".to_owned(), |hop| format!("hop {hop}"));
        out.push(format!(
            "### {} {} `{}` ({place})\n",
            of.severity.badge(),
            of.severity.id(),
            of.rule
        ));
        out.extend(finding(record, of));
    }
}

fn finding(record: &Record<'_>, of: &Finding) -> Vec<String> {
    let mut lines = vec![format!("{}\n", plain(&of.message))];
    if let Some(line) = marked(record, of) {
        lines.push(fenced("http", &line));
    }
    if !of.fix.is_empty() {
        lines.push(format!("- Fix: {}", plain(&of.fix)));
    }
    if let Some(rule) = rules::by_id(of.rule).filter(|rule| !rule.references.is_empty()) {
        lines.push(format!("- References: {}", rule.references.join(", ")));
    }
    lines.push(String::new());
    lines
}

/// The field line that a finding points at.
fn marked(record: &Record<'_>, of: &Finding) -> Option<String> {
    let hop = record.chain.hops.get(of.hop?.checked_sub(1)?)?;
    let (side, at) = of.anchor.field()?;
    let fields = match side {
        Side::Response => hop.exchange.fields(),
        Side::Request => &hop.request.fields,
    };
    let field = fields.all(&at.name).nth(at.occurrence.checked_sub(1)?)?;
    Some(format!("{}: {}", field.name, cut(&field.text())))
}

fn cut(value: &str) -> String {
    fit_middle(&escape(value), LONGEST).into_owned()
}

/// A code span that nothing in it can end.
pub(crate) fn code(value: &str) -> String {
    let safe = escape(value);
    let fence = "`".repeat(longest_run(&safe, '`') + 1);
    let pad =
        if safe.is_empty() || safe.starts_with('`') || safe.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{safe}{pad}{fence}")
}

/// A code block that nothing in it can end. Line breaks stay.
pub(crate) fn fenced(language: &str, value: &str) -> String {
    let lines: Vec<String> = value.lines().map(|line| escape(line).into_owned()).collect();
    let text = lines.join("\n");
    let fence = "`".repeat(longest_run(&text, '`').max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}\n")
}

/// Text in which nothing is markup, and no URL or name becomes a link or a mention.
pub(crate) fn plain(value: &str) -> String {
    let safe = escape(value);
    let mut out = String::with_capacity(safe.len());
    let mut rest = safe.as_ref();
    while let Some(character) = rest.chars().next() {
        let begins = rest.len() == safe.len();
        let numbers = !out.is_empty() && out.bytes().all(|byte| byte.is_ascii_digit());
        let breaks = match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => true,
            '-' | '+' => begins,
            ':' => rest.starts_with("://"),
            '.' => numbers || out.ends_with("www"),
            ')' => numbers,
            _ => false,
        };
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // only code is never read as a mention
            '@' => out.push_str("`@`"),
            _ if breaks => out.extend(['\\', character]),
            _ => out.push(character),
        }
        rest = &rest[character.len_utf8()..];
    }
    out
}

/// For a cell of a table, where a bar ends even a code span.
pub(crate) fn cell(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut escaped = false;
    for character in markup.chars() {
        if character == '|' && !escaped {
            out.push('\\');
        }
        escaped = character == '\\' && !escaped;
        out.push(character);
    }
    out
}

fn longest_run(text: &str, of: char) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for character in text.chars() {
        run = if character == of { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
