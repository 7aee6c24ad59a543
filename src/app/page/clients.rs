//! Clients: what each client would send after this response, grouped where they agree; the one in charge first.

use crate::app::model::Session;
use crate::domain::chain::Hop;
use crate::domain::client::Client;
use crate::domain::client::comparison::{Disagreement, Group, after, disagreement};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::request::Request;

use super::sheet::Sheet;
use super::{Line, Role, badge, units};

/// `now` is in seconds since the Unix epoch, for cookies.
pub fn lines(session: &Session, hop: &Hop, now: i64, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let name = session.chain.client.name.as_str();
    let Some(status) = hop.status() else {
        sheet.prose(0, &[(Role::Dim, "There is no response to decide on.")]);
        return sheet.finish();
    };
    let body = if hop.request.body_len() > 0 { " with a body" } else { "" };
    let method = hop.request.method.as_str();
    sheet.heading(&format!("{status} after {method}{body}: what each client does next"));
    let groups = sorted(after(&session.chain, hop.index, Client::all(), now), name);
    let reference = groups.first().and_then(Group::request);
    for group in &groups {
        sheet.gap();
        self::group(&mut sheet, group, name);
        if let (Some(reference), Some(request)) = (reference, group.request()) {
            fields(&mut sheet, reference, request);
        }
    }
    sheet.gap();
    differ(&mut sheet, disagreement(&groups));
    sheet.prose(0, &[(Role::Key, "a"), (Role::Dim, " lets another client decide from here on")]);
    sheet.finish()
}

/// How many clients do what the one in charge does after the last hop, and of how many.
pub fn agreement(session: &Session, now: i64) -> Option<(usize, usize)> {
    let groups = after(&session.chain, session.chain.hops.len(), Client::all(), now);
    let same = groups.iter().find(|group| group.clients.contains(&session.chain.client.name))?;
    Some((same.clients.len(), groups.iter().map(|group| group.clients.len()).sum()))
}

/// The group of the client in charge, then the others, the largest first.
fn sorted(mut groups: Vec<Group>, client: &str) -> Vec<Group> {
    let has = |group: &Group| group.clients.iter().any(|name| name == client);
    groups.sort_by_key(|group| (!has(group), usize::MAX - group.clients.len()));
    groups
}

fn group(sheet: &mut Sheet, group: &Group, client: &str) {
    let here = group.clients.iter().any(|name| name == client);
    let (indent, mark) = if here { (0, "▶ ") } else { (2, "") };
    let role = if here { Role::Strong } else { Role::Plain };
    let count = format!("  {}", group.clients.len());
    let headline = group.headline();
    let headline = format!("{mark}{}", escape(&headline));
    sheet.prose(indent, &[(role, headline), (Role::Dim, count)]);
    let names = group.clients.iter().map(|name| {
        let role = if name == client { Role::Strong } else { Role::Name };
        (role, format!("{name} "))
    });
    sheet.prose(4, &names.collect::<Vec<_>>());
}

/// The fields that this group sends and the client in charge does not, and the other way round.
fn fields(sheet: &mut Sheet, reference: &Request, request: &Request) {
    let mut words = Vec::new();
    for field in &request.fields {
        match reference.fields.first(&field.name) {
            None => words.push((Role::Added, format!("+ {}  ", escape(&field.name)))),
            Some(other) if other.value != field.value => {
                words.push((Role::Strong, format!("± {}  ", escape(&field.name))));
            }
            Some(_) => {}
        }
    }
    let gone = reference.fields.iter().filter(|field| !request.fields.contains(&field.name));
    words.extend(gone.map(|field| (Role::Removed, format!("− {}  ", escape(&field.name)))));
    if !words.is_empty() {
        sheet.prose(4, &words);
    }
}

/// What depends on the client, in a sentence.
fn differ(sheet: &mut Sheet, disagreement: Disagreement) {
    if !disagreement.matters() {
        return sheet.prose(0, &[(Role::Added, "✔ nothing that matters depends on the client")]);
    }
    let words = disagreement.words();
    let text = format!("{} depends on the client: {}", badge(Severity::Warning), words.join(", "));
    sheet.prose(0, &[(Role::Severity(Severity::Warning), text)]);
}

/// The agreement in a few words: `18 of 21 clients send exactly this`.
pub fn agreement_words(same: usize, all: usize) -> String {
    match all {
        _ if same == all => format!("all {} send this", units::count(all, "client")),
        _ => format!("{same} of {} send exactly this", units::count(all, "client")),
    }
}
