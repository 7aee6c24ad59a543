//! Divergence: whether the two standard readings of a Location lead to the same place.

use url::{Host, Url};

use super::reference::Reference;
use crate::domain::http::percent::percent_decode;
use crate::domain::redirect::Resolution;

/// How the readings differ.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Divergence {
    /// RFC 3986 gives nothing that can be asked for.
    OnlyWhatwg(String),
    /// The WHATWG standard refuses it.
    OnlyRfc3986(String),
    /// Different servers.
    Origin { whatwg: String, rfc3986: String },
    /// One server, different resources.
    Path { whatwg: String, rfc3986: String },
}

/// The difference between the readings, when there is one that matters.
pub fn divergence(resolution: &Resolution) -> Option<Divergence> {
    // nearly always they agree to the letter
    if resolution.whatwg.as_ref().map(Url::as_str) == resolution.rfc3986.as_deref() {
        return None;
    }
    let rfc = resolution.rfc3986.as_deref().and_then(|text| Some((text, split(text)?)));
    let (whatwg, (text, parts)) = match (&resolution.whatwg, rfc) {
        (None, None) => return None,
        (Some(whatwg), None) => return Some(Divergence::OnlyWhatwg(whatwg.to_string())),
        (None, Some((text, _))) => return Some(Divergence::OnlyRfc3986(text.to_owned())),
        (Some(whatwg), Some(rfc)) => (whatwg, rfc),
    };
    let (left, right) = (whatwg.to_string(), text.to_owned());
    if parts.origin != origin_of(whatwg) {
        return Some(Divergence::Origin { whatwg: left, rfc3986: right });
    }
    let same = normal(whatwg.path()) == normal(&parts.path)
        && whatwg.query().map(normal) == parts.query.as_deref().map(normal);
    (!same).then_some(Divergence::Path { whatwg: left, rfc3986: right })
}

/// An RFC 3986 reading, ready for comparison.
struct Parts {
    origin: (String, Option<String>, Option<u16>),
    path: String,
    query: Option<String>,
}

/// `None` when the reading names no server that can be asked.
fn split(text: &str) -> Option<Parts> {
    let hash = text.find('#').unwrap_or(text.len());
    let text = &text[..hash];
    let (scheme, rest) = text.split_once(':')?;
    let scheme = scheme.to_ascii_lowercase();
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query.to_owned())),
        None => (rest, None),
    };
    if !matches!(scheme.as_str(), "http" | "https") {
        return Some(Parts { origin: (scheme, None, None), path: rest.to_owned(), query });
    }
    let after = rest.strip_prefix("//")?;
    let slash = after.find('/').unwrap_or(after.len());
    let reference = format!("//{}", &after[..slash]);
    let parts = Reference::of(reference.as_bytes());
    let host = parts.text(&parts.host.clone()?);
    let port =
        match parts.port.clone().map(|port| parts.text(&port)).filter(|port| !port.is_empty()) {
            Some(port) => port.parse().ok()?,
            None => {
                if scheme == "https" {
                    443
                } else {
                    80
                }
            }
        };
    let host = Host::parse(&host).ok()?.to_string();
    let path = if slash == after.len() { "/".to_owned() } else { after[slash..].to_owned() };
    Some(Parts { origin: (scheme, Some(host), Some(port)), path, query })
}

/// Schemes other than http and https have no origin to compare but the scheme.
fn origin_of(url: &Url) -> (String, Option<String>, Option<u16>) {
    let scheme = url.scheme().to_owned();
    match scheme.as_str() {
        "http" | "https" => {
            (scheme, url.host_str().map(str::to_owned), url.port_or_known_default())
        }
        _ => (scheme, None, None),
    }
}

/// Percent-encoding and its case make no difference.
fn normal(part: &str) -> Vec<u8> {
    percent_decode(part.as_bytes())
}
