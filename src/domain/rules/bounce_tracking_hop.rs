//! `bounce-tracking-hop`: a hop of a third site that only leaves a lasting cookie.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::{SetLine, time_of};
use crate::domain::finding::Anchor;
use crate::domain::http::origin::same_site;

super::rule! {
    /// ## What it does
    /// Flags a hop between two other sites that counts a click: it sets a cookie for more than
    /// a day, has no content, and passes on.
    ///
    /// ## Why it matters
    /// Privacy protections delete such state and some users will lose attribution or login
    /// state placed there.
    ///
    /// ## When it is silent
    /// Hops that serve login.
    id: "bounce-tracking-hop",
    group: Group::Cookies,
    severity: Severity::Info,
    needs: Needs::Passive,
    causes: [
        High: "affiliate or email click tracker",
        Low: "SSO domain that looks like a tracker",
    ],
    fix: Medium: "link directly and record the click on your own site",
    // checked: the draft report and Firefox's Bounce Tracking Protection: sites that write state in a short redirect, and
    // that the visitor has not used by themselves (45 days), lose that state
    references: [
        "Navigational-Tracking Mitigations (W3C Privacy CG)",
        "RFC 6265bis §7",
    ],
    check: Check::EachHop(check),
}

const DAY: i64 = 86_400;

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let from_elsewhere =
        hop.previous.is_none_or(|before| !same_site(&before.request.url, hop.base()));
    if !hop.redirects()
        || !hop.cross_site
        || !from_elsewhere
        || hop.intent.kind != Kind::TrackingAffiliate
    {
        return;
    }
    let time = time_of(hop);
    let lasting = SetLine::all(hop)
        .into_iter()
        .find(|line| line.lifetime(time).is_some_and(|life| life > DAY));
    let (Some(line), true) = (lasting, hop.hop.exchange.body.decoded_size < 1024) else { return };
    let host = hop.base().host_str().unwrap_or_default();
    let message = format!(
        "{host} only leaves the cookie {:?} and passes on: browsers delete such cookies where the site is not used otherwise",
        line.name
    );
    report.add(Anchor::Step, message, report.usual_fix());
}
