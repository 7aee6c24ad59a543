//! From our request to reqwest's: every field is given explicitly, so that the wire has our order.

use reqwest::header::{HeaderName, HeaderValue};
use url::Url;

use crate::domain::http::field::Field;
use crate::domain::http::request::Request;
use crate::domain::http::settings::Settings;

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

/// What reqwest is to send; the error is a sentence for the user.
pub(super) fn build(request: &Request, settings: &Settings) -> Result<reqwest::Request, String> {
    let url = address(&request.url)?;
    let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes())
        .map_err(|_| format!("The method {} can't be sent.", request.method))?;
    let mut built = reqwest::Request::new(method, url);
    let lines = settings.to_proxy.lines();
    for field in request.fields.iter().cloned().chain(lines) {
        let (name, value) = header(&field)?;
        built.headers_mut().append(name, value);
    }
    if let Some(body) = &request.body {
        *built.body_mut() = Some(body.bytes.clone().into());
    }
    Ok(built)
}

/// A field that only makes sense on an HTTP/1 connection.
pub(super) fn is_http1_only(field: &Field) -> bool {
    HTTP1_ONLY.iter().any(|name| field.is(name))
}

fn header(field: &Field) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::from_bytes(field.name.as_bytes())
        .map_err(|_| format!("The field name {:?} can't be sent.", field.name))?;
    let value = HeaderValue::from_bytes(&field.value).map_err(|_| {
        format!("The value of {} holds a control byte and can't be sent.", field.name)
    })?;
    Ok((name, value))
}

/// The URL that is asked for: no userinfo, no fragment.
fn address(url: &Url) -> Result<Url, String> {
    if url.scheme() != "http" {
        return Err(format!("{} is not fetched: only http and https are.", url.scheme()));
    }
    let mut address = url.clone();
    address.set_fragment(None);
    let _ = address.set_username("");
    let _ = address.set_password(None);
    Ok(address)
}

/// Host and port that the URL names.
pub(super) fn target(url: &Url) -> (String, u16) {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    (host, url.port_or_known_default().unwrap_or(0))
}
