//! Options to a [`Draft`]: which method they choose, what the body is, which credentials go along.

use std::cell::Cell;

use super::super::super::http::body::RequestBody;
use super::super::super::http::field::Field;
use super::super::super::http::method::Method;
use super::super::super::http::request::{Credentials, Draft, FieldEdit};
use super::{Inputs, NetrcOptions, Options, Refusal, form, url};
use crate::domain::netrc::{Netrc, OpenQuote};

const FORM: &str = "application/x-www-form-urlencoded";

/// The request that the options ask for.
pub(super) fn draft(options: &Options, inputs: &dyn Inputs) -> Result<Draft, Refusal> {
    let kind = Kind::of(options)?;
    let url::Target { url, typed, exact } = url::target(options)?;
    let (method, forced) = method(options, kind)?;
    let (body, mut content_type) = body(options, kind, inputs)?;
    if body.as_ref().is_some_and(|body| body.streamed || body.unmeasured)
        && options.transport.is_http10()
    {
        let why = "a body whose length is not known beforehand can't be sent in HTTP/1.0";
        return Err(Refusal::new("-0", why));
    }
    let mut fields = field_edits(options, body.is_none());
    if let Some(made) = content_type.as_mut().filter(|_| kind == Kind::Form) {
        bound(&mut fields, made);
    }
    Ok(Draft {
        method,
        forced,
        url,
        typed,
        target: exact,
        fields,
        range: options.range.clone().filter(|_| body.is_some()),
        body,
        upload: kind == Kind::Upload,
        content_type,
        credentials: credentials(options, inputs)?,
        netrc: netrc(options, inputs)?,
        user_agent: options.user_agent.clone().filter(|agent| !agent.is_empty()),
        referer: options.referer.clone(),
        cookie: (!options.cookies.is_empty()).then(|| options.cookies.join(";")),
        compressed: options.compressed,
        http10: options.transport.is_http10(),
    })
}

/// What the options other than `-X` make of the request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Get,
    Head,
    Data,
    Form,
    Upload,
}

impl Kind {
    /// curl lets only one option choose (`src/tool_helpers.c`, `SetHTTPrequest`).
    fn of(options: &Options) -> Result<Kind, Refusal> {
        let asked = [
            (Kind::Data, "-d", options.data.is_some() && !options.get),
            (Kind::Form, "-F", !options.form.is_empty()),
            (Kind::Upload, "-T", options.upload.is_some()),
            (Kind::Head, "-I", options.head),
            (Kind::Get, "-G", options.get && options.data.is_some() && !options.head),
        ];
        let mut asked = asked.into_iter().filter(|(_, _, asked)| *asked);
        match (asked.next(), asked.next()) {
            (Some((_, first, _)), Some((_, second, _))) => Err(Refusal::new(
                format!("{first} and {second}"),
                "only one of them can choose the method",
            )),
            (Some((kind, _, _)), None) => Ok(kind),
            (None, _) => Ok(Kind::Get),
        }
    }
}

fn method(options: &Options, kind: Kind) -> Result<(Method, bool), Refusal> {
    if let Some(name) = &options.request {
        let method = Method::parse(name);
        return Ok((
            method.ok_or_else(|| Refusal::new(format!("-X {name}"), "this is no method"))?,
            true,
        ));
    }
    let method = match kind {
        Kind::Get => Method::GET,
        Kind::Head => Method::HEAD,
        Kind::Data | Kind::Form => Method::POST,
        Kind::Upload => Method::PUT,
    };
    Ok((method, false))
}

type Body = (Option<RequestBody>, Option<String>);

fn body(options: &Options, kind: Kind, inputs: &dyn Inputs) -> Result<Body, Refusal> {
    match (kind, &options.data, &options.upload) {
        (Kind::Data, Some(data), _) => {
            let content_type = (!options.json).then(|| FORM.to_owned());
            Ok((Some(RequestBody::new(data.bytes().to_vec())), content_type))
        }
        (Kind::Form, _, _) => {
            let boundary = inputs.boundary();
            let content_type = format!("multipart/form-data; boundary={boundary}");
            let within = Cell::new(b'a');
            // where no chance is to be had, each differs in its last letter
            let fresh = || match inputs.boundary() {
                same if same == boundary => {
                    let letter = within.replace(within.get().wrapping_add(1));
                    let stem = same.get(..same.len().saturating_sub(1)).unwrap_or_default();
                    format!("{stem}{}", char::from(letter))
                }
                other => other,
            };
            let own = own_type(options).unwrap_or(b"multipart/form-data");
            let body = form::body(&options.form, (own, &boundary), &fresh);
            let unmeasured = options.form.iter().any(form::Part::is_unmeasured);
            Ok((Some(RequestBody { unmeasured, ..RequestBody::new(body) }), Some(content_type)))
        }
        (Kind::Upload, _, Some(path)) => {
            let path = if path == "." { "-" } else { path };
            let bytes = inputs.read(path).map_err(|why| Refusal::new(format!("-T {path}"), why))?;
            Ok((Some(RequestBody { streamed: path == "-", ..RequestBody::new(bytes) }), None))
        }
        (Kind::Get | Kind::Head | Kind::Data | Kind::Upload, _, _) => Ok((None, None)),
    }
}

/// The Content-Type that `-H` gives a form; empty where it takes it away.
fn own_type(options: &Options) -> Option<&[u8]> {
    let mut edits = options.fields.iter();
    edits.find(|edit| edit.name().eq_ignore_ascii_case("Content-Type")).map(|edit| match edit {
        FieldEdit::Set(field) => field.value.as_slice(),
        FieldEdit::Empty(_) | FieldEdit::Remove(_) => b"",
    })
}

/// A form's own Content-Type says the boundary, too, even where it was taken away (`lib/mime.c`, add_content_type).
fn bound(fields: &mut Vec<FieldEdit>, made: &mut String) {
    let Some(at) = made.find(';') else { return };
    let about = |edit: &FieldEdit| edit.name().eq_ignore_ascii_case("Content-Type");
    for edit in fields.iter_mut().filter(|edit| about(edit)) {
        let own = match edit {
            FieldEdit::Set(field) => field.value.as_slice(),
            FieldEdit::Empty(_) => b"",
            FieldEdit::Remove(_) => continue,
        };
        let value = [own, &made.as_bytes()[at..]].concat();
        *edit = FieldEdit::Set(Field::new("Content-Type", value));
    }
    let before = fields.len();
    fields.retain(|edit| !(about(edit) && matches!(edit, FieldEdit::Remove(_))));
    if fields.len() < before {
        made.drain(..at);
    }
}

/// `-H` and what other options add as if it were a `-H`; `-r` does beside no body.
fn field_edits(options: &Options, bodiless: bool) -> Vec<FieldEdit> {
    let mut edits = options.fields.clone();
    if options.user_agent.as_deref() == Some("") {
        edits.push(FieldEdit::Remove("User-Agent".to_owned()));
    }
    let ranged = edits.iter().any(|edit| edit.name().eq_ignore_ascii_case("Range"));
    if let Some(range) = options.range.as_ref().filter(|_| bodiless && !ranged) {
        edits.push(FieldEdit::Set(Field::new("Range", format!("bytes={range}"))));
    }
    for name in ["Content-Type", "Accept"] {
        let given = edits.iter().any(|edit| edit.name().eq_ignore_ascii_case(name));
        if options.json && !given {
            edits.push(FieldEdit::Set(Field::new(name, "application/json")));
        }
    }
    edits
}

/// The file that `-n` and its kin name; one that can't be read is like an empty one, as in curl.
fn netrc(options: &Options, inputs: &dyn Inputs) -> Result<Option<Netrc>, Refusal> {
    let NetrcOptions { on, optional, file } = &options.netrc;
    if !on && !optional && file.is_none() {
        return Ok(None);
    }
    let what = match file {
        Some(file) => format!("--netrc-file {file}"),
        None => "~/.netrc".to_owned(),
    };
    let text = match file {
        Some(file) => inputs.read(file).ok(),
        None => inputs.netrc().ok().flatten(),
    };
    let Some(text) = text else { return Ok(None) };
    let netrc = Netrc::parse(&text, !optional);
    let open =
        |open: OpenQuote| Refusal::new(&what, format!("line {}: a quote is not closed", open.line));
    netrc.map(Some).map_err(open)
}

fn credentials(options: &Options, inputs: &dyn Inputs) -> Result<Option<Credentials>, Refusal> {
    if let Some(token) = &options.bearer {
        // both are offered then, and curl waits for the server to choose (`lib/http.c`, Curl_http_output_auth)
        if options.basic {
            return Err(Refusal::new(
                "--basic",
                "beside --oauth2-bearer curl sends neither before the server asks; leave --basic out",
            ));
        }
        return Ok(Some(Credentials::Bearer(token.clone())));
    }
    let Some(given) = &options.user else { return Ok(None) };
    let (user, password) = match given.split_once(':') {
        Some((user, password)) => (user, password.to_owned()),
        None => {
            let asked = inputs.password(given);
            (given.as_str(), asked.map_err(|why| Refusal::new(format!("-u {given}"), why))?)
        }
    };
    Ok(Some(Credentials::Basic { user: user.to_owned(), password }))
}
