//! `redirect-loop`: the same request comes round again.

use crate::domain::chain::{Ending, Hop};
use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;
use crate::domain::http::request::Request;
use crate::domain::redirect::StopReason;

super::rule! {
    /// ## What it does
    /// Flags a chain whose next request (method, target URI, body and sent fields, cookies
    /// among them) equals an earlier one. It speaks before the repeat is sent.
    ///
    /// ## Why it matters
    /// Nothing changes between laps, so no client can ever finish.
    ///
    /// ## When it is silent
    /// A request that repeats with other cookies, or that got another answer the second time,
    /// is no loop.
    id: "redirect-loop",
    group: Group::Chain,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "two layers enforce opposite canonical forms (slash, www, case, scheme)",
        Medium: "stale cached 301 against a new rule",
        Medium: "custom Host header never matches the canonical host",
        Low: "bot protection that needs JavaScript",
    ],
    fix: Medium: "break the cycle at the hop whose rule contradicts the other rule",
    references: [
        "RFC 9110 §15.4",
        "CWE-835",
        "psf/requests#4002",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some((entry, period)) = cycle(evidence) else { return };
    let laps = match period {
        1 => format!("hop {entry} redirects to itself"),
        _ => format!("hops {entry} to {} go round in a circle", entry + period - 1),
    };
    let message = format!("{laps}: nothing changes between laps, so no client can finish");
    let fix = match period {
        1 => {
            format!("let hop {entry} answer instead of redirecting, or find out what it waits for")
        }
        _ => "two rules contradict each other: keep one of the two forms and drop the other rule"
            .to_owned(),
    };
    report.add(Anchor::Chain, message, fix);
}

/// The first hop (from 1) of the circle and its length.
pub(crate) fn cycle(evidence: &Evidence<'_>) -> Option<(usize, usize)> {
    let hops = &evidence.chain.hops;
    if let Some(pending) = evidence.pending() {
        let entry = hops.iter().find(|hop| same(&hop.request, pending))?.index;
        return Some((entry, hops.len() + 1 - entry));
    }
    match evidence.chain.ending()? {
        Ending::Stopped(StopReason::Loop | StopReason::MaxHops | StopReason::User) => {}
        Ending::Stopped(_) | Ending::Final | Ending::Failed(_) => return None,
    }
    let (last, earlier) = hops.split_last()?;
    let entry =
        earlier.iter().find(|hop| same(&hop.request, &last.request) && same_answer(hop, last))?;
    let again = earlier
        .iter()
        .chain([last])
        .skip(entry.index)
        .find(|hop| same(&hop.request, &entry.request))?;
    Some((first_of_circle(hops, again.index - entry.index), again.index - entry.index))
}

/// The earliest hop that comes back after one lap of this length.
fn first_of_circle(hops: &[Hop], period: usize) -> usize {
    let found =
        hops.iter().zip(hops.iter().skip(period)).find(|(a, b)| same(&a.request, &b.request));
    found.map_or(1, |(hop, _)| hop.index)
}

fn same(a: &Request, b: &Request) -> bool {
    a.method == b.method
        && a.url[..url::Position::AfterQuery] == b.url[..url::Position::AfterQuery]
        && a.body == b.body
        && a.fields == b.fields
}

fn same_answer(a: &Hop, b: &Hop) -> bool {
    a.status() == b.status() && a.location() == b.location()
}
