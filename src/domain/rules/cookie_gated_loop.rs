//! `cookie-gated-loop`: the loop waits for a cookie that never comes back.

use super::redirect_loop::cycle;
use crate::domain::evidence::cookies::{SetLine, sent, time_of};
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::Anchor;
use crate::domain::redirect::cookies::uses_jar;

super::rule! {
    /// ## What it does
    /// Flags a loop in which a hop sets the same cookie on every lap and no request carries it;
    /// the message says why it does not.
    ///
    /// ## Why it matters
    /// The server waits for a cookie that the client will never return.
    ///
    /// ## When it is silent
    /// Cookies that are set once, or that do come back.
    id: "cookie-gated-loop",
    group: Group::Chain,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "client has no cookie jar (curl without -b/-c, fetch in Node)",
        High: "SameSite=Strict or Secure mismatch",
        Medium: "cookie Domain/Path does not cover the target",
        Low: "user blocks cookies",
    ],
    fix: Medium: "fix the cookie attributes, or run the client with a cookie jar; server side, detect the missing cookie and answer 4xx",
    references: [
        "RFC 9110 §15.4",
        "RFC 6265bis §5.7",
        "quarkusio/quarkus#30625",
        "auth0/nextjs-auth0#96",
        "follow-redirects#80",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some((entry, period)) = cycle(evidence) else { return };
    let mut lap = evidence.hops.iter().skip(entry - 1).take(period);
    let Some((hop, line)) = lap.find_map(|hop| {
        let time = time_of(hop);
        let set = SetLine::all(hop).into_iter().find(|line| {
            !line.is_deletion(time)
                && !line.name.is_empty()
                && !is_carried(evidence, entry, &line.name)
        });
        set.map(|line| (hop, line))
    }) else {
        return;
    };
    let message = format!(
        "hop {} sets the cookie {:?} on every lap, and it never comes back: {}",
        hop.hop.index,
        line.name,
        reason(hop, &line)
    );
    let fix = match uses_jar(&hop.chain.client) {
        false => "keep cookies (--cookies on); on the server: answer 4xx when the cookie is missing the second time".to_owned(),
        true => report.usual_fix(),
    };
    report.add(Anchor::Chain, message, fix);
}

fn is_carried(evidence: &Evidence<'_>, entry: usize, name: &str) -> bool {
    let requests =
        evidence.hops.iter().skip(entry).map(|hop| hop.request()).chain(evidence.pending());
    requests.into_iter().any(|request| sent(request).iter().any(|(own, _)| own == name))
}

fn reason(hop: &HopEvidence<'_>, line: &SetLine<'_>) -> String {
    if let Some(refusal) = line.refusal(hop.base()) {
        return format!("it is refused ({refusal})");
    }
    let withheld = hop.next.map(|next| line.reaches(hop.base(), next, time_of(hop)));
    match withheld {
        Some(Err(Some(reason))) => reason.to_string(),
        _ if !uses_jar(&hop.chain.client) => format!("{} keeps no cookies", hop.chain.client.name),
        _ => "it was not kept".to_owned(),
    }
}
