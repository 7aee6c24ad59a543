//! From our request to reqwest's: every field is given explicitly, so that the wire has our order.

use reqwest::header::{HeaderName, HeaderValue};
use url::Url;

use crate::domain::http::field::Field;
use crate::domain::http::request::Request;
use crate::domain::http::settings::{Settings, VersionPreference};

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
    let url = address(&request.url, settings)?;
    let method = reqwest::Method::from_bytes(request.method.as_str().as_bytes())
        .map_err(|_| format!("The method {} can't be sent.", request.method))?;
    let mut built = reqwest::Request::new(method, url);
    let http2 = settings.version == VersionPreference::Http2PriorKnowledge;
    for field in request.fields.iter().filter(|field| !http2 || !is_http1_only(field)) {
        let (name, value) = header(field)?;
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

/// The URL that is connected to: no userinfo, no fragment, and the port of `--connect-to`.
///
/// The port that a resolver answers counts only where the URL names none, so an explicit port is replaced here;
/// the Host field, given explicitly, keeps the one that was asked for.
fn address(url: &Url, settings: &Settings) -> Result<Url, String> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("{} is not fetched: only http and https are.", url.scheme()));
    }
    let mut address = url.clone();
    address.set_fragment(None);
    let _ = address.set_username("");
    let _ = address.set_password(None);
    let (host, port) = target(url);
    let rule = settings.connect_to.iter().find(|rule| rule.fits(&host, port));
    if let Some(rule) = rule {
        if let Some(to_port) = rule.to_port.filter(|to| url.port().is_some() && *to != port) {
            let _ = address.set_port(Some(to_port));
        }
        let literal = !matches!(url.host(), Some(url::Host::Domain(_)));
        if let Some(to_host) = rule.to_host.as_ref().filter(|_| literal) {
            // an address is never looked up, so the resolver can't turn it
            let ip = to_host.parse::<std::net::IpAddr>().ok();
            let turned = match ip {
                Some(ip) => address.set_ip_host(ip).is_ok(),
                None => address.set_host(Some(to_host)).is_ok(),
            };
            if !turned || url.scheme() == "https" {
                return Err(format!(
                    "--connect-to can't lead {host} elsewhere over {}.",
                    url.scheme()
                ));
            }
        }
    }
    Ok(address)
}

/// Host and port that the URL names.
pub(super) fn target(url: &Url) -> (String, u16) {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    (host, url.port_or_known_default().unwrap_or(0))
}
