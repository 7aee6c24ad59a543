//! The reqwest clients of one chain, made when first needed: one for `http` hops, one for `https` hops.
//!
//! Connections are shared within a chain and never between chains. reqwest follows, retries and decodes nothing.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Proxy, redirect, retry};
use rustls::ClientConfig;
use url::Url;

use super::connect::Watch;
use super::resolve::Resolver;
use super::tls;
use crate::domain::http::settings::{Settings, VersionPreference};

/// curl's `--connect-timeout` when none is given.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(300);

/// The most field lines the library takes. It sets up a table of this size for every head it parses: 10,000 lines cost
/// 110 µs a hop, 1,000 cost 2 µs. What it refuses is still recorded by the tap.
pub(super) const LIBRARY_LINES: usize = 1_000;

/// HTTP/2 windows large enough that one stream is not slowed down.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// The clients of one chain.
#[derive(Debug)]
pub(super) struct Clients {
    settings: Arc<Settings>,
    plain: Option<Client>,
    secure: Option<Client>,
}

impl Clients {
    pub(super) fn new(settings: Arc<Settings>) -> Clients {
        Clients { settings, plain: None, secure: None }
    }

    /// The client for this target; the error is a sentence for the user.
    pub(super) fn for_url(&mut self, url: &Url) -> Result<Client, String> {
        let proxy = self.settings.proxies.for_url(url);
        let secure = url.scheme() == "https" || proxy.is_some_and(|p| p.url.scheme() == "https");
        let slot = if secure { &mut self.secure } else { &mut self.plain };
        if let Some(client) = slot {
            return Ok(client.clone());
        }
        let tls = if secure { tls::config(&self.settings)? } else { tls::none()? };
        let client = build(&self.settings, tls)?;
        *slot = Some(client.clone());
        Ok(client)
    }
}

fn build(settings: &Arc<Settings>, tls: ClientConfig) -> Result<Client, String> {
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .tls_backend_preconfigured(tls)
        .connection_verbose(true)
        .connector_layer(Watch)
        .dns_resolver(Arc::new(Resolver::new(Arc::clone(settings))))
        .connect_timeout(settings.connect_timeout.unwrap_or(CONNECT_TIMEOUT))
        .tcp_nodelay(true)
        .http1_title_case_headers()
        .http1_allow_obsolete_multiline_headers_in_responses(true)
        .http1_allow_spaces_after_header_name_in_responses(true)
        .http1_ignore_invalid_headers_in_responses(true)
        .http1_max_headers(LIBRARY_LINES)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW);
    let builder = version(builder, settings.version);
    let builder = route(builder, settings)?;
    builder.build().map_err(|error| format!("The HTTP client can't be set up: {error:?}"))
}

fn version(builder: ClientBuilder, version: VersionPreference) -> ClientBuilder {
    match version {
        VersionPreference::Auto | VersionPreference::Http2 => builder,
        VersionPreference::Http11 => builder.http1_only(),
        VersionPreference::Http2PriorKnowledge => builder.http2_prior_knowledge(),
    }
}

/// A unix socket, or the proxies.
fn route(builder: ClientBuilder, settings: &Arc<Settings>) -> Result<ClientBuilder, String> {
    let builder = builder.no_proxy();
    if let Some(path) = &settings.unix_socket {
        return unix_socket(builder, path);
    }
    if settings.proxies.http.is_none() && settings.proxies.https.is_none() {
        return Ok(builder);
    }
    let settings = Arc::clone(settings);
    let choose = move |url: &Url| settings.proxies.for_url(url).map(|proxy| proxy.url.clone());
    Ok(builder.proxy(Proxy::custom(choose)))
}

#[cfg(unix)]
fn unix_socket(builder: ClientBuilder, path: &std::path::Path) -> Result<ClientBuilder, String> {
    Ok(builder.unix_socket(path))
}

#[cfg(not(unix))]
fn unix_socket(_: ClientBuilder, _: &std::path::Path) -> Result<ClientBuilder, String> {
    Err("Unix sockets are not supported on this system.".to_owned())
}
