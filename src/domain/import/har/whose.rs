//! Whose redirect rules a recorded chain followed, as far as it can be told.

use crate::domain::client::Client;
use crate::domain::http::request::Request;

/// How a User-Agent begins, or what stands in it, and the client of that name.
const AGENTS: [(&str, &str); 20] = [
    ("hopstep/", "curl"),
    ("curl/", "curl"),
    ("wget/", "wget"),
    ("httpie/", "httpie"),
    ("xh/", "xh"),
    ("python-requests/", "requests"),
    ("python-httpx/", "httpx"),
    ("aiohttp/", "aiohttp"),
    ("python-urllib/", "urllib"),
    ("axios/", "axios"),
    ("got (", "got"),
    ("go-http-client/", "go"),
    ("java-http-client/", "java"),
    ("java/", "java"),
    ("okhttp/", "okhttp"),
    ("guzzlehttp/", "guzzle"),
    ("ureq/", "ureq"),
    ("reqwest/", "reqwest"),
    ("node", "node"),
    ("undici", "node"),
];

/// The client, and a sentence on how it was told.
pub(super) fn client(request: &Request, resource: Option<&str>) -> Option<(Client, String)> {
    let agent = request.fields.text("User-Agent").unwrap_or_default().to_ascii_lowercase();
    let (name, by) = match AGENTS.iter().find(|(words, _)| agent.contains(words)) {
        Some((_, name)) => (*name, "User-Agent says so"),
        None if agent.starts_with("mozilla/") => browser(request, resource),
        None => ("curl", "the file does not say which client it was; --as chooses"),
    };
    Some((Client::named(name)?, format!("judged by the rules of {name}: {by}")))
}

/// A navigation, or a request of a script.
fn browser(request: &Request, resource: Option<&str>) -> (&'static str, &'static str) {
    let mode = request.fields.text("Sec-Fetch-Mode");
    match (mode.as_deref(), resource) {
        (Some("cors" | "no-cors" | "same-origin"), _) => ("fetch", "a script of a page sent it"),
        (None, Some("xhr" | "fetch")) => ("fetch", "a script of a page sent it"),
        _ => ("browser", "a browser went there"),
    }
}
