//! The next request, put together from the last one.

use crate::domain::client::Client;
use crate::domain::client::method::Rewrite;
use crate::domain::http::body::RequestBody;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::Version;
use crate::domain::http::request::{Draft, FieldSource, Request};

use super::cookies::{self, CookieInput};
use super::lines::Lines;
use super::location::Landing;
use super::method::Sending;
use super::scope::Step;
use super::trail::Trail;
use super::{Attempt, Halt, credentials, first, referrer, target};

/// The request that follows the last hop of the attempt, and what the client carries on from there.
pub(super) fn build(
    attempt: &Attempt<'_>,
    landing: Landing,
    sending: Sending,
    client: &Client,
) -> Result<(Request, Trail), Halt> {
    let (Some(first), Some(hop)) = (attempt.hops.first(), attempt.hops.last()) else {
        return Err(Halt::Final);
    };
    let from = &hop.request;
    let mut trail = hop.trail.clone();
    let mut lines = Lines::of(from);
    let authority = trail.authority.take();
    let step = Step {
        client,
        first: &first.request.url,
        previous: &from.url,
        previous_authority: authority.as_deref(),
        landing: &landing,
    };
    if hop.edited && !lines.has("Cookie") {
        trail.cookie_option = None;
    }
    cookies::remove(&mut lines, trail.cookie_option.as_deref());
    describe_body(&mut lines, &sending, client);
    if sending.body.is_none() {
        without_boundary(&mut lines, attempt.draft);
        if from.body.is_some() {
            first::range(&mut lines, attempt.draft);
        }
    }
    let version = hop.exchange.response.as_ref().map(|head| head.version);
    trail.met_http10 |= version == Some(Version::Http10);
    let http10 = attempt.draft.http10 || client.target.steps_down && trail.met_http10;
    if http10 {
        lines.drop_where(|field, source| source == FieldSource::Body && field.is("Expect"));
    }
    credentials::without_netrc(&mut lines, client);
    credentials::filter(&mut lines, &mut trail, &step);
    credentials::from_location(&mut lines, &mut trail, &step)?;
    credentials::from_netrc(&mut lines, &mut trail, &step, attempt.draft);
    target::host(&mut lines, &mut trail, &step, attempt.draft);
    referrer::apply(&mut lines, hop, (&landing.url, client), attempt.draft);
    let rule = client.cookies.option.unwrap_or_else(|| client.keep("cookie"));
    let option = trail.cookie_option.as_deref().filter(|_| step.allows(rule));
    let input = CookieInput {
        draft: attempt.draft,
        client,
        jar: attempt.jar,
        now: attempt.now,
        first: step.first,
        previous: step.previous,
        exact: landing.exact_target.as_deref(),
    };
    cookies::add(&mut lines, step.next(), option, &input);
    trail.authority = landing.authority.clone().or(authority);
    let mut request = write(landing, lines.split_after(from), sending);
    request.http10 = http10;
    target::fragment(&mut request.url, &from.url, client);
    Ok((request, trail))
}

/// Drops the lines that describe a body which is not sent, by the client's lists.
fn describe_body(lines: &mut Lines<'_>, sending: &Sending, client: &Client) {
    let drops: &[String] = match sending.rewrite {
        Rewrite::Get => &client.body.rewrite_drops,
        Rewrite::KeepWithoutBody => &client.body.without_body_drops,
        Rewrite::Keep | Rewrite::Final | Rewrite::Error => &[],
    };
    lines.drop_where(|field, source| {
        let listed = drops.iter().any(|name| field.is(name));
        listed || (sending.body.is_none() && source == FieldSource::Body)
    });
    let made = |field: &Field, source| source == FieldSource::Body && field.is("Content-Length");
    if let Some((field, _)) = lines.0.iter_mut().find(|(field, source)| made(field, *source)) {
        let length = sending.body.as_ref().map_or(0, RequestBody::len);
        field.to_mut().value = length.to_string().into_bytes();
    }
}

/// The boundary in a Content-Type of the user's own goes with the form (`lib/mime.c`, add_content_type).
fn without_boundary(lines: &mut Lines<'_>, draft: &Draft) {
    let made = draft.content_type.as_deref().and_then(|made| made.split_once(';'));
    let Some((_, boundary)) = made else { return };
    let added = format!(";{boundary}").into_bytes();
    let users = |field: &Field, source| source == FieldSource::User && field.is("Content-Type");
    for (field, source) in &mut lines.0 {
        if let (true, Some(given)) = (users(field, *source), field.value.strip_suffix(&added[..])) {
            field.to_mut().value = given.to_vec();
        }
    }
}

fn write(
    landing: Landing,
    (fields, sources): (Fields, Vec<FieldSource>),
    sending: Sending,
) -> Request {
    Request {
        method: sending.method,
        url: landing.url,
        fields,
        sources,
        body: sending.body,
        exact_target: landing.exact_target,
        written: None,
        http10: false,
    }
}
