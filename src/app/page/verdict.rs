//! Verdict: how the chain ended, what it does, why it goes wrong and what to do, and every finding on it, worst first.

use crate::app::model::Session;
use crate::domain::chain::{Ending, State};
use crate::domain::classify::diagnosis::{Circle, Diagnosis, Fit, Nature};
use crate::domain::classify::intent::Kind;
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::finding::{Finding, Severity};
use crate::domain::redirect::fault;
use crate::domain::text;

use super::sheet::Sheet;
use super::{Line, Role, nature, response};

/// Hops whose purpose is listed.
const PURPOSES: usize = 20;

pub fn lines(session: &Session, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    sheet.prose(0, &[(Role::Strong, escape(&summary(session)))]);
    if let Some(failure) = session.chain.hops.last().and_then(|hop| hop.exchange.failure.as_ref()) {
        response::failure(&mut sheet, failure);
    }
    if let Some(diagnosis) = &session.diagnosis {
        diagnosed(diagnosis, &mut sheet);
    }
    for severity in Severity::ALL {
        let found = session.findings.iter().enumerate().filter(|(_, f)| f.severity == severity);
        let found: Vec<(usize, &Finding)> = found.collect();
        if !found.is_empty() {
            sheet.heading(&counted(found.len(), severity.id()));
        }
        for (index, finding) in found {
            sheet.finding(index, finding);
            let from = finding.source.as_ref();
            let from =
                from.map_or_else(String::new, |of| format!(", from {}", escape(&of.words())));
            let place = match finding.hop {
                Some(hop) => format!("hop {hop}, {}{from}", place(finding)),
                None => "the whole chain".to_owned(),
            };
            sheet.prose(3, &[(Role::Dim, place)]);
        }
    }
    if session.findings.is_empty() {
        let text = if session.chain.hops.is_empty() { "Nothing seen yet." } else { "No findings." };
        sheet.prose(0, &[(Role::Dim, text)]);
    }
    if let Some(diagnosis) = &session.diagnosis {
        sides(diagnosis, &mut sheet);
    }
    sheet.finish()
}

/// What the chain does, what would end its loop or shorten it, and why it goes wrong with what to do about it.
fn diagnosed(diagnosis: &Diagnosis, sheet: &mut Sheet) {
    sheet.prose(0, &[(Role::Plain, escape(&diagnosis.sentence))]);
    for advice in diagnosis.statuses.iter().filter(|advice| advice.fit == Fit::Wrong) {
        let role = Role::Severity(Severity::Warning);
        let hop = format!("{} hop {}: ", Severity::Warning.badge(), advice.hop);
        sheet.prose(0, &[(role, hop.into()), (Role::Plain, escape(&advice.sentence))]);
    }
    for parting in &diagnosis.partings {
        let text = format!("≠ {}", parting.sentence());
        sheet.prose(0, &[(Role::Severity(Severity::Warning), text)]);
    }
    if let Some(circle) = &diagnosis.circle {
        looping(circle, sheet);
    }
    if let Some(shortcut) = &diagnosis.shortcut {
        sheet.heading("One redirect would do");
        sheet.prose(1, &[(Role::Plain, escape(&shortcut.sentence()))]);
        nature::remedy(sheet, 3, &shortcut.remedy);
    }
    if !diagnosis.causes.is_empty() {
        sheet.heading("Likely causes");
    }
    let mut told: Vec<&[String]> = Vec::new();
    for cause in &diagnosis.causes {
        let likelihood = format!(" {}", cause.likelihood.id());
        sheet.labelled(&likelihood, 8, &[(Role::Plain, escape(&cause.text))]);
        if !cause.evidence.is_empty() && !told.contains(&cause.evidence.as_slice()) {
            told.push(&cause.evidence);
            let evidence = format!("because {}", cause.evidence.join(" · "));
            sheet.prose(8, &[(Role::Dim, escape(&evidence))]);
        }
    }
    if !diagnosis.causes.is_empty() {
        sheet.heading("Fixes, the easy ones first");
    }
    for cause in diagnosis.by_effort() {
        let effort = format!(" {}", cause.effort.id());
        sheet.labelled(&effort, 8, &[(Role::Strong, escape(&cause.fix))]);
        nature::remedy(sheet, 8, &cause.remedy);
    }
    purposes(diagnosis, sheet);
}

/// Names of clients that have less room than this begin a line.
const NAMES: usize = 24;

/// Where clients part: who does what.
fn sides(diagnosis: &Diagnosis, sheet: &mut Sheet) {
    for parting in &diagnosis.partings {
        let after = match parting.last == parting.hop {
            true => format!("hop {}", parting.hop),
            false => format!("hops {} to {}", parting.hop, parting.last),
        };
        sheet.heading(&format!("What clients send after {after}"));
        for side in &parting.sides {
            let does = format!("{}: ", escape(&side.does));
            let taken = 4 + text::width(&does);
            let line = sheet.width().saturating_sub(4);
            let rest = sheet.width().saturating_sub(taken);
            let names = names(&side.clients, if rest < NAMES { line } else { rest });
            let count = format!(" {:>2}", side.clients.len());
            sheet.labelled(&count, 4, &[(Role::Plain, does), (Role::Name, names)]);
        }
    }
}

/// All of them where they fit on the line, else the first and how many more; the clients' pane has them all.
fn names(clients: &[String], room: usize) -> String {
    let all = clients.join(" ");
    if text::width(&all) <= room || clients.len() < 2 {
        return all;
    }
    let shown = |count: usize| format!("{} +{}", clients[..count].join(" "), clients.len() - count);
    let fitting = (1..clients.len()).rev().find(|&count| text::width(&shown(count)) <= room);
    shown(fitting.unwrap_or(1).min(clients.len()))
}

/// Which hop repeats, and what would have to change.
fn looping(circle: &Circle, sheet: &mut Sheet) {
    sheet.heading("The loop");
    sheet.prose(1, &[(Role::Plain, escape(&circle.sentence))]);
    for of in &circle.breaks {
        let texts = [(Role::Dim, "it ends if ".into()), (Role::Plain, escape(&of.text))];
        sheet.prose(1, &texts);
        nature::remedy(sheet, 3, &of.remedy);
    }
}

/// What each redirect is for and who issued it, a hop a line.
fn purposes(diagnosis: &Diagnosis, sheet: &mut Sheet) {
    let known = |nature: &Nature| {
        let intent = nature.intent.as_ref().filter(|intent| intent.kind != Kind::Unknown);
        let purpose = intent.map(|of| format!("{} ({})", of.kind.id(), of.confidence.id()));
        let issuer = nature.issuer.as_ref();
        let issuer = issuer.map(|of| format!("by {} ({})", of.row.name, of.confidence.id()));
        let words: Vec<String> = purpose.into_iter().chain(issuer).collect();
        (!words.is_empty()).then(|| words.join(", "))
    };
    let said: Vec<(usize, String)> = diagnosis
        .hops
        .iter()
        .enumerate()
        .filter_map(|(at, nature)| Some((at + 1, known(nature)?)))
        .collect();
    if said.is_empty() {
        return;
    }
    sheet.heading("What the redirects are for");
    for (hop, words) in said.iter().take(PURPOSES) {
        let status = diagnosis.status_of(*hop).map_or("", |advice| match advice.fit {
            Fit::Right => "; its status is right",
            Fit::Depends | Fit::Wrong => "",
        });
        sheet.labelled(&format!(" hop {hop}"), 8, &[(Role::Plain, format!("{words}{status}"))]);
    }
    if said.len() > PURPOSES {
        sheet.prose(8, &[(Role::Dim, format!("and {} more", said.len() - PURPOSES))]);
    }
}

/// How the chain ended, in one sentence.
fn summary(session: &Session) -> String {
    let hops = counted(session.chain.hops.len(), "hop");
    let status = session.chain.hops.last().and_then(|hop| hop.status());
    match &session.chain.state {
        State::Ready(_) => format!("Paused after {hops}."),
        State::InFlight(_) => format!("Under way after {hops}."),
        State::Ended(Ending::Final) => match status {
            Some(status) => format!("The chain ends after {hops} with a {status}."),
            None => format!("The chain ends after {hops}."),
        },
        State::Ended(Ending::Stopped(reason)) => {
            format!(
                "The chain stops after {hops}: {}.",
                fault::stops(*reason, session.chain.hops.last())
            )
        }
        State::Ended(Ending::Failed(kind)) => {
            format!("The chain fails after {hops}: {}.", kind.words())
        }
    }
}

fn place(finding: &Finding) -> String {
    use crate::domain::finding::Anchor;
    match &finding.anchor {
        Anchor::StatusLine => "status line".to_owned(),
        Anchor::Header(field) => format!("{} of the response", escape(&field.name)),
        Anchor::RequestLine => "request line".to_owned(),
        Anchor::RequestHeader(field) => format!("{} of the request", escape(&field.name)),
        Anchor::Body(_) => "body".to_owned(),
        Anchor::Step => "the step to the next request".to_owned(),
        Anchor::Tls => "TLS".to_owned(),
        Anchor::Timing => "time".to_owned(),
        Anchor::Chain => "chain".to_owned(),
    }
}
