//! Referer: what a client says of where it comes from.

use url::Url;

use crate::domain::chain::Hop;
use crate::domain::client::Client;
use crate::domain::client::policy::Referer;
use crate::domain::http::origin::same_origin;
use crate::domain::http::request::{Draft, FieldEdit, FieldSource};

use super::first::host_of;
use super::lines::Lines;
use super::rfc3986::remove_dots;
use super::target::written_host;

/// Adds or trims the Referer for a step from one URL to the next.
pub(super) fn apply(lines: &mut Lines<'_>, hop: &Hop, step: (&Url, &Client), draft: &Draft) {
    let (to, client) = step;
    let stays = |edit: &FieldEdit| {
        let removed = matches!(edit, FieldEdit::Remove(_));
        edit.name().eq_ignore_ascii_case("Referer") && (removed || client.referer.keeps_field)
    };
    match client.referer.adds {
        Referer::None => {}
        Referer::PreviousUrl if draft.fields.iter().any(stays) => {}
        Referer::PreviousUrl => previous_url(lines, hop, to, client),
        Referer::Retrimmed => retrim(lines, hop, to),
    }
}

fn previous_url(lines: &mut Lines<'_>, hop: &Hop, to: &Url, client: &Client) {
    let from = &hop.request.url;
    let users =
        lines.0.iter().any(|(field, source)| field.is("Referer") && *source == FieldSource::User);
    if users && !client.referer.replaces {
        return;
    }
    let leaves = from.scheme() == "https" && to.scheme() == "http";
    let downgrade = leaves && !client.referer.as_written;
    if downgrade && users {
        return;
    }
    lines.drop_where(|field, _| field.is("Referer"));
    if !downgrade {
        let value = match client.referer.as_written {
            true => as_written(hop, client),
            false => bare(from, client.referer.keeps_fragment),
        };
        lines.insert("Referer", value, FieldSource::Client);
    }
}

/// The URL as it was sent, the host in the letters that were written, without dot segments and an empty query (curl `lib/transfer.c`, Curl_follow).
fn as_written(hop: &Hop, client: &Client) -> String {
    let (request, normal) = (&hop.request, host_of(&hop.request.url));
    let written = hop.trail.authority.as_deref().unwrap_or(normal);
    let host = written_host(client.target.written_host, normal, written);
    let target = request.written_target();
    let (path, query) = match target.split_once('?') {
        Some((path, query)) => (path, Some(query).filter(|query| !query.is_empty())),
        None => (target, None),
    };
    let path = String::from_utf8_lossy(&remove_dots(path.as_bytes(), false)).into_owned();
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}://{host}{path}{query}", request.url.scheme())
}

/// A URL without userinfo, with or without fragment.
fn bare(url: &Url, fragment: bool) -> String {
    let end = if fragment { url::Position::AfterFragment } else { url::Position::AfterQuery };
    format!("{}://{}", url.scheme(), &url[url::Position::BeforeHost..end])
}

/// The page's Referer, trimmed for the next URL (Fetch, "determine request's referrer").
fn retrim(lines: &mut Lines<'_>, hop: &Hop, to: &Url) {
    let Some(at) = lines.0.iter().position(|(field, _)| field.is("Referer")) else { return };
    let Ok(page) = Url::parse(&lines.0[at].0.text()) else { return };
    let same = same_origin(&page, to);
    let downgrade = page.scheme() == "https" && to.scheme() == "http";
    let part = match policy(hop).as_deref() {
        Some("no-referrer") => Part::Nothing,
        Some("unsafe-url") => Part::Whole,
        Some("origin") => Part::Origin,
        Some("same-origin") if !same => Part::Nothing,
        Some("strict-origin") if !downgrade => Part::Origin,
        Some("no-referrer-when-downgrade") if !downgrade => Part::Whole,
        Some("origin-when-cross-origin") if !same => Part::Origin,
        _ if same => Part::Whole,
        _ if downgrade => Part::Nothing,
        _ => Part::Origin,
    };
    match part {
        Part::Whole => {}
        Part::Nothing => drop(lines.0.remove(at)),
        Part::Origin => {
            lines.0[at].0.to_mut().value =
                format!("{}/", page.origin().ascii_serialization()).into_bytes();
        }
    }
}

/// How much of a URL is told.
enum Part {
    Whole,
    Origin,
    Nothing,
}

/// The last policy that is known of the response's Referrer-Policy (Referrer Policy §8.1).
fn policy(hop: &Hop) -> Option<String> {
    const KNOWN: [&str; 8] = [
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    ];
    let text = hop.exchange.fields().text("Referrer-Policy")?;
    text.rsplit(',')
        .map(|policy| policy.trim().to_lowercase())
        .find(|p| KNOWN.contains(&p.as_str()))
}
