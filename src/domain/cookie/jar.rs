//! The jar: storage and retrieval by RFC 6265bis.

/// Cookies in memory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Jar {}
