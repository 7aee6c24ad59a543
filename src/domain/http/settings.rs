//! Settings of the network: what curl's connection options say, as plain data.
//!
//! Made by `cli`, carried by `app`, obeyed by `fetch`, written back out by `export::curl`.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use super::field::Field;
use super::request::FieldEdit;

/// How requests reach their servers. The default is curl's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    pub version: VersionPreference,
    /// `--no-alpn`: nothing is agreed on in the TLS handshake, so it is HTTP/1.1.
    pub no_alpn: bool,
    pub tls: TlsVersions,
    /// `-4`, `-6`
    pub family: Family,
    /// `-k`: go on whatever the certificate; the verdict is recorded all the same.
    pub insecure: bool,
    /// `--cacert`: trust these roots only.
    pub cacert: Option<PathBuf>,
    /// `--capath`: a folder of certificates under hashed names, trusted as well.
    pub capath: Option<PathBuf>,
    /// Further trusted roots, in DER: the lab's own authority.
    pub extra_roots: Vec<Vec<u8>>,
    /// `-E`, `--key`
    pub client_cert: Option<ClientCert>,
    /// `--resolve`, in order; the last that fits wins.
    pub resolve: Vec<Resolve>,
    /// `--connect-to`, in order; the first that fits wins.
    pub connect_to: Vec<ConnectTo>,
    /// `--unix-socket`
    pub unix_socket: Option<PathBuf>,
    pub proxies: Proxies,
    pub to_proxy: ToProxy,
    /// `--connect-timeout`; `None`: curl's 300 s.
    pub connect_timeout: Option<Duration>,
    /// `--max-body`: how many decoded bytes of a body are kept.
    pub max_body: u64,
}

impl Settings {
    /// The default of `--max-body`.
    pub const MAX_BODY: u64 = 1 << 30;
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            version: VersionPreference::Auto,
            no_alpn: false,
            tls: TlsVersions::Any,
            family: Family::Any,
            insecure: false,
            cacert: None,
            capath: None,
            extra_roots: Vec::new(),
            client_cert: None,
            resolve: Vec::new(),
            connect_to: Vec::new(),
            unix_socket: None,
            proxies: Proxies::default(),
            to_proxy: ToProxy::default(),
            connect_timeout: None,
            max_body: Settings::MAX_BODY,
        }
    }
}

/// Which version of HTTP is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum VersionPreference {
    /// HTTP/2 where TLS agrees on it, else HTTP/1.1.
    #[default]
    Auto,
    /// `-0`, `--http1.0`: as `Http11`; what the requests say is theirs.
    Http10,
    /// `--http1.1`
    Http11,
    /// `--http2`: as `Auto`; on `http://` it goes as 1.1 and says so.
    Http2,
    /// `--http2-prior-knowledge`
    Http2PriorKnowledge,
}

/// Which versions of TLS are spoken with the target; those with a proxy are not asked about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum TlsVersions {
    /// 1.2 and 1.3: there are no others here.
    #[default]
    Any,
    /// `--tls-max 1.2`
    Only12,
    /// `--tlsv1.3`
    Only13,
}

/// Which addresses may be used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Family {
    #[default]
    Any,
    V4,
    V6,
}

impl Family {
    pub fn admits(self, ip: IpAddr) -> bool {
        match self {
            Family::Any => true,
            Family::V4 => ip.is_ipv4(),
            Family::V6 => ip.is_ipv6(),
        }
    }
}

/// A client certificate in PEM.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ClientCert {
    pub cert: PathBuf,
    /// `None`: the key is in the file of the certificate.
    pub key: Option<PathBuf>,
}

/// How proxies are spoken to: what holds for them and not for the target.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ToProxy {
    /// `--proxy-insecure`: go on whatever certificate an `https://` proxy shows.
    pub insecure: bool,
    /// `--proxy-cacert`
    pub cacert: Option<PathBuf>,
    /// `--proxy-capath`
    pub capath: Option<PathBuf>,
    /// `--proxy-cert`, `--proxy-key`
    pub client_cert: Option<ClientCert>,
    /// `--proxy-header`: lines for the proxy alone.
    pub edits: Vec<FieldEdit>,
    /// `--proxytunnel`: CONNECT for `http://` targets too.
    pub tunnel: bool,
    /// `--proxy1.0`: CONNECT is said in HTTP/1.0.
    pub connect10: bool,
    /// `--preproxy`: the SOCKS proxy that leads to the HTTP proxy.
    pub pre: Option<ProxyChoice>,
    /// `--proxy-http2`: HTTP/2 with an `https://` proxy that offers it.
    pub http2: bool,
    /// What CONNECT calls the client: `-A`, whatever `-H` says of it. `None`: the request's own User-Agent.
    pub agent: Option<String>,
}

/// One `--resolve`: this host and port have these addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolve {
    /// Lower case; `*` fits every host.
    pub host: String,
    pub port: u16,
    pub to: Vec<IpAddr>,
}

/// One `--connect-to HOST1:PORT1:HOST2:PORT2`; what is empty there is `None` here and means "any" or "the same".
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConnectTo {
    pub host: Option<String>,
    pub port: Option<u16>,
    /// A name, or an address without brackets.
    pub to_host: Option<String>,
    pub to_port: Option<u16>,
}

impl ConnectTo {
    pub fn fits(&self, host: &str, port: u16) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        self.host.as_ref().is_none_or(|want| want.eq_ignore_ascii_case(host))
            && self.port.is_none_or(|want| want == port)
    }
}

/// The proxies in force.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proxies {
    /// For `http://` targets.
    pub http: Option<ProxyChoice>,
    /// For `https://` targets.
    pub https: Option<ProxyChoice>,
    /// `--noproxy`, `no_proxy`: hosts, domains, addresses and CIDR blocks that are reached directly; `*` is all.
    pub bypass: Vec<String>,
}

/// A proxy, and where the setting came from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ProxyChoice {
    /// `http`, `https`, `socks4`, `socks4a`, `socks5` or `socks5h`; credentials as userinfo.
    pub url: Url,
    /// `-x`, `http_proxy`, `HTTPS_PROXY`, `all_proxy`.
    pub source: String,
}

impl ProxyChoice {
    pub fn is_socks(&self) -> bool {
        self.url.scheme().starts_with("socks")
    }

    /// The URL without its password.
    pub fn shown(&self) -> String {
        let mut url = self.url.clone();
        let _ = url.set_password(None);
        url.to_string()
    }
}

impl ToProxy {
    /// The lines that are added for the proxy.
    pub fn lines(&self) -> impl Iterator<Item = Field> {
        self.edits.iter().filter_map(|edit| match edit {
            FieldEdit::Set(field) => Some(field.clone()),
            FieldEdit::Empty(name) => Some(Field::new(name.clone(), Vec::new())),
            FieldEdit::Remove(_) => None,
        })
    }

    /// The SOCKS proxy that leads to this one: only HTTP proxies are led to.
    pub fn before(&self, proxy: &ProxyChoice) -> Option<&ProxyChoice> {
        self.pre.as_ref().filter(|_| !proxy.is_socks())
    }

    /// The user has a say on fields of this name.
    pub fn decides(&self, name: &str) -> bool {
        self.edits.iter().any(|edit| edit.name().eq_ignore_ascii_case(name))
    }
}

impl Settings {
    /// The same, with the passwords for proxies masked.
    pub fn masked(&self) -> Settings {
        let mut masked = self.clone();
        let Proxies { http, https, .. } = &mut masked.proxies;
        for choice in [http, https, &mut masked.to_proxy.pre].into_iter().flatten() {
            let stars = choice.url.password().map(|password| "*".repeat(password.len()));
            // a URL with a password has a host, so this can't fail
            let _ = choice.url.set_password(stars.as_deref());
        }
        for edit in &mut masked.to_proxy.edits {
            if let FieldEdit::Set(field) = edit
                && field.is("Proxy-Authorization")
            {
                field.value = vec![b'*'; field.value.len()];
            }
        }
        masked
    }
}

impl Proxies {
    /// The proxy that a request to this target goes through.
    pub fn for_url(&self, url: &Url) -> Option<&ProxyChoice> {
        let choice = if url.scheme() == "https" { &self.https } else { &self.http };
        choice.as_ref().filter(|_| !self.bypasses(url))
    }

    fn bypasses(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
        self.bypass.iter().any(|pattern| bypass_fits(pattern.trim(), host))
    }
}

/// curl's rules (`lib/noproxy.c`): a domain covers its subdomains, a leading dot is ignored, blocks are CIDR; no bits are
/// all bits, and an address has no brackets.
fn bypass_fits(pattern: &str, host: &str) -> bool {
    if pattern == "*" {
        return true;
    }
    if let Ok(ip) = host.parse::<IpAddr>() {
        let (base, bits) = pattern.split_once('/').map_or((pattern, None), |(b, n)| (b, Some(n)));
        return base.parse::<IpAddr>().is_ok_and(|base| in_block(ip, base, bits));
    }
    let domain = pattern.strip_prefix('.').unwrap_or(pattern).trim_end_matches('.');
    let (host, domain) = (host.to_ascii_lowercase(), domain.to_ascii_lowercase());
    !domain.is_empty()
        && host.strip_suffix(&domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn in_block(ip: IpAddr, base: IpAddr, bits: Option<&str>) -> bool {
    let Some(bits) = bits.filter(|bits| *bits != "0") else { return ip == base };
    let Ok(bits) = bits.parse::<u32>() else { return false };
    match (ip, base) {
        (IpAddr::V4(ip), IpAddr::V4(base)) => {
            bits <= 32 && (ip.to_bits() ^ base.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V6(ip), IpAddr::V6(base)) => {
            bits <= 128 && (ip.to_bits() ^ base.to_bits()).leading_zeros() >= bits
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through_proxy(bypass: &str, url: &str) -> bool {
        let url = Url::parse(url).unwrap();
        let choice = ProxyChoice { url: Url::parse("http://p:1").unwrap(), source: "-x".into() };
        let bypass = bypass.split(',').map(str::to_owned).collect();
        let proxies = Proxies { http: Some(choice), https: None, bypass };
        proxies.for_url(&url).is_some()
    }

    #[test]
    fn a_domain_in_no_proxy_covers_its_subdomains_only() {
        assert!(!through_proxy("a.test", "http://a.test/"));
        assert!(!through_proxy(".a.test", "http://x.A.test/"));
        assert!(through_proxy("a.test", "http://ba.test/"));
        assert!(through_proxy("", "http://a.test/"));
        assert!(!through_proxy("*", "http://a.test/"));
    }

    #[test]
    fn addresses_in_no_proxy_may_be_blocks() {
        assert!(!through_proxy("127.0.0.0/8", "http://127.1.2.3/"));
        assert!(through_proxy("127.0.0.0/8", "http://128.0.0.1/"));
        assert!(!through_proxy("::1/128", "http://[::1]/"));
        assert!(through_proxy("[::1]", "http://[::1]/"));
        assert!(through_proxy("127.0.0.1/99", "http://127.0.0.1/"));
    }

    #[test]
    fn an_https_target_asks_for_the_https_proxy() {
        let choice = ProxyChoice { url: Url::parse("http://p:1").unwrap(), source: "-x".into() };
        let proxies = Proxies { http: Some(choice), https: None, bypass: vec![] };
        assert!(proxies.for_url(&Url::parse("https://a.test/").unwrap()).is_none());
    }
}
