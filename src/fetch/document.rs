//! A document that is fetched to be read, not debugged: a sitemap, a map. The one use of reqwest.
//!
//! reqwest connects, follows and keeps the times; TLS, proxies and names are those of the engine, and so are the words of what goes
//! wrong. Promises: at most ten redirects, at most [`MOST`] bytes, packed or not; what the user gave for one origin, credentials or
//! fields, goes to no other (reqwest 0.13 gives credentials back to a foreign host on its second hop).

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Proxy};
use url::Url;

use super::decode::{self, Decoder, Step};
use super::failure::{self, Evidence, find};
use super::recorder::{self, Leg, Mark, Recorder, Shared, lock};
use super::transport::{CONNECT_TIMEOUT, Fault};
use super::{FetchId, engine, request, resolve, tls};
use crate::domain::http::request::{FieldSource, Request};
use crate::domain::http::schemes::Schemes;
use crate::domain::http::settings::{Settings, ToProxy, VersionPreference};
use crate::domain::http::timing::Phase;

/// The most bytes of a document: those of a sitemap (sitemaps.org).
pub const MOST: usize = 50 << 20;

/// How many redirects are followed.
const REDIRECTS: usize = 10;

/// What may go to any origin, whoever wrote it.
const HARMLESS: [&str; 4] = ["User-Agent", "Accept", "Accept-Language", "Accept-Encoding"];

/// The name of the fetch to the hooks.
const ID: FetchId = FetchId(0);

/// A file that was fetched.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// Where it was found, redirects followed.
    pub url: Url,
    /// Without any coding, and unpacked where it is gzip itself.
    pub bytes: Vec<u8>,
}

/// How far a document is fetched.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Bounds {
    /// For all of it, redirects and body included.
    pub time: Duration,
    /// What redirects may lead to (`--proto-redir`).
    pub redirects: Schemes,
}

/// Fetches what this request asks for, on the caller's thread; the error is one line for the user.
pub fn document(
    request: &Request,
    settings: &Settings,
    bounds: Bounds,
) -> Result<Document, String> {
    let settings = Arc::new(settings.clone());
    let recorder: Shared = Arc::new(Mutex::new(Recorder::new(Arc::new(|_, _| {}))));
    lock(&recorder).begin(ID, request::target(&request.url));
    let _entered = recorder::enter(&recorder);
    let policy = policy(request, bounds.redirects, &recorder);
    let client = client(&request.url, policy, (&settings, &recorder))?;
    let sent = built(request)?;
    let runtime = engine::runtime().map_err(|error| error.to_string())?;
    let fetched =
        runtime.block_on(async { tokio::time::timeout(bounds.time, fetch(&client, sent)).await });
    // a look-up that hangs must not hold up the end
    runtime.shutdown_background();
    match fetched {
        Ok(Ok(document)) => Ok(document),
        Ok(Err(Trouble::Told(sentence))) => Err(sentence),
        Ok(Err(Trouble::Library(error))) => Err(told(&error, &recorder, &settings)),
        Err(_) => {
            Err(format!("it took longer than {} s; -m allows more", bounds.time.as_secs_f64()))
        }
    }
}

/// A file as it is meant: unpacked where it is gzip.
pub fn unpacked(bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    if bytes.starts_with(&[0x1f, 0x8b]) { undone(&["gzip".to_owned()], bytes) } else { Ok(bytes) }
}

enum Trouble {
    Told(String),
    Library(reqwest::Error),
}

impl From<reqwest::Error> for Trouble {
    fn from(error: reqwest::Error) -> Trouble {
        Trouble::Library(error)
    }
}

async fn fetch(client: &Client, request: reqwest::Request) -> Result<Document, Trouble> {
    let asked = request.url().clone();
    let mut response = client.execute(request).await?;
    let url = response.url().clone();
    let status = response.status();
    if !status.is_success() {
        let who = if url == asked {
            "it".to_owned()
        } else {
            format!("it is redirected to {url}, which")
        };
        return Err(Trouble::Told(format!("{who} answers {status}")));
    }
    let codings = response.headers().get_all("content-encoding").iter();
    let codings = decode::codings(codings.map(HeaderValue::as_bytes));
    if !decode::understands(&codings) {
        return Err(Trouble::Told(format!("it comes in a coding nobody knows: {codings:?}")));
    }
    let mut bytes = Vec::new();
    while let Some(more) = response.chunk().await? {
        if bytes.len() + more.len() > MOST {
            return Err(Trouble::Told(too_long()));
        }
        bytes.extend_from_slice(&more);
    }
    let bytes = if codings.is_empty() { Ok(bytes) } else { undone(&codings, bytes) };
    let bytes = bytes.and_then(unpacked).map_err(Trouble::Told)?;
    Ok(Document { url, bytes })
}

fn client(
    url: &Url,
    policy: Policy,
    (settings, recorder): (&Arc<Settings>, &Shared),
) -> Result<Client, String> {
    let resolver = Resolver { settings: Arc::clone(settings), recorder: Arc::clone(recorder) };
    let builder = Client::builder()
        .tls_backend_preconfigured(Arc::unwrap_or_clone(tls::config(settings)?.config))
        .redirect(policy)
        .referer(false)
        .dns_resolver(Arc::new(resolver))
        .connect_timeout(settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT));
    let builder = match settings.version {
        VersionPreference::Auto | VersionPreference::Http2 => builder,
        VersionPreference::Http10 | VersionPreference::Http11 => builder.http1_only(),
        VersionPreference::Http2PriorKnowledge => builder.http2_prior_knowledge(),
    };
    let builder = by_socket(through_proxies(builder, url, settings)?, settings);
    builder.build().map_err(|error| format!("the HTTP client can't be set up: {error:?}"))
}

/// The proxies of the settings, as far as reqwest can speak to them in the way that was asked for.
fn through_proxies(
    builder: ClientBuilder,
    url: &Url,
    settings: &Settings,
) -> Result<ClientBuilder, String> {
    let builder = builder.no_proxy();
    let Some(proxy) = settings.proxies.for_url(url) else { return Ok(builder) };
    let ToProxy { insecure, cacert, capath, client_cert, edits, pre, .. } = &settings.to_proxy;
    let target = (&settings.insecure, &settings.cacert, &settings.capath, &settings.client_cert);
    let alike = (insecure, cacert, capath, client_cert) == target;
    if pre.is_some() || !edits.is_empty() || proxy.url.scheme() == "https" && !alike {
        return Err("a file is fetched through a proxy without --preproxy and --proxy-header, and through an https:// proxy \
                    with the TLS options of the target only: fetch it yourself, and give the file"
            .to_owned());
    }
    let proxies = settings.proxies.clone();
    let choose = move |url: &Url| proxies.for_url(url).map(|proxy| proxy.url.clone());
    Ok(builder.proxy(Proxy::custom(choose)))
}

#[cfg(unix)]
fn by_socket(builder: ClientBuilder, settings: &Settings) -> ClientBuilder {
    match &settings.unix_socket {
        Some(path) => builder.unix_socket(path.clone()),
        None => builder,
    }
}

#[cfg(not(unix))]
fn by_socket(builder: ClientBuilder, _: &Settings) -> ClientBuilder {
    builder
}

/// reqwest's own policy, but what is for this origin goes to no other.
fn policy(request: &Request, schemes: Schemes, recorder: &Shared) -> Policy {
    let personal = request.sourced().any(|(field, source)| {
        source != FieldSource::Client && !HARMLESS.iter().any(|name| field.is(name))
    });
    let (home, recorder) = (request.url.origin(), Arc::clone(recorder));
    let limited = Policy::limited(REDIRECTS);
    Policy::custom(move |attempt| {
        if !schemes.permits(attempt.url()) {
            let sentence = format!(
                "it is redirected to {}, which --proto-redir does not permit",
                attempt.url()
            );
            return attempt.error(sentence);
        }
        if personal && attempt.url().origin() != home {
            let sentence = format!(
                "it is redirected to {}, another origin than what -u, -H and -b are for; give that URL itself",
                attempt.url()
            );
            return attempt.error(sentence);
        }
        lock(&recorder).begin(ID, request::target(attempt.url()));
        limited.redirect(attempt)
    })
}

/// The request without what a connection or a body needs: those are reqwest's.
fn built(request: &Request) -> Result<reqwest::Request, String> {
    let mut url = request.url.clone();
    url.set_fragment(None);
    let _ = (url.set_username(""), url.set_password(None));
    let mut built = reqwest::Request::new(reqwest::Method::GET, url);
    let fields = request.fields.iter().filter(|field| !request::is_http1_only(field));
    let headers: Result<HeaderMap, String> = fields
        .map(|field| {
            let name = HeaderName::from_bytes(field.name.as_bytes());
            let value = HeaderValue::from_bytes(&field.value);
            name.ok().zip(value.ok()).ok_or_else(|| format!("{} can't be sent", field.name))
        })
        .collect();
    *built.headers_mut() = headers?;
    Ok(built)
}

/// Why nothing came, in the words of the engine where it has some.
fn told(error: &reqwest::Error, recorder: &Shared, settings: &Settings) -> String {
    let mut recorder = lock(recorder);
    let (Some(record), Some(url)) = (recorder.of(ID), error.url()) else {
        return failure::root_cause(error);
    };
    let proxy = settings.proxies.for_url(url);
    let Some((fault, leg)) = fault(error, record.phase).filter(|_| !error.is_redirect()) else {
        let cause = failure::root_cause(error);
        return proxy.map_or(cause.clone(), |proxy| format!("{cause} (proxy {})", proxy.shown()));
    };
    record.leg = leg;
    let failure = failure::of_fault(&fault, &Evidence { url, proxy, pre: None, record });
    format!("{} {}", failure.message, failure.hint).trim_ascii_end().to_owned()
}

fn fault(error: &reqwest::Error, phase: Phase) -> Option<(Fault, Leg)> {
    let leg = if phase == Phase::Tls { Leg::Securing } else { Leg::Reaching };
    if let Some(dns) = find::<resolve::DnsFailure>(error) {
        return Some((Fault::Dns(dns.clone()), leg));
    }
    if !error.is_connect() {
        return None;
    }
    if let Some(tls) = find::<rustls::Error>(error) {
        return Some((Fault::Handshake(io::Error::other(tls.clone())), leg));
    }
    if error.is_timeout() {
        return Some((Fault::Slow, leg));
    }
    let io = find::<io::Error>(error)?;
    Some((Fault::Connect(io::Error::new(io.kind(), io.to_string())), leg))
}

fn undone(codings: &[String], coded: Vec<u8>) -> Result<Vec<u8>, String> {
    let mut decoder = Decoder::new(codings);
    decoder.feed(Bytes::from(coded));
    decoder.finish();
    let (mut out, mut buffer) = (Vec::new(), vec![0; 64 * 1024]);
    loop {
        match decoder.read(&mut buffer) {
            Step::Bytes(count) if out.len() + count > MOST => return Err(too_long()),
            Step::Bytes(count) => out.extend_from_slice(&buffer[..count]),
            Step::Hungry | Step::End => return Ok(out),
            Step::Corrupt(why) => {
                return Err(format!("its {} is broken: {why}", codings.join(", ")));
            }
        }
    }
}

fn too_long() -> String {
    format!("it is longer than {} MB", MOST >> 20)
}

/// Names as the engine looks them up, `--resolve` and `--connect-to` first.
struct Resolver {
    settings: Arc<Settings>,
    recorder: Shared,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (settings, recorder) = (Arc::clone(&self.settings), Arc::clone(&self.recorder));
        let host = name.as_str().to_ascii_lowercase();
        lock(&recorder).mark(Mark::DnsStart);
        let target = lock(&recorder).of(ID).map(|record| record.target.clone());
        // a proxy's name is looked up too, and is nobody's target
        let port = target.filter(|(name, _)| *name == host).map(|(_, port)| port);
        Box::pin(async move {
            let found = resolve::addresses(&settings, &host, port.unwrap_or(0), port.is_some());
            let addresses = found.await?;
            lock(&recorder).mark(Mark::DnsEnd);
            Ok::<Addrs, _>(Box::new(addresses.into_iter()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_compression::tokio::bufread::GzipEncoder;
    use tokio::io::AsyncReadExt;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut encoder = GzipEncoder::new(bytes);
        engine::runtime().unwrap().block_on(encoder.read_to_end(&mut out)).unwrap();
        out
    }

    #[test]
    fn gzip_is_unpacked_up_to_the_bound_and_what_is_none_is_left() {
        assert_eq!(unpacked(b"<urlset/>".to_vec()).unwrap(), b"<urlset/>");
        assert_eq!(unpacked(gzip(b"<urlset/>")).unwrap(), b"<urlset/>");
        let bomb = gzip(&vec![b' '; MOST + 1]);
        assert!(bomb.len() < 100_000);
        assert!(unpacked(bomb).unwrap_err().contains("50 MB"));
        assert!(unpacked(vec![0x1f, 0x8b, 0, 0]).is_err());
    }
}
