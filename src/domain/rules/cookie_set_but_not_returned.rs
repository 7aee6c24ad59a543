//! `cookie-set-but-not-returned`: a cookie set on the way does not go along.

use super::redirect_loop::cycle;
use crate::domain::cookie::refusal::Withheld;
use crate::domain::evidence::cookies::{SetLine, sent, time_of};
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::http::origin::same_site;
use crate::domain::redirect::cookies::uses_jar;

super::rule! {
    /// ## What it does
    /// Flags a redirect that sets a cookie which the next request could carry and does not,
    /// and, within the site, a cookie whose path, domain or `Secure` keeps it back. It is a
    /// warning when the chain then loops or asks for login, else info.
    ///
    /// ## Why it matters
    /// State set during the hop never comes back, which breaks logins and causes loops.
    ///
    /// ## When it is silent
    /// Cookies for other sites, cookies that end at once, cookies that browsers refuse, and
    /// runs without cookies on purpose (`--cookies off`).
    id: "cookie-set-but-not-returned",
    group: Group::Cookies,
    severity: Severity::Warning,
    needs: Needs::Observed,
    causes: [
        High: "client has no jar or processes only the last response",
        Medium: "Path or Domain too narrow",
        Medium: "Secure cookie then http hop",
        Low: "cookie limit reached",
    ],
    fix: Easy: "enable the client's cookie jar, or correct Domain/Path/Secure",
    references: [
        "RFC 6265bis §5.3",
        "RFC 6265bis §5.7",
        "RFC 6265bis §5.8",
        "fetch-cookie#39",
        "usebruno/bruno#1332",
        "Kong/insomnia#312",
        "request/request#1502",
        "measured: client matrix",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    if evidence.chain.limits.cookies == Some(false) {
        return;
    }
    let loops = cycle(evidence).is_some();
    for hop in &evidence.hops {
        let Some((line, why)) = missing(hop) else { continue };
        let later = evidence.hops.iter().skip(hop.hop.index);
        let login = later.into_iter().any(|hop| hop.intent.kind.asks_for_login());
        let severity = if loops || login { Severity::Warning } else { Severity::Info };
        let message =
            format!("the cookie {:?} does not go along with the next request: {why}", line.name);
        report.add_on(hop.hop.index, severity, line.anchor(), (message, report.usual_fix()));
    }
}

/// The first cookie that stays behind, with the reason.
fn missing<'a>(hop: &HopEvidence<'a>) -> Option<(SetLine<'a>, String)> {
    hop.fields().first("Set-Cookie")?;
    let next = hop.next_request.filter(|next| same_site(hop.base(), &next.url))?;
    let time = time_of(hop);
    let carried = sent(next);
    SetLine::all(hop).into_iter().find_map(|line| {
        let back = carried.iter().any(|(name, _)| *name == line.name);
        if back
            || line.name.is_empty()
            || line.is_deletion(time)
            || line.refusal(hop.base()).is_some()
        {
            return None;
        }
        let why = match line.reaches(hop.base(), &next.url, time) {
            Ok(()) if !uses_jar(&hop.chain.client) => {
                format!("{} keeps no cookies by itself", hop.chain.client.name)
            }
            Ok(()) => "it was not kept".to_owned(),
            Err(Some(
                reason @ (Withheld::OtherPath { .. }
                | Withheld::OtherHost { .. }
                | Withheld::Insecure),
            )) => reason.to_string(),
            Err(_) => return None,
        };
        Some((line, why))
    })
}
