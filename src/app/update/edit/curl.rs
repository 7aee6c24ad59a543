//! A curl command in the URL bar becomes the request it stands for.

use crate::app::model::{Form, Model};
use crate::app::text_input::TextInput;
use crate::domain::escape::escape;
use crate::domain::import::curl::paste as read;
use crate::domain::import::curl::table::Opt;
use crate::domain::import::curl::{Inputs, Options, Pasted, Refusal};

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
            model.say(text);
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
    // settings that contradict each other are refused, though they are not carried out
    options.transport.settings(&|_| None)?;
    switch(model, options);
    model.form = Form::of(draft);
    Ok(left_out(model, &pasted))
}

/// Client and limits by the command: what an earlier one said is over.
fn switch(model: &mut Model, options: &Options) {
    model.forget_pasted();
    let limits = model.limits;
    model.given.unpasted = Some(Box::new((model.given.client.clone(), limits)));
    let switches = &options.switches;
    if let Some(limit) = switches.max_redirs {
        model.limits.max_hops = Some(limit.unwrap_or(u32::MAX));
    }
    model.limits.proto = switches.proto.unwrap_or(limits.proto);
    model.limits.proto_redir = switches.proto_redir.unwrap_or(limits.proto_redir);
    if options.cookie_files.on {
        model.limits.cookies = Some(true);
    }
    let named = model.client_named(&model.client);
    let switched = named.clone().map(|client| client.switched(switches));
    if switched != named {
        model.given.client = switched;
    }
}

/// What the command says and the form does not do, by name.
fn left_out(model: &Model, pasted: &Pasted) -> String {
    let names = |wanted: Heed| {
        let mut names: Vec<&str> = Vec::new();
        for (opt, name) in &pasted.given {
            let in_force = *opt == Opt::Insecure && model.settings.insecure;
            if heed(*opt) == wanted && !in_force && !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        names
    };
    let mut nowhere = names(Heed::Nowhere);
    nowhere.extend(pasted.left_out.iter().map(String::as_str));
    let mut text = String::new();
    if !nowhere.is_empty() {
        text.push_str(&format!("; left out: {}", escape(&nowhere.join(", "))));
    }
    let files = pasted.options.cookie_files.read.iter().map(|file| format!("-b {file}"));
    let at_start = names(Heed::AtStart).into_iter().map(str::to_owned);
    let at_start: Vec<String> = files.chain(at_start).collect();
    if !at_start.is_empty() {
        let names = escape(&at_start.join(", ")).into_owned();
        text.push_str(&format!("; left out, to be given to hopstep itself: {names}"));
    }
    text
}

/// Where an option of a pasted command is heeded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Heed {
    /// In the form, the client or the limits.
    Here,
    /// On hopstep's own command line only: files, and how connections are made.
    AtStart,
    /// Not where there is a screen.
    Nowhere,
}

fn heed(opt: Opt) -> Heed {
    match opt {
        Opt::Request | Opt::Header | Opt::Data | Opt::DataRaw | Opt::DataBinary => Heed::Here,
        Opt::DataUrlencode | Opt::Json | Opt::Form | Opt::FormString | Opt::Upload => Heed::Here,
        Opt::Get | Opt::Head | Opt::Range | Opt::Url | Opt::UrlQuery | Opt::User => Heed::Here,
        Opt::Globoff | Opt::Basic | Opt::Bearer | Opt::UserAgent | Opt::Referer => Heed::Here,
        Opt::Compressed | Opt::PathAsIs | Opt::MaxRedirs | Opt::Location => Heed::Here,
        Opt::Follow | Opt::Proto | Opt::ProtoRedir | Opt::ProtoDefault => Heed::Here,
        Opt::LocationTrusted | Opt::Post301 | Opt::Post302 | Opt::Post303 => Heed::Here,
        Opt::NoDifference => Heed::Here,
        // `-b k=v` and `-b ''` are; files are said by their own names
        Opt::Cookie => Heed::Here,
        Opt::Netrc | Opt::NetrcOptional | Opt::NetrcFile => Heed::AtStart,
        Opt::CookieJar | Opt::JunkSession => Heed::AtStart,
        Opt::Insecure | Opt::Cacert | Opt::Capath | Opt::Cert | Opt::Key => Heed::AtStart,
        Opt::FileType => Heed::AtStart,
        Opt::Proxy | Opt::Proxy10 | Opt::Preproxy | Opt::ProxyUser => Heed::AtStart,
        Opt::ProxyInsecure | Opt::ProxyCacert | Opt::ProxyCapath => Heed::AtStart,
        Opt::ProxyCert | Opt::ProxyKey | Opt::ProxyHeader | Opt::ProxyTunnel => Heed::AtStart,
        Opt::ProxyHttp2 | Opt::Noproxy | Opt::Socks(_) => Heed::AtStart,
        Opt::Resolve | Opt::ConnectTo | Opt::UnixSocket | Opt::Ipv4 | Opt::Ipv6 => Heed::AtStart,
        Opt::Alpn | Opt::TlsLeast(_) | Opt::TlsMax => Heed::AtStart,
        Opt::Http10 | Opt::Http11 | Opt::Http2 | Opt::Http2PriorKnowledge => Heed::AtStart,
        Opt::ConnectTimeout | Opt::MaxTime => Heed::AtStart,
        Opt::Fail => Heed::Nowhere,
        // these two have been left out or refused already
        Opt::Output | Opt::Refused(_) => Heed::Here,
    }
}

#[cfg(test)]
mod tests;
