//! The options about connections: to [`Settings`], with proxies of the environment filled in at the end.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::super::super::http::request::FieldEdit;
use super::super::super::http::settings::{
    ClientCert, ConnectTo, Family, Proxies, ProxyChoice, Resolve, Settings, TlsVersions, ToProxy,
    VersionPreference,
};
use super::Refusal;
use super::table::Opt;
use super::take::Given;

/// Connection options as they come in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Transport {
    settings: Settings,
    /// `-x` or a SOCKS option, with its name; an empty value is "no proxy at all".
    proxy: Option<(String, String)>,
    /// `--preproxy`; an empty value is none.
    preproxy: Option<String>,
    proxy_user: Option<String>,
    noproxy: Option<String>,
    key: Option<PathBuf>,
    proxy_key: Option<PathBuf>,
    /// `--tlsv1.3` and its kin; the last counts.
    least_tls: Option<u8>,
    /// `--tls-max`
    most_tls: Option<u8>,
    /// `-m`, for the whole chain.
    pub max_time: Option<Duration>,
}

impl Transport {
    /// `-0`, and no other version after it.
    pub(super) fn is_http10(&self) -> bool {
        self.settings.version == VersionPreference::Http10
    }

    /// The settings, with the environment's proxy variables where no option says otherwise.
    pub fn settings(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<Settings, Refusal> {
        let mut settings = self.settings.clone();
        settings.tls = self.tls()?;
        settings.proxies = self.proxies(env)?;
        settings.to_proxy.pre = self.preproxy()?;
        lead_to(&mut settings.proxies, &settings.to_proxy);
        let (cert, proxy_cert) = (&mut settings.client_cert, &mut settings.to_proxy.client_cert);
        for (cert, key, name, needs) in [
            (cert, &self.key, "--key", "it needs a certificate, --cert"),
            (proxy_cert, &self.proxy_key, "--proxy-key", "it needs a certificate, --proxy-cert"),
        ] {
            match (cert, key) {
                (Some(cert), key) => cert.key = key.clone(),
                (None, Some(_)) => return Err(Refusal::new(name, needs)),
                (None, None) => {}
            }
        }
        Ok(settings)
    }

    /// What is left of 1.2 and 1.3.
    fn tls(&self) -> Result<TlsVersions, Refusal> {
        match (self.least_tls, self.most_tls) {
            (Some(3), Some(2)) => Err(Refusal::new("--tls-max 1.2", "it is below --tlsv1.3")),
            (_, Some(2)) => Ok(TlsVersions::Only12),
            (Some(3), _) => Ok(TlsVersions::Only13),
            (_, _) => Ok(TlsVersions::Any),
        }
    }

    pub(super) fn take_tls(&mut self, given: Given<'_>) -> Result<(), Refusal> {
        match given.opt {
            Opt::Insecure => self.settings.insecure = given.on,
            Opt::Cacert => self.settings.cacert = Some(given.text()?.into()),
            Opt::Capath => self.settings.capath = Some(given.text()?.into()),
            Opt::Key => self.key = Some(given.text()?.into()),
            _ => self.settings.client_cert = Some(client_cert(&given)?),
        }
        Ok(())
    }

    pub(super) fn take_proxy(&mut self, given: Given<'_>) -> Result<(), Refusal> {
        match given.opt {
            Opt::ProxyUser => self.proxy_user = Some(given.text()?),
            Opt::Noproxy => self.noproxy = Some(given.text()?),
            Opt::Socks(scheme) => {
                self.proxy = Some((format!("{scheme}://{}", given.text()?), given.name.to_owned()));
            }
            Opt::Preproxy => self.preproxy = Some(given.text()?),
            _ => {
                self.settings.to_proxy.connect10 = given.opt == Opt::Proxy10;
                self.proxy = Some((given.text()?, given.name.to_owned()));
            }
        }
        Ok(())
    }

    pub(super) fn take_to_proxy(&mut self, given: Given<'_>) -> Result<(), Refusal> {
        let to_proxy = &mut self.settings.to_proxy;
        match given.opt {
            Opt::ProxyInsecure => to_proxy.insecure = given.on,
            Opt::ProxyCacert => to_proxy.cacert = Some(given.text()?.into()),
            Opt::ProxyCapath => to_proxy.capath = Some(given.text()?.into()),
            Opt::ProxyCert => to_proxy.client_cert = Some(client_cert(&given)?),
            Opt::ProxyTunnel => to_proxy.tunnel = given.on,
            Opt::ProxyHttp2 => to_proxy.http2 = given.on,
            _ => self.proxy_key = Some(given.text()?.into()),
        }
        Ok(())
    }

    /// `--proxy-header`; a line without value takes away what would be said by default.
    pub(super) fn add_to_proxy(&mut self, edits: Vec<FieldEdit>) {
        self.settings.to_proxy.edits.extend(edits);
    }

    pub(super) fn take_connection(&mut self, given: Given<'_>) -> Result<(), Refusal> {
        let settings = &mut self.settings;
        match given.opt {
            Opt::Resolve => settings.resolve.extend(resolve(&given)?),
            Opt::ConnectTo => settings.connect_to.push(connect_to(&given)?),
            Opt::UnixSocket => settings.unix_socket = Some(given.text()?.into()),
            Opt::Ipv4 => settings.family = Family::V4,
            Opt::Ipv6 => settings.family = Family::V6,
            Opt::Alpn => settings.no_alpn = !given.on,
            Opt::TlsLeast(minor) => self.least_tls = Some(minor),
            Opt::TlsMax => self.most_tls = most_tls(&given)?,
            Opt::Http10 => settings.version = VersionPreference::Http10,
            Opt::Http11 => settings.version = VersionPreference::Http11,
            Opt::Http2 => settings.version = VersionPreference::Http2,
            Opt::Http2PriorKnowledge => settings.version = VersionPreference::Http2PriorKnowledge,
            Opt::ConnectTimeout => settings.connect_timeout = seconds(&given)?,
            _ => self.max_time = seconds(&given)?,
        }
        Ok(())
    }

    /// curl's order: an option beats the environment; `no_proxy` holds for both (`lib/url.c`, 8.x). An empty variable is none
    /// (`lib/getenv.c`), an empty option is.
    fn proxies(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<Proxies, Refusal> {
        let env = |name: &str| env(name).filter(|value| !value.is_empty());
        let first =
            |names: &[&str]| names.iter().find_map(|name| Some((env(name)?, (*name).to_owned())));
        let bypass = self.noproxy.clone().or_else(|| env("no_proxy")).or_else(|| env("NO_PROXY"));
        // the asterisk stands for all where it stands alone (`lib/noproxy.c`)
        let alone = bypass.as_deref() == Some("*");
        let (http, https) = match &self.proxy {
            Some(given) => (Some(given.clone()), Some(given.clone())),
            None => (
                first(&["http_proxy", "all_proxy", "ALL_PROXY"]),
                first(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"]),
            ),
        };
        Ok(Proxies {
            http: self.choice(http)?,
            https: self.choice(https)?,
            bypass: bypass
                .iter()
                .flat_map(|list| list.split([',', ' ']))
                .filter(|pattern| alone || *pattern != "*")
                .map(str::to_owned)
                .collect(),
        })
    }

    /// A scheme that is left out is SOCKS 4, says curl's manual; `-U` is for the other proxy.
    fn preproxy(&self) -> Result<Option<ProxyChoice>, Refusal> {
        let Some(text) = self.preproxy.as_ref().filter(|text| !text.is_empty()) else {
            return Ok(None);
        };
        let source = "--preproxy".to_owned();
        let full = if text.contains("://") { text.clone() } else { format!("socks4://{text}") };
        let choice = ProxyChoice { url: proxy_url(&full, &source)?, source };
        if !choice.is_socks() {
            return Err(Refusal::new(format!("--preproxy {text}"), "it expects a socks proxy"));
        }
        Ok(Some(choice))
    }

    fn choice(&self, given: Option<(String, String)>) -> Result<Option<ProxyChoice>, Refusal> {
        let Some((text, source)) = given.filter(|(text, _)| !text.is_empty()) else {
            return Ok(None);
        };
        let mut url = proxy_url(&text, &source)?;
        // what the URL says of them counts (`lib/url.c`, parse_proxy)
        let bare = url.username().is_empty() && url.password().is_none();
        if let Some(user) = self.proxy_user.as_ref().filter(|_| bare) {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            let set = url.set_username(user).and_then(|()| url.set_password(Some(password)));
            set.map_err(|()| Refusal::new(&source, "this proxy can't take credentials"))?;
        }
        Ok(Some(ProxyChoice { url, source }))
    }
}

/// A SOCKS proxy before no HTTP proxy is the only one, and stands for a SOCKS proxy that was given otherwise.
fn lead_to(proxies: &mut Proxies, to_proxy: &ToProxy) {
    let Some(pre) = &to_proxy.pre else { return };
    for choice in [&mut proxies.http, &mut proxies.https] {
        if choice.as_ref().is_none_or(ProxyChoice::is_socks) {
            *choice = Some(pre.clone());
        }
    }
}

/// `[scheme://][user:password@]host[:port]`; the port is 1080 unless given, 443 for https (`lib/url.c`, parse_proxy).
fn proxy_url(text: &str, source: &str) -> Result<Url, Refusal> {
    let refuse = |why: String| Refusal::new(format!("{source} {text}"), why);
    let full = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    let full = full.replacen("socks://", "socks4://", 1);
    let mut url = Url::parse(&full).map_err(|error| refuse(error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks4" | "socks4a" | "socks5" | "socks5h") {
        return Err(refuse("a proxy is http, https or socks".to_owned()));
    }
    let authority = full.split("://").nth(1).unwrap_or_default();
    let host = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let named = host.rsplit(']').next().unwrap_or_default().contains(':');
    if !named && url.scheme() != "https" && url.set_port(Some(1080)).is_err() {
        return Err(refuse("this proxy has no host".to_owned()));
    }
    Ok(url)
}

/// `--cert-type` and its kin.
pub(super) fn known_type(given: &Given<'_>) -> Result<(), Refusal> {
    let text = given.text()?;
    match ["PEM", "DER"].iter().any(|known| known.eq_ignore_ascii_case(&text)) {
        true => Ok(()),
        false => Err(given.refuse("hopstep reads PEM and DER: openssl makes PEM of others")),
    }
}

/// `file[:password]`, with `\:` for a colon in the name. A key that needs the password is refused by its file.
fn client_cert(given: &Given<'_>) -> Result<ClientCert, Refusal> {
    let (mut file, mut escaped) = (String::new(), false);
    for character in given.text()?.chars() {
        match character {
            '\\' if !escaped => escaped = true,
            ':' if !escaped => break,
            _ => {
                if escaped && !matches!(character, ':' | '\\') {
                    file.push('\\');
                }
                file.push(character);
                escaped = false;
            }
        }
    }
    Ok(ClientCert { cert: file.into(), key: None })
}

/// `[+]host:port:addr[,addr]…`; a leading `-` takes an earlier entry away, which a fresh start has none of.
fn resolve(given: &Given<'_>) -> Result<Option<Resolve>, Refusal> {
    let text = given.text()?;
    if text.starts_with('-') {
        return Ok(None);
    }
    let expected = || given.refuse("expects HOST:PORT:ADDRESS");
    let (host, rest) = host_of(text.strip_prefix('+').unwrap_or(&text)).ok_or_else(expected)?;
    let (port, addresses) = rest.split_once(':').ok_or_else(expected)?;
    let to: Result<Vec<IpAddr>, _> = addresses
        .split(',')
        .map(|one| one.trim().trim_start_matches('[').trim_end_matches(']').parse())
        .collect();
    Ok(Some(Resolve {
        host: host.to_ascii_lowercase(),
        port: port.parse().map_err(|_| expected())?,
        to: to.map_err(|_| expected())?,
    }))
}

/// `HOST1:PORT1:HOST2:PORT2`, each of which may be empty.
fn connect_to(given: &Given<'_>) -> Result<ConnectTo, Refusal> {
    let expected = || given.refuse("expects HOST1:PORT1:HOST2:PORT2");
    let text = given.text()?;
    let (host, rest) = host_of(&text).ok_or_else(expected)?;
    let (port, rest) = rest.split_once(':').ok_or_else(expected)?;
    let (to_host, to_port) = host_of(rest).unwrap_or((rest, ""));
    let port_of = |text: &str| match text {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| expected()),
    };
    let name = |host: &str| (!host.is_empty()).then(|| host.to_owned());
    Ok(ConnectTo {
        host: name(host),
        port: port_of(port)?,
        to_host: name(to_host),
        to_port: port_of(to_port)?,
    })
}

/// `host:rest` or `[v6]:rest`; the host comes without brackets.
fn host_of(text: &str) -> Option<(&str, &str)> {
    match text.strip_prefix('[') {
        Some(bracketed) => {
            let (host, rest) = bracketed.split_once(']')?;
            Some((host, rest.strip_prefix(':')?))
        }
        None => text.split_once(':'),
    }
}

/// `--tls-max`: the last digit of the highest version; `default` is none.
fn most_tls(given: &Given<'_>) -> Result<Option<u8>, Refusal> {
    match given.text()?.as_str() {
        "default" => Ok(None),
        "1.2" => Ok(Some(2)),
        "1.3" => Ok(Some(3)),
        "1.0" | "1.1" => Err(given.refuse("hopstep speaks TLS 1.2 and 1.3 only")),
        _ => Err(given.refuse("expects 1.2 or 1.3")),
    }
}

fn seconds(given: &Given<'_>) -> Result<Option<Duration>, Refusal> {
    let number: f64 = given.text()?.trim().parse().map_err(|_| given.refuse("expects seconds"))?;
    let duration =
        Duration::try_from_secs_f64(number).map_err(|_| given.refuse("expects seconds"))?;
    Ok(Some(duration).filter(|duration| !duration.is_zero()))
}

/// A whole number.
pub(super) fn number(given: &Given<'_>) -> Result<i64, Refusal> {
    given.text()?.trim().parse().map_err(|_| given.refuse("expects a number"))
}
