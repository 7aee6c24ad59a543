//! The runs, a line each: number, request, how it ended, what was found.

use super::{Line, Role};
use crate::app::model::{Model, RunOrigin, Session};
use crate::domain::chain::Ending;
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;

/// Less room than this for the request, and where the run began is not said.
const LEAST_URL: usize = 16;

/// A line for every run, in the order in which they were begun, of at most `width` columns.
pub fn lines(model: &Model, width: u16) -> Vec<Line> {
    let runs = model.runs();
    let digits = runs.len().to_string().len();
    runs.into_iter().map(|run| line(run, digits, usize::from(width))).collect()
}

fn line(run: &Session, digits: usize, width: usize) -> Line {
    let chain = &run.chain;
    let number = format!("{:>digits$}  ", run.number);
    let mut tail = Line::of([(Role::Plain, "  ".to_owned()), ending(run)]);
    let hops = counted(chain.hops.len(), "hop");
    tail.push(Role::Dim, format!("  {hops}"));
    let worst = run.findings.iter().map(|finding| finding.severity).max();
    if let Some(worst) = worst.filter(|worst| *worst > Severity::Hint) {
        let count = run.findings.iter().filter(|finding| finding.severity == worst).count();
        tail.push(Role::Severity(worst), format!("  {}{count}", worst.badge()));
    }
    let edited = if chain.hops.iter().any(|hop| hop.edited) { "✎ " } else { "" };
    let from = from(run).map_or_else(String::new, |from| format!("  {from}"));
    let taken = text::width(&number) + text::width(&tail.text()) + text::width(&from);
    if width.saturating_sub(taken) >= LEAST_URL {
        tail.push(Role::Dim, from);
    }
    let label = run.name().map_or_else(String::new, |name| format!("{name}  "));
    let label = format!("{edited}{label}");
    let url = format!("{label}{} {}", chain.draft.method, chain.draft.typed);
    let room = width.saturating_sub(text::width(&number) + text::width(&tail.text()));
    let mut line = Line::of([(Role::Dim, number)]);
    line.push(Role::Plain, text::fit_middle(&escape(&url), room));
    line.spans.extend(tail.spans);
    line
}

/// Which hop of which run it began with.
fn from(run: &Session) -> Option<String> {
    match run.origin {
        RunOrigin::Resent { run, hop } => Some(format!("from hop {hop} of run {run}")),
        RunOrigin::SteppedAs { run: of, hop } => {
            let client = escape(&run.chain.client.name);
            Some(format!("as {client} from hop {hop} of run {of}"))
        }
        RunOrigin::Form | RunOrigin::Recorded | RunOrigin::Compared | RunOrigin::Varied { .. } => {
            None
        }
    }
}

/// The final status, or why there is none.
fn ending(run: &Session) -> (Role, String) {
    let last = run.chain.hops.last().and_then(|hop| hop.status());
    match (run.chain.ending(), last) {
        (Some(Ending::Final), Some(status)) => (Role::Status(status), status.to_string()),
        (Some(Ending::Failed(kind)), _) => {
            (Role::Severity(Severity::Error), format!("✖ {}", kind.words()))
        }
        (Some(Ending::Stopped(reason)), _) => {
            (Role::Severity(Severity::Warning), format!("■ {}", reason.words()))
        }
        (Some(Ending::Final) | None, _) => (Role::Dim, "❚❚".to_owned()),
    }
}
