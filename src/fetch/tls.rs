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

use rustls::client::{ClientConfig, Resumption};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::version::{TLS12, TLS13};
use rustls::{Error, InconsistentKeys, SupportedProtocolVersion};

use self::roots::Roots;
use crate::domain::http::pem::{self, Block};
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

/// Whether each private key that is given belongs to its certificate; the error names both. Reads nothing where none is given, and
/// nothing from a pipe, which can be read only once.
pub fn identified(settings: &Settings) -> Result<(), String> {
    let proxy = &settings.to_proxy.client_cert;
    for (options, files) in [("--cert", &settings.client_cert), ("--proxy-cert", proxy)] {
        let Some(files) = files else { continue };
        let is_file = |path: &PathBuf| fs::metadata(path).is_ok_and(|of| of.is_file());
        if [Some(&files.cert), files.key.as_ref()].into_iter().flatten().all(is_file) {
            let named = |why| format!("{options} {}: {why}", files.cert.display());
            identity(files).map_err(named)?;
        }
    }
    Ok(())
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
            builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity(files)?)))
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
        VersionPreference::Http10 | VersionPreference::Http11 => vec![h11],
        VersionPreference::Http2PriorKnowledge => vec![h2],
    }
}

/// The client's certificate and key, as they are: a certificate of version 1 or one that has expired is for the server to judge.
fn identity(files: &ClientCert) -> Result<CertifiedKey, String> {
    let pem = read(&files.cert, "client certificate")?;
    let chain: Vec<_> = match pem::in_der(&pem) {
        Some(Block::Certificate) => vec![CertificateDer::from(pem.clone())],
        Some(Block::PrivateKey) | None => {
            CertificateDer::pem_slice_iter(&pem).filter_map(Result::ok).collect()
        }
    };
    if chain.is_empty() {
        return Err(lacks(&files.cert, &pem, Block::Certificate));
    }
    let key_file = files.key.as_ref().unwrap_or(&files.cert);
    let pem = read(key_file, "private key")?;
    let key = match pem::in_der(&pem) {
        Some(Block::PrivateKey) => PrivateKeyDer::try_from(pem.clone()).ok(),
        Some(Block::Certificate) | None => PrivateKeyDer::from_pem_slice(&pem).ok(),
    };
    let key = key.ok_or_else(|| lacks(key_file, &pem, Block::PrivateKey))?;
    let unusable = |error| format!("the private key {} can't be used: {error}", key_file.display());
    let identity = CertifiedKey::new(chain, any_supported_type(&key).map_err(unusable)?);
    match identity.keys_match() {
        Err(Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => Err(format!(
            "the private key {} does not belong to the client certificate {}",
            key_file.display(),
            files.cert.display()
        )),
        Ok(()) | Err(_) => Ok(identity),
    }
}

fn lacks(path: &Path, bytes: &[u8], block: Block) -> String {
    let why = pem::fault(path, bytes, block);
    format!("{} {}", path.display(), why.as_deref().unwrap_or("can't be read"))
}

fn read(path: &Path, what: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("the {what} {} can't be read: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `openssl x509 -req` without extensions makes a certificate of version 1.
    const VERSION_1: &str = "-----BEGIN CERTIFICATE-----\n\
        MIIBHDCBwwIUQxQ+FYlXH+6ScHNI/RaUM66W0kwwCgYIKoZIzj0EAwIwETEPMA0G\n\
        A1UEAwwGY2xpZW50MB4XDTI2MTEyMjIwMTQ1NVoXDTM2MTExOTIwMTQ1NVowETEP\n\
        MA0GA1UEAwwGY2xpZW50MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEFLatwRZk\n\
        h0vFKuFJNYfaxZJTI1UAygx4MWHAPPNayFXjOeNWejFnuS7uDZbxAmZl6BkpmMGt\n\
        QSn7rv3YswxOoDAKBggqhkjOPQQDAgNIADBFAiEA8vboo6yR/l6ynNNMIuY02AcH\n\
        ahQVho1K8C+yfTLeV4oCIGzzloG4POHV1QVtKe3/ixSnpExbrsviONL3YQeSrsg0\n\
        -----END CERTIFICATE-----";
    const ITS_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVvy0NA2eZH9oLJ5Y\n\
        2CblwiLuBdTOVtc8KN2kO1dvG9WhRANCAAQUtq3BFmSHS8Uq4Uk1h9rFklMjVQDK\n\
        DHgxYcA881rIVeM541Z6MWe5Lu4NlvECZmXoGSmYwa1BKfuu/dizDE6g\n\
        -----END PRIVATE KEY-----";
    const ENCRYPTED: &str = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\
        MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAhQ9WRit1PpgwICCAAw\n\
        DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEMBO3UVL6PUVDGOGQf8S9c8EgZAl\n\
        tuwwXr0kTynsavioyPbmN6TFFNAQtBoezta/PdmgOP+zu4+Oj8LzeW/AOjCQ1Sdn\n\
        Zk9k8JSoUOT7ruUaIOcj3X85zp+h/ZoGr+wP/LbTfzRQGXHamqUL/7uB0DOFXMs7\n\
        9ZSAb3BOg1kQ3hQW5MLCABjHiepRhgO2iogImYFRIodEAefAoucHml1Ej+tkoF0=\n\
        -----END ENCRYPTED PRIVATE KEY-----";

    fn used(key: &[u8]) -> Result<CertifiedKey, String> {
        let folder = tempfile::tempdir().unwrap();
        let (cert, key_file) = (folder.path().join("c.pem"), folder.path().join("c.key"));
        fs::write(&cert, VERSION_1).unwrap();
        fs::write(&key_file, key).unwrap();
        identity(&ClientCert { cert, key: Some(key_file) })
    }

    #[test]
    fn a_client_certificate_of_version_1_is_used() {
        assert_eq!(used(ITS_KEY.as_bytes()).unwrap().cert.len(), 1);
    }

    #[test]
    fn a_key_that_can_not_be_used_is_said_to_be_what_it_is() {
        let why = used(ENCRYPTED.as_bytes()).unwrap_err();
        assert!(why.contains("has a password") && why.contains("openssl pkey"), "{why}");
        let why = used(b"\x30\x82").unwrap_err();
        assert!(why.contains("no private key in PEM but DER"), "{why}");
        assert!(used(b"text").unwrap_err().ends_with("holds no private key in PEM"));
    }
}
