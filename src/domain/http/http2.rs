//! What goes over an HTTP/2 connection, read from its bytes: frames, header blocks, the heads they hold (RFC 9113, RFC 7541).
//!
//! Nothing in here answers or decides: it records beside the library that speaks HTTP/2, byte for byte what that was given.

pub mod hpack;
