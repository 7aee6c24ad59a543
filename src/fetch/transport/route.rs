//! The way to a target: where the connection goes, through what, and how requests are written there.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;

use super::socks::{Kind, Socks};
use crate::domain::http::field::Field;
use crate::domain::http::percent::percent_decode;
use crate::domain::http::settings::{ProxyChoice, Settings, VersionPreference};
use crate::fetch::{request, resolve};

/// A way to a target. Requests whose ways are equal may share a connection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::fetch) struct Route {
    pub(super) first: Place,
    /// The proxy that must answer for itself over TLS.
    pub(super) proxy_tls: Option<String>,
    /// What a SOCKS proxy is asked for.
    pub(super) socks: Option<Socks>,
    /// What an HTTP proxy is asked to connect to.
    pub(super) tunnel: Option<(String, u16)>,
    /// It is asked in HTTP/1.0.
    pub(super) connect10: bool,
    /// The host that must answer for itself over TLS.
    pub(super) tls: Option<String>,
    /// The request names its whole URI: it goes to a proxy that forwards it.
    pub(super) absolute: bool,
    /// HTTP/2 is spoken from the first byte (`--http2-prior-knowledge`); not to a proxy that forwards (`lib/http.c`).
    pub(super) prior: bool,
    /// `Proxy-Authorization`, for requests that are forwarded and for CONNECT.
    pub(super) credentials: Option<String>,
    /// `--proxy-header`, for requests that are forwarded.
    pub(super) lines: Vec<Field>,
}

/// Where a connection goes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// The target's own host; `--connect-to` and `--resolve` apply.
    Target(String, u16),
    Proxy(String, u16),
    Unix(PathBuf),
}

impl Route {
    /// The way to this target.
    pub(in crate::fetch) fn of(url: &Url, settings: &Settings) -> Route {
        let (host, port) = request::target(url);
        let direct = Route {
            first: Place::Target(host.clone(), port),
            proxy_tls: None,
            socks: None,
            tunnel: None,
            connect10: false,
            tls: (url.scheme() == "https").then(|| host.clone()),
            absolute: false,
            prior: settings.version == VersionPreference::Http2PriorKnowledge,
            credentials: None,
            lines: Vec::new(),
        };
        if let Some(path) = &settings.unix_socket {
            return Route { first: Place::Unix(path.clone()), ..direct };
        }
        let Some(proxy) = settings.proxies.for_url(url) else { return direct };
        let direct = Route { first: place(proxy), ..direct };
        match Kind::of(proxy.url.scheme()) {
            None => direct.through(proxy, (host, port), settings),
            Some(kind) => {
                let target = resolve::connect_to(settings, &host, port)
                    .filter(|_| matches!(kind, Kind::V4a | Kind::V5h))
                    .unwrap_or((host, port));
                Route { socks: Some(Socks::of(proxy, kind, target)), ..direct }
            }
        }
    }

    /// By way of an HTTP proxy. `--connect-to` makes curl ask for a tunnel even where forwarding would do (`lib/url.c`).
    fn through(
        self,
        proxy: &ProxyChoice,
        (host, port): (String, u16),
        settings: &Settings,
    ) -> Route {
        let to_proxy = &settings.to_proxy;
        let led = resolve::connect_to(settings, &host, port);
        let tunnels = self.tls.is_some() || led.is_some() || to_proxy.tunnel;
        let secure = proxy.url.scheme() == "https";
        let kind = |pre: &ProxyChoice| Kind::of(pre.url.scheme());
        let before = to_proxy.pre.as_ref().and_then(|pre| kind(pre).map(|kind| (pre, kind)));
        let socks = before.map(|(pre, kind)| {
            let target = (name(proxy), proxy.url.port_or_known_default().unwrap_or(1080));
            Socks { proxy: true, ..Socks::of(pre, kind, target) }
        });
        Route {
            first: before.map_or(self.first, |(pre, _)| place(pre)),
            socks,
            connect10: to_proxy.connect10,
            proxy_tls: secure.then(|| name(proxy)),
            tunnel: tunnels.then(|| led.unwrap_or((host, port))),
            absolute: !tunnels,
            prior: tunnels && self.prior,
            credentials: credentials(&proxy.url)
                .filter(|_| !to_proxy.decides("Proxy-Authorization")),
            lines: if tunnels { Vec::new() } else { to_proxy.lines().collect() },
            ..self
        }
    }
}

fn name(proxy: &ProxyChoice) -> String {
    proxy.url.host_str().unwrap_or_default().to_ascii_lowercase()
}

impl Socks {
    /// What this proxy is asked for.
    fn of(proxy: &ProxyChoice, kind: Kind, target: (String, u16)) -> Socks {
        let user = percent_decode(proxy.url.username().as_bytes());
        let password = percent_decode(proxy.url.password().unwrap_or_default().as_bytes());
        Socks { kind, target, proxy: false, user, password }
    }
}

/// Where the proxy is.
fn place(proxy: &ProxyChoice) -> Place {
    Place::Proxy(name(proxy), proxy.url.port_or_known_default().unwrap_or(1080))
}

/// Basic credentials from the proxy's userinfo.
fn credentials(proxy: &Url) -> Option<String> {
    if proxy.username().is_empty() && proxy.password().is_none() {
        return None;
    }
    let mut pair = percent_decode(proxy.username().as_bytes());
    pair.push(b':');
    pair.extend(percent_decode(proxy.password().unwrap_or_default().as_bytes()));
    Some(format!("Basic {}", STANDARD.encode(pair)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::http::settings::{ConnectTo, Proxies};

    fn through(proxy: &str, target: &str, connect_to: Vec<ConnectTo>) -> Route {
        let choice = ProxyChoice { url: Url::parse(proxy).unwrap(), source: "-x".to_owned() };
        let (http, https) = (Some(choice.clone()), Some(choice));
        let proxies = Proxies { http, https, bypass: Vec::new() };
        let settings = Settings { proxies, connect_to, ..Settings::default() };
        Route::of(&Url::parse(target).unwrap(), &settings)
    }

    #[test]
    fn http_is_forwarded_and_https_tunnelled() {
        let plain = through("http://u%40:p@p.test:3128", "http://a.test/", vec![]);
        assert_eq!(plain.first, Place::Proxy("p.test".into(), 3128));
        assert!(plain.absolute && plain.tunnel.is_none());
        assert_eq!(plain.credentials.as_deref(), Some("Basic dUA6cA=="));
        let secure = through("http://p.test", "https://a.test/", vec![]);
        assert_eq!(secure.tunnel, Some(("a.test".to_owned(), 443)));
        assert!(!secure.absolute && secure.credentials.is_none());
    }

    #[test]
    fn connect_to_asks_the_proxy_for_a_tunnel() {
        let rule = ConnectTo { host: None, port: None, to_host: None, to_port: Some(8080) };
        let route = through("http://p.test", "http://a.test/", vec![rule]);
        assert_eq!(route.tunnel, Some(("a.test".to_owned(), 8080)));
    }

    #[test]
    fn an_https_proxy_answers_for_itself() {
        let route = through("https://P.test", "http://a.test/", vec![]);
        assert_eq!(route.first, Place::Proxy("p.test".to_owned(), 443));
        assert_eq!((route.proxy_tls.as_deref(), route.tls), (Some("p.test"), None));
        let tunnel = through("https://P.test", "https://a.test/", vec![]);
        assert_eq!(tunnel.tunnel, Some(("a.test".to_owned(), 443)));
    }

    #[test]
    fn socks_names_the_target_to_the_proxy() {
        let route = through("socks5h://u%40:p@p.test:1080", "https://a.test/", vec![]);
        let socks = route.socks.unwrap();
        assert_eq!((socks.kind, socks.target), (Kind::V5h, ("a.test".to_owned(), 443)));
        assert_eq!((socks.user, socks.password), (b"u@".to_vec(), b"p".to_vec()));
        assert_eq!(route.tls.as_deref(), Some("a.test"));
    }
}
