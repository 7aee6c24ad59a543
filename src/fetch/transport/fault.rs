//! Why a request has no usable response head: the step that failed, and the error underneath.

use std::error::Error;
use std::path::PathBuf;
use std::{fmt, io};

use bytes::Bytes;

use crate::fetch::resolve::DnsFailure;

/// What stopped a request.
#[derive(Debug)]
pub(in crate::fetch) enum Fault {
    /// The TLS settings can't be used; a sentence for the user. Nothing was sent.
    Settings(String),
    /// The request can't be sent to this place; a sentence for the user. Nothing was sent.
    Unusable(String),
    /// The name of the server or of the proxy has no address.
    Dns(DnsFailure),
    /// No TCP connection.
    Connect(io::Error),
    /// No connection through the unix socket at this path.
    Socket(PathBuf, io::Error),
    /// Look-up, TCP, tunnel and handshake together took longer than they may.
    Slow,
    /// The proxy answered CONNECT like this; `None` when it closed the connection or did not speak HTTP.
    Tunnel(Option<u16>),
    /// The SOCKS proxy did not connect to the target; what it said.
    Socks(String),
    /// The proxy answered CONNECT with something that is no HTTP: these bytes.
    Babble(Bytes),
    /// The TLS handshake with the target broke.
    Handshake(io::Error),
    /// The TLS handshake with the proxy broke.
    ProxyHandshake(io::Error),
    /// Reading or writing failed before the head was in.
    Broken(io::Error),
    /// The connection ended before the head was in.
    Closed,
    /// What came is no head that a client can bear; the record has it.
    Refused,
    /// The HTTP/2 session or stream broke.
    Http2(h2::Error),
}

impl Fault {
    /// A connection that was kept may simply have been closed meanwhile.
    pub(in crate::fetch) fn may_be_stale(&self) -> bool {
        match self {
            Fault::Broken(_) | Fault::Closed => true,
            Fault::Http2(error) => error.is_io() || error.is_go_away() && error.is_remote(),
            Fault::Settings(_)
            | Fault::Unusable(_)
            | Fault::Dns(_)
            | Fault::Connect(_)
            | Fault::Socket(_, _)
            | Fault::Slow
            | Fault::Tunnel(_)
            | Fault::Socks(_)
            | Fault::Babble(_)
            | Fault::Handshake(_)
            | Fault::ProxyHandshake(_)
            | Fault::Refused => false,
        }
    }

    /// The server has not looked at the request: REFUSED_STREAM (RFC 9113 §8.7).
    pub(in crate::fetch) fn is_unheeded(&self) -> bool {
        matches!(self, Fault::Http2(error) if is_refusal(error))
    }

    /// No request could have been sent yet.
    pub(in crate::fetch) fn is_connecting(&self) -> bool {
        matches!(
            self,
            Fault::Dns(_)
                | Fault::Connect(_)
                | Fault::Socket(_, _)
                | Fault::Slow
                | Fault::Tunnel(_)
                | Fault::Socks(_)
                | Fault::Babble(_)
                | Fault::Handshake(_)
                | Fault::ProxyHandshake(_)
        )
    }
}

pub(super) fn is_refusal(error: &h2::Error) -> bool {
    error.is_reset() && error.is_remote() && error.reason() == Some(h2::Reason::REFUSED_STREAM)
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Settings(why) | Fault::Unusable(why) => f.write_str(why),
            Fault::Dns(error) => error.fmt(f),
            Fault::Connect(error)
            | Fault::Socket(_, error)
            | Fault::Handshake(error)
            | Fault::ProxyHandshake(error)
            | Fault::Broken(error) => error.fmt(f),
            Fault::Slow => f.write_str("the time limit for connecting was reached"),
            Fault::Tunnel(Some(status)) => write!(f, "the proxy answered CONNECT with {status}"),
            Fault::Tunnel(None) => f.write_str("the proxy did not answer CONNECT"),
            Fault::Socks(why) => f.write_str(why),
            Fault::Babble(_) => f.write_str("the proxy's answer is not HTTP"),
            Fault::Closed => f.write_str("the connection was closed"),
            Fault::Refused => f.write_str("the response head is malformed"),
            Fault::Http2(error) => error.fmt(f),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Fault::Dns(error) => Some(error),
            Fault::Connect(error)
            | Fault::Socket(_, error)
            | Fault::Handshake(error)
            | Fault::ProxyHandshake(error)
            | Fault::Broken(error) => Some(error),
            Fault::Http2(error) => Some(error),
            Fault::Settings(_)
            | Fault::Unusable(_)
            | Fault::Slow
            | Fault::Tunnel(_)
            | Fault::Socks(_)
            | Fault::Babble(_)
            | Fault::Closed
            | Fault::Refused => None,
        }
    }
}
