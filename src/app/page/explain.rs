//! The explanation of a finding: its own words first, then what its rule has to say in general.

use crate::app::model::Session;
use crate::domain::escape::escape;
use crate::domain::explain::places;
use crate::domain::finding::Finding;
use crate::domain::rules;

use super::sheet::Sheet;
use super::{Line, Role, nature};

/// The explanation of a finding of this session, with where its fix is to be made.
pub fn lines(session: Option<&Session>, finding: &Finding, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    sheet.prose(0, &[(Role::Severity(finding.severity), escape(&finding.message))]);
    if !finding.fix.is_empty() {
        sheet.gap();
        sheet.labelled("fix", 5, &[(Role::Strong, escape(&finding.fix))]);
        here(&mut sheet, session, finding);
    }
    let Some(rule) = rules::by_id(finding.rule) else { return sheet.finish() };
    docs(&mut sheet, rule);
    if !rule.causes.is_empty() {
        sheet.heading("Why it happens");
        for cause in rule.causes {
            sheet.labelled(
                &format!("  {}", cause.likelihood.id()),
                10,
                &[(Role::Plain, cause.text)],
            );
        }
    }
    sheet.heading("How to fix it");
    sheet.labelled(&format!("  {}", rule.fix.effort.id()), 10, &[(Role::Plain, rule.fix.text)]);
    let places = places(rule);
    if !places.is_empty() {
        sheet.heading("Where it is made");
    }
    for (issuer, lines) in places {
        sheet.prose(2, &[(Role::Dim, issuer.name)]);
        for line in lines {
            sheet.prose(4, &[(Role::Plain, line)]);
        }
    }
    if !rule.references.is_empty() {
        sheet.heading("References");
        for reference in rule.references {
            sheet.prose(2, &[(Role::Reference, *reference)]);
        }
    }
    sheet.finish()
}

/// Where this finding's fix is made, in that place's own language.
fn here(sheet: &mut Sheet, session: Option<&Session>, finding: &Finding) {
    let Some(session) = session else { return };
    let at = session.findings.iter().position(|own| own == finding);
    let diagnosis = session.diagnosis.as_ref();
    if let Some(remedy) = at.zip(diagnosis).and_then(|(at, of)| of.remedies.get(at)) {
        nature::remedy(sheet, 5, remedy);
    }
}

/// The rule's documentation: headings, lists and paragraphs. Its own references are said once, at the end.
fn docs(sheet: &mut Sheet, rule: &rules::Rule) {
    let mut paragraph = String::new();
    for line in rule.doc_lines().chain([""]) {
        if let Some(heading) = line.strip_prefix("## ") {
            flush(sheet, &mut paragraph);
            sheet.heading(heading);
        } else if line.trim().is_empty() {
            flush(sheet, &mut paragraph);
        } else if let Some(item) = line.strip_prefix("- ") {
            flush(sheet, &mut paragraph);
            paragraph = format!("• {item}");
        } else {
            paragraph.push_str(if paragraph.is_empty() { "" } else { " " });
            paragraph.push_str(line.trim());
        }
    }
}

fn flush(sheet: &mut Sheet, paragraph: &mut String) {
    if !paragraph.is_empty() {
        sheet.prose(0, &[(Role::Plain, paragraph.replace('`', ""))]);
        paragraph.clear();
    }
}
