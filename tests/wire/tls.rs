//! Raw TLS servers with certificates made for the test.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};

/// An authority that signs leaves.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) der: Vec<u8>,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Authority {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        let (der, pem) = (certificate.der().to_vec(), certificate.pem());
        Authority { issuer: Issuer::new(params, key), der, pem }
    }

    pub(crate) fn leaf(&self, params: CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Identity { chain: vec![certificate.der().clone()], key }
    }

    /// A certificate for these names.
    pub(crate) fn for_names(&self, names: &[&str]) -> Identity {
        self.leaf(names_of(names))
    }

    pub(crate) fn for_client(&self) -> Identity {
        let mut params = names_of(&["client"]);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        self.leaf(params)
    }
}

pub(crate) fn names_of(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).unwrap()
}

/// A certificate chain and its key.
pub(crate) struct Identity {
    pub(crate) chain: Vec<CertificateDer<'static>>,
    pub(crate) key: KeyPair,
}

impl Identity {
    pub(crate) fn self_signed(name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = names_of(&[name]).self_signed(&key).unwrap();
        Identity { chain: vec![certificate.der().clone()], key }
    }

    /// What `openssl req -x509` makes: self-signed, and a CA by its basic constraints.
    pub(crate) fn self_signed_ca(name: &str) -> Identity {
        let key = KeyPair::generate().unwrap();
        let mut params = names_of(&[name]);
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Identity { chain: vec![certificate.der().clone()], key }
    }

    fn private_key(&self) -> PrivateKeyDer<'static> {
        PrivatePkcs8KeyDer::from(self.key.serialize_der()).into()
    }

    /// A server that shows this certificate.
    pub(crate) fn config(&self) -> ServerConfig {
        self.config_for(rustls::ALL_VERSIONS)
    }

    pub(crate) fn config_for(
        &self,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ServerConfig {
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.private_key())
            .unwrap()
    }

    /// A server that wants a client certificate of this authority.
    pub(crate) fn config_asking(&self, authority: &Authority) -> ServerConfig {
        self.config_asking_for(authority, rustls::ALL_VERSIONS)
    }

    pub(crate) fn config_asking_for(
        &self,
        authority: &Authority,
        versions: &[&'static SupportedProtocolVersion],
    ) -> ServerConfig {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        roots.add(CertificateDer::from(authority.der.clone())).unwrap();
        let verifier = rustls::server::WebPkiClientVerifier::builder_with_provider(
            Arc::new(roots),
            Arc::clone(&provider),
        );
        ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(self.chain.clone(), self.private_key())
            .unwrap()
    }
}

pub(crate) type Stream = StreamOwned<ServerConnection, TcpStream>;

/// Serves each connection with this function.
pub(crate) fn serve(
    config: ServerConfig,
    handle: impl Fn(&mut Stream) + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    let (config, handle) = (Arc::new(config), Arc::new(handle));
    thread::spawn(move || {
        for stream in listener.incoming().filter_map(Result::ok) {
            let (config, handle) = (Arc::clone(&config), Arc::clone(&handle));
            thread::spawn(move || {
                let connection = ServerConnection::new(config).unwrap();
                handle(&mut StreamOwned::new(connection, stream));
            });
        }
    });
    addr
}

/// Answers every request with these bytes.
pub(crate) fn answering(config: ServerConfig, answer: &'static str) -> SocketAddr {
    serve(config, move |stream| {
        while read_head(stream).is_some() && stream.write_all(answer.as_bytes()).is_ok() {}
    })
}

/// These bytes in PEM.
pub(crate) fn pem(tag: &str, der: &[u8]) -> String {
    use base64::Engine as _;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {tag}-----\n{text}\n-----END {tag}-----\n")
}

/// Reads a request without a body.
pub(crate) fn read_head(stream: &mut impl Read) -> Option<Vec<u8>> {
    let (mut bytes, mut byte) = (Vec::new(), [0]);
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        bytes.push(byte[0]);
    }
    Some(bytes)
}
