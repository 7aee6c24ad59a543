//! Cookies at one hop: what the response stored or had refused, what the request carried or held back.

use crate::app::model::Session;
use crate::domain::chain::Hop;
use crate::domain::cookie::{CookieNote, StoreEffect};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;

use super::sheet::Sheet;
use super::{Line, Role, badge};

pub fn lines(session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let log = &hop.cookies;
    if log.sent.is_empty()
        && log.withheld.is_empty()
        && log.stored.is_empty()
        && log.rejected.is_empty()
    {
        let lines = hop.exchange.fields().all("Set-Cookie").count();
        let text = match lines {
            0 => "No cookies at this hop.".to_owned(),
            _ => format!(
                "{} uses no cookie jar here: what Set-Cookie says is noted, but never sent.",
                session.chain.client.name
            ),
        };
        sheet.prose(0, &[(Role::Dim, escape(&text))]);
    }
    if !log.sent.is_empty() {
        sheet.heading("Sent with the request");
        for pair in &log.sent {
            let mut lead = Line::of([(Role::Name, format!("  {}", escape(&pair.name)))]);
            lead.push(Role::Dim, "=");
            sheet.value(lead, Role::Plain, pair.value.as_bytes(), &[]);
        }
    }
    notes(&mut sheet, "In the jar, not sent", Severity::Info, &log.withheld);
    if !log.stored.is_empty() {
        sheet.heading("Stored from the response");
        for cookie in &log.stored {
            let (role, mark, what) = match cookie.effect {
                StoreEffect::New => (Role::Added, "+", ""),
                StoreEffect::Replaced => (Role::Strong, "±", "  replaced"),
                StoreEffect::Deleted => {
                    (Role::Removed, "−", "  deleted: it was expired on arrival")
                }
            };
            let mut line = Line::of([(role, format!("{mark} {}", escape(&cookie.name)))]);
            line.push(Role::Dim, what);
            sheet.line(line);
        }
    }
    notes(&mut sheet, "Refused", Severity::Warning, &log.rejected);
    jar(&mut sheet, session);
    sheet.finish()
}

fn notes(sheet: &mut Sheet, title: &str, severity: Severity, notes: &[CookieNote]) {
    if notes.is_empty() {
        return;
    }
    sheet.heading(title);
    for note in notes {
        let role = Role::Severity(severity);
        let name = format!("{} {}  ", badge(severity), escape(&note.name));
        sheet.prose(0, &[(role, name.into()), (Role::Plain, escape(&note.reason))]);
    }
}

/// The jar as it is now.
fn jar(sheet: &mut Sheet, session: &Session) {
    if session.chain.jar.is_empty() {
        return;
    }
    sheet.heading("In the jar after the last hop");
    for cookie in session.chain.jar.iter() {
        let mut lead = Line::of([(Role::Name, format!("  {}", super::head::shown(&cookie.name)))]);
        lead.push(Role::Dim, "=");
        sheet.value(lead, Role::Plain, &cookie.value, &[]);
        let scope = if cookie.host_only { "this host only" } else { "and its subdomains" };
        let mut facts =
            format!("    {} ({scope}) {}", escape(&cookie.domain), escape(&cookie.path));
        for (set, word) in [(cookie.secure, " · Secure"), (cookie.http_only, " · HttpOnly")] {
            facts.push_str(if set { word } else { "" });
        }
        sheet.line(Line::of([(Role::Dim, facts)]));
    }
}
