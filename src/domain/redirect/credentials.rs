//! Credentials and other fields with a scope: what goes along, what is dropped, what comes back.

use crate::domain::client::Client;
use crate::domain::client::policy::{JarUse, Userinfo as Rule};
use crate::domain::client::scope::{Keep, Scope};
use crate::domain::http::field::Field;
use crate::domain::http::origin::same_origin;
use crate::domain::http::request::{Draft, FieldSource};

use super::first::basic;
use super::lines::{Lines, is_users};
use super::location::Userinfo;
use super::scope::Step;
use super::trail::{Shelved, Trail};
use super::{Halt, StopReason};

/// How far a line may go; the source decides where the user gave credentials by option or in the URL.
pub(crate) fn keep(field: &Field, source: FieldSource, client: &Client) -> Keep {
    match source {
        FieldSource::Credentials => client.credentials.option,
        FieldSource::Userinfo => client.credentials.url,
        FieldSource::User if field.is("Cookie") && client.cookies.jar == JarUse::Asked => {
            client.cookies.field_asked.unwrap_or_else(|| client.keep("cookie"))
        }
        FieldSource::User => client.keep(&field.name),
        FieldSource::Netrc | FieldSource::Jar | FieldSource::Client | FieldSource::Body => {
            Keep::ALWAYS
        }
    }
}

/// Drops the lines that may not go along, and brings back those that may again.
pub(super) fn filter(lines: &mut Lines<'_>, trail: &mut Trail, step: &Step<'_>) {
    let client = step.client;
    if client.credentials.forgotten_on_port_change && changes_port(step) {
        forget(lines, trail);
    }
    let mut shelf = Vec::new();
    // how many lines of the user's stand before
    let mut place = 0;
    lines.0.retain(|(field, source)| {
        let rule = keep(field, *source, client);
        let stays = step.allows(rule);
        if !stays && rule.restored {
            shelf.push(Shelved { field: Field::clone(field), source: *source, place });
        }
        place += usize::from(is_users(field, *source));
        stays
    });
    for line in trail.shelf.drain(..) {
        let back = step.allows(keep(&line.field, line.source, client));
        if back && !lines.has(&line.field.name) { lines.restore(line) } else { shelf.push(line) }
    }
    shelf.sort_by_key(|line| line.place);
    trail.shelf = shelf;
}

/// Userinfo of the Location, or inherited from the URL before: the Authorization made from it.
pub(super) fn from_location(
    lines: &mut Lines<'_>,
    trail: &mut Trail,
    step: &Step<'_>,
) -> Result<(), Halt> {
    let (rules, landing) = (&step.client.credentials, step.landing);
    let given = landing.userinfo.clone().or_else(|| inherited(trail, step));
    let crosses = !same_origin(step.previous, step.next());
    let refused = match rules.location {
        Rule::Error => landing.userinfo.is_some(),
        Rule::ErrorCrossOrigin => landing.userinfo.is_some() && crosses,
        Rule::SendOrClash => landing.userinfo.is_some() && lines.has("Authorization"),
        Rule::Ignore | Rule::Send | Rule::SendIfNone | Rule::SendToInitialOrigin => false,
    };
    if refused {
        return Err(Halt::Stop(StopReason::RefusedByClient));
    }
    let known = match rules.location_remembered {
        true => given.or(trail.learnt.take()),
        false => given,
    };
    trail.learnt.clone_from(&known);
    let Some(userinfo) = known else { return Ok(()) };
    let has = lines.has("Authorization");
    let sends = match rules.location {
        Rule::Ignore | Rule::Error | Rule::ErrorCrossOrigin => false,
        Rule::Send | Rule::SendOrClash => true,
        Rule::SendIfNone => !has || only_userinfo(lines),
        Rule::SendToInitialOrigin => {
            (!has || only_userinfo(lines)) && same_origin(step.first, step.next())
        }
    };
    if sends {
        lines.drop_where(|field, _| field.is("Authorization"));
        lines.insert(
            "Authorization",
            basic(&userinfo.user, &userinfo.password),
            FieldSource::Userinfo,
        );
    }
    Ok(())
}

/// What `.netrc` has for the next host stands in place of the URL's (curl `lib/url.c`, override_login).
pub(super) fn from_netrc(lines: &mut Lines<'_>, trail: &mut Trail, step: &Step<'_>, draft: &Draft) {
    let relative = step.next_authority().is_none();
    let inherited = trail.given.take().filter(|_| relative);
    trail.given = step.landing.userinfo.clone().or(inherited);
    let Some(netrc) = draft.netrc() else { return };
    let users = |field: &Field, source| field.is("Authorization") && source == FieldSource::User;
    if lines.0.iter().any(|(field, source)| users(field, *source)) {
        return;
    }
    let asked = trail.asked.take();
    let given = trail.given.clone().or(asked);
    match netrc.credentials(step.next(), given.as_ref()) {
        Some(found) => {
            lines.drop_where(|field, _| field.is("Authorization"));
            let value = basic(&found.user, &found.password);
            lines.insert("Authorization", value, FieldSource::Netrc);
            trail.learnt = Some(found).filter(|_| step.client.credentials.location_remembered);
        }
        None => trail.asked = netrc.asked(given),
    }
}

/// What `.netrc` had for the host before stays behind, unless the client trusts every host.
pub(super) fn without_netrc(lines: &mut Lines<'_>, client: &Client) {
    if client.credentials.option.within != Scope::Always {
        return lines.drop_where(|_, source| source == FieldSource::Netrc);
    }
    for (_, source) in lines.0.iter_mut().filter(|(_, source)| *source == FieldSource::Netrc) {
        *source = FieldSource::Credentials;
    }
}

fn changes_port(step: &Step<'_>) -> bool {
    let (from, to) = (step.previous, step.next());
    from.scheme() != to.scheme() || from.port_or_known_default() != to.port_or_known_default()
}

/// Takes user name and password away, wherever they are; a bearer token stays.
fn forget(lines: &mut Lines<'_>, trail: &mut Trail) {
    let is_basic = |field: &Field, source: FieldSource| {
        matches!(source, FieldSource::Credentials | FieldSource::Userinfo)
            && field.value.starts_with(b"Basic ")
    };
    lines.drop_where(is_basic);
    trail.shelf.retain(|line| !is_basic(&line.field, line.source));
    (trail.learnt, trail.asked) = (None, None);
}

/// An Authorization made from a URL gives way to one made from a later URL.
fn only_userinfo(lines: &Lines<'_>) -> bool {
    lines
        .0
        .iter()
        .all(|(field, source)| !field.is("Authorization") || *source == FieldSource::Userinfo)
}

fn inherited(trail: &Trail, step: &Step<'_>) -> Option<Userinfo> {
    let inherits = step.client.credentials.inherited_by_relative;
    let relative = inherits && step.next_authority().is_none();
    relative
        .then(|| trail.learnt.clone().or_else(|| super::location::userinfo_of(step.previous)))
        .flatten()
}
