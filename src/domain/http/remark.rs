//! What a response says that looks like a redirection and is the end: 300 without a choice, 304.
//!
//! Told as a note on its hop. With a Location it is the business of `unreliable-redirect-status`.

use super::head::ResponseHead;
use super::request::Request;

/// The fields that ask for a body only where the client's copy is no longer good (RFC 9110 §13.1).
const CONDITIONS: [&str; 2] = ["If-None-Match", "If-Modified-Since"];

/// Why no redirect follows on this status; `None` where its Location says where to go, or nobody would ask.
pub fn of(request: &Request, head: &ResponseHead) -> Option<&'static str> {
    if head.fields.contains("Location") {
        return None;
    }
    match head.status {
        300 => Some(
            "300 offers several representations and prefers none, having no Location: somebody has to choose from \
             its body, and the chain ends here (RFC 9110 §15.4.1).",
        ),
        304 if CONDITIONS.iter().any(|name| request.fields.contains(name)) => Some(
            "304 says that the copy which the request's condition names is still good: it is no redirect, \
             and the chain ends here without a body (RFC 9110 §15.4.5).",
        ),
        304 => Some(
            "304 says that a stored copy is still good, but this request asked without If-None-Match or \
             If-Modified-Since: there is no copy to show, and the chain ends here (RFC 9110 §15.4.5).",
        ),
        _ => None,
    }
}
