//! Cookies at one hop: what the response stored or had refused, what the request carried or held back.

use crate::app::model::{Model, Session};
use crate::domain::chain::{Hop, Planned};
use crate::domain::cookie::jar::{Cookie, Jar, same_place};
use crate::domain::cookie::{CookieNote, StoreEffect};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::redirect::cookies::uses_jar;

use super::sheet::Sheet;
use super::{Line, Role, empty};

pub fn lines(model: &Model, session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let log = &hop.cookies;
    if log.sent.is_empty()
        && log.withheld.is_empty()
        && log.stored.is_empty()
        && log.rejected.is_empty()
    {
        empty::cookies(model, session, hop, width).into_iter().for_each(|line| sheet.line(line));
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
                    (Role::Removed, "−", "  deleted: it had expired when it came")
                }
            };
            let mut line = Line::of([(role, format!("{mark} {}", escape(&cookie.name)))]);
            line.push(Role::Dim, what);
            sheet.line(line);
        }
    }
    notes(&mut sheet, "Refused", Severity::Warning, &log.rejected);
    let after = session.chain.hops.get(hop.index).map_or(&session.chain.jar, |next| &next.jar);
    jar(&mut sheet, kept(session), (&hop.jar, after));
    sheet.finish()
}

fn notes(sheet: &mut Sheet, title: &str, severity: Severity, notes: &[CookieNote]) {
    if notes.is_empty() {
        return;
    }
    sheet.heading(title);
    for note in notes {
        let role = Role::Severity(severity);
        let name = if note.name.is_empty() { "(no name)".into() } else { escape(&note.name) };
        let name = format!("{} {name}  ", severity.badge());
        sheet.prose(0, &[(role, name.into()), (Role::Plain, escape(&note.reason))]);
    }
}

/// The cookies that a request would carry, and the jar that they are from.
pub fn planned(session: &Session, planned: &Planned, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let fields = planned.request.fields.all("Cookie");
    for (at, field) in fields.enumerate() {
        if at == 0 {
            sheet.heading("Would be sent");
        }
        let lead = Line::of([(Role::Name, "  Cookie".to_owned()), (Role::Dim, ": ".to_owned())]);
        sheet.value(lead, Role::Plain, &field.value, &[]);
    }
    let now = &session.chain.jar;
    jar(&mut sheet, kept(session), (now, now));
    sheet.finish()
}

/// What the jar is to this client.
fn kept(session: &Session) -> &'static str {
    match uses_jar(&session.chain.client) {
        true => "In the jar",
        false => "What a jar would hold",
    }
}

/// The jar before the hop's response and after it: what came, what was replaced, what is gone.
fn jar(sheet: &mut Sheet, title: &str, (before, after): (&Jar, &Jar)) {
    if before.is_empty() && after.is_empty() {
        return;
    }
    let counts = (before.iter().count(), after.iter().count());
    sheet.heading(&match counts {
        (before, after) if before == after => format!("{title}: {after}"),
        (before, after) => format!("{title}: {before} before, {after} after"),
    });
    for cookie in after.iter() {
        let was = before.iter().find(|was| same_place(was, cookie));
        let mark = match was {
            None => (Role::Added, "+ "),
            Some(was) if was.value != cookie.value => (Role::Strong, "± "),
            Some(_) => (Role::Plain, "  "),
        };
        self::cookie(sheet, mark, cookie);
    }
    for gone in before.iter().filter(|was| !after.iter().any(|now| same_place(now, was))) {
        cookie(sheet, (Role::Removed, "− "), gone);
    }
}

fn cookie(sheet: &mut Sheet, (role, mark): (Role, &str), cookie: &Cookie) {
    let mut lead = Line::of([(role, mark.to_owned())]);
    lead.push(Role::Name, super::head::shown(&cookie.name));
    lead.push(Role::Dim, "=");
    sheet.value(lead, Role::Plain, &cookie.value, &[]);
    let scope = if cookie.host_only { "this host only" } else { "and its subdomains" };
    let mut facts = format!("    {} ({scope}) {}", escape(&cookie.domain), escape(&cookie.path));
    for (set, word) in [(cookie.secure, " · Secure"), (cookie.http_only, " · HttpOnly")] {
        facts.push_str(if set { word } else { "" });
    }
    sheet.line(Line::of([(Role::Dim, facts)]));
}
