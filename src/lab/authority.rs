//! Authority: a certification authority for one run, and the certificates of the lab's https hosts.
//!
//! Its key is never written anywhere, and its certificate is constrained to names below `.test`.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, KeyPair, KeyUsagePurpose, NameConstraints, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::scenario::Certificate;
use super::site::{Scheme, Show, Site};

pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> io::Result<Authority> {
        let mut params = params(Vec::new(), "hopstep lab authority, made for one run")?;
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("test".to_owned())],
            excluded_subtrees: Vec::new(),
        });
        CertifiedIssuer::self_signed(params, key()?).map(Authority).map_err(io::Error::other)
    }

    pub(crate) fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// One acceptor for each way in which these sites present themselves, good for all their hosts.
    pub(crate) fn acceptors(&self, sites: &[Site]) -> io::Result<HashMap<Show, TlsAcceptor>> {
        let mut hosts: HashMap<Show, Vec<String>> = HashMap::new();
        for site in sites.iter().filter(|site| site.scheme == Scheme::Https) {
            hosts.entry(site.show).or_default().push(site.host.clone());
        }
        hosts.into_iter().map(|(show, hosts)| Ok((show, self.acceptor(show, hosts)?))).collect()
    }

    fn acceptor(&self, show: Show, hosts: Vec<String>) -> io::Result<TlsAcceptor> {
        let key = key()?;
        let chain = self.chain(show.certificate, hosts, &key)?;
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(io::Error::other)?;
        config.alpn_protocols =
            vec![if show.http2 { b"h2".to_vec() } else { b"http/1.1".to_vec() }];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    fn chain(
        &self,
        kind: Certificate,
        hosts: Vec<String>,
        key: &KeyPair,
    ) -> io::Result<Vec<CertificateDer<'static>>> {
        let names = match kind {
            Certificate::Good | Certificate::Expired | Certificate::SelfSigned => hosts,
            Certificate::WrongHost => vec!["another-name.test".to_owned()],
        };
        let mut params = params(names, "hopstep lab")?;
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        if kind == Certificate::Expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let own = self.0.der().clone();
        let chain = match kind {
            Certificate::SelfSigned => params.self_signed(key).map(|leaf| vec![leaf.der().clone()]),
            Certificate::Good | Certificate::Expired | Certificate::WrongHost => {
                params.signed_by(key, &self.0).map(|leaf| vec![leaf.der().clone(), own])
            }
        };
        chain.map_err(io::Error::other)
    }
}

fn key() -> io::Result<KeyPair> {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(io::Error::other)
}

fn params(names: Vec<String>, common_name: &str) -> io::Result<CertificateParams> {
    let mut params = CertificateParams::new(names).map_err(io::Error::other)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.use_authority_key_identifier_extension = true;
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2099, 1, 1);
    Ok(params)
}
