//! `set-cookie-rejected`: a cookie that browsers must ignore.

use crate::domain::cookie::refusal::Refusal;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::{SetLine, sent, time_of};
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a `Set-Cookie` on a redirect that browsers refuse: `SameSite=None` without
    /// `Secure`, `Secure` over http, a `__Secure-` or `__Host-` name without what it promises,
    /// a `Domain` that does not cover the host or is a public suffix, more than 4096 bytes. A
    /// new cookie that has expired already is info.
    ///
    /// ## Why it matters
    /// A user agent must ignore this cookie, so the next hop starts without it.
    ///
    /// ## When it is silent
    /// Clients that are no browsers may keep it all the same; the message speaks of browsers.
    /// Taking a cookie back is no mistake.
    id: "set-cookie-rejected",
    group: Group::Cookies,
    severity: Severity::Error,
    needs: Needs::Passive,
    causes: [
        High: "SameSite=None added without Secure",
        Medium: "cookie domain copied from another environment",
        Medium: "session data stored in the cookie itself",
        Low: "prefix rules overlooked",
    ],
    fix: Easy: "correct the attribute named in the finding",
    references: [
        "RFC 6265bis §5.7",
        "RFC 6265bis §4.1.3",
        "RFC 6265bis §5.6",
        "ASVS 5.0 3.3.1",
        "ASVS 5.0 3.3.5",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    if !hop.redirects() || !hop.fields().contains("Set-Cookie") {
        return;
    }
    let time = time_of(hop);
    for line in SetLine::all(hop) {
        if let Some(refusal) = line.refusal(hop.base()) {
            let message = format!("browsers ignore the cookie {:?}: {refusal}", line.name);
            report.add(anchor(&line, &refusal), message, report.usual_fix());
            if let Some(cause) = cause(&refusal) {
                report.because(cause);
            }
        } else if is_stillborn(hop, &line, time) {
            let message = format!("the new cookie {:?} has expired already", line.name);
            report.add_as(
                Severity::Info,
                line.anchor_attribute("Expires"),
                message,
                report.usual_fix(),
            );
        }
    }
}

/// A cookie with a value, expired on arrival, that the request did not have.
fn is_stillborn(hop: &HopEvidence<'_>, line: &SetLine<'_>, time: i64) -> bool {
    let value = line.cookie.as_ref().map_or(&[][..], |cookie| cookie.value.as_slice());
    let cleared = value.is_empty() || matches!(value, b"\"\"" | b"deleted" | b"deleteMe" | b"0");
    let known = sent(hop.request()).iter().any(|(name, _)| *name == line.name);
    line.is_deletion(time) && !cleared && !known
}

fn cause(refusal: &Refusal) -> Option<&'static str> {
    match refusal {
        Refusal::DomainMismatch { .. } | Refusal::PublicSuffix { .. } | Refusal::InvalidDomain => {
            Some("cookie domain copied from another environment")
        }
        Refusal::SecureOverHttp | Refusal::ShadowsSecure => {
            Some("the cookie is meant for https, and the site is asked over http")
        }
        Refusal::SameSiteNoneWithoutSecure => Some("SameSite=None added without Secure"),
        Refusal::TooLarge => Some("session data stored in the cookie itself"),
        Refusal::SecurePrefix | Refusal::HostPrefix | Refusal::NamelessPrefix => {
            Some("prefix rules overlooked")
        }
        Refusal::Empty | Refusal::Nameless | Refusal::ControlCharacter | Refusal::Expired => None,
    }
}

fn anchor(line: &SetLine<'_>, refusal: &Refusal) -> Anchor {
    match refusal {
        Refusal::DomainMismatch { .. } | Refusal::PublicSuffix { .. } | Refusal::InvalidDomain => {
            line.anchor_attribute("Domain")
        }
        Refusal::SecureOverHttp => line.anchor_attribute("Secure"),
        Refusal::SameSiteNoneWithoutSecure => line.anchor_attribute("SameSite"),
        Refusal::Empty
        | Refusal::Nameless
        | Refusal::ControlCharacter
        | Refusal::TooLarge
        | Refusal::ShadowsSecure
        | Refusal::SecurePrefix
        | Refusal::HostPrefix
        | Refusal::NamelessPrefix
        | Refusal::Expired => line.anchor(),
    }
}
