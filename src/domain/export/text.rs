//! `text`: a chain for eyes. One block a hop, what changed on the step between, findings under their lines with carets.
//!
//! Promises: everything that came from outside is escaped; lines of hostile length are cut; colour only where asked for.

mod finding;
mod hop;
mod paint;

use super::super::chain::{Chain, Ending};
use super::super::classify;
use super::super::finding::Severity;
use super::super::http::failure::FailureKind;
use super::super::http::timing::Timing;
use super::Record;
use paint::{Page, Style};

/// The whole chain, with or without ANSI colour.
pub fn document(record: &Record<'_>, colour: bool) -> String {
    let mut page = Page::new(colour);
    let intents = classify::intents(record.chain);
    for (of, intent) in record.chain.hops.iter().zip(&intents) {
        hop::block(record, of, intent.as_ref(), &mut page);
    }
    let whole = record.findings.iter().filter(|of| of.hop.is_none());
    for of in whole {
        finding::plain(of, 0, &mut page);
    }
    if let Some(planned) = record.chain.ready() {
        hop::step(&planned.changes, &mut page);
        let request = &planned.request;
        page.line(
            0,
            &[(Style::Dim, &format!("not sent: {} {}", request.method, request.display_url()))],
        );
    }
    summary(record, &mut page);
    page.finish()
}

/// `✔ 200 OK after 2 redirects in 12.3 ms · 1 warning`
fn summary(record: &Record<'_>, page: &mut Page) {
    let chain = record.chain;
    let Some(last) = chain.hops.last() else { return };
    let (style, words) = match chain.ending() {
        Some(Ending::Final) => (Style::Good, format!("✔ {}", hop::status(last))),
        Some(Ending::Stopped(reason)) => (Style::Bad, format!("✖ stopped: {}", reason.sentence())),
        Some(Ending::Failed(FailureKind::Cancelled)) => (Style::Bad, "✖ interrupted".to_owned()),
        Some(Ending::Failed(_)) => {
            let failure = last.exchange.failure.as_ref();
            let message = failure.map_or("no response", |failure| failure.message.as_str());
            (Style::Bad, format!("✖ failed: {}", message.trim_end_matches('.')))
        }
        None => (Style::Bad, "✖ left before its end".to_owned()),
    };
    let redirects = match chain.hops.len() - 1 {
        0 => String::new(),
        1 => " after 1 redirect".to_owned(),
        n => format!(" after {n} redirects"),
    };
    let facts = format!("{redirects} in {}", milliseconds(total(chain)));
    page.line(0, &[(style, &words), (Style::Plain, &facts), (Style::Plain, &counts(record))]);
}

/// From the first byte out to the last byte in, hop by hop.
fn total(chain: &Chain) -> std::time::Duration {
    chain.hops.iter().map(|hop| hop.exchange.timing.total).sum()
}

fn counts(record: &Record<'_>) -> String {
    let count = |severity| record.findings.iter().filter(|of| of.severity == severity).count();
    Severity::ALL
        .iter()
        .map(|&severity| (count(severity), severity.id()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!(" · {count} {name}{}", if count == 1 { "" } else { "s" }))
        .collect()
}

/// `3.1 ms`
fn milliseconds(duration: std::time::Duration) -> String {
    let ms = duration.as_micros() as f64 / 1000.0;
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

/// `dns 0.1 ms, wait 2.0 ms`
fn phases(timing: &Timing) -> String {
    let phases =
        timing.phases().map(|(phase, time)| format!("{} {}", phase.id(), milliseconds(time)));
    phases.collect::<Vec<_>>().join(", ")
}
