//! HSTS: http turned into https because an earlier hop said so (RFC 6797).

use url::Url;

use crate::domain::chain::Hop;
use crate::domain::client::Client;

/// Turns the target into https where a host seen on the way asked for it and the client listens.
pub(super) fn upgrade(url: &mut Url, hops: &[Hop], client: &Client) {
    // an address has no such policy (RFC 6797 §8.1.1)
    if !client.target.hsts || url.scheme() != "http" || url.domain().is_none() {
        return;
    }
    let rule = hops.iter().rev().find_map(|hop| covers(hop, url));
    if rule != Some(true) {
        return;
    }
    let explicit = url.port();
    if url.set_scheme("https").is_ok() {
        // an explicit port stays, also one that was default for http (RFC 6797 §8.3)
        let _ = url.set_port(explicit);
    }
}

/// What this hop says about the URL's host: keep to https, forget about it, or nothing.
fn covers(hop: &Hop, url: &Url) -> Option<bool> {
    let from = &hop.request.url;
    if from.scheme() != "https" {
        return None;
    }
    let (Some(host), Some(asked)) = (url.domain(), from.domain()) else { return None };
    let text = hop.exchange.fields().text("Strict-Transport-Security")?.to_lowercase();
    let mut directives = text.split(';').map(str::trim);
    let age = directives.clone().find_map(|directive| directive.strip_prefix("max-age="))?;
    let age: u64 = age.trim_matches('"').parse().ok()?;
    let below = directives.any(|directive| directive == "includesubdomains")
        && host.strip_suffix(asked).is_some_and(|rest| rest.ends_with('.'));
    (host == asked || below).then_some(age > 0)
}
