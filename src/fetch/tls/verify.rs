//! Verification of the server's certificate: the verdict is always reached and recorded, and under `-k` not acted upon.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, TrustAnchor, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::certificate;
use super::facts::Refusal;
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

    /// The other faults of a certificate that has this one: its issuer, its time, its names.
    fn besides(
        &self,
        error: &Error,
        (leaf, intermediates): Chain<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Vec<Error> {
        let timely = certificate::validity(leaf).filter(|_| is_of_time(error));
        let issuer = timely.and_then(|then| {
            let verdict = self.inner.verify_server_cert(leaf, intermediates, name, &[], then);
            let trusted = self.verify_root(leaf, name, then).is_some();
            verdict.err().filter(|error| !trusted && !is_of_time(error) && !is_of_name(error))
        });
        let time = certificate::check_validity(leaf, now).err().filter(|_| !is_of_time(error));
        let named = ParsedCertificate::try_from(leaf)
            .and_then(|certificate| verify_server_name(&certificate, name));
        let named = named.err().filter(|found| is_of_name(found) && !is_of_name(error));
        [issuer, time, named].into_iter().flatten().collect()
    }
}

/// The server's certificate, and those it sent besides.
type Chain<'a> = (&'a CertificateDer<'a>, &'a [CertificateDer<'a>]);

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
        let refusal = verdict.as_ref().err().map(|error| {
            let besides = self.besides(error, (end_entity, intermediates), server_name, now);
            let sentence = sentence(error, &besides, &chain, &server_name.to_str());
            Refusal { sentence, besides }
        });
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

/// Whether this is about when the certificate is valid.
fn is_of_time(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(
            CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. }
        )
    )
}

/// Whether this is about whom the certificate is for.
fn is_of_name(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        )
    )
}

/// The certificate as a root store would hold it.
fn webpki_anchor(der: &CertificateDer<'_>) -> Option<TrustAnchor<'static>> {
    let mut store = RootCertStore::empty();
    store.add(der.clone().into_owned()).ok()?;
    store.roots.pop()
}

/// Why the certificate is refused, in one sentence.
fn sentence(
    error: &Error,
    besides: &[Error],
    chain: &[CertificateDer<'static>],
    host: &str,
) -> String {
    let mut sentence = match error {
        Error::InvalidCertificate(CertificateError::BadSignature) => {
            "A certificate of the chain is not signed by the issuer it names".to_owned()
        }
        Error::InvalidCertificate(error) => match expired(chain, error) {
            Some(at) => format!("A certificate of the chain expired on {at}"),
            None => format!("The server's certificate {}", fault(error, chain, host)),
        },
        error => format!("The server's certificate can't be used: {error}"),
    };
    for error in besides {
        if let Error::InvalidCertificate(error) = error {
            sentence.push_str(&format!("; it also {}", fault(error, chain, host)));
        }
    }
    sentence + "."
}

/// What is wrong, said of the server's certificate.
fn fault(error: &CertificateError, chain: &[CertificateDer<'static>], host: &str) -> String {
    let leaf = chain.first().map(|der| certificate::describe(der)).unwrap_or_default();
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("expired on {}", leaf.not_after)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("is not valid before {}", leaf.not_before)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            match leaf.names.as_slice() {
                [] => format!("names no host, so it is not for {host}"),
                names => {
                    let names = names.iter().take(5).cloned().collect::<Vec<_>>().join(", ");
                    format!("is for {names}, not for {host}")
                }
            }
        }
        // webpki calls a lone root "used as end entity" before it asks who issued it
        _ if certificate::is_self_signed(chain) => {
            "is self-signed: only the server itself vouches for it".into()
        }
        CertificateError::UnknownIssuer => {
            let last = chain.last().map(|der| certificate::describe(der)).unwrap_or_default();
            format!("was issued by an unknown authority ({})", last.issuer)
        }
        CertificateError::Revoked => "has been revoked".into(),
        other => format!("can't be used: {other}"),
    }
}

/// The end of validity that passed, when it is not the leaf's own.
fn expired(chain: &[CertificateDer<'static>], error: &CertificateError) -> Option<String> {
    let CertificateError::ExpiredContext { not_after, .. } = error else { return None };
    let at = certificate::rfc3339(i64::try_from(not_after.as_secs()).ok()?);
    let leaf = certificate::describe(chain.first()?);
    (leaf.not_after != at).then_some(at)
}
