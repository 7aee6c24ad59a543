//! What a request's URL and fields mean for the connection that carries it.

use url::Url;

use crate::domain::http::field::Field;

/// Fields of one connection, which HTTP/2 does not have (RFC 9113 §8.2.2); Host becomes `:authority`. A stream can be
/// refused while its body is on the way, so curl asks no leave there.
const HTTP1_ONLY: [&str; 7] = [
    "Host",
    "Connection",
    "Proxy-Connection",
    "Keep-Alive",
    "Transfer-Encoding",
    "Upgrade",
    "Expect",
];

/// A field that only makes sense on an HTTP/1 connection.
pub(super) fn is_http1_only(field: &Field) -> bool {
    HTTP1_ONLY.iter().any(|name| field.is(name))
}

/// Why nothing is sent to this URL; a sentence for the user.
pub(super) fn refusal(url: &Url) -> Option<String> {
    let fetched = matches!(url.scheme(), "http" | "https");
    (!fetched).then(|| format!("{} is not fetched: only http and https are.", url.scheme()))
}

/// Host and port that the URL names.
pub(super) fn target(url: &Url) -> (String, u16) {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    (host, url.port_or_known_default().unwrap_or(0))
}
