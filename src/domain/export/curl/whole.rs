//! A whole chain as one `curl -L`, where that does the same.

use url::{Position, Url};

use super::super::super::chain::{Chain, Ending};
use super::super::super::client::Client;
use super::super::super::client::policy::JarUse;
use super::super::super::http::field::Field;
use super::super::super::http::request::{Credentials, Draft, FieldEdit, FieldSource};
use super::super::super::http::settings::Settings;
use super::super::super::redirect::StopReason;
use super::{Command, settings};

const FORM: &str = "application/x-www-form-urlencoded";

/// Whether `curl -L` with the user's own options does what this chain did.
pub(super) fn fits(chain: &Chain) -> bool {
    let Some(first) = chain.hops.first() else { return false };
    let ended = match chain.ending() {
        Some(Ending::Final | Ending::Failed(_)) => true,
        Some(Ending::Stopped(reason)) => reason != StopReason::User,
        None => false,
    };
    let jar = first.request.sources.contains(&FieldSource::Jar);
    let unedited = chain
        .hops
        .iter()
        .all(|hop| !hop.edited && hop.soft.is_none() && hop.client == chain.client.name);
    ended
        && unedited
        && !jar
        && chain.draft.netrc.is_none()
        && switches(chain).is_some()
        && expressible(&chain.draft)
}

/// One switch of curl: its option, and what it does to the parameters.
pub(crate) type Switch = (&'static str, fn(&mut Client));

pub(crate) const SWITCHES: [Switch; 7] = [
    ("--follow", Client::obey_status),
    ("--location-trusted", Client::location_trusted),
    ("--path-as-is", Client::path_as_is),
    ("--post301", |client| client.keep_post(301)),
    ("--post302", |client| client.keep_post(302)),
    ("--post303", |client| client.keep_post(303)),
    (AUTO_REFERER, Client::auto_referer),
];

const AUTO_REFERER: &str = "-e ';auto'";

/// The switches that make curl the client of this chain; `None` when the client is another.
pub(crate) fn switches(chain: &Chain) -> Option<Vec<&'static str>> {
    let mut curl = chain.limits.apply(Client::named("curl")?);
    let mut found = Vec::new();
    for (option, apply) in SWITCHES {
        let (mut switched, mut same) = (curl.clone(), chain.client.clone());
        apply(&mut switched);
        apply(&mut same);
        if switched != curl && same == chain.client {
            found.push(option);
            curl = switched;
        }
    }
    (curl == chain.client).then_some(found)
}

/// A multipart body or an upload is not the same as `-d` once a redirect rewrites the method.
fn expressible(draft: &Draft) -> bool {
    let implied = match (&draft.body, draft.method.as_str()) {
        (None, "GET" | "HEAD") | (Some(_), "POST") => true,
        _ => draft.forced,
    };
    let plain = draft.content_type.as_deref().is_none_or(|media_type| media_type == FORM);
    implied && plain && !draft.upload
}

/// The one command.
pub(super) fn command(chain: &Chain, settings: &Settings) -> String {
    let draft = &chain.draft;
    let mut command = Command::default();
    let switches = switches(chain).unwrap_or_default();
    command.lead(if switches.contains(&"--follow") { "--follow" } else { "-L" });
    match (draft.method.as_str(), draft.forced) {
        ("HEAD", false) => command.lead("-I"),
        (method, true) => command.lead(format!("-X {}", super::word(method.as_bytes()))),
        (_, false) => {}
    }
    match &draft.target {
        None => command.address(draft.url.as_str()),
        Some(target) => command.address(&format!("{}{target}", &draft.url[..Position::BeforePath])),
    }
    for option in
        switches.iter().filter(|option| option.starts_with("--") && **option != "--follow")
    {
        command.switch(option);
    }
    identity(chain, switches.contains(&AUTO_REFERER), &mut command);
    edits(draft, &mut command);
    command.body(draft.body.as_ref());
    limits(chain, &mut command);
    let urls: Vec<Url> = chain.hops.iter().map(|hop| hop.request.url.clone()).collect();
    settings::write(settings, &urls, &mut command);
    command.render()
}

fn identity(chain: &Chain, auto_referer: bool, command: &mut Command) {
    let draft = &chain.draft;
    let first = chain.hops.first().map(|hop| &hop.request);
    let agent = first.and_then(|request| {
        request.sourced().find(|(field, _)| field.is("User-Agent")).map(|(field, _)| field)
    });
    let given = draft.fields.iter().any(|edit| edit.name().eq_ignore_ascii_case("User-Agent"));
    if let Some(agent) = agent.filter(|_| !given) {
        command.option("-A", &agent.value);
    }
    match &draft.credentials {
        Some(Credentials::Basic { user, password }) => {
            command.option("-u", format!("{user}:{password}").as_bytes());
        }
        Some(Credentials::Bearer(token)) => command.option("--oauth2-bearer", token.as_bytes()),
        None => {}
    }
    let referer = draft.referer.as_deref().unwrap_or_default();
    match (referer, auto_referer) {
        ("", false) => {}
        (url, false) => command.option("-e", url.as_bytes()),
        (url, true) => command.option("-e", format!("{url};auto").as_bytes()),
    }
    if let Some(cookie) = &draft.cookie {
        command.option("-b", cookie.as_bytes());
    }
    if chain.client.cookies.jar != JarUse::Off {
        command.option("-b", b"");
    }
    if draft.compressed {
        command.switch("--compressed");
    }
}

fn edits(draft: &Draft, command: &mut Command) {
    for edit in &draft.fields {
        match edit {
            FieldEdit::Set(Field { name, value }) => {
                command.option("-H", &[name.as_bytes(), b": ", value].concat());
            }
            FieldEdit::Empty(name) => command.option("-H", format!("{name};").as_bytes()),
            FieldEdit::Remove(name) => command.option("-H", format!("{name}:").as_bytes()),
        }
    }
    let typed = draft.fields.iter().any(|edit| edit.name().eq_ignore_ascii_case("Content-Type"));
    if draft.body.is_some() && draft.content_type.is_none() && !typed {
        command.option("-H", b"Content-Type:");
    }
}

/// curl knows no loops: it gets as many redirects as were followed.
fn limits(chain: &Chain, command: &mut Command) {
    let redirects = match (chain.ending(), chain.limits.max_hops) {
        (Some(Ending::Stopped(StopReason::Loop)), _) => Some(chain.hops.len() as u32 - 1),
        (_, limit) => limit,
    };
    let schemes = chain.limits.proto.and(chain.limits.proto_redir);
    if let Some(schemes) = schemes.value() {
        command.option("--proto-redir", schemes.as_bytes());
    }
    match redirects {
        None => {}
        Some(u32::MAX) => command.option("--max-redirs", b"-1"),
        Some(limit) => command.option("--max-redirs", limit.to_string().as_bytes()),
    }
}
