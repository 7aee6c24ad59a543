//! Hooks into rustls: when a handshake starts, and which version, cipher and group it settles on.

use std::sync::OnceLock;

use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls::crypto::cipher::{
    AeadKey, Iv, KeyBlockShape, MessageDecrypter, MessageEncrypter, Tls12AeadAlgorithm,
    Tls13AeadAlgorithm, UnsupportedOperationError,
};
use rustls::crypto::{CipherSuiteCommon, CryptoProvider};
use rustls::pki_types::ServerName;
use rustls::{
    CipherSuite, ConnectionTrafficSecrets, NamedGroup, SupportedCipherSuite, Tls12CipherSuite,
    Tls13CipherSuite,
};

use super::facts::TlsFacts;
use crate::fetch::recorder::{self, Mark};

/// ring, with every cipher suite watched.
pub(super) fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.clone_from(watched_suites());
    provider
}

/// Adds to what is known of the handshake under way.
pub(super) fn note(change: impl FnOnce(&mut TlsFacts)) {
    recorder::with_current(|recorder| {
        if let Some(record) = recorder.connecting() {
            change(record.tls.get_or_insert_default());
        }
    });
}

/// Keeps no session: with resumption the server's certificate would not be sent, and there would be nothing to show.
#[derive(Debug)]
pub(super) struct Sessions;

impl ClientSessionStore for Sessions {
    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_kx_hint(&self, _: ServerName<'static>, group: NamedGroup) {
        note(|facts| facts.group = Some(group));
    }

    fn set_tls12_session(&self, _: ServerName<'static>, _: Tls12ClientSessionValue) {}

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        None
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, _: Tls13ClientSessionValue) {}

    /// Asked for when a handshake starts, whatever the versions.
    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        recorder::with_current(|recorder| recorder.mark(Mark::TlsStart));
        note(|facts| *facts = TlsFacts::default());
        None
    }
}

/// rustls wants suites that live for ever: they are made once a process.
fn watched_suites() -> &'static Vec<SupportedCipherSuite> {
    static SUITES: OnceLock<Vec<SupportedCipherSuite>> = OnceLock::new();
    SUITES.get_or_init(|| {
        let suites = rustls::crypto::ring::default_provider().cipher_suites;
        suites.into_iter().map(watched).collect()
    })
}

fn watched(suite: SupportedCipherSuite) -> SupportedCipherSuite {
    match suite {
        SupportedCipherSuite::Tls13(suite) => {
            let aead_alg = Box::leak(Box::new(Watched13(suite.aead_alg, suite.common.suite)));
            SupportedCipherSuite::Tls13(Box::leak(Box::new(Tls13CipherSuite {
                common: common(&suite.common),
                hkdf_provider: suite.hkdf_provider,
                aead_alg,
                quic: suite.quic,
            })))
        }
        SupportedCipherSuite::Tls12(suite) => {
            let aead_alg = Box::leak(Box::new(Watched12(suite.aead_alg, suite.common.suite)));
            SupportedCipherSuite::Tls12(Box::leak(Box::new(Tls12CipherSuite {
                common: common(&suite.common),
                prf_provider: suite.prf_provider,
                kx: suite.kx,
                sign: suite.sign,
                aead_alg,
            })))
        }
    }
}

fn common(common: &CipherSuiteCommon) -> CipherSuiteCommon {
    CipherSuiteCommon {
        suite: common.suite,
        hash_provider: common.hash_provider,
        confidentiality_limit: common.confidentiality_limit,
    }
}

fn settled(version: &'static str, cipher: CipherSuite) {
    note(|facts| (facts.version, facts.cipher) = (Some(version), Some(cipher)));
}

struct Watched13(&'static dyn Tls13AeadAlgorithm, CipherSuite);

impl Tls13AeadAlgorithm for Watched13 {
    fn encrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageEncrypter> {
        settled("TLSv1.3", self.1);
        self.0.encrypter(key, iv)
    }

    fn decrypter(&self, key: AeadKey, iv: Iv) -> Box<dyn MessageDecrypter> {
        self.0.decrypter(key, iv)
    }

    fn key_len(&self) -> usize {
        self.0.key_len()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: Iv,
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv)
    }
}

struct Watched12(&'static dyn Tls12AeadAlgorithm, CipherSuite);

impl Tls12AeadAlgorithm for Watched12 {
    fn encrypter(&self, key: AeadKey, iv: &[u8], extra: &[u8]) -> Box<dyn MessageEncrypter> {
        settled("TLSv1.2", self.1);
        self.0.encrypter(key, iv, extra)
    }

    fn decrypter(&self, key: AeadKey, iv: &[u8]) -> Box<dyn MessageDecrypter> {
        self.0.decrypter(key, iv)
    }

    fn key_block_shape(&self) -> KeyBlockShape {
        self.0.key_block_shape()
    }

    fn extract_keys(
        &self,
        key: AeadKey,
        iv: &[u8],
        explicit: &[u8],
    ) -> Result<ConnectionTrafficSecrets, UnsupportedOperationError> {
        self.0.extract_keys(key, iv, explicit)
    }
}
