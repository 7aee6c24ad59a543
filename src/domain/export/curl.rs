//! Copy as curl: the command that makes real curl send the very same request.
//!
//! Promises: safe to paste in a POSIX shell whatever URL, fields and body hold; nothing invisible or controlling is in the
//! text but line breaks; data that starts with `@` is not read as a file; what curl would add by itself and was not sent is
//! taken away. A whole chain is one `curl -L` only where curl's own rules led it, unedited; else one command a hop.

mod body;
mod fields;
mod quote;
mod settings;
mod whole;

use super::super::chain::Chain;
use super::super::http::body::RequestBody;
use super::super::http::request::Request;
use super::super::http::settings::{Settings, VersionPreference};
use quote::{Text, word};

pub(crate) use whole::{SWITCHES, switches};

/// A command longer than this is broken into lines.
const LINE: usize = 100;

/// The command that sends this request.
pub fn request(request: &Request, settings: &Settings) -> String {
    let mut command = Command::default();
    command.method(request);
    command.url(request);
    fields::write(request, &mut command);
    command.body(request.body.as_ref());
    settings::write(settings, std::slice::from_ref(&request.url), &mut command);
    if request.http10 && settings.version != VersionPreference::Http10 {
        command.switch("-0");
    }
    command.render()
}

/// The command, or the commands, that play the chain as far as it was sent.
pub fn chain(chain: &Chain, settings: &Settings) -> String {
    if whole::fits(chain) {
        return whole::command(chain, settings);
    }
    let hops = chain.hops.iter().map(|hop| request(&hop.request, settings));
    hops.collect::<Vec<_>>().join("\n")
}

/// A curl command in the making: switches, then options with their values, each already quoted.
#[derive(Default)]
struct Command {
    /// What stands before `curl`: `printf '…' | `.
    pipe: String,
    first: Vec<String>,
    rest: Vec<String>,
}

impl Command {
    /// An option on the command's first line.
    fn lead(&mut self, option: impl Into<String>) {
        self.first.push(option.into());
    }

    /// An option with its value, on a line of its own where the command is long.
    fn option(&mut self, name: &str, value: &[u8]) {
        self.rest.push(format!("{name} {}", word(value)));
    }

    fn switch(&mut self, name: &str) {
        self.rest.push(name.to_owned());
    }

    /// `-X` only where the other options don't lead to the method anyway.
    fn method(&mut self, request: &Request) {
        match (request.method.as_str(), &request.body) {
            ("GET", None) | ("POST", Some(_)) => {}
            ("HEAD", None) => self.lead("-I"),
            (method, _) => self.lead(format!("-X {}", word(method.as_bytes()))),
        }
    }

    fn url(&mut self, request: &Request) {
        let url = match &request.exact_target {
            None => request.display_url(),
            Some(target) => {
                self.lead("--path-as-is");
                format!("{}{target}", super::super::http::origin::Origin::of(&request.url))
            }
        };
        self.address(&url);
    }

    /// curl reads `{}` and `[]` in a URL as patterns unless told not to.
    fn address(&mut self, url: &str) {
        if url.contains(['[', ']', '{', '}']) {
            self.lead("-g");
        }
        self.lead(word(url.as_bytes()));
    }

    fn body(&mut self, body: Option<&RequestBody>) {
        let Some(body) = body else { return };
        match body::argument(&body.bytes) {
            Some(text) if body.bytes.starts_with(b"@") => {
                self.rest.push(format!("--data-raw {text}"))
            }
            Some(text) => self.rest.push(format!("-d {text}")),
            None => {
                self.pipe = format!("printf {} | ", body::printf(&body.bytes));
                self.rest.push("--data-binary @-".to_owned());
            }
        }
    }

    fn render(self) -> String {
        let first = self.first.join(" ");
        let line = format!("curl {first} {}", self.rest.join(" "));
        if line.len() <= LINE || self.rest.is_empty() {
            return format!("{}{}", self.pipe, line.trim_end());
        }
        format!("{}curl {first} \\\n  {}", self.pipe, self.rest.join(" \\\n  "))
    }
}

/// Whether a value can stand in quotes as it is.
fn is_plain(value: &[u8]) -> bool {
    quote::texts(value).all(|text| matches!(text, Text::Visible(_)))
}
