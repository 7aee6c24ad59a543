//! For an issue: a table of groups, then what each does otherwise.

use super::super::super::client::survey::Behaviour;
use super::super::markdown::{cell, code, plain};
use super::{Destiny, Report, departure};

pub(super) fn document(report: &Report<'_>) -> String {
    let mut out = vec![
        format!("# {}\n", code(&report.asked())),
        format!(
            "What {} clients do, compared with {}; {}.\n",
            report.clients(),
            plain(report.leader),
            plain(&report.effort())
        ),
        "| clients | | ends with | differs at |".to_owned(),
        "|---|---:|---|---|".to_owned(),
    ];
    out.extend(report.behaviours.iter().map(|of| row(report, of)));
    out.push(match report.verdict() {
        Some(words) => format!("\n**This {words}.**\n"),
        None => format!("\nHere {}.\n", report.unity()),
    });
    out.join("\n")
}

fn row(report: &Report<'_>, of: &Behaviour) -> String {
    let departures: Vec<String> =
        report.departures(of).iter().map(|of| code(&departure(of))).collect();
    let cells = [
        plain(&of.clients.join(", ")),
        of.clients.len().to_string(),
        code(&Destiny(&of.chain).to_string()),
        departures.join("; "),
    ];
    let cells: Vec<String> = cells.iter().map(|markup| cell(markup)).collect();
    format!("| {} |", cells.join(" | "))
}
