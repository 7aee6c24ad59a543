//! The request of a check: every part a command line has, as keys.

use super::Setup;
use super::reader::{Kind, Layers, Value};
use crate::domain::chain::Limits;
use crate::domain::http::body::RequestBody;
use crate::domain::http::field::Field;
use crate::domain::http::method::{Method, is_token_byte};
use crate::domain::http::request::{Credentials, Draft, FieldEdit};
use crate::domain::import::curl::url as typed_url;

/// What a request takes.
pub(super) const KEYS: &[&str] = &[
    "url",
    "method",
    "force-method",
    "headers",
    "body",
    "form",
    "json",
    "body-file",
    "user",
    "bearer",
    "user-agent",
    "referer",
    "cookie",
    "compressed",
    "cookies",
    "max-hops",
    "loop",
    "timeout",
];

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// The request that these tables describe together; `None` when a fault was noted.
pub(super) fn draft(layers: &Layers<'_>, setup: &Setup<'_>) -> Option<Draft> {
    let mut draft = setup.draft.clone();
    target(layers, setup, &mut draft)?;
    for of in layers.all("headers") {
        headers(&of, &mut draft.fields)?;
    }
    payload(layers, setup, &mut draft)?;
    method(layers, &mut draft)?;
    if let Some(of) = layers.get("user") {
        let text = of.text()?;
        let (user, password) = text.split_once(':').unwrap_or((&text, ""));
        let (user, password) = (user.to_owned(), password.to_owned());
        draft.credentials = Some(Credentials::Basic { user, password });
    }
    if let Some(of) = layers.get("bearer") {
        draft.credentials = Some(Credentials::Bearer(of.text()?));
    }
    let text = |key: &str| layers.get(key).map(|of| of.text());
    for (key, part) in [
        ("user-agent", &mut draft.user_agent),
        ("referer", &mut draft.referer),
        ("cookie", &mut draft.cookie),
    ] {
        if let Some(value) = text(key) {
            *part = Some(value?);
        }
    }
    if let Some(of) = layers.get("compressed") {
        draft.compressed = of.boolean()?;
    }
    Some(draft)
}

/// Bounds and switches of the run.
pub(super) fn limits(layers: &Layers<'_>, mut limits: Limits) -> Limits {
    let get = |key: &str| layers.get(key);
    limits.max_hops = get("max-hops").and_then(|of| of.number()).or(limits.max_hops);
    let follow = get("loop").and_then(|of| of.choice(&[("stop", false), ("follow", true)]));
    limits.follow_loops = follow.unwrap_or(limits.follow_loops);
    limits.cookies = get("cookies").and_then(|of| of.boolean()).or(limits.cookies);
    limits
}

fn target(layers: &Layers<'_>, setup: &Setup<'_>, draft: &mut Draft) -> Option<()> {
    let of = layers.get("url")?;
    let typed = of.text()?;
    let parsed = match (typed.starts_with('/'), setup.base) {
        (true, None) => return of.expected("a whole URL, or --base for a path"),
        (true, Some(base)) => base.join(&typed).map_err(|error| error.to_string()),
        (false, _) => typed_url::parse(&typed).map_err(|refusal| refusal.why),
    };
    match parsed {
        Ok(url) => {
            draft.target = typed_url::exact(&typed, &url);
            (draft.url, draft.typed) = (url, typed);
        }
        Err(why) => return of.expected(format!("an http or https URL: {why}: {typed}")),
    }
    Some(())
}

/// A table of names and values (`false` removes one), or a list of lines as in `-H`.
fn headers(of: &Value<'_>, fields: &mut Vec<FieldEdit>) -> Option<()> {
    let mut edits = Vec::new();
    match of.kind() {
        Kind::Table => {
            for entry in of.table()?.entries() {
                let name = name(&entry, entry.name)?;
                edits.push(match entry.kind() {
                    Kind::Boolean if !entry.boolean()? => FieldEdit::Remove(name),
                    _ => with_value(name, entry.text_or_number()?, &entry)?,
                });
            }
        }
        Kind::Array => {
            for line in of.list() {
                let text = line.text()?;
                let Some((field, value)) = text.split_once(':') else {
                    return line.expected("a line such as \"Accept: text/html\"");
                };
                edits.push(with_value(name(&line, field)?, value.trim().to_owned(), &line)?);
            }
        }
        Kind::Text | Kind::Integer | Kind::Boolean | Kind::Other => {
            return of.expected("a table of names and values, or a list of lines");
        }
    }
    // what a later layer says of a name replaces what was said before
    fields.retain(|old| !edits.iter().any(|new| same_name(old, new)));
    fields.append(&mut edits);
    Some(())
}

fn name(of: &Value<'_>, name: &str) -> Option<String> {
    match !name.is_empty() && name.bytes().all(is_token_byte) {
        true => Some(name.to_owned()),
        false => of.expected(format!("a field name, not \"{name}\"")),
    }
}

fn with_value(name: String, value: String, of: &Value<'_>) -> Option<FieldEdit> {
    if value.contains(['\r', '\n', '\0']) {
        return of.expected("a value without line breaks and NUL");
    }
    Some(match value.as_str() {
        "" => FieldEdit::Empty(name),
        value => FieldEdit::Set(Field::new(name, value)),
    })
}

fn same_name(one: &FieldEdit, other: &FieldEdit) -> bool {
    edited(one).eq_ignore_ascii_case(edited(other))
}

fn edited(of: &FieldEdit) -> &str {
    match of {
        FieldEdit::Set(field) => &field.name,
        FieldEdit::Empty(name) | FieldEdit::Remove(name) => name,
    }
}

fn payload(layers: &Layers<'_>, setup: &Setup<'_>, draft: &mut Draft) -> Option<()> {
    let given = ["body", "form", "json", "body-file"].map(|key| layers.get(key));
    let mut given = given.into_iter().flatten();
    let Some(of) = given.next() else { return Some(()) };
    if let Some(second) = given.next() {
        return second.expected(format!("no {} beside {}", second.name, of.name));
    }
    let (bytes, kind) = match of.name {
        "form" => (form(&of)?.into_bytes(), Some(FORM)),
        "json" => (json(&of)?.into_bytes(), Some(JSON)),
        "body-file" => {
            let path = of.text()?;
            match setup.inputs.read(&path) {
                Ok(bytes) => (bytes, None),
                Err(why) => return of.expected(format!("a file that can be read: {path}: {why}")),
            }
        }
        _ => (of.text()?.into_bytes(), None),
    };
    draft.body = Some(RequestBody::new(bytes));
    draft.content_type = kind.map(str::to_owned);
    if draft.method == Method::GET && layers.get("method").is_none() {
        draft.method = Method::POST;
    }
    Some(())
}

/// `"a=b&c=d"`, or a table.
fn form(of: &Value<'_>) -> Option<String> {
    if of.kind() != Kind::Table {
        return of.text();
    }
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    for entry in of.table()?.entries() {
        pairs.append_pair(entry.name, &entry.text_or_number()?);
    }
    Some(pairs.finish())
}

/// A text goes out as it is, any other value as JSON.
fn json(of: &Value<'_>) -> Option<String> {
    match of.kind() {
        Kind::Text => of.text(),
        Kind::Integer | Kind::Boolean | Kind::Table | Kind::Array | Kind::Other => {
            of.json().map(|value| value.to_string())
        }
    }
}

/// A method is what curl's user would write: `-d`, `-I`, else `-X` (product.md section 2).
fn method(layers: &Layers<'_>, draft: &mut Draft) -> Option<()> {
    if let Some(of) = layers.get("method") {
        let name = of.text()?;
        let Some(method) = Method::parse(&name) else {
            return of.expected(format!("a method, not \"{name}\""));
        };
        draft.forced = ![Method::GET, Method::POST, Method::HEAD].contains(&method)
            || (method == Method::GET && draft.body.is_some());
        draft.method = method;
    }
    if let Some(of) = layers.get("force-method") {
        draft.forced = of.boolean()?;
    }
    Some(())
}
