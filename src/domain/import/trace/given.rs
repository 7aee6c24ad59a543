//! What was asked for, as `export::json::given` writes it.

use serde::Deserialize;
use url::Url;

use super::super::fault::Fault;
use super::hop::BodyDoc;
use crate::domain::chain::Limits;
use crate::domain::client::Client;
use crate::domain::export::curl::SWITCHES;
use crate::domain::http::body::RequestBody;
use crate::domain::http::field::Field;
use crate::domain::http::method::Method;
use crate::domain::http::request::{Credentials, Draft, FieldEdit};
use crate::domain::http::schemes::Schemes;

#[derive(Deserialize)]
pub(super) struct Given {
    method: String,
    forced: bool,
    url: String,
    typed: String,
    /// Absent in documents of before.
    #[serde(default)]
    target: Option<String>,
    headers: Vec<(String, Option<String>)>,
    body: Option<BodyDoc>,
    /// Absent in documents of before.
    #[serde(default)]
    upload: bool,
    /// Absent in documents of before.
    #[serde(default)]
    range: Option<String>,
    content_type: Option<String>,
    credentials: Option<CredentialsDoc>,
    user_agent: Option<String>,
    referer: Option<String>,
    cookie: Option<String>,
    compressed: bool,
    /// Absent in documents of before.
    #[serde(default)]
    http10: bool,
    max_hops: Option<u32>,
    /// Absent in documents of before.
    #[serde(default)]
    proto: Option<String>,
    #[serde(default)]
    proto_redir: Option<String>,
    follow_loops: bool,
    cookies: Option<bool>,
    switches: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
enum CredentialsDoc {
    Basic { user: String, password: String },
    Bearer { token: String },
}

impl Given {
    pub(super) fn read(self, mut client: Client) -> Result<(Draft, Client, Limits), Fault> {
        let url = Url::parse(&self.url)
            .map_err(|error| Fault::new("given.url", format!("not a URL: {error}")))?;
        let method = Method::parse(&self.method)
            .ok_or_else(|| Fault::new("given.method", "not a method (RFC 9110 §9.1)"))?;
        let body = match self.body {
            Some(body) => Some(RequestBody::new(body.bytes("given.body", None)?)),
            None => None,
        };
        for name in &self.switches {
            let (_, apply) = SWITCHES
                .iter()
                .find(|(known, _)| known == name)
                .ok_or_else(|| Fault::new("given.switches", format!("{name:?} is not known")))?;
            apply(&mut client);
        }
        let draft = Draft {
            method,
            forced: self.forced,
            url,
            typed: self.typed,
            target: self.target,
            fields: self.headers.into_iter().map(edit).collect(),
            body,
            upload: self.upload,
            range: self.range,
            content_type: self.content_type,
            credentials: self.credentials.map(credentials),
            user_agent: self.user_agent,
            referer: self.referer,
            cookie: self.cookie,
            compressed: self.compressed,
            http10: self.http10,
            // documents do not hold the file; what it gave stands in the request
            netrc: None,
        };
        let limits = Limits {
            max_hops: self.max_hops,
            proto: schemes("given.proto", self.proto)?,
            proto_redir: schemes("given.proto_redir", self.proto_redir)?,
            follow_loops: self.follow_loops,
            cookies: self.cookies,
            policy: None,
        };
        Ok((draft, client, limits))
    }
}

/// `null` permits both.
fn schemes(name: &str, value: Option<String>) -> Result<Schemes, Fault> {
    let fault = || Fault::new(name, "no schemes as --proto has them");
    value.map_or(Ok(Schemes::BOTH), |value| Schemes::parse(&value).ok_or_else(fault))
}

/// `null` takes a default away, an empty value is sent empty.
fn edit((name, value): (String, Option<String>)) -> FieldEdit {
    match value {
        None => FieldEdit::Remove(name),
        Some(value) if value.is_empty() => FieldEdit::Empty(name),
        Some(value) => FieldEdit::Set(Field::new(name, value)),
    }
}

fn credentials(of: CredentialsDoc) -> Credentials {
    match of {
        CredentialsDoc::Basic { user, password } => Credentials::Basic { user, password },
        CredentialsDoc::Bearer { token } => Credentials::Bearer(token),
    }
}
