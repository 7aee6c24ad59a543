//! One probe of a trace document.

use serde::Deserialize;
use url::Url;

use super::super::fault::Fault;
use super::hop::{ErrorDoc, fields};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::head::ResponseHead;
use crate::domain::http::method::Method;
use crate::domain::import::recording;
use crate::domain::probe::{Probe, ProbeKind};

#[derive(Deserialize)]
pub(super) struct ProbeDoc {
    hop: usize,
    kind: String,
    name: Option<String>,
    request: RequestDoc,
    response: Option<ResponseDoc>,
    error: Option<ErrorDoc>,
}

#[derive(Deserialize)]
struct RequestDoc {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct ResponseDoc {
    status: u16,
    reason: String,
    headers: Vec<(String, String)>,
}

impl ProbeDoc {
    /// `None` for a kind of a later version.
    pub(super) fn read(self) -> Result<Option<Probe>, Fault> {
        let Some(kind) = ProbeKind::named(&self.kind, self.name.as_deref()) else {
            return Ok(None);
        };
        let RequestDoc { method, url, headers } = self.request;
        let method = Method::parse(&method)
            .ok_or_else(|| Fault::new("request.method", "not a method (RFC 9110 §9.1)"))?;
        let parsed = Url::parse(&url)
            .map_err(|error| Fault::new("request.url", format!("not a URL: {error}")))?;
        let request = recording::request(method, (parsed, &url), fields(headers), None);
        let response = self.response.map(|of| ResponseHead {
            status: of.status,
            reason: of.reason,
            fields: fields(of.headers),
            ..ResponseHead::default()
        });
        let failure = self.error.map(ErrorDoc::read).transpose()?;
        let exchange = Exchange { response, failure, ..Exchange::default() };
        Ok(Some(Probe { hop: self.hop, kind, request, exchange }))
    }
}
