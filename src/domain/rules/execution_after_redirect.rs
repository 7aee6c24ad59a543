//! `execution-after-redirect`: a redirect whose body looks like the page it guards.

use crate::domain::classify::issuer::is_default_page;
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a redirect with a body of more than 2 KiB, or with a form, a table or a JSON
    /// object in it. It is an error when the redirect leads to login.
    ///
    /// ## Why it matters
    /// The handler kept running after issuing the redirect, so protected content is sent to
    /// anyone who does not follow it.
    ///
    /// ## When it is silent
    /// The pages that servers and frameworks send with redirects by default.
    id: "execution-after-redirect",
    group: Group::ApiContract,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "missing return/exit after the redirect call",
        Low: "verbose but harmless error template",
    ],
    fix: Easy: "return or exit immediately after redirecting",
    references: [
        "CWE-698",
        "RFC 9110 §15.4.4",
        "WSTG-ATHN-04",
    ],
    check: Check::EachHop(check),
}

/// Longer than any page that servers send with redirects by themselves.
const NOTE: u64 = 2048;

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let body = &hop.hop.exchange.body;
    if !hop.redirects() || body.is_empty() {
        return;
    }
    let mut parts = hop.tags_of(&["form", "table"]).iter();
    let part = parts.find(|tag| tag.is("form") || tag.is("table"));
    let data =
        body.head.starts_with(b"{") && body.decoded_size > 256 || body.head.starts_with(b"[{");
    let (what, at) = match part {
        Some(tag) => (format!("a <{}>", tag.name), Some(tag.at.clone())),
        None if data => ("data".to_owned(), None),
        None if body.decoded_size > NOTE => (format!("{} B", body.decoded_size), None),
        None => return,
    };
    if is_default_page(&hop.hop.exchange) {
        return;
    }
    let guards = hop.intent.kind.asks_for_login();
    let certain = guards && (at.is_some() || data);
    let severity = if certain { Severity::Error } else { Severity::Warning };
    let message = match guards {
        true => format!(
            "the redirect to login has {what} in its body: whoever does not follow it reads the page"
        ),
        false => format!("the redirect has {what} in its body: the code went on after redirecting"),
    };
    report.add_as(severity, Anchor::Body(at), message, report.usual_fix());
}
