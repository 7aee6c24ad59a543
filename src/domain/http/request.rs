//! Requests: what the user asked for ([`Draft`]) and what is to be sent at one hop ([`Request`]).

use url::Url;

use super::body::RequestBody;
use super::field::{Field, Fields};
use super::method::Method;
use crate::domain::netrc::Netrc;

/// What the user asked for, before any client's rules, jar or defaults have touched it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    pub method: Method,
    /// The method was forced (`-X`), so that a client may repeat it on every hop.
    pub forced: bool,
    /// The target URI; userinfo and fragment are kept.
    pub url: Url,
    /// The URL as it was typed.
    pub typed: String,
    /// Path and query as curl reads them, where `url` has others; see [`Draft::written`].
    pub target: Option<String>,
    /// `-H`, in order.
    pub fields: Vec<FieldEdit>,
    pub body: Option<RequestBody>,
    /// `-r` beside a body: the part of a whole that curl says the body is; asked for as soon as no body goes.
    pub range: Option<String>,
    /// The body is an upload (`-T`): below a forced method curl has a PUT in mind, not a POST.
    pub upload: bool,
    /// The media type that goes with the body unless a field says otherwise (`-d`: form, `--json`: JSON).
    pub content_type: Option<String>,
    /// `-u`, `--oauth2-bearer`.
    pub credentials: Option<Credentials>,
    /// `-n`, `--netrc-file`: asked for each host, where no other option gives credentials.
    pub netrc: Option<Netrc>,
    /// `-A`.
    pub user_agent: Option<String>,
    /// `-e`.
    pub referer: Option<String>,
    /// `-b 'k=v'`: sent as it stands.
    pub cookie: Option<String>,
    /// `--compressed`.
    pub compressed: bool,
    /// `-0`: every request is sent as HTTP/1.0.
    pub http10: bool,
}

impl Draft {
    /// A plain GET of this URL.
    pub fn get(url: Url) -> Draft {
        Draft {
            method: Method::GET,
            forced: false,
            typed: url.to_string(),
            target: None,
            url,
            fields: Vec::new(),
            body: None,
            range: None,
            upload: false,
            content_type: None,
            credentials: None,
            netrc: None,
            user_agent: None,
            referer: None,
            cookie: None,
            compressed: false,
            http10: false,
        }
    }
}

impl Draft {
    /// Path and query in the bytes that were typed; none that belong to another URL than the one that stands there now.
    pub fn written(&self) -> Option<&str> {
        let target = self.target.as_deref()?;
        let url =
            Url::parse(&format!("{}{target}", &self.url[..url::Position::BeforePath])).ok()?;
        (own_target(&url) == own_target(&self.url)).then_some(target)
    }

    /// The target to send in place of the URL's own: as it was typed, the path's bytes outside ASCII percent-encoded.
    pub fn exact_target(&self) -> Option<String> {
        let (path, query) = match self.written()?.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (self.written()?, String::new()),
        };
        let mut target = String::with_capacity(path.len() + query.len());
        for &byte in path.as_bytes() {
            match byte {
                0x80.. => target.push_str(&format!("%{byte:02X}")),
                ascii => target.push(char::from(ascii)),
            }
        }
        target.push_str(&query);
        (target != own_target(&self.url)).then_some(target)
    }

    /// The `.netrc` file, where nothing else of the user's decides about Authorization.
    pub fn netrc(&self) -> Option<&Netrc> {
        let own = |edit: &FieldEdit| edit.name().eq_ignore_ascii_case("Authorization");
        let decided = self.credentials.is_some() || self.fields.iter().any(own);
        self.netrc.as_ref().filter(|_| !decided)
    }
}

impl FieldEdit {
    /// The name it is about.
    pub fn name(&self) -> &str {
        match self {
            FieldEdit::Set(field) => &field.name,
            FieldEdit::Empty(name) | FieldEdit::Remove(name) => name,
        }
    }
}

/// What one `-H` does to the header section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FieldEdit {
    /// `Name: value` — replaces what would be sent by default; several lines of one name are all sent.
    Set(Field),
    /// `Name;` — an empty field.
    Empty(String),
    /// `Name:` — the default of that name is not sent.
    Remove(String),
}

/// Credentials given by the client's own option rather than as a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Credentials {
    /// `-u user:password`
    Basic { user: String, password: String },
    /// `--oauth2-bearer`
    Bearer(String),
}

/// One request, complete: what goes on the wire at one hop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Request {
    pub method: Method,
    /// The target URI. Userinfo and fragment are the client's state and are not sent.
    pub url: Url,
    /// The whole header section in wire order, `Host` and `Content-Length` included.
    pub fields: Fields,
    /// Where each line of `fields` came from, index by index.
    pub sources: Vec<FieldSource>,
    pub body: Option<RequestBody>,
    /// The request target as this client writes it, where `url` can't hold it (`/a\b`, `/%2e%2e/`); `None` where it can.
    pub exact_target: Option<String>,
    /// Path and query as the user typed them, where bytes outside ASCII stand in the path: curl says them so to an HTTP
    /// proxy, and in the Referer of the next request.
    pub written: Option<String>,
    /// It says HTTP/1.0 where it does not go over HTTP/2: the user asked for that, or curl has met a server that answers so.
    pub http10: bool,
}

impl Request {
    /// The other one over again (product.md section 4, "Loop"): the version of HTTP makes no difference.
    pub fn repeats(&self, other: &Request) -> bool {
        (&self.url, &self.method) == (&other.url, &other.method)
            && (&self.fields, &self.sources) == (&other.fields, &other.sources)
            && (&self.exact_target, &self.written) == (&other.exact_target, &other.written)
            && self.body == other.body
    }

    /// The request target in origin form: path and query.
    pub fn target(&self) -> &str {
        match &self.exact_target {
            Some(target) => target,
            None => own_target(&self.url),
        }
    }

    /// Path and query as they were written: the target before anything in it is encoded.
    pub fn written_target(&self) -> &str {
        self.written.as_deref().unwrap_or_else(|| self.target())
    }

    /// The target URI without fragment and userinfo, as documents give it: the target as it is sent.
    pub fn display_url(&self) -> String {
        let before = &self.url[..url::Position::BeforeUsername];
        let authority = &self.url[url::Position::BeforeHost..url::Position::BeforePath];
        [before, authority, self.target()].concat()
    }

    /// The target's host, and its port if it is there, in the letters of the Host field, unless the user wrote that.
    pub fn in_written_letters(&self, host: &str) -> String {
        let mut made = self.sourced().filter(|(_, source)| *source == FieldSource::Client);
        let written = made.find(|(field, _)| field.is("Host")).map(|(field, _)| field.text());
        let letters = written.as_deref().and_then(|written| written.get(..host.len()));
        letters.filter(|letters| letters.eq_ignore_ascii_case(host)).unwrap_or(host).to_owned()
    }

    pub fn body_len(&self) -> u64 {
        self.body.as_ref().map_or(0, RequestBody::len)
    }

    /// Each line with its source.
    pub fn sourced(&self) -> impl Iterator<Item = (&Field, FieldSource)> {
        self.fields.iter().zip(self.sources.iter().copied())
    }
}

/// Path and query of a URL.
fn own_target(url: &Url) -> &str {
    &url[url::Position::BeforePath..url::Position::AfterQuery]
}

/// A URL without fragment and userinfo.
pub fn display_url(url: &Url) -> String {
    let before = &url[..url::Position::BeforeUsername];
    let after = &url[url::Position::BeforeHost..url::Position::AfterQuery];
    [before, after].concat()
}

/// Where a field line of a request came from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FieldSource {
    /// The user wrote it (`-H`, `-b 'k=v'`, `-A`, `-e`).
    User,
    /// Made from `-u` or `--oauth2-bearer`.
    Credentials,
    /// Made from the userinfo of a URL.
    Userinfo,
    /// Made from what `.netrc` has for the host.
    Netrc,
    /// From the cookie jar.
    Jar,
    /// The client adds it by itself (Host, User-Agent, Accept, Referer).
    Client,
    /// Goes with the body (Content-Type, Content-Length).
    Body,
}
