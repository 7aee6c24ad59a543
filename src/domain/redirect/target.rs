//! The target beside its path: steps a client refuses, the fragment, the Host.

use std::borrow::Cow;

use url::Url;

use crate::domain::client::Client;
use crate::domain::client::policy::WrittenHost;
use crate::domain::client::policy::{Downgrade, Fragment, HostOverride};
use crate::domain::http::request::{Draft, FieldEdit, FieldSource};

use super::first::host_of;
use super::lines::Lines;
use super::location::Landing;
use super::method::Sending;
use super::scope::Step;
use super::trail::{Shelved, Trail};
use super::{Attempt, Halt, StopReason};

/// Stops where the client does not go from https to http.
pub(super) fn check(
    attempt: &Attempt<'_>,
    landing: &Landing,
    sending: &Sending,
    client: &Client,
) -> Result<(), Halt> {
    let (Some(first), Some(last)) = (attempt.hops.first(), attempt.hops.last()) else {
        return Ok(());
    };
    let secure = |url: &Url| url.scheme() == "https";
    if secure(&landing.url) {
        return Ok(());
    }
    let leaves = secure(&last.request.url);
    let rules = &client.target;
    let with_body = sending.body.is_some().then_some(rules.downgrade_with_body);
    for rule in [Some(rules.downgrade), with_body].into_iter().flatten() {
        match rule {
            Downgrade::Final if leaves => return Err(Halt::Final),
            Downgrade::Error if leaves => return Err(Halt::Stop(StopReason::RefusedByClient)),
            Downgrade::ErrorIfFirstWasHttps if secure(&first.request.url) => {
                return Err(Halt::Stop(StopReason::RefusedByClient));
            }
            Downgrade::Follow
            | Downgrade::Final
            | Downgrade::Error
            | Downgrade::ErrorIfFirstWasHttps => {}
        }
    }
    Ok(())
}

/// The fragment of the next URL.
pub(super) fn fragment(url: &mut Url, from: &Url, client: &Client) {
    let inherits = match (client.target.fragment, url.fragment()) {
        (Fragment::Inherit, None) | (Fragment::InheritIfEmpty, None | Some("")) => true,
        (Fragment::Inherit | Fragment::InheritIfEmpty | Fragment::Drop, _) => false,
    };
    if inherits {
        url.set_fragment(from.fragment());
    }
}

/// Writes the Host line for the next URL: the user's where the client sends it there, else the target's.
pub(super) fn host(lines: &mut Lines<'_>, trail: &mut Trail, step: &Step<'_>, draft: &Draft) {
    let shelved = trail.shelf.iter().position(|line| line.field.is("Host"));
    let users = lines.0.iter().position(|(f, s)| f.is("Host") && *s == FieldSource::User);
    let own = match (users, shelved) {
        (Some(at), _) => Some(lines.0.remove(at).0.into_owned()),
        (None, Some(at)) => Some(trail.shelf.remove(at).field),
        (None, None) => None,
    };
    let removed = own.is_none() && (!lines.has("Host") || removes_host(draft));
    lines.drop_where(|field, _| field.is("Host"));
    let stays = match step.client.target.host {
        HostOverride::Keep => true,
        HostOverride::SameHost => step.first.host() == step.next().host(),
        HostOverride::RelativeOnly => step.next_authority().is_none() && users.is_some(),
        HostOverride::Drop => false,
    };
    let text = host_text(step);
    match own {
        Some(field) if stays => lines.0.insert(0, (Cow::Owned(field), FieldSource::User)),
        Some(field) => {
            trail.shelf.push(Shelved { field, source: FieldSource::User, place: 0 });
            lines.insert("Host", text, FieldSource::Client);
        }
        None if removed && stays => {}
        None => lines.insert("Host", text, FieldSource::Client),
    }
}

/// The Host field for the next URL: in normal form, but for what this client leaves as it is written.
fn host_text(step: &Step<'_>) -> String {
    let normal = host_of(step.next());
    let written = step.next_authority().or(step.previous_authority).unwrap_or(normal);
    written_host(step.client.target.written_host, normal, written)
}

/// Host and port in normal form, but for what stays as it is written in this authority.
pub(super) fn written_host(rules: WrittenHost, normal: &str, written: &str) -> String {
    let (host, port) = split_port(normal);
    let written = written.rsplit_once('@').map_or(written, |(_, rest)| rest);
    let (written_host, written_port) = split_port(written);
    let number = rules.number && written_host.bytes().all(|byte| byte.is_ascii_digit());
    let as_written = (rules.case && written_host.eq_ignore_ascii_case(host))
        || (number && !written_host.is_empty())
        || (rules.letters && !written_host.is_ascii());
    let host = if as_written { written_host } else { host };
    let port = if rules.port { written_port } else { port };
    let host = if rules.drops_dot { host.trim_end_matches('.') } else { host };
    [host, port].concat()
}

/// The user wrote `Host:`.
fn removes_host(draft: &Draft) -> bool {
    let mut edits = draft.fields.iter().filter(|edit| edit.name().eq_ignore_ascii_case("Host"));
    matches!(edits.next(), Some(FieldEdit::Remove(_)))
}

/// Host, and port with its colon.
fn split_port(authority: &str) -> (&str, &str) {
    match authority.rfind(':') {
        Some(at) if !authority[at..].contains(']') => authority.split_at(at),
        _ => (authority, ""),
    }
}
