//! Verdict: how the chain ended, and every finding on it, worst first.

use crate::app::model::Session;
use crate::domain::chain::{Ending, State};
use crate::domain::classify::diagnosis::Diagnosis;
use crate::domain::escape::escape;
use crate::domain::finding::{Finding, Severity};

use super::sheet::Sheet;
use super::{Line, Role, units};

pub fn lines(session: &Session, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    sheet.prose(0, &[(Role::Strong, escape(&summary(session)))]);
    if let Some(diagnosis) = &session.diagnosis {
        diagnosed(diagnosis, &mut sheet);
    }
    for severity in Severity::ALL {
        let found = session.findings.iter().enumerate().filter(|(_, f)| f.severity == severity);
        let found: Vec<(usize, &Finding)> = found.collect();
        if !found.is_empty() {
            sheet.heading(&units::count(found.len(), severity.id()));
        }
        for (index, finding) in found {
            sheet.finding(index, finding);
            let place = match finding.hop {
                Some(hop) => format!("hop {hop}, {}", place(finding)),
                None => "the whole chain".to_owned(),
            };
            sheet.prose(3, &[(Role::Dim, place)]);
        }
    }
    if session.findings.is_empty() {
        let text = if session.chain.hops.is_empty() { "Nothing seen yet." } else { "No findings." };
        sheet.prose(0, &[(Role::Dim, text)]);
    }
    sheet.finish()
}

/// What the chain does, and why it is likely so, with what to do about it.
fn diagnosed(diagnosis: &Diagnosis, sheet: &mut Sheet) {
    sheet.prose(0, &[(Role::Plain, escape(&diagnosis.sentence))]);
    if !diagnosis.causes.is_empty() {
        sheet.heading("Likely causes");
    }
    for cause in &diagnosis.causes {
        let likelihood = format!(" {}", cause.likelihood.id());
        sheet.labelled(&likelihood, 8, &[(Role::Plain, escape(&cause.text))]);
        let fix = format!("fix ({}): ", cause.effort.id());
        sheet.prose(8, &[(Role::Strong, fix.into()), (Role::Plain, escape(&cause.fix))]);
        if !cause.evidence.is_empty() {
            let evidence = cause.evidence.join(" · ");
            sheet.prose(8, &[(Role::Dim, escape(&evidence))]);
        }
    }
}

/// How the chain ended, in one sentence.
fn summary(session: &Session) -> String {
    let hops = units::count(session.chain.hops.len(), "hop");
    let status = session.chain.hops.last().and_then(|hop| hop.status());
    match &session.chain.state {
        State::Ready(_) => format!("Paused after {hops}."),
        State::InFlight(_) => format!("Under way after {hops}."),
        State::Ended(Ending::Final) => match status {
            Some(status) => format!("The chain ends after {hops} with a {status}."),
            None => format!("The chain ends after {hops}."),
        },
        State::Ended(Ending::Stopped(reason)) => {
            format!("The chain stops after {hops}: {}.", reason.sentence())
        }
        State::Ended(Ending::Failed(kind)) => {
            format!("The chain fails after {hops}: {}.", kind.id())
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
