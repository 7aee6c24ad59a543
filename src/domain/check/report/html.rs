//! HTML: one file with everything in it. Failing rows are open, the others can be shown; each has its chain as a waterfall.
//!
//! Promises: no script, no request to anywhere (a content security policy says so too); whatever a server sent is text.

use std::fmt::Write as _;

use super::super::outcome::{Outcome, SeenHop, State};
use super::{Summary, way};
use crate::domain::escape::escape;
use crate::domain::export::json::timestamp;

const STYLE: &str = include_str!("report.css");

/// One row.
pub(super) fn row(of: &Outcome) -> String {
    let mut out = String::new();
    let open = if of.state.fails() { " open" } else { "" };
    let _ = writeln!(
        out,
        "<details class=\"row {state}\"{open}><summary><b class=\"state\">{state}</b> \
         <span class=\"name\">{}</span> <code>{}</code> <span class=\"way\">{}</span> \
         <span class=\"place\">{}:{}</span></summary>",
        text(&of.title()),
        text(&format!("{} {}", of.method, of.url)),
        text(&way(of)),
        text(&of.file),
        of.line,
        state = of.state.id(),
    );
    if !of.misses.is_empty() || !of.findings.is_empty() {
        out.push_str("<ul class=\"faults\">\n");
        for miss in &of.misses {
            let _ = writeln!(
                out,
                "<li><b>{}</b> {}: expected <ins>{}</ins>, seen <del>{}</del></li>",
                text(&miss.hop.map_or_else(|| "chain".to_owned(), |hop| format!("hop {hop}"))),
                text(&miss.field),
                text(&miss.expected),
                text(&miss.seen),
            );
        }
        for flaw in &of.findings {
            let _ = writeln!(
                out,
                "<li>{}<br><span class=\"fix\">fix: {}</span></li>",
                text(&flaw.to_string()),
                text(&flaw.fix),
            );
        }
        out.push_str("</ul>\n");
    }
    if let Some(note) = &of.note {
        let _ = writeln!(out, "<p class=\"note\">skipped: {}</p>", text(note));
    }
    if !of.hops.is_empty() {
        waterfall(of, &mut out);
    }
    out.push_str("</details>\n");
    out
}

/// What stands before and after the rows.
pub(super) fn around(of: &Summary) -> (String, String) {
    let verdict = if of.failing() == 0 { State::Held } else { State::Failed };
    let before = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>hopstep check</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>hopstep check</h1>\n<p class=\"verdict {}\">{}</p>\n\
         <p class=\"when\">started {}</p></header>\n\
         <input type=\"checkbox\" id=\"all\"{}><label for=\"all\"> show the rows that held</label>\n<main>\n",
        verdict.id(),
        text(&of.sentence()),
        timestamp(of.started_at),
        if of.failing() == 0 { " checked" } else { "" },
    );
    (before, "</main>\n</body>\n</html>\n".to_owned())
}

fn waterfall(of: &Outcome, out: &mut String) {
    let mut total = 0.0_f64;
    for (before, hop) in starts(of) {
        total = total.max(before + hop.total_ms);
    }
    out.push_str("<table class=\"chain\"><tbody>\n");
    for (at, (before, hop)) in starts(of).enumerate() {
        hop_row(at + 1, hop, (before, total.max(f64::MIN_POSITIVE)), out);
    }
    out.push_str("</tbody></table>\n");
}

/// Each hop with the time before it.
fn starts(of: &Outcome) -> impl Iterator<Item = (f64, &SeenHop)> {
    of.hops.iter().scan(0.0, |before, hop| {
        let start = *before;
        *before += hop.held_ms();
        Some((start, hop))
    })
}

fn hop_row(at: usize, hop: &SeenHop, (before, total): (f64, f64), out: &mut String) {
    let status = match (hop.status, &hop.error) {
        (Some(status), None) => format!("{status} {}", hop.reason),
        (Some(status), Some(error)) => format!("{status} {}: {error}", hop.reason),
        (None, Some(error)) => error.clone(),
        (None, None) => "no response".to_owned(),
    };
    let _ = write!(
        out,
        "<tr><td>{at}</td><td><code>{}</code></td><td>{}{}</td><td class=\"bars\">",
        text(&format!("{} {}", hop.method, hop.url)),
        text(&status),
        hop.location.as_ref().map_or_else(String::new, |location| format!(
            "<br><span class=\"location\">→ {}</span>",
            text(location)
        )),
    );
    let mut from = before;
    for (phase, time) in &hop.phases {
        let (left, width) = (from / total * 100.0, time / total * 100.0);
        let _ = write!(
            out,
            "<i class=\"{phase}\" style=\"left:{left:.2}%;width:{width:.2}%\" title=\"{phase} {time:.1} ms\"></i>",
            phase = known_phase(phase),
        );
        from += time;
    }
    let _ = writeln!(out, "</td><td class=\"ms\">{:.1} ms</td></tr>", hop.total_ms);
}

/// The name of a phase; a journal could hold anything.
fn known_phase(name: &str) -> &'static str {
    ["dns", "connect", "tls", "wait", "receive"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("wait")
}

/// Text between tags and in attributes.
fn text(value: &str) -> String {
    let safe = escape(value);
    safe.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
