//! TLS as the engine wants it: ring, our own roots, and hooks that see chain, verdict, version, cipher and group.
//!
//! The configuration is taken as it is, so everything is set here: roots, ALPN, client certificate.

mod bundle;
pub(super) mod certificate;
mod der;
pub(super) mod facts;
mod hooks;
mod roots;
mod verify;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::SupportedProtocolVersion;
use rustls::client::{ClientConfig, Resumption};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::version::{TLS12, TLS13};

use self::roots::Roots;
use crate::domain::http::settings::{
    ClientCert, Settings, TlsVersions, ToProxy, VersionPreference,
};

/// TLS as it is set up.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) config: Arc<ClientConfig>,
    pub(super) roots: Arc<Roots>,
}

/// For https hops; the error is a sentence for the user.
pub(super) fn config(settings: &Settings) -> Result<Setup, String> {
    let Settings { insecure, cacert, capath, extra_roots, client_cert, .. } = settings;
    let trust = Trust { insecure: *insecure, cacert, capath, extra_roots, client_cert };
    let offered = if settings.no_alpn { Vec::new() } else { alpn(settings.version) };
    made(&trust, settings.tls, offered)
}

/// For `https://` proxies: `-k`, `--cacert` and `-E` are not theirs.
pub(super) fn proxy_config(settings: &Settings) -> Result<Setup, String> {
    let ToProxy { insecure, cacert, capath, client_cert, http2, .. } = &settings.to_proxy;
    let extra_roots = &settings.extra_roots;
    let trust = Trust { insecure: *insecure, cacert, capath, extra_roots, client_cert };
    let version = if *http2 { VersionPreference::Auto } else { VersionPreference::Http11 };
    made(&trust, TlsVersions::Any, alpn(version))
}

/// Who is trusted, and who we say we are.
struct Trust<'a> {
    insecure: bool,
    cacert: &'a Option<PathBuf>,
    capath: &'a Option<PathBuf>,
    extra_roots: &'a [Vec<u8>],
    client_cert: &'a Option<ClientCert>,
}

fn made(trust: &Trust<'_>, spoken: TlsVersions, alpn: Vec<Vec<u8>>) -> Result<Setup, String> {
    let roots = roots::load(trust.cacert.as_deref(), trust.capath.as_deref(), trust.extra_roots)?;
    let roots = Arc::new(roots);
    let provider = Arc::new(hooks::provider());
    let verifier = verify::Verifier::new(Arc::clone(&roots), &provider, trust.insecure)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions(spoken))
        .map_err(|error| format!("TLS can't be set up: {error}"))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match trust.client_cert {
        None => builder.with_client_cert_resolver(Arc::new(hooks::NoIdentity)),
        Some(files) => {
            let (chain, key) = client_cert(files)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                format!("The client certificate {} can't be used: {error}", files.cert.display())
            })?
        }
    };
    config.alpn_protocols = alpn;
    config.resumption = Resumption::store(Arc::new(hooks::Sessions));
    Ok(Setup { config: Arc::new(config), roots })
}

fn versions(spoken: TlsVersions) -> &'static [&'static SupportedProtocolVersion] {
    const ONLY_12: &[&SupportedProtocolVersion] = &[&TLS12];
    const ONLY_13: &[&SupportedProtocolVersion] = &[&TLS13];
    match spoken {
        TlsVersions::Any => rustls::DEFAULT_VERSIONS,
        TlsVersions::Only12 => ONLY_12,
        TlsVersions::Only13 => ONLY_13,
    }
}

fn alpn(version: VersionPreference) -> Vec<Vec<u8>> {
    let (h2, h11) = (b"h2".to_vec(), b"http/1.1".to_vec());
    match version {
        VersionPreference::Auto | VersionPreference::Http2 => vec![h2, h11],
        VersionPreference::Http11 => vec![h11],
        VersionPreference::Http2PriorKnowledge => vec![h2],
    }
}

type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

fn client_cert(files: &ClientCert) -> Result<Identity, String> {
    let pem = read(&files.cert, "client certificate")?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect();
    if chain.is_empty() {
        return Err(format!("{} holds no certificate in PEM", files.cert.display()));
    }
    let key_file = files.key.as_ref().unwrap_or(&files.cert);
    let key = PrivateKeyDer::from_pem_slice(&read(key_file, "private key")?)
        .map_err(|_| format!("{} holds no private key in PEM", key_file.display()))?;
    Ok((chain, key))
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("The {what} {} can't be read: {error}", path.display()))
}
