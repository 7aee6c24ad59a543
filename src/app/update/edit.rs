//! Changes to the request that is to be sent, and what the form comes to.

pub(super) mod curl;
mod whole;

use url::{ParseError, Url};

use crate::app::effect::Effect;
use crate::app::message::{Edit, Field, Navigate};
use crate::app::model::{Form, Model, Overlay};
use crate::app::pane::Focus;
use crate::app::text_input::{InputKey, TextInput};
use crate::domain::http::body::RequestBody;
use crate::domain::http::field::Field as HeaderField;
use crate::domain::http::method::{Method, is_token_byte};
use crate::domain::http::request::{Credentials, Draft, FieldEdit};
use crate::domain::http::request_text;
use crate::domain::import::curl::url as typed_url;
use crate::domain::redirect::fault;
use crate::domain::variant::Variant;

use super::{navigate, run};

pub(super) fn update(model: &mut Model, edit: Edit) -> Vec<Effect> {
    match edit {
        Edit::Key(key) => type_key(model, key),
        Edit::Method(method) => {
            model.form.forced = !matches!(method.as_str(), "GET" | "POST" | "HEAD");
            model.form.method = method;
            model.overlay = None;
            say_forcing(model);
        }
        Edit::Forcing => {
            model.form.forced = !model.form.forced;
            say_forcing(model);
        }
        Edit::Open(field) => open(model, field),
        Edit::Restore => restore(model),
        Edit::External => return external(model).into_iter().collect(),
    }
    Vec::new()
}

/// Puts what an editor holds into the form.
///
/// Text that means no request keeps the editor open with the reason; left a second time as it is, it is given up.
pub(super) fn accept(
    model: &mut Model,
    field: Field,
    input: TextInput,
    error: Option<String>,
) -> Vec<Effect> {
    match field {
        Field::Token => match input.text().trim() {
            "" => {
                let error = Some(format!("type the token, or {} gives up", model.keys.give_up));
                model.overlay = Some(Overlay::Editor { field, input, error });
            }
            token => return run::vary(model, Variant::OtherToken, Some(token)),
        },
        Field::Headers => model.form.headers = input,
        Field::Body => model.form.body = input,
        Field::Auth => model.form.auth = input,
        Field::Whole => {
            if let Err(said) = whole::read(&mut model.form, input.text())
                && error.as_ref() != Some(&said)
            {
                model.overlay = Some(Overlay::Editor { field, input, error: Some(said) });
            }
        }
        Field::Next => {
            let Some(session) = &mut model.session else { return Vec::new() };
            let Some(planned) = session.chain.ready() else { return Vec::new() };
            match request_text::read(input.text(), &planned.request) {
                Ok(request) => {
                    session.chain.edit(request);
                    session.danger.clear();
                    session.judge();
                }
                Err(said) if error.as_ref() == Some(&said) => {}
                Err(said) => {
                    model.overlay = Some(Overlay::Editor { field, input, error: Some(said) })
                }
            }
        }
    }
    Vec::new()
}

/// The request that the form describes, or one sentence on what is wrong with it.
pub(super) fn draft(form: &Form) -> Result<Draft, String> {
    let typed = form.url.text().trim().to_owned();
    let before = Form::of(form.base.clone());
    let (method, forced) = (form.method.clone(), form.forced);
    let mut draft = Draft { method, forced, ..form.base.clone() };
    if typed.is_empty() || typed != before.url.text().trim() {
        draft.url = parse_url(&typed)?;
        draft.target = typed_url::exact(&typed, &draft.url);
        draft.typed = typed;
    }
    if form.headers != before.headers {
        draft.fields = fields(form.headers.text())?;
    }
    if form.body.text() != before.body.text() {
        let body = form.body.text().to_owned();
        draft.body = (!body.is_empty()).then(|| RequestBody::new(body.into_bytes()));
        draft.content_type = draft.content_type.or_else(|| Some(FORM.to_owned()));
    }
    if draft.body.is_none() {
        draft.content_type = None;
        // curl -X POST without data sends none
        if draft.method == Method::POST && !draft.forced {
            draft.body = Some(RequestBody::new(Vec::new()));
        }
    }
    if form.auth.text() != before.auth.text() {
        draft.credentials = credentials(form.auth.text());
    }
    Ok(draft)
}

const FORM: &str = "application/x-www-form-urlencoded";

/// Writes a typed URL that holds blanks as it will be sent, as the address bar of a browser does, and says so.
///
/// A command line with one is refused, as by curl; here the user sees what became of it.
pub(super) fn encode_blanks(form: &mut Form) -> Option<String> {
    let typed = form.url.text().trim();
    if !typed.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return None;
    }
    let mut written = String::with_capacity(typed.len() + 8);
    let mut left_out = false;
    for letter in typed.chars() {
        match letter {
            // the URL standard takes them out, wherever they stand
            '\t' | '\n' | '\r' => left_out = true,
            '\0'..=' ' | '\x7f' => written.push_str(&format!("%{:02X}", letter as u32)),
            _ => written.push(letter),
        }
    }
    parse_url(&written).ok()?;
    let left_out = if left_out { ", tabs are left out" } else { "" };
    let said = match typed.contains(' ') {
        true => format!("a space in a URL goes as %20{left_out}"),
        false => format!("control characters in a URL go as %XX{left_out}"),
    };
    form.url = TextInput::line(written);
    Some(said)
}

fn parse_url(typed: &str) -> Result<Url, String> {
    if typed.is_empty() {
        return Err("type a URL first".to_owned());
    }
    let has_scheme =
        typed.find("://").is_some_and(|at| typed[..at].bytes().all(|b| b.is_ascii_alphanumeric()));
    let text = if has_scheme { typed.to_owned() } else { format!("http://{typed}") };
    let url = Url::parse(&text).map_err(|error| not_a_url(error, &text))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        other => Err(format!("{other} is not fetched, only http and https are")),
    }
}

fn not_a_url(error: ParseError, text: &str) -> String {
    let in_host = matches!(error, ParseError::IdnaError | ParseError::InvalidDomainCharacter);
    match in_host && text.contains(char::is_whitespace) {
        true => "not a URL: a host name holds no space".to_owned(),
        false => format!("not a URL: {}", fault::of_error(error, text.as_bytes())),
    }
}

fn fields(text: &str) -> Result<Vec<FieldEdit>, String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| field(line).ok_or_else(|| format!("not a header line: {line:?}"))).collect()
}

/// `Name: value`, `Name;` (empty), `Name:` (not sent), as curl's `-H` reads it.
fn field(line: &str) -> Option<FieldEdit> {
    let at = line.find([':', ';'])?;
    let (name, rest) = (&line[..at], line[at + 1..].trim());
    if name.is_empty() || !name.bytes().all(is_token_byte) {
        return None;
    }
    match (line.as_bytes()[at], rest.is_empty()) {
        (b':', false) => Some(FieldEdit::Set(HeaderField::new(name, rest))),
        (b':', true) => Some(FieldEdit::Remove(name.to_owned())),
        (_, true) => Some(FieldEdit::Empty(name.to_owned())),
        (_, false) => None,
    }
}

fn credentials(text: &str) -> Option<Credentials> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    if let Some(token) = text.strip_prefix("Bearer ").or_else(|| text.strip_prefix("bearer ")) {
        return Some(Credentials::Bearer(token.trim().to_owned()));
    }
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    Some(Credentials::Basic { user: user.to_owned(), password: password.to_owned() })
}

fn type_key(model: &mut Model, key: InputKey) {
    if let Some(Overlay::Jump { typed }) = &mut model.overlay {
        if let InputKey::Insert(letter) = key {
            typed.push_str(&letter);
        }
        return;
    }
    if let Some(Overlay::Find { .. }) = &model.overlay {
        return super::find::typed(model, key);
    }
    if let Some(Overlay::Palette { input, selected } | Overlay::History { input, selected, .. }) =
        &mut model.overlay
    {
        *selected = 0;
        return input.apply(key);
    }
    if let Some(Overlay::Breakpoints { input, .. }) = &model.overlay
        && let InputKey::Insert(letter) = &key
        && input.text().is_empty()
    {
        // no breakpoint begins with these: they do in the list what they do elsewhere
        let does = match letter.as_str() {
            " " => Some(Navigate::Enter),
            "j" => Some(Navigate::Down),
            "k" => Some(Navigate::Up),
            _ => None,
        };
        if let Some(navigate) = does {
            navigate::update(model, navigate);
            return;
        }
    }
    if let Some(
        Overlay::Editor { input, .. }
        | Overlay::Save { input, .. }
        | Overlay::Breakpoints { input, .. },
    ) = &mut model.overlay
    {
        return input.apply(key);
    }
    if model.search.typing {
        model.search.input.apply(key);
        return super::search::preview(model);
    }
    if model.filter.typing {
        model.filter.input.apply(key);
        return navigate::come_home(model);
    }
    if model.focus == Focus::Url {
        model.form.error = None;
        match key {
            InputKey::Insert(text) if curl::is_curl(&text) => curl::paste(model, &text),
            key => model.form.url.apply(key),
        }
    }
}

/// Gives the text that is being edited to the user's editor; without an open editor, the request that is ready, or in the
/// URL bar the whole request.
fn external(model: &mut Model) -> Option<Effect> {
    if model.overlay.is_none() {
        open(model, if model.focus == Focus::Url { Field::Whole } else { Field::Next });
    }
    match &model.overlay {
        Some(Overlay::Editor { field, input, .. }) => {
            Some(Effect::EditText { field: *field, text: input.text().to_owned() })
        }
        Some(_) | None => None,
    }
}

/// Takes back what the user's editor made of a text. Editors end the last line, and mean nothing by it.
pub(super) fn edited(model: &mut Model, field: Field, text: Result<String, String>) -> Vec<Effect> {
    let before = match model.overlay.take() {
        Some(Overlay::Editor { field: open, input, .. }) if open == field => input,
        other => {
            model.overlay = other;
            return Vec::new();
        }
    };
    match text {
        Ok(text) => {
            let body = |text: &str| text.split_once("\n\n").map(|(_, body)| body.to_owned());
            let kept = match field {
                Field::Next | Field::Whole => {
                    body(before.text()).is_some_and(|body| body.ends_with('\n'))
                }
                Field::Headers | Field::Body | Field::Auth | Field::Token => {
                    before.text().ends_with('\n')
                }
            };
            let text = text.replace("\r\n", "\n");
            let text = if kept { &text } else { text.strip_suffix('\n').unwrap_or(&text) };
            let input = match before.is_multiline() {
                true => TextInput::lines(text),
                false => TextInput::line(text.lines().next().unwrap_or_default()),
            };
            return accept(model, field, input, None);
        }
        Err(why) => {
            let error = Some(format!("nothing is changed: {why}"));
            model.overlay = Some(Overlay::Editor { field, input: before, error });
        }
    }
    Vec::new()
}

/// Says what forcing means where it makes a difference: on redirects.
fn say_forcing(model: &mut Model) {
    let method = &model.form.method;
    let text = match (model.form.forced, method.as_str()) {
        (true, _) => format!("{method} is forced (-X): curl repeats it on every hop"),
        (false, "GET") => return,
        (false, _) => format!("{method} is not forced: redirects may turn it into GET"),
    };
    model.say(text);
}

/// What a redirection took away: method and body of the request before, at the place where the next one goes.
fn restore(model: &mut Model) {
    let Some(session) = &model.session else { return };
    let (Some(planned), Some(before)) = (session.chain.ready(), session.chain.hops.last()) else {
        return;
    };
    let text = request_text::write(&request_text::restored(&planned.request, &before.request));
    if let Some(Overlay::Editor { field: Field::Next, input, error }) = &mut model.overlay {
        (*input, *error) = (TextInput::lines(text).at_start(), None);
    }
}

fn open(model: &mut Model, field: Field) {
    let ready = model.session.as_ref().and_then(|session| session.chain.ready());
    let input = match (field, ready) {
        (Field::Headers, _) => model.form.headers.clone(),
        (Field::Body, _) => model.form.body.clone(),
        (Field::Auth, _) => model.form.auth.clone(),
        (Field::Token, _) => TextInput::line(""),
        (Field::Whole, _) => TextInput::lines(whole::write(&model.form)).at_start(),
        (Field::Next, Some(planned)) => {
            TextInput::lines(request_text::write(&planned.request)).at_start()
        }
        (Field::Next, None) => {
            let resend = &model.keys.resend;
            model.say(format!("no request comes next; {resend} sends the selected hop again"));
            return;
        }
    };
    model.overlay = Some(Overlay::Editor { field, input, error: None });
}
