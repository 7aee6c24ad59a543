//! `fragment-secret-inherited-cross-origin`: a secret in the fragment goes along to another origin.

use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::params::Place;
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Anchor;
use crate::domain::http::origin::Origin;
use crate::domain::secret::secretish;

super::rule! {
    /// ## What it does
    /// Flags a redirect to another origin without a fragment of its own, of a URL whose
    /// fragment carries a secret: clients must carry the old fragment along (RFC 9110 §10.2.2).
    ///
    /// ## Why it matters
    /// A client must carry the old fragment onto a Location that has none, delivering the token
    /// to the next site's scripts.
    ///
    /// ## When it is silent
    /// A plain page anchor is no secret.
    id: "fragment-secret-inherited-cross-origin",
    group: Group::Credentials,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "implicit-flow callback page that redirects onward",
        Medium: "open redirector registered as redirect_uri",
    ],
    fix: Easy: "append an explicit fragment (for example '#_') to cross-site Locations and remove open redirectors from callback hosts",
    references: [
        "RFC 9110 §10.2.2",
        "RFC 9110 §17.11",
        "RFC 9700 §4.1.2",
        "RFC 9700 §4.1.3",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let (Some(next), Some(location)) = (hop.target(), &hop.location) else { return };
    if location.fragment.is_some() || !hop.leaves() {
        return;
    }
    let Some(secret) = hop
        .base_params
        .iter()
        .find(|param| param.place == Place::Fragment && secretish(&param.name, &param.value))
    else {
        return;
    };
    let message = format!(
        "the fragment's {} goes along to {}, where scripts can read it",
        quoted(&secret.name),
        Origin::of(next)
    );
    report.add(Anchor::location(), message, report.usual_fix());
}
