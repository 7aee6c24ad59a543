//! A request as text that a person can edit, and back: request line with the whole URL, field lines, an empty line, the body.
//!
//! ```text
//! POST https://shop.test/checkout
//! Host: shop.test
//! Content-Type: application/x-www-form-urlencoded
//!
//! item=17&amount=1
//! ```

use url::{Position, Url};

use super::body::RequestBody;
use super::field::{Field, Fields};
use super::method::{Method, is_token_byte};
use super::request::{FieldSource, Request};

/// Stands for a body that is no text; left as it is, the body is kept.
const BINARY: &str = "(binary body, kept as it is)";

/// The request as editable text. Content-Length is left out: it is made from the body.
pub fn write(request: &Request) -> String {
    let mut text = format!("{} {}\n", request.method, request.url);
    for field in request.fields.iter().filter(|field| !field.is("Content-Length")) {
        text.push_str(&format!("{}: {}\n", field.name, field.text()));
    }
    let body = request.body.as_ref().filter(|body| !body.is_empty());
    if let Some(body) = body {
        text.push('\n');
        text.push_str(std::str::from_utf8(&body.bytes).unwrap_or(BINARY));
    }
    text
}

/// The request that edited text means; `before` is the one it was made from. One sentence on what is wrong otherwise.
pub fn read(text: &str, before: &Request) -> Result<Request, String> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end_matches('\n'), ""));
    let mut lines = head.lines();
    let (method, url) = request_line(lines.next().unwrap_or_default())?;
    let numbered = lines
        .zip(2..)
        .map(|(line, number)| field_line(line).map_err(|error| format!("line {number}: {error}")));
    let fields = numbered.collect::<Result<Fields, String>>()?;
    let sources = fields.iter().map(|field| source(field, before)).collect();
    let (exact_target, written) = match before.url == url {
        true => (before.exact_target.clone(), before.written.clone()),
        false => (None, None),
    };
    let body = read_body(body, before);
    let http10 = before.http10;
    let mut request = Request { method, url, exact_target, written, fields, sources, body, http10 };
    follow_host(&mut request, before);
    set_length(&mut request, before);
    Ok(request)
}

/// `request` with the method, the body and the body's fields of `before`. Nothing else comes back: where credentials go is for
/// the user to say.
pub fn restored(request: &Request, before: &Request) -> Request {
    let mut restored = request.clone();
    restored.method = before.method.clone();
    restored.body = before.body.clone();
    let of_body = |name: &str| name.to_ascii_lowercase().starts_with("content-");
    let missing = before.sourced().filter(|(field, _)| of_body(&field.name));
    for (field, source) in missing.filter(|(field, _)| !request.fields.contains(&field.name)) {
        restored.fields.push(field.name.clone(), field.value.clone());
        restored.sources.push(source);
    }
    restored
}

fn request_line(line: &str) -> Result<(Method, Url), String> {
    let (method, url) = line.split_once(' ').ok_or("line 1: METHOD URL is expected")?;
    let method =
        Method::parse(method).ok_or_else(|| format!("line 1: not a method: {method:?}"))?;
    let url = Url::parse(url.trim()).map_err(|error| format!("line 1: not a URL: {error}"))?;
    match url.scheme() {
        "http" | "https" => Ok((method, url)),
        other => Err(format!("{other} is not fetched, only http and https are")),
    }
}

fn field_line(line: &str) -> Result<Field, String> {
    let (name, value) =
        line.split_once(':').ok_or_else(|| format!("not a header line: {line:?}"))?;
    if name.is_empty() || !name.bytes().all(is_token_byte) {
        return Err(format!("not a header name: {name:?}"));
    }
    Ok(Field::new(name, value.trim()))
}

/// A line that stood in the request before keeps its source; any other is the user's.
fn source(field: &Field, before: &Request) -> FieldSource {
    let known = before.sourced().find(|(old, _)| old.is(&field.name) && old.text() == field.text());
    known.map_or(FieldSource::User, |(_, source)| source)
}

fn read_body(text: &str, before: &Request) -> Option<RequestBody> {
    let old = before.body.as_ref();
    match text {
        BINARY => old.cloned(),
        "" => old.filter(|body| body.is_empty()).cloned(),
        text if old.is_some_and(|old| old.bytes == text.as_bytes()) => old.cloned(),
        text => Some(RequestBody::new(text.as_bytes().to_vec())),
    }
}

/// The Host that the client had made follows an edited URL.
fn follow_host(request: &mut Request, before: &Request) {
    let moved =
        request.url.host_str() != before.url.host_str() || request.url.port() != before.url.port();
    let own =
        request.sourced().any(|(field, source)| field.is("Host") && source == FieldSource::Client);
    if moved && own {
        let host = request.url[Position::BeforeHost..Position::AfterPort].to_owned();
        request.fields.set("Host", host);
    }
}

fn set_length(request: &mut Request, before: &Request) {
    let chunked = request.fields.contains("Transfer-Encoding");
    let had = before.fields.contains("Content-Length");
    if let Some(body) = &request.body
        && !chunked
        && (had || !body.is_empty())
    {
        request.fields.push("Content-Length", body.len().to_string());
        request.sources.push(FieldSource::Body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        let mut request = Request {
            method: Method::POST,
            url: Url::parse("http://a.test/x").unwrap(),
            exact_target: None,
            written: None,
            http10: false,
            fields: Fields::new(),
            sources: vec![FieldSource::Client, FieldSource::User, FieldSource::Body],
            body: Some(RequestBody::new("a=b")),
        };
        request.fields.push("Host", "a.test");
        request.fields.push("X-Key", "1");
        request.fields.push("Content-Length", "3");
        request
    }

    #[test]
    fn text_that_was_not_edited_is_the_same_request() {
        assert_eq!(read(&write(&request()), &request()), Ok(request()));
    }

    #[test]
    fn a_lost_body_comes_back_with_its_type_and_without_credentials() {
        let mut before = request();
        before.fields.push("Content-Type", "text/plain");
        before.fields.push("Authorization", "Bearer t");
        before.sources.extend([FieldSource::Body, FieldSource::User]);
        let next = read("GET http://b.test/y\nHost: b.test\n", &request()).unwrap();
        let text = write(&restored(&next, &before));
        assert_eq!(text, "POST http://b.test/y\nHost: b.test\nContent-Type: text/plain\n\na=b");
    }

    #[test]
    fn an_edited_body_gets_its_length_and_an_edited_url_its_host() {
        let text = "POST http://b.test:81/y\nHost: a.test\nX-Key: 2\n\na=bcd";
        let edited = read(text, &request()).unwrap();
        assert_eq!(edited.fields.text("Content-Length").as_deref(), Some("5"));
        assert_eq!(edited.fields.text("Host").as_deref(), Some("b.test:81"));
        assert_eq!(edited.sources[1], FieldSource::User);
    }

    #[test]
    fn a_line_that_is_no_field_is_named() {
        let error = read("GET http://a.test/\nnonsense", &request()).unwrap_err();
        assert_eq!(error, "line 2: not a header line: \"nonsense\"");
    }
}
