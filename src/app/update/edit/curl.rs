//! A curl command in the URL bar becomes the request it stands for.

use crate::app::model::{Form, Model, Status};
use crate::app::text_input::TextInput;
use crate::domain::escape::escape;
use crate::domain::import::curl::{Inputs, Options, Refusal};
use crate::domain::import::curl::{paste as read, transport::Transport};

pub(in crate::app::update) use crate::domain::import::curl::is_curl;

/// What a command on the clipboard may read: nothing.
struct Nothing;

impl Inputs for Nothing {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("a pasted command reads no files; start hopstep with it instead".to_owned())
    }

    fn boundary(&self) -> String {
        "------------------------hopstep0pasted0".to_owned()
    }
}

/// Takes the command in; what is wrong with it stands below the URL bar.
pub(in crate::app::update) fn paste(model: &mut Model, text: &str) {
    match take(model, text) {
        Ok(notes) => {
            let text = format!("read from the curl command{notes}");
            model.status = Some(Status { text, trouble: false });
        }
        Err(refusal) => {
            model.form.url = TextInput::line(text.split_whitespace().collect::<Vec<_>>().join(" "));
            model.form.error = Some(refusal.to_string());
        }
    }
}

/// What of the command has no place in a form is said.
fn take(model: &mut Model, text: &str) -> Result<String, Refusal> {
    let pasted = read(text, &Nothing)?;
    let options = &pasted.options;
    if options.url().is_none() {
        return Err(Refusal::new("curl", "the command names no URL"));
    }
    let draft = options.draft(&Nothing)?;
    if let Some(limit) = options.switches.max_redirs {
        model.limits.max_hops = Some(limit.unwrap_or(u32::MAX));
    }
    model.limits.proto = options.switches.proto.unwrap_or(model.limits.proto);
    model.limits.proto_redir = options.switches.proto_redir.unwrap_or(model.limits.proto_redir);
    if options.cookie_files.on {
        model.limits.cookies = Some(true);
    }
    model.form = Form::of(draft);
    let mut left_out = pasted.left_out.clone();
    left_out.extend(unheeded(options));
    Ok(match left_out.is_empty() {
        true => String::new(),
        false => format!("; left out: {}", escape(&left_out.join(", "))),
    })
}

/// How connections are made was settled when the program started.
fn unheeded(options: &Options) -> Option<String> {
    let set = options.transport != Transport::default();
    set.then(|| {
        "its options for connections (-k, -x, --resolve, ...): give them to hopstep".to_owned()
    })
}
