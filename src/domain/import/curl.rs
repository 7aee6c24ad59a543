//! curl's command line: its options, collected in order and turned into a [`Draft`] and what surrounds it.
//!
//! Serves both `hopstep`'s own arguments and pasted `curl …` commands, so that the two can't differ.
//! Pure: what options read (`-d @file`, `-T -`) comes through [`Inputs`]. What can't be honoured is refused by name.

mod data;
mod fields;
mod form;
mod glob;
pub mod lex;
mod paste;
mod request;
pub mod shell;
pub mod table;
pub mod take;
pub mod transport;
pub mod url;

use std::fmt;

use super::super::http::request::{Draft, FieldEdit};
use super::super::http::schemes::Schemes;
use super::super::redirect::first::USER_AGENT;
use data::Data;
use form::Part;
use transport::Transport;

pub use paste::{Pasted, is_curl, paste, paste_onto};

/// A command line that is not carried out: what of it, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    pub what: String,
    pub why: String,
    /// What else is wrong, in a file that has several faults.
    pub more: Vec<Refusal>,
}

impl Refusal {
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Refusal {
        Refusal { what: what.into(), why: why.into(), more: Vec::new() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

/// What options read from outside.
pub trait Inputs {
    /// The bytes of this file; `-` is standard input. The error is one sentence.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// The bytes of the user's own `.netrc`; `None` where there is none.
    fn netrc(&self) -> Result<Option<Vec<u8>>, String> {
        Ok(None)
    }
    /// Random characters for the boundary of a multipart body.
    fn boundary(&self) -> String;
    /// The password of this user, asked for. The error is one sentence.
    fn password(&self, user: &str) -> Result<String, String> {
        Err(format!("the password of {user} is missing"))
    }
}

/// Every option of a curl command line, as far as it has been taken in.
#[derive(Clone, Debug, Default)]
pub struct Options {
    urls: Vec<Vec<u8>>,
    /// `-g`: brackets and braces in the URL mean nothing.
    globoff: bool,
    /// `--url-query`
    query: Data,
    /// `-X`
    request: Option<String>,
    /// `-H`, in order.
    fields: Vec<FieldEdit>,
    /// The `-d` family, joined.
    data: Option<Data>,
    json: bool,
    form: Vec<Part>,
    /// `-T`
    upload: Option<String>,
    /// `-G`
    get: bool,
    /// `-I`
    head: bool,
    user: Option<String>,
    bearer: Option<String>,
    /// `--basic`
    basic: bool,
    user_agent: Option<String>,
    referer: Option<String>,
    compressed: bool,
    range: Option<String>,
    /// `--proto-default`
    proto_default: Option<&'static str>,
    cookies: Vec<String>,
    pub cookie_files: CookieFiles,
    pub transport: Transport,
    pub switches: Switches,
    netrc: NetrcOptions,
    /// `-f`: a final status of 400 or above is a failure.
    pub fail: bool,
    /// Output options that were left out, by name.
    pub left_out: Vec<String>,
}

/// Options that alter how curl follows redirects.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Switches {
    /// `--location-trusted`: credentials go to every host.
    pub location_trusted: bool,
    pub post301: bool,
    pub post302: bool,
    pub post303: bool,
    /// `--follow`: the status decides over a forced method.
    pub follow: bool,
    /// `--path-as-is`: dot segments stay, in a Location too.
    pub path_as_is: bool,
    /// `-e ';auto'`: each hop names the one before in Referer.
    pub auto_referer: bool,
    /// `--max-redirs`; `Some(None)` is no limit.
    pub max_redirs: Option<Option<u32>>,
    /// `--proto`
    pub proto: Option<Schemes>,
    /// `--proto-redir`; `--proto` holds for redirects too.
    pub proto_redir: Option<Schemes>,
}

/// `-b FILE`, `-b ''`, `-c`, `-j`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CookieFiles {
    /// Files to read cookies from.
    pub read: Vec<String>,
    /// The file to write the jar to at the end.
    pub write: Option<String>,
    /// One of the options was given, so the jar is on.
    pub on: bool,
    /// Cookies without an expiry date are not taken from the files.
    pub junk_session: bool,
}

/// `-n`, `--netrc-optional`, `--netrc-file`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct NetrcOptions {
    /// `-n`
    on: bool,
    /// `--netrc-optional`; it wins over `-n`.
    optional: bool,
    /// Instead of the user's own `.netrc`.
    file: Option<String>,
}

impl Options {
    /// The URL as it was given; `None` without one.
    pub fn url(&self) -> Option<&[u8]> {
        self.urls.first().map(Vec::as_slice)
    }

    pub fn add_url(&mut self, url: Vec<u8>) {
        self.urls.push(url);
    }

    /// The `--netrc-file` that can't be read, and why: curl goes on without it (`lib/http.c`).
    pub fn unread_netrc(&self, inputs: &dyn Inputs) -> Option<String> {
        let file = self.netrc.file.as_ref()?;
        let why = inputs.read(file).err()?;
        Some(format!("--netrc-file {file} can't be read ({why}): no password is taken from it"))
    }

    /// What CONNECT calls the client, where the target is told something else, or nothing (`lib/http_proxy.c`).
    pub fn agent_for_proxies(&self) -> Option<String> {
        let mut names = self.fields.iter().map(FieldEdit::name);
        let told = names.any(|name| name.eq_ignore_ascii_case("User-Agent"));
        let told = told || self.user_agent.as_deref() == Some("");
        told.then(|| self.user_agent.clone().unwrap_or_else(|| USER_AGENT.to_owned()))
    }

    /// The request these options ask for.
    pub fn draft(&self, inputs: &dyn Inputs) -> Result<Draft, Refusal> {
        request::draft(self, inputs)
    }
}
