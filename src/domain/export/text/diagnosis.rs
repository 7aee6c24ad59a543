//! The verdict in text: what each redirect is for and who issued it, and after the chain its causes, its loop, its shortcut.

use super::super::super::classify::diagnosis::{Diagnosis, Fit, Remedy};
use super::super::super::classify::intent::Kind;
use super::super::super::finding::Likelihood;
use super::Facts;
use super::paint::{Page, Style};

/// Facts of a hop stand this far in.
const INDENT: usize = 3;

/// Causes that are printed; JSON has all of them.
const CAUSES: usize = 3;

/// `= https-upgrade (high: …) · answered by nginx (medium: …)`, and a status that is wrong for it.
pub(super) fn nature(verdict: &Diagnosis, hop: usize, page: &mut Page) {
    let Some(nature) = hop.checked_sub(1).and_then(|at| verdict.hops.get(at)) else { return };
    let intent = nature.intent.as_ref().filter(|intent| intent.kind != Kind::Unknown);
    let mut facts = Facts::default();
    if let Some(of) = intent {
        let (kind, sure) = (of.kind.id(), of.confidence.id());
        facts.add(&[kind, " (", sure, ": ", &of.evidence.join(", "), ")"]);
    }
    if let Some(of) = &nature.issuer {
        let (name, sure) = (of.row.name, of.confidence.id());
        facts.add(&["answered by ", name, " (", sure, ": ", &of.evidence.join(", "), ")"]);
    }
    if !facts.0.is_empty() {
        page.line(INDENT, &[(Style::Dim, &["= ", &facts.0].concat())]);
    }
    if let Some(advice) = verdict.status_of(hop).filter(|advice| advice.fit == Fit::Wrong) {
        page.line(INDENT, &[(Style::Notice, &format!("= {}", advice.sentence))]);
    }
}

/// What the chain does, and where something is wrong: why, and what to do where.
pub(super) fn print(verdict: &Diagnosis, page: &mut Page) {
    page.line(0, &[(Style::Plain, &verdict.sentence)]);
    if let Some(circle) = &verdict.circle {
        page.line(0, &[(Style::Bad, "loop    "), (Style::Plain, &circle.sentence)]);
        for of in circle.breaks.iter().take(CAUSES) {
            page.line(8, &[(Style::Dim, "ends if "), (Style::Plain, &of.text)]);
            place(&of.remedy, page);
        }
    }
    for cause in verdict.causes.iter().take(CAUSES) {
        let style = if cause.likelihood == Likelihood::High { Style::Strong } else { Style::Plain };
        page.line(0, &[(style, &format!("{:<8}", cause.likelihood.id())), (style, &cause.text)]);
        page.line(8, &[(Style::Dim, "because "), (Style::Dim, &cause.evidence.join(" · "))]);
        let effort = format!("{:<8}", cause.effort.id());
        page.line(8, &[(Style::Good, &effort), (Style::Plain, &cause.fix)]);
        place(&cause.remedy, page);
    }
    for parting in &verdict.partings {
        page.line(0, &[(Style::Notice, "≠       "), (Style::Plain, &parting.sentence())]);
        for side in &parting.sides {
            let count = format!("{:>2} ", side.clients.len());
            page.line(8, &[(Style::Dim, &count), (Style::Plain, &side.sentence())]);
        }
    }
    if let Some(shortcut) = &verdict.shortcut {
        page.line(0, &[(Style::Good, "instead "), (Style::Plain, &shortcut.sentence())]);
        place(&shortcut.remedy, page);
    }
}

fn place(remedy: &Remedy, page: &mut Page) {
    page.line(16, &[(Style::Dim, &format!("in {}", remedy.place))]);
    for line in &remedy.example {
        page.line(18, &[(Style::Moved, line)]);
    }
}
