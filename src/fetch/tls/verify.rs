//! Verification of the server's certificate: the verdict is always reached and recorded, and under `-k` not acted upon.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::certificate;
use super::hooks::note;

#[derive(Debug)]
pub(super) struct Verifier {
    inner: Arc<WebPkiServerVerifier>,
    roots: Arc<RootCertStore>,
    insecure: bool,
}

impl Verifier {
    pub(super) fn new(
        roots: RootCertStore,
        provider: Arc<CryptoProvider>,
        insecure: bool,
    ) -> Result<Verifier, String> {
        let roots = Arc::new(roots);
        let inner = WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), provider)
            .build()
            .map_err(|error| format!("No certificate authority is trusted here: {error}"))?;
        Ok(Verifier { inner, roots, insecure })
    }

    /// A server may show a trusted root itself: webpki refuses it as "a CA used as end entity", OpenSSL and so curl take it.
    fn verify_root(
        &self,
        end_entity: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Option<Result<ServerCertVerified, Error>> {
        let anchor = webpki_anchor(end_entity)?;
        self.roots.roots.iter().find(|root| {
            root.subject == anchor.subject
                && root.subject_public_key_info == anchor.subject_public_key_info
        })?;
        let verdict = ParsedCertificate::try_from(end_entity)
            .and_then(|certificate| verify_server_name(&certificate, name))
            .and_then(|()| certificate::check_validity(end_entity, now));
        Some(verdict.map(|()| ServerCertVerified::assertion()))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verdict = self.inner.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        let verdict = match verdict {
            Ok(verified) => Ok(verified),
            Err(error) => self.verify_root(end_entity, server_name, now).unwrap_or(Err(error)),
        };
        let chain: Vec<CertificateDer<'static>> = std::iter::once(end_entity)
            .chain(intermediates)
            .map(|der| der.clone().into_owned())
            .collect();
        let refusal = verdict
            .as_ref()
            .err()
            .map(|error| (sentence(error, &chain, &server_name.to_str()), error.to_string()));
        note(|facts| (facts.chain, facts.refusal) = (chain, refusal));
        if self.insecure { Ok(ServerCertVerified::assertion()) } else { verdict }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.inner.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.inner.supported_verify_schemes()
    }
}

/// The certificate as a root store would hold it.
fn webpki_anchor(der: &CertificateDer<'_>) -> Option<TrustAnchor<'static>> {
    let mut store = RootCertStore::empty();
    store.add(der.clone().into_owned()).ok()?;
    store.roots.pop()
}

/// Why the certificate is refused, in one sentence.
fn sentence(error: &Error, chain: &[CertificateDer<'static>], host: &str) -> String {
    let Error::InvalidCertificate(error) = error else {
        return format!("The server's certificate can't be used: {error}.");
    };
    let leaf = chain.first().map(|der| certificate::describe(der)).unwrap_or_default();
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            match expired(chain, error) {
                Some(at) => format!("A certificate of the chain expired on {at}."),
                None => format!("The server's certificate expired on {}.", leaf.not_after),
            }
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("The server's certificate is not valid before {}.", leaf.not_before)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            match leaf.names.as_slice() {
                [] => format!("The server's certificate names no host, so it is not for {host}."),
                names => {
                    let names = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
                    format!("The server's certificate is for {names}, not for {host}.")
                }
            }
        }
        // webpki calls a lone root "used as end entity" before it asks who issued it
        _ if certificate::is_self_signed(chain) => {
            "The server's certificate is self-signed: only the server itself vouches for it.".into()
        }
        CertificateError::UnknownIssuer => {
            let last = chain.last().map(|der| certificate::describe(der)).unwrap_or_default();
            format!(
                "The server's certificate was issued by an unknown authority ({}).",
                last.issuer
            )
        }
        CertificateError::Revoked => "The server's certificate has been revoked.".into(),
        CertificateError::BadSignature => {
            "A certificate of the chain is not signed by the issuer it names.".into()
        }
        other => format!("The server's certificate can't be used: {other}."),
    }
}

/// The end of validity that passed, when it is not the leaf's own.
fn expired(chain: &[CertificateDer<'static>], error: &CertificateError) -> Option<String> {
    let CertificateError::ExpiredContext { not_after, .. } = error else { return None };
    let at = certificate::rfc3339(i64::try_from(not_after.as_secs()).ok()?);
    let leaf = certificate::describe(chain.first()?);
    (leaf.not_after != at).then_some(at)
}
