//! The reqwest client of one chain, made when first needed: for what our own transport knows no way for.
//!
//! Connections are shared within a chain and never between chains. reqwest follows, retries and decodes nothing.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Proxy, redirect, retry};
use rustls::ClientConfig;
use url::Url;

use super::connect::Watch;
use super::resolve::Resolver;
use super::tls;
use crate::domain::http::settings::Settings;

/// curl's `--connect-timeout` when none is given.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(300);

/// The most field lines the library takes. It sets up a table of this size for every head it parses: 10,000 lines cost
/// 110 µs a hop, 1,000 cost 2 µs. What it refuses is still recorded by the tap.
pub(super) const LIBRARY_LINES: usize = 1_000;

/// HTTP/2 windows large enough that one stream is not slowed down.
const STREAM_WINDOW: u32 = 2 << 20;
const CONNECTION_WINDOW: u32 = 4 << 20;

/// The client of one chain.
#[derive(Debug)]
pub(super) struct Clients {
    settings: Arc<Settings>,
    made: Option<Client>,
}

impl Clients {
    pub(super) fn new(settings: Arc<Settings>) -> Clients {
        Clients { settings, made: None }
    }

    /// The client for `http://` targets behind an `https://` proxy; the error is a sentence for the user.
    pub(super) fn get(&mut self) -> Result<Client, String> {
        if let Some(client) = &self.made {
            return Ok(client.clone());
        }
        let client = build(&self.settings, tls::proxy_config(&self.settings)?)?;
        self.made = Some(client.clone());
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
    let proxies = settings.proxies.clone();
    let choose = move |url: &Url| proxies.for_url(url).map(|proxy| proxy.url.clone());
    let builder = builder.no_proxy().proxy(Proxy::custom(choose));
    builder.build().map_err(|error| format!("The HTTP client can't be set up: {error:?}"))
}
