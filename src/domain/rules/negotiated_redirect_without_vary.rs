//! `negotiated-redirect-without-vary`: the target depends on a request field that Vary does not name.

use crate::domain::classify::intent::Kind;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::probed::{answer, is_steady, own_answer};
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::probe::ProbeKind;

super::rule! {
    /// ## What it does
    /// Flags a redirect whose target changes with `Accept-Language`, `Accept`, `User-Agent`,
    /// `Cookie` or `Origin` (seen by a probe) while `Vary` does not name that field. Without a
    /// probe, a redirect to a language in answer to `Accept-Language` without `Vary` is info.
    ///
    /// ## Why it matters
    /// A cache will send everyone to the first visitor's variant.
    ///
    /// ## When it is silent
    /// Redirects that shared caches may not keep.
    id: "negotiated-redirect-without-vary",
    group: Group::Caching,
    severity: Severity::Warning,
    needs: Needs::Probe,
    causes: [
        High: "language or device redirect without Vary",
        Medium: "CDN geo rule (nothing to vary on: use private)",
        Low: "content negotiation by extension",
    ],
    fix: Easy: "add Vary for the deciding header, or mark the response private",
    references: [
        "RFC 9110 §12.5.5",
        "RFC 9111 §4.1",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects() {
        return;
    }
    let varied = hop.probes().find_map(|probe| match &probe.kind {
        ProbeKind::Field(name) => {
            let other = answer(probe).filter(|other| other.status < 400);
            other.is_some_and(|other| other != own_answer(hop)).then(|| name.clone())
        }
        _ => None,
    });
    let varied = varied.filter(|_| is_steady(hop));
    let guessed =
        hop.intent.kind == Kind::LocaleGeo && hop.request().fields.contains("Accept-Language");
    let (severity, name) = match varied {
        Some(name) => (Severity::Warning, name),
        None if guessed => (Severity::Info, "Accept-Language".to_owned()),
        None => return,
    };
    let caching = hop.caching();
    if caching.no_store || caching.private || names(hop, &name) {
        return;
    }
    let vary = hop.fields().first("Vary");
    let anchor = vary.map_or(Anchor::StatusLine, |field| {
        Anchor::Header(FieldAnchor { name: field.name.clone(), occurrence: 1, bytes: None })
    });
    let message = format!(
        "the target depends on {name}, and Vary does not say so: caches send everyone to the first visitor's"
    );
    report.add_as(severity, anchor, message, report.usual_fix());
}

fn names(hop: &HopEvidence<'_>, name: &str) -> bool {
    hop.fields().all("Vary").any(|field| {
        field
            .text()
            .split(',')
            .any(|own| own.trim() == "*" || own.trim().eq_ignore_ascii_case(name))
    })
}
