//! A request method: any token, case-sensitive (RFC 9110 §9.1).

use std::borrow::Cow;
use std::fmt;

/// A request method as it stands in the request line.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Method(Cow<'static, str>);

impl Method {
    pub const GET: Method = Method(Cow::Borrowed("GET"));
    pub const HEAD: Method = Method(Cow::Borrowed("HEAD"));
    pub const POST: Method = Method(Cow::Borrowed("POST"));
    pub const PUT: Method = Method(Cow::Borrowed("PUT"));
    pub const PATCH: Method = Method(Cow::Borrowed("PATCH"));
    pub const DELETE: Method = Method(Cow::Borrowed("DELETE"));
    pub const OPTIONS: Method = Method(Cow::Borrowed("OPTIONS"));
    pub const QUERY: Method = Method(Cow::Borrowed("QUERY"));

    /// The methods a picker offers, most used first.
    pub const COMMON: [Method; 8] = [
        Method::GET,
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::HEAD,
        Method::OPTIONS,
        Method::QUERY,
    ];

    /// A method from its name; `None` when the name is not a token (RFC 9110 §5.6.2).
    pub fn parse(name: &str) -> Option<Method> {
        let token = !name.is_empty() && name.bytes().all(is_token_byte);
        token.then(|| match Method::COMMON.iter().find(|common| common.as_str() == name) {
            Some(common) => common.clone(),
            None => Method(Cow::Owned(name.to_owned())),
        })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Read-only by definition (RFC 9110 §9.2.1; QUERY: RFC 10008).
    pub fn is_safe(&self) -> bool {
        matches!(self.as_str(), "GET" | "HEAD" | "OPTIONS" | "TRACE" | "QUERY")
    }

    /// Sending it twice has the effect of sending it once (RFC 9110 §9.2.2).
    pub fn is_idempotent(&self) -> bool {
        self.is_safe() || matches!(self.as_str(), "PUT" | "DELETE")
    }
}

/// A byte that may stand in a token: method and field names (RFC 9110 §5.6.2).
pub fn is_token_byte(byte: u8) -> bool {
    matches!(byte,
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-'
        | b'.' | b'^' | b'_' | b'`' | b'|' | b'~')
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Method;

    #[test]
    fn a_method_is_a_case_sensitive_token() {
        assert_eq!(Method::parse("GET"), Some(Method::GET));
        assert_ne!(Method::parse("get"), Some(Method::GET));
        assert_eq!(Method::parse("BAD METHOD"), None);
        assert_eq!(Method::parse(""), None);
    }
}
