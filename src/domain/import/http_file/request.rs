//! One block of a `.http` file: request line, field lines, an empty line, the body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::super::fault::Fault;
use super::expand::Variables;
use super::{Block, Named, Surroundings};
use crate::domain::http::body::RequestBody;
use crate::domain::http::field::Field;
use crate::domain::http::method::{Method, is_token_byte};
use crate::domain::http::request::{Draft, FieldEdit};

pub(super) fn read(
    block: &Block<'_>,
    variables: &Variables<'_>,
    around: &dyn Surroundings,
) -> Result<Named, Fault> {
    let mut lines = block.lines.as_slice();
    let Some(((first, request), rest)) = lines.split_first() else {
        return Err(Fault::new("", "an empty request"));
    };
    let mut written = request.trim().to_owned();
    lines = rest;
    // a query may go on in the lines below
    while let Some(((_, line), rest)) = lines.split_first() {
        let more = line.trim();
        if !line.starts_with([' ', '\t']) || !more.starts_with(['?', '&', '/', '=']) {
            break;
        }
        written.push_str(more);
        lines = rest;
    }
    let (method, target) = request_line(&variables.expand(*first, &written)?, *first)?;
    let (fields, lines) = fields(lines, variables)?;
    let form = fields.iter().any(is_form);
    let body = body(lines, form, variables, around)?;
    let url = url(&target, &fields, *first)?;
    let draft = Draft {
        forced: !matches!(method.as_str(), "GET" | "POST" | "HEAD"),
        method,
        typed: target,
        fields: fields.into_iter().filter(|field| !field.is("host")).map(FieldEdit::Set).collect(),
        body: body.map(RequestBody::new),
        ..Draft::get(url)
    };
    Ok(Named { name: block.name.clone(), note: block.note.clone(), line: *first, draft })
}

/// `POST https://a.test/x HTTP/1.1`, `GET a.test`, or a URL alone.
fn request_line(text: &str, line: usize) -> Result<(Method, String), Fault> {
    let text = text.trim();
    let (word, rest) = text.split_once([' ', '\t']).unwrap_or(("", text));
    let named =
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-');
    let method = match named {
        true => Method::parse(word),
        false => Some(Method::GET),
    };
    let target = if named { rest.trim() } else { text };
    let target = match target.rsplit_once([' ', '\t']) {
        Some((target, version)) if version.starts_with("HTTP/") => target.trim_end(),
        _ => target,
    };
    match (method, target.is_empty()) {
        (Some(method), false) => Ok((method, target.to_owned())),
        (Some(_), true) => Err(Fault::new(format!("line {line}"), "expected a URL")),
        (None, _) => Err(Fault::new(format!("line {line}"), format!("{word}: this is no method"))),
    }
}

/// The URL; a path alone takes its host from the `Host` field, and what has no scheme is http, as everywhere here.
fn url(target: &str, fields: &[Field], line: usize) -> Result<Url, Fault> {
    let host = fields.iter().find(|field| field.is("host")).map(Field::text);
    let whole = match (target.contains("://"), target.starts_with('/'), host) {
        (true, _, _) => target.to_owned(),
        (false, true, Some(host)) => format!("http://{}{target}", host.trim()),
        (false, true, None) => {
            return Err(Fault::new(format!("line {line}"), "a path alone needs a Host line"));
        }
        (false, false, _) => format!("http://{target}"),
    };
    let url = Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.ok_or_else(|| Fault::new(format!("line {line}"), format!("{target}: no http or https URL")))
}

type Lines<'l, 'a> = &'l [(usize, &'a str)];

fn fields<'l, 'a>(
    mut lines: Lines<'l, 'a>,
    variables: &Variables<'_>,
) -> Result<(Vec<Field>, Lines<'l, 'a>), Fault> {
    let mut fields = Vec::new();
    while let Some(((number, line), rest)) = lines.split_first() {
        lines = rest;
        let text = line.trim();
        if text.is_empty() {
            break;
        }
        if text.starts_with('#') || text.starts_with("//") {
            continue;
        }
        let Some((name, value)) = text.split_once(':').filter(|(name, _)| is_token(name.trim()))
        else {
            let why = "expected a field line (Name: value), or an empty line in front of the body";
            return Err(Fault::new(format!("line {number}"), why));
        };
        let value = variables.expand(*number, value.trim())?;
        fields.push(Field::new(name.trim(), authorization(name.trim(), value)));
    }
    Ok((fields, lines))
}

fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(is_token_byte)
}

/// `Authorization: Basic ann:secret` and `Basic ann secret` are encoded, as both editors do.
fn authorization(name: &str, value: String) -> String {
    let plain =
        name.eq_ignore_ascii_case("authorization").then(|| value.strip_prefix("Basic ")).flatten();
    match plain.and_then(|plain| plain.trim().split_once([':', ' '])) {
        Some((user, password)) => {
            format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.trim())))
        }
        None => value,
    }
}

fn is_form(field: &Field) -> bool {
    let form = "application/x-www-form-urlencoded";
    field.is("content-type") && field.text().to_ascii_lowercase().starts_with(form)
}

/// The body: its lines, with `< file` taken in; what the editors do with the response is left out.
fn body(
    lines: Lines<'_, '_>,
    form: bool,
    variables: &Variables<'_>,
    around: &dyn Surroundings,
) -> Result<Option<Vec<u8>>, Fault> {
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    let mut script = false;
    for (number, line) in lines {
        let fault = |why: String| Fault::new(format!("line {number}"), why);
        let text = line.trim_end();
        if script {
            script = !text.ends_with("%}");
            continue;
        }
        if text.starts_with("< {%") {
            return Err(fault("a script in front of a request is not run".to_owned()));
        }
        if text.starts_with("> ") || text.starts_with(">>") || text.starts_with("<> ") {
            script = text.contains("{%") && !text.ends_with("%}");
            continue;
        }
        let file = text.strip_prefix("< ").map(|path| (path, false));
        let file = file.or_else(|| text.strip_prefix("<@ ").map(|path| (path, true)));
        pieces.push(match file {
            Some((path, expands)) => {
                let path = variables.expand(*number, path.trim())?;
                let bytes = around.read(&path).map_err(|why| fault(format!("{path}: {why}")))?;
                match expands {
                    true => {
                        variables.expand(*number, &String::from_utf8_lossy(&bytes))?.into_bytes()
                    }
                    false => bytes,
                }
            }
            None => variables.expand(*number, if form { text.trim() } else { line })?.into_bytes(),
        });
    }
    let blank = |piece: &Vec<u8>| piece.iter().all(u8::is_ascii_whitespace);
    while pieces.last().is_some_and(blank) {
        pieces.pop();
    }
    let between: &[u8] = if form { b"" } else { b"\n" };
    Ok((!pieces.is_empty()).then(|| pieces.join(between)))
}
