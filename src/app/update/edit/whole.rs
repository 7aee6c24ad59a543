//! The request of the form as one text, and back: `METHOD URL`, header lines, an empty line, the body.

use crate::app::model::Form;
use crate::app::text_input::TextInput;
use crate::domain::http::method::Method;

use super::{draft, fields};

pub(super) fn write(form: &Form) -> String {
    let mut text = format!("{} {}\n", form.method, form.url.text());
    if !form.headers.text().is_empty() {
        text.push_str(form.headers.text().trim_end());
        text.push('\n');
    }
    if !form.body.text().is_empty() {
        text.push('\n');
        text.push_str(form.body.text());
    }
    text
}

/// Puts the text into the form, or says in one sentence what is wrong with it.
pub(super) fn read(form: &mut Form, text: &str) -> Result<(), String> {
    let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
    let (first, headers) = head.split_once('\n').unwrap_or((head, ""));
    let (method, url) = first.split_once(' ').ok_or("line 1: METHOD URL is expected")?;
    let method =
        Method::parse(method).ok_or_else(|| format!("line 1: not a method: {method:?}"))?;
    fields(headers)?;
    let mut changed = form.clone();
    if method != form.method {
        changed.forced = !matches!(method.as_str(), "GET" | "POST" | "HEAD");
        changed.method = method;
    }
    changed.url = TextInput::line(url.trim());
    changed.headers = TextInput::lines(headers);
    changed.body = TextInput::lines(body);
    draft(&changed)?;
    *form = changed;
    Ok(())
}
