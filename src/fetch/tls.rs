//! TLS as the engine wants it: ring, our own roots, and hooks that see chain, verdict, version, cipher and group.
//!
//! Both paths take the configuration as it is, so everything is set here: roots, ALPN, client certificate.

pub(super) mod certificate;
pub(super) mod facts;
mod hooks;
mod roots;
mod verify;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::client::{ClientConfig, Resumption};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::domain::http::settings::{ClientCert, Settings, VersionPreference};

/// The configuration for https hops; the error is a sentence for the user.
pub(super) fn config(settings: &Settings) -> Result<ClientConfig, String> {
    let roots = roots::load(settings)?;
    let provider = Arc::new(hooks::provider());
    let verifier = verify::Verifier::new(roots, Arc::clone(&provider), settings.insecure)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS can't be set up: {error}"))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    let mut config = match &settings.client_cert {
        None => builder.with_no_client_auth(),
        Some(files) => {
            let (chain, key) = client_cert(files)?;
            builder.with_client_auth_cert(chain, key).map_err(|error| {
                format!("The client certificate {} can't be used: {error}", files.cert.display())
            })?
        }
    };
    config.alpn_protocols = alpn(settings.version);
    config.resumption = Resumption::store(Arc::new(hooks::Sessions));
    Ok(config)
}

/// A configuration that trusts nobody, for clients that only ever speak `http`: it costs nothing to make.
pub(super) fn none() -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS can't be set up: {error}"))?;
    Ok(builder.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth())
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
