//! `text`: a chain for eyes. One block a hop, what changed on the step between, findings under their lines with carets.
//!
//! Promises: everything that came from outside is escaped; lines of hostile length are cut; colour only where asked for.

mod connection;
mod diagnosis;
mod finding;
mod hop;
pub(super) mod paint;

use super::super::chain::Ending;
use super::super::http::timing::Timing;
use super::Record;
use super::words::{self, milliseconds};
use paint::{Page, Style};

/// The whole chain, with or without ANSI colour.
pub fn document(record: &Record<'_>, colour: bool) -> String {
    let mut page = Page::new(colour);
    let verdict = record.verdict();
    for of in &record.chain.hops {
        hop::block(record, of, &verdict, &mut page);
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
    if !record.chain.hops.is_empty() {
        diagnosis::print(&verdict, &mut page);
    }
    page.finish()
}

/// `✔ 200 OK after 2 redirects in 12.3 ms · 1 warning`, `✖ failed: a.test refused the connection, at hop 2 · 3.1 ms`
fn summary(record: &Record<'_>, page: &mut Page) {
    let chain = record.chain;
    if chain.hops.is_empty() {
        return;
    }
    let (style, glyph) = match chain.ending() {
        Some(Ending::Final) => (Style::Good, "✔"),
        Some(Ending::Stopped(_) | Ending::Failed(_)) | None => (Style::Bad, "✖"),
    };
    let words = format!("{glyph} {}", words::ending(chain));
    let time = milliseconds(chain.elapsed());
    // a failure is a sentence, which ` in 3 ms` would not go on
    let before = match chain.ending() {
        Some(Ending::Failed(_)) => " ·",
        Some(Ending::Final | Ending::Stopped(_)) | None => " in",
    };
    let facts = format!("{}{before} {time}", words::redirects(chain));
    page.line(
        0,
        &[(style, &words), (Style::Plain, &facts), (Style::Plain, &words::counts(record))],
    );
}

/// ` (dns 0.1 ms, wait 2.0 ms)`
fn phases(timing: &Timing) -> String {
    let mut text = String::with_capacity(64);
    for (phase, time) in timing.phases() {
        let before = if text.is_empty() { " (" } else { ", " };
        text.extend([before, phase.id(), " ", &milliseconds(time)]);
    }
    if !text.is_empty() {
        text.push(')');
    }
    text
}

/// What there is to say in one line, with ` · ` between.
#[derive(Default)]
struct Facts(String);

impl Facts {
    /// One more, in pieces.
    fn add(&mut self, pieces: &[&str]) {
        if self.0.is_empty() {
            self.0.reserve(96);
        } else {
            self.0.push_str(" · ");
        }
        self.0.extend(pieces.iter().copied());
    }
}
