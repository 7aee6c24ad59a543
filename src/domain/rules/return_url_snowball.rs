//! `return-url-snowball`: each lap wraps the way back once more.

use crate::domain::evidence::nesting::self_nesting;
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a target that holds its own page in its way back twice or more, a `Location` that
    /// grows on three consecutive hops of the same page, and targets longer than 8000 bytes (a
    /// warning from 2000).
    ///
    /// ## Why it matters
    /// Each lap wraps the previous return address again, ending in 414 or a header-size
    /// failure.
    ///
    /// ## When it is silent
    /// One nested way back is normal, and so are different pages nested in each other, as in
    /// federated login.
    id: "return-url-snowball",
    group: Group::Chain,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "login page itself requires login",
        Medium: "error handler appends ?next= again",
        Low: "very long tracking parameters",
    ],
    fix: Medium: "strip or store the return target server-side; never nest an already nested login URL",
    references: [
        "RFC 9110 §15.5.15",
        "RFC 9110 §4.1",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some((hop, severity, message)) = evidence
        .hops
        .iter()
        .find_map(|hop| {
            let next = hop.target()?;
            let depth = self_nesting(next);
            let length = next.as_str().len();
            if depth >= 2 {
                return Some((
                    hop,
                    Severity::Error,
                    format!("{} is wrapped in its own way back {depth} times", next.path()),
                ));
            }
            match length {
                8001.. => Some((
                    hop,
                    Severity::Error,
                    format!("the target is {length} bytes long: servers refuse that"),
                )),
                2000.. => {
                    Some((hop, Severity::Warning, format!("the target is {length} bytes long")))
                }
                _ => None,
            }
        })
        .or_else(|| growing(&evidence.hops))
    else {
        return;
    };
    let message = format!("{message} (hop {})", hop.hop.index);
    report.add_as(severity, Anchor::Chain, message, report.usual_fix());
    if hop.target().is_some_and(|next| self_nesting(next) == 0) {
        report.because("a parameter is very long, or grows on every hop");
    }
}

fn growing<'e, 'a>(hops: &'e [HopEvidence<'a>]) -> Option<(&'e HopEvidence<'a>, Severity, String)> {
    let length =
        |hop: &HopEvidence<'_>| hop.location.as_ref().map_or(0, |location| location.raw.len());
    let run = hops.windows(3).find(|run| {
        run.iter().all(HopEvidence::redirects)
            && run.windows(2).all(|pair| matches!(pair, [a, b] if a.base().path() == b.base().path() && length(a) < length(b)))
    })?;
    let last = run.last()?;
    let added = length(last).saturating_sub(run.first().map_or(0, length));
    (added >= 8).then(|| {
        (
            last,
            Severity::Error,
            format!("the Location of {} grows on every lap", last.base().path()),
        )
    })
}
