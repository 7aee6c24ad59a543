//! Referer: what a client says of where it comes from.

use url::Url;

use crate::domain::client::Client;
use crate::domain::client::policy::Referer;
use crate::domain::http::origin::same_origin;
use crate::domain::http::request::FieldSource;

use super::lines::Lines;

/// Adds or trims the Referer for a step from one URL to the next.
pub(super) fn apply(lines: &mut Lines, from: &Url, to: &Url, client: &Client) {
    match client.referer.adds {
        Referer::None => {}
        Referer::PreviousUrl => previous_url(lines, from, to, client),
        Referer::Retrimmed => retrim(lines, from, to),
    }
}

fn previous_url(lines: &mut Lines, from: &Url, to: &Url, client: &Client) {
    let users =
        lines.0.iter().any(|(field, source)| field.is("Referer") && *source == FieldSource::User);
    if users && !client.referer.replaces {
        return;
    }
    let downgrade = from.scheme() == "https" && to.scheme() == "http";
    if downgrade && users {
        return;
    }
    lines.drop_where(|field, _| field.is("Referer"));
    if !downgrade {
        let value = bare(from, client.referer.keeps_fragment);
        lines.insert("Referer", value, FieldSource::Client);
    }
}

/// A URL without userinfo, with or without fragment.
fn bare(url: &Url, fragment: bool) -> String {
    let end = if fragment { url::Position::AfterFragment } else { url::Position::AfterQuery };
    format!("{}://{}", url.scheme(), &url[url::Position::BeforeHost..end])
}

/// `strict-origin-when-cross-origin` applied to the Referer there is (Fetch, "determine request's referrer").
fn retrim(lines: &mut Lines, from: &Url, to: &Url) {
    let Some(at) = lines.0.iter().position(|(field, _)| field.is("Referer")) else { return };
    let Ok(page) = Url::parse(&lines.0[at].0.text()) else { return };
    let _ = from;
    if page.scheme() == "https" && to.scheme() == "http" {
        lines.0.remove(at);
    } else if !same_origin(&page, to) {
        lines.0[at].0.value = format!("{}/", page.origin().ascii_serialization()).into_bytes();
    }
}
