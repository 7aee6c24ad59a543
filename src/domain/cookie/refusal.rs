//! Refusals: why a cookie is not stored, and why a stored one is not sent, each in a sentence.

use std::fmt;

/// Why a Set-Cookie is not stored (RFC 6265bis §5.6, §5.7).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    Empty,
    /// curl keeps none.
    Nameless,
    ControlCharacter,
    TooLarge,
    /// The Domain attribute does not cover the host that set it.
    DomainMismatch {
        domain: String,
        host: String,
    },
    PublicSuffix {
        domain: String,
    },
    /// The Domain attribute is not ASCII.
    InvalidDomain,
    SecureOverHttp,
    /// It would stand in for a Secure cookie of the same name.
    ShadowsSecure,
    SameSiteNoneWithoutSecure,
    SecurePrefix,
    HostPrefix,
    /// There is no name, and the value looks like a prefixed name.
    NamelessPrefix,
    /// It had expired when it came, and there is none for it to delete.
    Expired,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Empty => f.write_str("it has neither name nor value"),
            Refusal::Nameless => f.write_str("it has no name, and curl keeps no such cookie"),
            Refusal::ControlCharacter => f.write_str("it holds a control character"),
            Refusal::TooLarge => f.write_str("name and value are longer than 4096 bytes"),
            Refusal::DomainMismatch { domain, host } => {
                write!(f, "Domain={domain} does not cover {host}")
            }
            Refusal::PublicSuffix { domain } => write!(f, "{domain} is a public suffix"),
            Refusal::InvalidDomain => f.write_str("its Domain is not ASCII"),
            Refusal::SecureOverHttp => f.write_str("a Secure cookie can't be set over http"),
            Refusal::ShadowsSecure => {
                f.write_str("it would stand in for a Secure cookie of the same name")
            }
            Refusal::SameSiteNoneWithoutSecure => f.write_str("SameSite=None needs Secure"),
            Refusal::SecurePrefix => f.write_str("a name with __Secure- needs Secure"),
            Refusal::HostPrefix => {
                f.write_str("a name with __Host- needs Secure and Path=/, and no Domain")
            }
            Refusal::Expired => {
                f.write_str("it had expired when it came; there was none to delete")
            }
            Refusal::NamelessPrefix => {
                f.write_str("it has no name, and its value looks like a prefixed name")
            }
        }
    }
}

/// Why a stored cookie is not sent with a request (RFC 6265bis §5.8.3).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Withheld {
    /// It belongs to one host only.
    OtherHost {
        host: String,
    },
    /// It belongs to another domain.
    OtherDomain {
        domain: String,
    },
    OtherPath {
        path: String,
    },
    /// It was set from outside its path, which this client does not accept.
    ForeignPath {
        path: String,
    },
    Insecure,
    Expired,
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Withheld::OtherHost { host } => write!(f, "it belongs to {host} alone"),
            Withheld::OtherDomain { domain } => write!(f, "it belongs to {domain}"),
            Withheld::OtherPath { path } => write!(f, "it belongs to the path {path}"),
            Withheld::ForeignPath { path } => {
                write!(f, "it was set from outside its path {path}")
            }
            Withheld::Insecure => f.write_str("it is Secure, and this request goes over http"),
            Withheld::Expired => f.write_str("it has expired"),
        }
    }
}
