//! One hop of a trace document.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use url::Url;

use super::super::body;
use super::super::fault::Fault;
use super::super::recording::Recorded;
use super::head::{BareDoc, DeviationDoc, whole};
use crate::domain::http::body::{BodyRecord, Chunk, RequestBody};
use crate::domain::http::connection::{Certificate, Connection, Proxy, Tls, Tunnel};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{RequestHead, ResponseHead, Version};
use crate::domain::http::method::Method;
use crate::domain::http::timing::{Phase, Timing};
use crate::domain::import::recording;

#[derive(Deserialize)]
pub(super) struct HopDoc {
    request: RequestDoc,
    response: Option<ResponseDoc>,
    #[serde(default)]
    informational: Option<Vec<BareDoc>>,
    connection: ConnectionDoc,
    timing: TimingDoc,
    error: Option<ErrorDoc>,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    edited: bool,
    #[serde(default)]
    client: Option<String>,
}

#[derive(Deserialize)]
struct RequestDoc {
    method: String,
    url: String,
    http_version: Option<String>,
    headers: Vec<(String, String)>,
    body: Option<BodyDoc>,
}

#[derive(Deserialize)]
struct ResponseDoc {
    /// None where the status line named none.
    status: Option<u16>,
    reason: String,
    http_version: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    informational: Vec<BareDoc>,
    body: BodyDoc,
    #[serde(default)]
    trailers: Vec<(String, String)>,
    #[serde(default)]
    deviations: Vec<DeviationDoc>,
    #[serde(default)]
    raw: Option<String>,
    #[serde(default)]
    chunks: Option<Vec<(u64, String)>>,
    #[serde(default)]
    answered_early: bool,
}

/// A body of either direction.
#[derive(Deserialize)]
pub(super) struct BodyDoc {
    size: u64,
    decoded_size: Option<u64>,
    #[serde(default)]
    encodings: Vec<String>,
    text: Option<String>,
    base64: Option<String>,
    #[serde(default)]
    complete: bool,
    truncated: bool,
}

#[derive(Deserialize)]
struct ConnectionDoc {
    remote_addr: Option<String>,
    #[serde(default)]
    local_addr: Option<String>,
    #[serde(default)]
    reused: bool,
    #[serde(default)]
    proxy: Option<ProxyDoc>,
    #[serde(default)]
    tunnel: Option<TunnelDoc>,
    tls: Option<TlsDoc>,
}

#[derive(Deserialize)]
struct TunnelDoc {
    target: String,
    headers: Vec<(String, String)>,
    response: Option<BareDoc>,
}

#[derive(Deserialize)]
struct ProxyDoc {
    url: String,
    source: String,
    #[serde(default)]
    preproxy: Option<String>,
    #[serde(default)]
    tls: Option<TlsDoc>,
}

#[derive(Deserialize)]
struct TlsDoc {
    version: Option<String>,
    cipher: Option<String>,
    #[serde(default)]
    group: Option<String>,
    alpn: Option<String>,
    error: Option<String>,
    certificates: Vec<CertificateDoc>,
}

#[derive(Deserialize)]
struct CertificateDoc {
    subject: String,
    issuer: String,
    not_before: String,
    not_after: String,
    names: Vec<String>,
    sha256: String,
}

#[derive(Deserialize)]
struct TimingDoc {
    dns_ms: Option<f64>,
    connect_ms: Option<f64>,
    tls_ms: Option<f64>,
    wait_ms: Option<f64>,
    receive_ms: Option<f64>,
    total_ms: f64,
}

#[derive(Deserialize)]
pub(super) struct ErrorDoc {
    kind: String,
    phase: String,
    message: String,
    #[serde(default)]
    cause: String,
    #[serde(default)]
    hint: String,
}

impl HopDoc {
    pub(super) fn read(self) -> Result<Recorded, Fault> {
        let RequestDoc { method, url, http_version, headers, body } = self.request;
        let method = Method::parse(&method)
            .ok_or_else(|| Fault::new("request.method", "not a method (RFC 9110 §9.1)"))?;
        let fields = fields(headers);
        let body = match body {
            Some(body) => Some(RequestBody::new(body.bytes("request.body", None)?)),
            None => None,
        };
        let parsed = Url::parse(&url)
            .map_err(|error| Fault::new("request.url", format!("not a URL: {error}")))?;
        let mut request = recording::request(method, (parsed, &url), fields, body);
        let sent = match http_version {
            Some(name) => Some(RequestHead {
                method: request.method.clone(),
                target: request.target().to_owned(),
                version: version(&name, "request.http_version")?,
                fields: request.fields.clone(),
                raw: Bytes::new(),
            }),
            None => None,
        };
        request.http10 = sent.as_ref().is_some_and(|sent| sent.version == Version::Http10);
        let interim = sent.as_ref().map(|sent| sent.version).unwrap_or_default();
        let informational = self.informational.unwrap_or_default().into_iter();
        let mut exchange = Exchange {
            sent,
            informational: informational.map(|of| of.read(interim)).collect(),
            connection: self.connection.read(),
            timing: self.timing.read(),
            failure: self.error.map(ErrorDoc::read).transpose()?,
            notes: self.notes,
            ..Exchange::default()
        };
        let body = match self.response {
            Some(response) => response.read(&mut exchange)?,
            None => Vec::new(),
        };
        Ok(Recorded { request, edited: self.edited, client: self.client, exchange, body })
    }
}

impl ResponseDoc {
    /// Puts head and body's record into the exchange; the bytes of the body are handed back.
    fn read(self, exchange: &mut Exchange) -> Result<Vec<u8>, Fault> {
        let version = version(&self.http_version, "response.http_version")?;
        let fields = fields(self.headers);
        let content_type = fields.text("Content-Type");
        let body = self.body;
        exchange.body = BodyRecord {
            size: body.size,
            decoded_size: body.decoded_size.unwrap_or(body.size),
            encodings: body.encodings.clone(),
            complete: body.complete,
            truncated: body.truncated,
            chunks: self.chunks.unwrap_or_default().into_iter().map(chunk).collect(),
            ..BodyRecord::default()
        };
        let bytes = body.bytes("response.body", content_type.as_deref())?;
        exchange.body.head = body::head(&bytes);
        exchange.informational =
            self.informational.into_iter().map(|of| of.read(version)).collect();
        exchange.trailers = self::fields(self.trailers);
        exchange.answered_early = self.answered_early;
        let (status, reason) = (self.status.unwrap_or(0), self.reason);
        let head = ResponseHead { version, status, reason, fields, ..ResponseHead::default() };
        exchange.response = Some(whole(head, self.deviations, self.raw));
        Ok(bytes)
    }
}

impl BodyDoc {
    pub(super) fn bytes(self, at: &str, content_type: Option<&str>) -> Result<Vec<u8>, Fault> {
        match (self.text, self.base64) {
            (Some(text), _) => Ok(body::encode(&text, content_type)),
            (None, Some(coded)) => {
                body::decode_base64(&coded).map_err(|why| Fault::new(format!("{at}.base64"), why))
            }
            (None, None) => Ok(Vec::new()),
        }
    }
}

impl ConnectionDoc {
    fn read(self) -> Connection {
        Connection {
            remote_addr: self.remote_addr.and_then(|address| address.parse().ok()),
            local_addr: self.local_addr.and_then(|address| address.parse().ok()),
            reused: self.reused,
            proxy: self.proxy.map(|of| {
                Box::new(Proxy {
                    url: of.url,
                    source: of.source,
                    pre: of.preproxy,
                    tls: of.tls.map(TlsDoc::read).map(Arc::new),
                })
            }),
            tunnel: self.tunnel.and_then(TunnelDoc::read).map(Box::new),
            tls: self.tls.map(TlsDoc::read).map(Arc::new),
        }
    }
}

impl TlsDoc {
    fn read(self) -> Tls {
        Tls {
            version: self.version,
            cipher: self.cipher,
            group: self.group,
            alpn: self.alpn,
            verify_error: self.error,
            certificates: self.certificates.into_iter().map(CertificateDoc::read).collect(),
        }
    }
}

impl TunnelDoc {
    fn read(self) -> Option<Tunnel> {
        let response = self.response.map(|of| of.read(Version::Http11));
        let request = RequestHead {
            method: Method::parse("CONNECT")?,
            target: self.target,
            version: Version::Http11,
            fields: self::fields(self.headers),
            raw: Bytes::new(),
        };
        Some(Tunnel { request, response })
    }
}

impl CertificateDoc {
    fn read(self) -> Certificate {
        let CertificateDoc { subject, issuer, not_before, not_after, names, sha256 } = self;
        Certificate { subject, issuer, not_before, not_after, names, sha256 }
    }
}

impl TimingDoc {
    fn read(self) -> Timing {
        let phase = |ms: Option<f64>| ms.and_then(recording::milliseconds);
        Timing {
            dns: phase(self.dns_ms),
            connect: phase(self.connect_ms),
            tls: phase(self.tls_ms),
            wait: phase(self.wait_ms),
            receive: phase(self.receive_ms),
            total: phase(Some(self.total_ms)).unwrap_or(Duration::ZERO),
        }
    }
}

impl ErrorDoc {
    pub(super) fn read(self) -> Result<Failure, Fault> {
        let kind = FailureKind::named(&self.kind)
            .ok_or_else(|| Fault::new("error.kind", format!("{:?} is not known", self.kind)))?;
        let phase = Phase::named(&self.phase)
            .ok_or_else(|| Fault::new("error.phase", format!("{:?} is not known", self.phase)))?;
        let ErrorDoc { message, cause, hint, .. } = self;
        Ok(Failure { kind, phase, message, cause, hint })
    }
}

fn chunk((size, extension): (u64, String)) -> Chunk {
    Chunk { size, extension: extension.into_bytes() }
}

pub(super) fn fields(lines: Vec<(String, String)>) -> Fields {
    lines.into_iter().map(|(name, value)| Field::new(name, value)).collect()
}

fn version(name: &str, at: &str) -> Result<Version, Fault> {
    let known = [Version::Http10, Version::Http11, Version::Http2];
    let found = known.into_iter().find(|version| version.as_str() == name);
    found.ok_or_else(|| Fault::new(at, format!("{name:?} is not known, only 1.0, 1.1 and 2")))
}
