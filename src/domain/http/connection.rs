//! The connection an exchange went over.

use std::net::SocketAddr;
use std::sync::Arc;

use super::head::{RequestHead, ResponseHead};

/// What is known of the connection that carried an exchange.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Connection {
    pub remote_addr: Option<SocketAddr>,
    pub local_addr: Option<SocketAddr>,
    /// The connection had carried an earlier hop.
    pub reused: bool,
    /// The proxy it went through, and where the setting came from (`http_proxy`, `-x`).
    pub proxy: Option<Box<Proxy>>,
    /// How that proxy was asked for a tunnel, where it was.
    pub tunnel: Option<Box<Tunnel>>,
    /// Present on https hops; one for all that went over this connection.
    pub tls: Option<Arc<Tls>>,
}

/// A proxy in use.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proxy {
    pub url: String,
    pub source: String,
    /// The SOCKS proxy that led to it (`--preproxy`).
    pub pre: Option<String>,
    /// TLS with the proxy itself, where it is `https://`.
    pub tls: Option<Arc<Tls>>,
}

/// A tunnel through a proxy: CONNECT and its answer (RFC 9110 §9.3.6).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tunnel {
    pub request: RequestHead,
    /// `None` when the proxy did not answer in HTTP.
    pub response: Option<ResponseHead>,
}

/// The TLS session of a connection.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tls {
    /// `TLSv1.3`, `TLSv1.2`.
    pub version: Option<String>,
    /// IANA name, such as `TLS_AES_256_GCM_SHA384`.
    pub cipher: Option<String>,
    /// Key-exchange group; known for TLS 1.3 only.
    pub group: Option<String>,
    /// The protocol chosen by ALPN, as far as it can be told.
    pub alpn: Option<String>,
    /// Why the certificate would be refused; `None` when it was verified. Kept under `-k` too.
    pub verify_error: Option<String>,
    /// Leaf first.
    pub certificates: Vec<Certificate>,
}

/// One certificate of the chain the server sent.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Certificate {
    pub subject: String,
    pub issuer: String,
    /// RFC 3339, UTC.
    pub not_before: String,
    /// RFC 3339, UTC.
    pub not_after: String,
    /// Subject alternative names.
    pub names: Vec<String>,
    /// Lower-case hex.
    pub sha256: String,
}
