//! Hooks into rustls: when a handshake starts, which version, cipher and group it settles on, whether we are to show a certificate.

use std::sync::{Arc, OnceLock};

use rustls::client::{
    ClientSessionStore, ResolvesClientCert, Tls12ClientSessionValue, Tls13ClientSessionValue,
};
use rustls::crypto::hash::{Context, Hash, HashAlgorithm, Output};
use rustls::crypto::{
    ActiveKeyExchange, CipherSuiteCommon, CryptoProvider, SharedSecret, SupportedKxGroup,
};
use rustls::ffdhe_groups::FfdheGroup;
use rustls::pki_types::ServerName;
use rustls::sign::CertifiedKey;
use rustls::{
    CipherSuite, Error, NamedGroup, ProtocolVersion, SignatureScheme, SupportedCipherSuite,
    Tls12CipherSuite, Tls13CipherSuite,
};

use super::facts::TlsFacts;
use crate::fetch::recorder::{self, Mark};

/// ring, with every cipher suite and every group watched.
pub(super) fn provider() -> CryptoProvider {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.clone_from(watched_suites());
    provider.kx_groups.clone_from(watched_groups());
    provider
}

/// Adds to what is known of the handshake under way.
pub(super) fn note(change: impl FnOnce(&mut TlsFacts)) {
    recorder::with_current(|recorder| {
        if let Some(record) = recorder.connecting() {
            change(Arc::make_mut(record.tls.get_or_insert_default()));
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

    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

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

/// There is no certificate of ours; that the server asked for one is noted, since how it takes the answer says little.
#[derive(Debug)]
pub(super) struct NoIdentity;

impl ResolvesClientCert for NoIdentity {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        note(|facts| facts.unanswered = true);
        None
    }

    fn has_certs(&self) -> bool {
        false
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
            SupportedCipherSuite::Tls13(Box::leak(Box::new(Tls13CipherSuite {
                common: common(&suite.common, "TLSv1.3"),
                ..*suite
            })))
        }
        SupportedCipherSuite::Tls12(suite) => {
            SupportedCipherSuite::Tls12(Box::leak(Box::new(Tls12CipherSuite {
                common: common(&suite.common, "TLSv1.2"),
                ..*suite
            })))
        }
    }
}

fn common(common: &CipherSuiteCommon, version: &'static str) -> CipherSuiteCommon {
    let watched = WatchedHash { hash: common.hash_provider, version, cipher: common.suite };
    CipherSuiteCommon { hash_provider: Box::leak(Box::new(watched)), ..*common }
}

/// The hash of a suite is begun as soon as the server has picked the suite, before its certificate is looked at.
struct WatchedHash {
    hash: &'static dyn Hash,
    version: &'static str,
    cipher: CipherSuite,
}

impl Hash for WatchedHash {
    fn start(&self) -> Box<dyn Context> {
        note(|facts| (facts.version, facts.cipher) = (Some(self.version), Some(self.cipher)));
        self.hash.start()
    }

    fn hash(&self, data: &[u8]) -> Output {
        self.hash.hash(data)
    }

    fn output_len(&self) -> usize {
        self.hash.output_len()
    }

    fn algorithm(&self) -> HashAlgorithm {
        self.hash.algorithm()
    }
}

fn watched_groups() -> &'static Vec<&'static dyn SupportedKxGroup> {
    static GROUPS: OnceLock<Vec<&'static dyn SupportedKxGroup>> = OnceLock::new();
    GROUPS.get_or_init(|| {
        let groups = rustls::crypto::ring::default_provider().kx_groups;
        groups.into_iter().map(|group| &*Box::leak(Box::new(WatchedGroup(group))) as _).collect()
    })
}

#[derive(Debug)]
struct WatchedGroup(&'static dyn SupportedKxGroup);

impl SupportedKxGroup for WatchedGroup {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let exchange = self.0.start()?;
        Ok(Box::new(WatchedExchange(exchange)))
    }

    fn ffdhe_group(&self) -> Option<FfdheGroup<'static>> {
        self.0.ffdhe_group()
    }

    fn name(&self) -> NamedGroup {
        self.0.name()
    }

    fn usable_for_version(&self, version: ProtocolVersion) -> bool {
        self.0.usable_for_version(version)
    }
}

/// A key exchange that was begun; it is the one once the server's key completes it.
struct WatchedExchange(Box<dyn ActiveKeyExchange>);

impl ActiveKeyExchange for WatchedExchange {
    fn complete(self: Box<Self>, peer_pub_key: &[u8]) -> Result<SharedSecret, Error> {
        let group = self.0.group();
        note(|facts| facts.group = Some(group));
        self.0.complete(peer_pub_key)
    }

    fn pub_key(&self) -> &[u8] {
        self.0.pub_key()
    }

    fn group(&self) -> NamedGroup {
        self.0.group()
    }
}
