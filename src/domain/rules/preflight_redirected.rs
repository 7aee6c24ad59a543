//! `preflight-redirected`: a CORS preflight is redirected.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;
use crate::domain::probe::ProbeKind;

super::rule! {
    /// ## What it does
    /// Flags a redirection (any 3xx) in answer to OPTIONS with `Access-Control-Request-Method`:
    /// browsers accept 2xx only, and never send the real request. A probe of a request with
    /// `Origin` sends that preflight.
    ///
    /// ## Why it matters
    /// A preflight only succeeds with a 2xx answer, so the browser never sends the real
    /// request.
    ///
    /// ## When it is silent
    /// OPTIONS without that field is no preflight.
    id: "preflight-redirected",
    group: Group::Cors,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "http or slash-less URL in the front-end",
        High: "auth middleware runs before CORS",
        Medium: "trailing-slash framework redirect",
        Low: "access proxy login",
    ],
    fix: Easy: "answer OPTIONS at the final URL before auth, slash and https rules; give clients the canonical URL",
    references: [
        "Fetch: CORS-preflight fetch",
        "whatwg/fetch#204",
        "fruitcake/laravel-cors#196",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let preflight =
        hop.method() == "OPTIONS" && hop.request().fields.contains("Access-Control-Request-Method");
    let probe = hop.probes_of(ProbeKind::Preflight).find_map(|probe| probe.exchange.status());
    let Some(status) = probe.or(preflight.then_some(hop.status())) else { return };
    if !(300..400).contains(&status) {
        return;
    }
    let cause = match hop.intent.kind {
        Kind::TrailingSlash => ": the slash rule comes before CORS",
        Kind::HttpsUpgrade => ": the page asks for http",
        kind if kind.asks_for_login() => ": authentication comes before CORS",
        _ => "",
    };
    let message = format!("browsers take the {status} for a failed preflight{cause}");
    report.add(Anchor::StatusLine, message, report.usual_fix());
}
