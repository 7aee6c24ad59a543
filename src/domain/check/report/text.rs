//! Text for people: what fails, worst first, and the run in numbers.

use super::super::outcome::Outcome;
use super::{Summary, TOLD, way};
use crate::domain::escape::escape;

const BAD: &str = "31";
const GOOD: &str = "32";
const DIM: &str = "2";
const STRONG: &str = "1";

/// The whole report.
pub(super) fn document(summary: &Summary, failing: &[Outcome], colour: bool) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    for of in failing {
        block(of, paint, &mut out);
    }
    let more = summary.failing().saturating_sub(failing.len() as u64);
    if more > 0 {
        out.push_str(&format!("… and {more} more than the {TOLD} told: see --format ndjson\n\n"));
    }
    let (glyph, style) = match summary.failing() {
        0 => ("✔", GOOD),
        _ => ("✖", BAD),
    };
    out.push_str(&paint.of(style, glyph));
    out.push_str(&format!(" {}\n", summary.sentence()));
    out
}

fn block(of: &Outcome, paint: Paint, out: &mut String) {
    let place = paint.of(DIM, &format!("{}:{}", of.file, of.line));
    let title = paint.of(STRONG, &of.title());
    out.push_str(&format!("{} {title}  {place}\n", paint.of(BAD, "✖")));
    out.push_str(&format!("    {}\n", escape(&format!("{} {}", of.method, of.url))));
    if !of.hops.is_empty() {
        out.push_str(&format!("    {}\n", paint.of(DIM, &way(of))));
    }
    for miss in &of.misses {
        out.push_str(&format!("  {} {}\n", paint.of(BAD, "·"), escape(&miss.to_string())));
    }
    for flaw in &of.findings {
        out.push_str(&format!("  {} {}\n", paint.of(BAD, "·"), escape(&flaw.to_string())));
        if !flaw.fix.is_empty() {
            let fix = format!("fix: {}", flaw.fix);
            out.push_str(&format!("      {}\n", paint.of(DIM, &fix)));
        }
    }
    out.push('\n');
}

#[derive(Clone, Copy)]
struct Paint(bool);

impl Paint {
    /// The text, escaped, in this style.
    fn of(self, style: &str, text: &str) -> String {
        let safe = escape(text);
        if self.0 { format!("\x1b[{style}m{safe}\x1b[0m") } else { safe.into_owned() }
    }
}
