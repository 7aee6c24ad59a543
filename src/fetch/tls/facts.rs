//! What is learnt of a TLS session while it is made.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::{CipherSuite, NamedGroup};

use super::certificate;
use crate::domain::http::connection::Tls;

/// What the hooks saw of one handshake.
#[derive(Clone, Debug, Default)]
pub(in crate::fetch) struct TlsFacts {
    /// `TLSv1.3`, `TLSv1.2`; known once the server has picked a cipher suite.
    pub(in crate::fetch) version: Option<&'static str>,
    pub(in crate::fetch) cipher: Option<CipherSuite>,
    pub(in crate::fetch) group: Option<NamedGroup>,
    /// What ALPN settled on.
    pub(in crate::fetch) alpn: Option<String>,
    /// What [`TlsFacts::record`] makes of it, once the handshake is done: certificates are read once a connection.
    pub(in crate::fetch) described: Option<Arc<Tls>>,
    /// Leaf first.
    pub(in crate::fetch) chain: Vec<CertificateDer<'static>>,
    /// The server asked for a certificate of ours, and there is none to show.
    pub(in crate::fetch) unanswered: bool,
    /// Why the certificate would be refused.
    pub(in crate::fetch) refusal: Option<Refusal>,
}

/// What is wrong with a certificate.
#[derive(Clone, Debug)]
pub(in crate::fetch) struct Refusal {
    /// All of it in one sentence.
    pub(in crate::fetch) sentence: String,
    /// What rustls would not have come to: it stops at the first fault.
    pub(in crate::fetch) besides: Vec<rustls::Error>,
}

impl TlsFacts {
    pub(in crate::fetch) fn record(&self, http2: bool) -> Arc<Tls> {
        if let Some(described) = &self.described {
            return Arc::clone(described);
        }
        Arc::new(Tls {
            version: self.version.map(str::to_owned),
            cipher: self.cipher.and_then(|cipher| cipher.as_str()).map(iana),
            group: self.group.and_then(|group| group.as_str()).map(str::to_owned),
            alpn: self.alpn.clone().or_else(|| http2.then(|| "h2".to_owned())),
            verify_error: self.refusal.as_ref().map(|refusal| refusal.sentence.clone()),
            certificates: self.chain.iter().map(|der| certificate::describe(der)).collect(),
        })
    }
}

/// rustls names the suites of TLS 1.3 `TLS13_…`; IANA names them `TLS_…`.
fn iana(name: &str) -> String {
    name.replacen("TLS13_", "TLS_", 1)
}
