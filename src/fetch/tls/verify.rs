//! Verification of the server's certificate: the verdict is always reached and recorded, and under `-k` not acted upon.

use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{
    CertificateDer, ServerName, SignatureVerificationAlgorithm, TrustAnchor, UnixTime,
};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

use super::certificate;
use super::der::Names;
use super::facts::Refusal;
use super::hooks::note;
use super::roots::Roots;

#[derive(Debug)]
pub(super) struct Verifier {
    roots: Arc<Roots>,
    algorithms: WebPkiSupportedAlgorithms,
    insecure: bool,
}

impl Verifier {
    pub(super) fn new(
        roots: Arc<Roots>,
        provider: &CryptoProvider,
        insecure: bool,
    ) -> Result<Verifier, String> {
        if roots.is_empty() {
            return Err("No certificate authority is trusted here".to_owned());
        }
        let algorithms = provider.signature_verification_algorithms;
        Ok(Verifier { roots, algorithms, insecure })
    }

    /// The roots that can vouch for a chain: those that its certificates name as issuers, and its first itself.
    fn roots_for(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> RootCertStore {
        let issuers = others.iter().chain([leaf]).filter_map(|der| Some(Names::of(der)?.issuer));
        let leaf = Names::of(leaf).map(|names| names.subject);
        self.roots.named(&issuers.chain(leaf).collect::<Vec<_>>())
    }
}

/// A chain that a server showed, and for whom it has to be.
struct Shown<'a> {
    leaf: &'a CertificateDer<'a>,
    intermediates: &'a [CertificateDer<'a>],
    name: &'a ServerName<'a>,
    roots: RootCertStore,
    algorithms: &'a [&'a dyn SignatureVerificationAlgorithm],
}

impl Shown<'_> {
    fn verdict(&self, now: UnixTime) -> Result<(), Error> {
        match self.chain_verdict(now) {
            Ok(()) => Ok(()),
            Err(error) => self.root_verdict(now).unwrap_or(Err(error)),
        }
    }

    fn chain_verdict(&self, now: UnixTime) -> Result<(), Error> {
        let leaf = ParsedCertificate::try_from(self.leaf)?;
        let Shown { intermediates, roots, algorithms, .. } = self;
        verify_server_cert_signed_by_trust_anchor(&leaf, roots, intermediates, now, algorithms)?;
        verify_server_name(&leaf, self.name)
    }

    /// A server may show a trusted root itself: webpki refuses it as "a CA used as end entity", OpenSSL and so curl take it.
    fn root_verdict(&self, now: UnixTime) -> Option<Result<(), Error>> {
        let anchor = webpki_anchor(self.leaf)?;
        self.roots.roots.iter().find(|root| {
            root.subject == anchor.subject
                && root.subject_public_key_info == anchor.subject_public_key_info
        })?;
        let verdict = ParsedCertificate::try_from(self.leaf)
            .and_then(|leaf| verify_server_name(&leaf, self.name))
            .and_then(|()| certificate::check_validity(self.leaf, now));
        Some(verdict)
    }

    /// The other faults of a certificate that has this one: its issuer, its time, its names.
    fn besides(&self, error: &Error, now: UnixTime) -> Vec<Error> {
        let timely = certificate::validity(self.leaf).filter(|_| is_of_time(error));
        let issuer = timely.and_then(|then| {
            let error = self.chain_verdict(then).err();
            let trusted = self.root_verdict(then).is_some();
            error.filter(|error| !trusted && !is_of_time(error) && !is_of_name(error))
        });
        let time = certificate::check_validity(self.leaf, now).err();
        let time = time.filter(|_| !is_of_time(error));
        let named = ParsedCertificate::try_from(self.leaf)
            .and_then(|leaf| verify_server_name(&leaf, self.name));
        let named = named.err().filter(|found| is_of_name(found) && !is_of_name(error));
        [issuer, time, named].into_iter().flatten().collect()
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let (roots, algorithms) = (self.roots_for(leaf, intermediates), self.algorithms.all);
        let shown = Shown { leaf, intermediates, name, roots, algorithms };
        let verdict = shown.verdict(now);
        let chain: Vec<CertificateDer<'static>> =
            [leaf].into_iter().chain(intermediates).map(|der| der.clone().into_owned()).collect();
        let refusal = verdict.as_ref().err().map(|error| {
            let besides = shown.besides(error, now);
            let sentence = sentence(error, &besides, &chain, &name.to_str());
            Refusal { sentence, besides }
        });
        note(|facts| (facts.chain, facts.refusal) = (chain, refusal));
        match verdict {
            Err(error) if !self.insecure => Err(error),
            Ok(()) | Err(_) => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
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
    let leaf = || chain.first().map(|der| certificate::describe(der)).unwrap_or_default();
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            format!("expired on {}", leaf().not_after)
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            format!("is not valid before {}", leaf().not_before)
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            match leaf().names.as_slice() {
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
