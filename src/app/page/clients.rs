//! Clients: what each client would send after this response, grouped where they agree: the one in charge first, then outliers.
//!
//! One client is chosen, and what of its traits matters here is told below, with where that is known from; `Enter` in the
//! pane steps as that client. The other view of the pane is the whole chain (`matrix`).

use crate::app::keys::Keys;
use crate::app::model::{Model, Session};
use crate::app::pane::Focus;
use crate::domain::chain::Hop;
use crate::domain::client::Client;
use crate::domain::client::comparison::{Disagreement, Group, after, disagreement};
use crate::domain::client::difference::{Difference, between};
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::request::Request;

use super::sheet::Sheet;
use super::{Line, Role, matrix};

const WARNING: Role = Role::Severity(Severity::Warning);

/// The pane, of the hop in sight or of the whole chain.
pub fn lines(model: &Model, session: &Session, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let Some(hop) = hop(session) else { return sheet.finish() };
    if model.panes.clients.whole {
        return matrix::lines(model, session, hop, width);
    }
    let Some(status) = hop.status() else {
        sheet.prose(0, &[(Role::Dim, "There is no response to decide on.")]);
        return sheet.finish();
    };
    let body = if hop.request.body_len() > 0 { " with a body" } else { "" };
    let method = escape(hop.request.method.as_str()).into_owned();
    sheet.heading(&format!("{status} after {method}{body}: what each client does next"));
    let groups = groups(model, session, hop);
    let chosen = chosen(model, session);
    let reference = groups.first().and_then(Group::request);
    for (index, group) in groups.iter().enumerate() {
        self::group(&mut sheet, group, reference.filter(|_| index > 0), (index == 0, &chosen));
    }
    differ(&mut sheet, disagreement(&groups));
    let next = groups.iter().find(|group| has(group, &chosen.name)).and_then(Group::request);
    keys(&mut sheet, &chosen, &model.keys, next.is_some());
    sheet.gap();
    details(&mut sheet, (model, session, hop), &chosen, next);
    sheet.finish()
}

/// The hop whose response the clients are asked about; below the last one, that one.
pub fn hop(session: &Session) -> Option<&Hop> {
    super::selected_hop(session).or(session.chain.hops.last())
}

/// A client's name, and whether it stands under the cursor of the focused pane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chosen {
    pub name: String,
    pub marked: bool,
}

/// The client under the cursor; without one, the client that decides here.
pub fn chosen(model: &Model, session: &Session) -> Chosen {
    let name = model.panes.clients.chosen.clone();
    let name = name.unwrap_or_else(|| match hop(session) {
        Some(hop) => deciding(session, hop).to_owned(),
        None => session.chain.client.name.clone(),
    });
    Chosen { name, marked: model.focus == Focus::Pane }
}

/// The client that decided on what follows this hop.
pub fn deciding<'a>(session: &'a Session, hop: &Hop) -> &'a str {
    let next = session.chain.hops.get(hop.index);
    next.map_or(&session.chain.client.name, |next| &next.client)
}

/// Every client, the one of the command line with its switches.
pub fn all(model: &Model) -> Vec<Client> {
    let given = model.given.client.as_ref();
    let all = Client::all().iter();
    all.map(|client| given.filter(|of| of.name == client.name).unwrap_or(client).clone()).collect()
}

/// The group of the client that decides here, then the others, the smallest first.
pub fn groups(model: &Model, session: &Session, hop: &Hop) -> Vec<Group> {
    let mut groups = after(&session.chain, hop.index, &all(model), model.now);
    let name = deciding(session, hop);
    groups.sort_by_key(|group| (!has(group, name), group.clients.len()));
    groups
}

/// How many clients do what the one in charge does after the last hop, and of how many.
pub fn agreement(model: &Model, session: &Session) -> Option<(usize, usize)> {
    let groups = after(&session.chain, session.chain.hops.len(), &all(model), model.now);
    let same = groups.iter().find(|group| has(group, &session.chain.client.name))?;
    Some((same.clients.len(), groups.iter().map(|group| group.clients.len()).sum()))
}

fn has(group: &Group, client: &str) -> bool {
    group.clients.iter().any(|name| name == client)
}

fn group(
    sheet: &mut Sheet,
    group: &Group,
    reference: Option<&Request>,
    (first, chosen): (bool, &Chosen),
) {
    let differences = match (reference, group.request()) {
        (Some(reference), Some(request)) => between(reference, request),
        (Some(_), None) => vec![Difference::Ends(None)],
        (None, _) => Vec::new(),
    };
    let mut matters = Disagreement::default();
    differences.iter().for_each(|of| matters.note(of));
    let mark = match (first, matters.matters()) {
        (true, _) => (Role::Strong, "▶"),
        (false, true) => (WARNING, "≠"),
        (false, false) => (Role::Dim, "="),
    };
    let count = format!("{:>2} ", group.clients.len());
    let mut words = vec![(mark.0, mark.1.to_owned()), (Role::Dim, count)];
    words.extend(headline(group, matters, first));
    sheet.hanging(4, &words);
    let mut names: Vec<(Role, String)> = Vec::new();
    for name in &group.clients {
        names.extend(match (*name == chosen.name, chosen.marked) {
            (true, true) => [(Role::Chosen, format!("▸{name}")), (Role::Plain, " ".to_owned())],
            (true, false) => [(Role::Strong, name.clone()), (Role::Plain, " ".to_owned())],
            (false, _) => [(Role::Name, name.clone()), (Role::Plain, " ".to_owned())],
        });
    }
    names.extend(differences.iter().filter_map(field));
    sheet.prose(4, &names);
}

/// What the group does; what matters and differs from the client in charge stands out.
fn headline(group: &Group, matters: Disagreement, first: bool) -> Vec<(Role, String)> {
    let plain = if first { Role::Strong } else { Role::Plain };
    let role = |differs: bool| if differs { WARNING } else { plain };
    let Some(request) = group.request() else {
        return vec![(role(matters.going_on), escape(&group.headline()).into_owned())];
    };
    let body = match request.body_len() {
        0 => "no body".to_owned(),
        size => counted(size as usize, "byte") + " of body",
    };
    vec![
        (role(matters.method), escape(request.method.as_str()).into_owned()),
        (plain, " ".to_owned()),
        (role(matters.destination), escape(&request.display_url()).into_owned()),
        (plain, ", ".to_owned()),
        (role(matters.body), body),
    ]
}

/// A field that is sent by one side only, or differs.
fn field(of: &Difference) -> Option<(Role, String)> {
    let role = match of {
        Difference::FieldAdded(_) => Role::Added,
        Difference::FieldMissing(_) => Role::Removed,
        Difference::FieldOther(_) => Role::Strong,
        Difference::Ends(_)
        | Difference::GoesOn
        | Difference::Method { .. }
        | Difference::Body { .. }
        | Difference::Destination(_) => return None,
    };
    Some((role, format!(" {} ", escape(&of.words()))))
}

/// What depends on the client, in a sentence.
fn differ(sheet: &mut Sheet, disagreement: Disagreement) {
    if !disagreement.matters() {
        return sheet.prose(0, &[(Role::Added, "✔ nothing that matters depends on the client")]);
    }
    let words = disagreement.words();
    let text = format!("{} depends on the client: {}", Severity::Warning.badge(), words.join(", "));
    sheet.prose(0, &[(WARNING, text)]);
}

/// The chosen client: its version, the traits that matter here, and where they are known from.
fn details(
    sheet: &mut Sheet,
    (model, session, hop): (&Model, &Session, &Hop),
    chosen: &Chosen,
    next: Option<&Request>,
) {
    let Some(client) = model.client_named(&chosen.name) else { return };
    let version = client.version.strip_prefix(&client.name).unwrap_or(&client.version).trim();
    sheet.prose(
        0,
        &[(Role::Strong, client.name.as_str()), (Role::Plain, " "), (Role::Dim, version)],
    );
    for sentence in client.traits_here(&session.chain, hop, next) {
        sheet.prose(2, &[(Role::Plain, sentence)]);
    }
    for evidence in &client.evidence {
        sheet.prose(2, &[(Role::Dim, evidence.as_str())]);
    }
}

fn keys(sheet: &mut Sheet, chosen: &Chosen, keys: &Keys, goes_on: bool) {
    let mut words = Vec::new();
    let mut key = |key: &str, text: String| {
        words.push((Role::Key, key.to_owned()));
        words.push((Role::Dim, format!(" {text}  ")));
    };
    match (chosen.marked, goes_on) {
        (true, true) => key(&keys.enter, format!("steps as {}", chosen.name)),
        (true, false) => key(&keys.enter, format!("decides as {}", chosen.name)),
        (false, _) => key(&keys.enter, "choose a client and step as it".to_owned()),
    }
    if chosen.marked {
        key("←→↑↓", "choose".to_owned());
    }
    key(&keys.view, "the whole chain".to_owned());
    sheet.prose(0, &words);
}

/// The agreement in a few words: `18 of 21 clients send exactly this`.
pub fn agreement_words(same: usize, all: usize) -> String {
    match all {
        _ if same == all => format!("all {} send this", counted(all, "client")),
        _ => format!("{same} of {} send exactly this", counted(all, "client")),
    }
}
