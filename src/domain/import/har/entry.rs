//! One entry of an archive. Members that HAR demands and programs leave out are taken as unknown.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::super::body;
use super::super::fault::Fault;
use super::super::recording::{self, Recorded};
use super::Entry;
use super::failed;
use crate::domain::http::body::{BodyRecord, RequestBody};
use crate::domain::http::connection::Connection;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::{Field, Fields};
use crate::domain::http::head::{RequestHead, ResponseHead, Version};
use crate::domain::http::method::Method;
use crate::domain::http::request::{Request, display_url};
use crate::domain::http::timing::Timing;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EntryDoc {
    started_date_time: String,
    #[serde(default)]
    time: Option<f64>,
    request: RequestDoc,
    response: ResponseDoc,
    #[serde(default)]
    timings: Option<TimingsDoc>,
    #[serde(default, rename = "serverIPAddress")]
    server_ip_address: Option<String>,
    #[serde(default)]
    connection: Option<serde_json::Value>,
    #[serde(default)]
    pageref: Option<String>,
    #[serde(default, rename = "_resourceType")]
    resource_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RequestDoc {
    method: String,
    url: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    headers: Vec<HeaderDoc>,
    #[serde(default)]
    post_data: Option<PostDoc>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResponseDoc {
    #[serde(default)]
    status: i64,
    #[serde(default)]
    status_text: String,
    #[serde(default)]
    http_version: String,
    #[serde(default)]
    headers: Vec<HeaderDoc>,
    #[serde(default)]
    content: ContentDoc,
    #[serde(default, rename = "redirectURL")]
    redirect_url: Option<String>,
    #[serde(default)]
    body_size: Option<i64>,
    #[serde(default, rename = "_error")]
    error: Option<String>,
}

#[derive(Deserialize)]
struct HeaderDoc {
    name: String,
    value: String,
}

#[derive(Deserialize)]
struct PostDoc {
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
    #[serde(default)]
    params: Vec<ParamDoc>,
}

#[derive(Deserialize)]
struct ParamDoc {
    name: String,
    #[serde(default)]
    value: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct ContentDoc {
    #[serde(default)]
    size: i64,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    encoding: Option<String>,
}

#[derive(Deserialize)]
struct TimingsDoc {
    #[serde(default)]
    dns: Option<f64>,
    #[serde(default)]
    connect: Option<f64>,
    #[serde(default)]
    ssl: Option<f64>,
    #[serde(default)]
    send: Option<f64>,
    #[serde(default)]
    wait: Option<f64>,
    #[serde(default)]
    receive: Option<f64>,
}

impl EntryDoc {
    /// The entry; `None` where it is not of http. `connections` holds those seen so far.
    pub(super) fn read(self, connections: &mut Vec<String>) -> Result<Option<Entry>, Fault> {
        let url = Url::parse(&self.request.url)
            .map_err(|error| Fault::new("request.url", format!("not a URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Ok(None);
        }
        let started_at = OffsetDateTime::parse(&self.started_date_time, &Rfc3339)
            .map_err(|error| Fault::new("startedDateTime", format!("not a time: {error}")))?;
        let (request, version) = self.request.read(url)?;
        let mut exchange =
            Exchange { timing: timing(self.timings, self.time), ..Exchange::default() };
        exchange.sent = Some(RequestHead {
            method: request.method.clone(),
            target: request.target().to_owned(),
            version,
            fields: request.fields.clone(),
            raw: Bytes::new(),
        });
        exchange.connection = connection(&request.url, self.server_ip_address.as_deref());
        // a browser gives one number to all tunnels through a proxy
        let opening = [exchange.timing.connect, exchange.timing.tls];
        let opened = opening.into_iter().flatten().any(|took| !took.is_zero());
        exchange.connection.reused = reused(self.connection, connections) && !opened;
        let secure = request.url.scheme() == "https";
        exchange.notes.push(lacks(secure).to_owned());
        let redirect = self.response.redirect_url.clone().filter(|url| !url.is_empty());
        let body = self.response.read(&mut exchange)?;
        let leads_to = leads_to(&request, &exchange, redirect.as_deref());
        let recorded = Recorded { request, edited: false, client: None, exchange, body };
        let (group, resource) = (self.pageref, self.resource_type);
        Ok(Some(Entry { started_at, recorded, leads_to, group, resource }))
    }
}

fn lacks(secure: bool) -> &'static str {
    match secure {
        true => "from a HAR file: it has neither the raw bytes of the heads nor the TLS session",
        false => "from a HAR file: it does not have the raw bytes of the heads",
    }
}

impl RequestDoc {
    fn read(self, url: Url) -> Result<(Request, Version), Fault> {
        let method = Method::parse(&self.method)
            .ok_or_else(|| Fault::new("request.method", "not a method (RFC 9110 §9.1)"))?;
        let fields = fields(self.headers);
        let body = match self.post_data {
            Some(data) => Some(data.read(fields.text("Content-Type").as_deref())?),
            None => None,
        };
        let request = recording::request(method, (url, &self.url), fields, body);
        Ok((request, version(&self.http_version)))
    }
}

impl PostDoc {
    fn read(self, content_type: Option<&str>) -> Result<RequestBody, Fault> {
        let bytes = match (self.text, self.encoding.as_deref()) {
            (Some(text), Some("base64")) => body::decode_base64(&text)
                .map_err(|why| Fault::new("request.postData.text", why))?,
            (Some(text), _) => body::encode(&text, content_type),
            (None, _) => {
                let mut form = url::form_urlencoded::Serializer::new(String::new());
                for ParamDoc { name, value } in &self.params {
                    form.append_pair(name, value.as_deref().unwrap_or_default());
                }
                form.finish().into_bytes()
            }
        };
        Ok(RequestBody::new(bytes))
    }
}

impl ResponseDoc {
    fn read(self, exchange: &mut Exchange) -> Result<Vec<u8>, Fault> {
        let Some(status) = u16::try_from(self.status).ok().filter(|status| *status >= 100) else {
            exchange.failure = Some(failed::failure(self.error.as_deref()));
            return Ok(Vec::new());
        };
        let fields = fields(self.headers);
        let content_type = fields.text("Content-Type");
        let ContentDoc { size, text, encoding } = self.content;
        let bytes = match (text, encoding.as_deref()) {
            (Some(text), Some("base64")) => body::decode_base64(&text)
                .map_err(|why| Fault::new("response.content.text", why))?,
            (Some(text), _) => body::encode(&text, content_type.as_deref()),
            (None, _) => Vec::new(),
        };
        let decoded = u64::try_from(size).unwrap_or_default().max(bytes.len() as u64);
        let missing = bytes.is_empty() && decoded > 0;
        if missing {
            exchange.notes.push("the file does not have the body".to_owned());
        }
        let codings = fields.text("Content-Encoding").unwrap_or_default().to_ascii_lowercase();
        let codings = codings.split(',').map(str::trim).filter(|coding| !coding.is_empty());
        let on_wire = self.body_size.and_then(|size| u64::try_from(size).ok());
        exchange.body = BodyRecord {
            size: on_wire.filter(|size| *size > 0).unwrap_or(decoded),
            decoded_size: decoded,
            encodings: codings.map(str::to_owned).collect(),
            complete: self.error.as_deref().is_none_or(str::is_empty),
            truncated: (bytes.len() as u64) < decoded,
            head: body::head(&bytes),
            ..BodyRecord::default()
        };
        if let Some(error) = self.error.as_deref().filter(|error| !error.is_empty()) {
            exchange.failure = Some(failed::broken_off(error));
        }
        exchange.response = Some(ResponseHead {
            version: version(&self.http_version),
            status,
            reason: self.status_text,
            fields,
            ..ResponseHead::default()
        });
        Ok(bytes)
    }
}

/// Where a redirect leads: by its Location as URLs and as paths are read, and by what the program noted.
fn leads_to(request: &Request, exchange: &Exchange, noted: Option<&str>) -> Vec<String> {
    let redirect = matches!(exchange.status(), Some(300..=399));
    let location = exchange.fields().text("Location").filter(|_| redirect);
    let slashes = location.as_deref().map(|text| text.replace('\\', "%5C"));
    let readings = [location.as_deref(), slashes.as_deref(), noted];
    let targets = readings.into_iter().flatten();
    targets.filter_map(|text| Some(display_url(&request.url.join(text).ok()?))).collect()
}

/// Pseudo-fields of HTTP/2 are no fields; lines that were joined by a line break are lines of their own.
fn fields(headers: Vec<HeaderDoc>) -> Fields {
    let real = headers.into_iter().filter(|header| !header.name.starts_with(':'));
    real.flat_map(|HeaderDoc { name, value }| {
        let lines: Vec<Field> = value.split('\n').map(|line| Field::new(&name, line)).collect();
        lines
    })
    .collect()
}

/// HTTP/3 counts as HTTP/2: both have no text on the wire.
fn version(name: &str) -> Version {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "http/1.0" => Version::Http10,
        _ if name.starts_with("h2") || name.starts_with("http/2") => Version::Http2,
        _ if name.starts_with("h3") || name.starts_with("http/3") => Version::Http2,
        _ => Version::Http11,
    }
}

/// HAR counts TLS into connecting; -1 is "did not take place".
fn timing(of: Option<TimingsDoc>, total: Option<f64>) -> Timing {
    let phase = |ms: Option<f64>| ms.filter(|ms| *ms >= 0.0).and_then(recording::milliseconds);
    let Some(of) = of else {
        return Timing { total: phase(total).unwrap_or_default(), ..Timing::default() };
    };
    let tls = phase(of.ssl);
    let connect = phase(of.connect);
    let send = phase(of.send).unwrap_or_default();
    let mut timing = Timing {
        dns: phase(of.dns),
        connect: connect.map(|whole| whole.saturating_sub(tls.unwrap_or_default())),
        tls,
        wait: phase(of.wait).map(|wait| wait + send),
        receive: phase(of.receive),
        total: Duration::ZERO,
    };
    let sum: Duration = timing.phases().map(|(_, duration)| duration).sum();
    timing.total = phase(total).unwrap_or(sum);
    timing
}

fn connection(url: &Url, address: Option<&str>) -> Connection {
    let address = address.map(|text| text.trim_matches(['[', ']']));
    let ip: Option<IpAddr> = address.and_then(|text| text.parse().ok());
    let remote = ip.zip(url.port_or_known_default());
    Connection { remote_addr: remote.map(SocketAddr::from), ..Connection::default() }
}

/// Whether an earlier entry went over the same connection.
fn reused(id: Option<serde_json::Value>, seen: &mut Vec<String>) -> bool {
    let Some(id) = id.map(|id| id.to_string()).filter(|id| !matches!(id.as_str(), "\"\"" | "null"))
    else {
        return false;
    };
    let known = seen.contains(&id);
    if !known {
        seen.push(id);
    }
    known
}
